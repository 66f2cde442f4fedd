"""The gate over our texts, and the report of them: what is refused, in each language, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from voices import catalogue
from voices.cache import PieceCache
from voices.plain import lists, plain
from voices.speech import Piece, frame
from voices.testing import FakeSynthesiser
from voices.text_report import text_report

TONGUES = {"nl": "nl-BE", "fr": "fr-BE", "de": "de", "en": "en"}


def wrong(tongue: str, text: str) -> str:
    return "; ".join(fault.why for fault in plain(TONGUES[tongue], "a.text", text))


@pytest.mark.parametrize(
    ("tongue", "text", "why"),
    [
        ("nl", "Dit is een slotaanmaning.", "we never say 'slotaanmaning'"),
        ("nl", "U moet nu betalen.", "we never say or ask 'u moet'"),
        ("nl", "Er staat een rekeningetje open.", "'rekeningetje' belittles"),
        ("nl", "Een momentje, alstublieft.", "'momentje' belittles"),
        ("nl", "Toets 1 voor ja.", "'toets 1'"),
        ("nl", "Wij zullen u bellen.", "'zullen' is no present"),
        ("nl", "De factuur wordt bekeken.", "'wordt' is a word of officials"),
        ("nl", "Gelieve dit te betalen.", "'gelieve' is a word of officials"),
        ("nl", "Wij maken een betalingsregeling.", "'betalingsregeling' has 17 letters"),
        ("nl", "Wat is uw rijksregisternummer?", "'rijksregisternummer' has 19 letters"),
        ("fr", "Ceci est une mise en demeure.", "'mise en demeure'"),
        ("fr", "Un huissier vient chez vous.", "'huissier'"),
        ("fr", "Vous devez payer.", "'vous devez'"),
        ("fr", "Vous recevrez une lettre.", "'recevrez' is the future"),
        ("fr", "Nous allons vous appeler.", "'nous allons' is no present"),
        ("fr", "Veuillez payer.", "'veuillez' is a word of officials"),
        ("fr", "Un remboursement arrive.", "'remboursement' has 13 letters"),
        ("de", "Das ist die letzte Mahnung.", "'mahn'"),
        ("de", "Sie müssen zahlen.", "'sie müssen'"),
        ("de", "Wir werden Sie anrufen.", "'werden' is a word of officials"),
        ("de", "Ich werde Sie anrufen.", "'werde' is no present"),
        ("de", "Hiermit bitten wir Sie.", "'hiermit' is a word of officials"),
        ("de", "Die Zahlungserinnerung kommt.", "'zahlungserinnerung' has 18 letters"),
        ("en", "The bailiff comes.", "'bailiff'"),
        ("en", "You must pay.", "'you must'"),
        ("en", "We'll call you.", '"we\'ll" is no present'),
        ("en", "Your account is in arrears.", "'in arrears' is a word of officials"),
        ("en", "We need an acknowledgement.", "'acknowledgement' has 15 letters"),
        ("en", "One two three four five six seven eight nine ten a b c d e f.", "16 words in"),
        ("en", "Press 1 for yes.", "the key is not last"),
        ("en", "Press 1. Press 2. Press 3. Press 4. Press 5.", "more than 4 keys"),
    ],
)
def test_it_refuses(tongue: str, text: str, why: str) -> None:
    assert why in wrong(tongue, text)


@pytest.mark.parametrize(
    ("tongue", "text"),
    [
        ("nl", "Druk op het sterretje. Druk op het hekje."),
        ("nl", "Het rekeningnummer is {iban}. Dat is een beetje later."),
        ("nl", "U betaalt {amount} op {date:weekday}."),
        ("fr", "Rappelez-nous. Entendez-vous bien ? Vous trouvez tout."),
        ("de", "Vergessen kann jeder einmal. Die Schuldnerberatung hilft."),
        ("en", "Twenty-eight days. We call you {day:weekday}, before {date}."),
    ],
)
def test_it_lets_plain_words_pass(tongue: str, text: str) -> None:
    assert wrong(tongue, text) == ""


def test_a_name_of_a_blank_is_no_word_of_ours() -> None:
    assert wrong("en", "Call {outstanding_and_payable_acknowledgement}.") == ""


@pytest.mark.parametrize("tongue", TONGUES)
def test_its_lists_are_lower_case_and_keep_only_long_words_that_we_say(tongue: str) -> None:
    ours = lists(tongue)
    listed = (*ours.never, *ours.phrases, *ours.officialese, *ours.future, *ours.known)
    assert all(word == word.lower() for word in listed)
    said = " ".join(
        text.lower()
        for language in catalogue.LANGUAGES
        if language[:2] == tongue
        for text in (*catalogue.prompts(language).values(), *catalogue.words(language).values())
    )
    for word in ours.known:
        assert len(word) > ours.letters
        assert word in said


# -- the report -----------------------------------------------------------------------------------------------------


def test_the_report_has_every_text_of_every_language() -> None:
    lines = text_report(catalogue.LANGUAGES, None)
    assert {(line.language, line.key) for line in lines} == {
        (language, key) for language in catalogue.LANGUAGES for key in catalogue.prompts(language)
    }
    assert all(line.seconds is None and line.faults == () for line in lines)


def test_a_line_of_the_report_tells_class_length_and_version() -> None:
    (line,) = [line for line in text_report(("nl-BE",), None) if line.key == "promise.check"]
    assert (line.cls, line.sentences, line.longest) == ("debt", 5, 7)
    assert line.text.startswith("U betaalt {amount} op {date:weekday}.")
    assert line.version == catalogue.text_version("nl-BE")


def test_a_text_is_timed_once_all_of_its_own_words_are_rendered(tmp_path: Path) -> None:
    voice = FakeSynthesiser()
    cache = PieceCache(tmp_path, voice.engine)

    def seconds() -> float | None:
        return next(line.seconds for line in text_report(("en",), cache) if line.key == "bye")

    thanks, day = [item for item in frame("bye", "en") if isinstance(item, Piece)]
    cache.put(thanks, bytes(16_000 * 2))
    assert seconds() is None
    cache.put(day, bytes(16_000))
    assert seconds() == pytest.approx(3.5, abs=0.05)


def test_a_message_is_never_timed(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path, "fake 1")
    for item in frame("first.sms", "en"):
        if isinstance(item, Piece):
            cache.put(item, bytes(16_000))
    assert all(line.seconds is None for line in text_report(("en",), cache) if line.key == "first.sms")
