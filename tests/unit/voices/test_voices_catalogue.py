"""The texts: whole, plain, and known by their version."""

from __future__ import annotations

import pytest

from voices import catalogue
from voices.errors import UnknownPrompt
from voices.plain import faults, sentences
from voices.prompt import PromptClass

#: The keys of the conversation's script.
SCRIPT = """
open.hello open.ask who.are_you who.about who.genuine household.ask household.later wrong.done deceased.done
relative.ack free.ask id.why id.postcode id.customer id.other id.wrong id.failed id.done due.friendly due.firm
due.several due.nothing menu.main menu.slow menu.more why.ask pay.how pay.read pay.link pay.received
thanks.call promise.ask promise.type promise.past promise.too_far promise.check promise.done plan.ask
plan.offer plan.done plan.review dispute.kind dispute.goods dispute.copy dispute.tell dispute.done paid.when
paid.done hard.ack hard.person hard.help crisis later.ask later.done agent.transfer agent.wait agent.none
agent.lost stop.done stop.but complaint.done sum.check sum.done bye voicemail no_agent.drop final thanks.sms
first.sms heard.not_1 heard.not_2 slower.on silence.1 silence.2 silence.3 inbound.hello fallback
fallback.inbound
"""


def test_the_texts_are_plain_whole_and_alike_in_every_language() -> None:
    assert faults() == ()


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_every_prompt_of_the_script_has_a_text(language: str) -> None:
    assert set(SCRIPT.split()) <= catalogue.prompts(language).keys()


@pytest.mark.parametrize("key", ["open.hello", "voicemail", "fallback", "crisis", "stop.done", "silence.3"])
def test_what_a_stranger_may_hear_is_neutral(key: str) -> None:
    assert catalogue.class_of(key) is PromptClass.NEUTRAL


def test_an_amount_or_creditor_is_spoken_only_after_proof() -> None:
    for language in catalogue.LANGUAGES:
        for key, text in catalogue.prompts(language).items():
            if "{amount}" in text or "{creditor}" in text or "{instalment}" in text:
                assert catalogue.class_of(key) is PromptClass.DEBT, (language, key)


def test_a_stranger_never_hears_of_an_invoice_or_a_payment() -> None:
    telling = ("factuur", "betal", "facture", "payer", "paiement", "rechnung", "zahlen", "zahlung", "invoice", "pay")
    for language in catalogue.LANGUAGES:
        for key, text in catalogue.prompts(language).items():
            if catalogue.class_of(key) is not PromptClass.DEBT:
                assert not [word for word in telling if word in text.lower()], (language, key)


def test_a_version_names_the_exact_texts() -> None:
    versions = {catalogue.text_version(language) for language in catalogue.LANGUAGES} | {catalogue.text_version()}
    assert len(versions) == len(catalogue.LANGUAGES) + 1
    assert catalogue.text_version("nl-BE").startswith("nl-BE@")


def test_an_unknown_language_prompt_word_or_class_is_refused_by_name() -> None:
    for ask in (
        lambda: catalogue.prompts("it"),
        lambda: catalogue.text("de", "open.goodbye"),
        lambda: catalogue.word("de", "channel.pigeon"),
        lambda: catalogue.class_of("open.goodbye"),
        lambda: catalogue.text_version("it"),
    ):
        with pytest.raises(UnknownPrompt):
            ask()


def test_a_sentence_is_counted_with_its_slots_as_words() -> None:
    assert sentences("U betaalt {amount}. [Op {date:weekday}?] Goed zo!") == ("U betaalt X", "Op X", "Goed zo")
