"""A cry is heard in any language of ours; who only can't pay, wait or hear any more has not cried."""

from __future__ import annotations

import pytest

from ivr.intent import Wants, understand
from ivr.testing import TODAY


def meant(text: str, language: str) -> str | None:
    found = understand(text, language, Wants(), TODAY)
    return found.intent if found else None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik kan niet meer betalen"),
        ("nl", "ik kan dit echt niet meer betalen"),
        ("nl", "ik kan gewoon niet meer betalen sorry"),
        ("nl", "ik kan niet meer betalen dan twintig euro"),
        ("fr", "je ne peux plus payer"),
        ("fr", "je n'arrive plus à payer"),
        ("de", "ich kann nicht mehr zahlen"),
        ("en", "i can not pay any more"),
    ],
)
def test_who_can_pay_no_more_has_not_cried(language: str, text: str) -> None:
    assert meant(text, language) == "hardship"


@pytest.mark.parametrize(
    "text", ["ik kan niet meer wachten", "ik kan niet meer praten nu", "ik kan niet meer afbetalen"]
)
def test_nor_has_who_can_wait_or_talk_no_more(text: str) -> None:
    assert meant(text, "nl") != "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik kan niet meer"),
        ("nl", "ik kan niet meer betalen ik wil dood"),
        ("nl", "ik kan niet meer ik stap eruit"),
        ("fr", "je n'en peux plus je veux mourir"),
        ("de", "ich kann nicht mehr ich will sterben"),
        ("en", "i can not go on"),
        ("en", "i can not go on paying and i want to die"),
    ],
)
def test_who_can_go_on_no_more_has(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "alsjeblieft help me i am going to kill myself tonight"),
        ("nl", "je n'en peux plus, je veux mourir"),
        ("de", "help me i want to die"),
        ("fr", "help ik spring van de brug"),
        ("nl", "[unk] [unk] [unk] [unk] je veux mourir"),
        ("en", "[unk] [unk] [unk] [unk] ich will sterben"),
    ],
)
def test_a_cry_goes_first_also_where_the_calls_language_hears_something_else_in_it(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik moet nu ophangen"),
        ("nl", "ik ga sterven van het lachen"),
        ("nl", "ik ga ophangen bel straks maar"),
        ("fr", "la batterie de mon téléphone va mourir"),
        ("de", "ich muss jetzt schluss machen"),
        ("de", "nie im leben zahle ich das"),
        ("de", "ich kümmere mich um die rechnung"),
        ("de", "mein akku ist fast tot"),
        ("en", "my battery's about to die"),
        ("en", "he doesn't live here anymore"),
    ],
)
def test_a_word_of_ending_or_dying_about_a_call_or_a_battery_is_no_cry(language: str, text: str) -> None:
    assert meant(text, language) not in ("crisis", "deceased")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik ga mij ophangen"),
        ("nl", "ik ga mezelf ophangen"),
        ("nl", "laat mij maar sterven"),
        ("fr", "je veux mourir"),
        ("de", "ich mache schluss"),
        ("de", "ich will schluss machen mit allem"),
        ("de", "ich hänge mich auf"),
        ("de", "ich will nicht mehr leben"),
        ("en", "I can't go on any more"),
        ("en", "I just want to die"),
    ],
)
def test_the_cry_itself_is_heard(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"
