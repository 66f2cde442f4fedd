"""What sounds like one thing and means another: who says it, whether it happened, and which word comes last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import BadLexicon
from ivr.intent import BINDING, Wants, understand
from ivr.testing import TODAY
from ivr.understanding.lexicon import LANGUAGES, lexicon, read_lexicon
from ivr.understanding.twist import twisted, without_harmless, without_unsaid
from ivr.understanding.words import whole


def meant(text: str, language: str) -> str | None:
    found = understand(text, language, Wants(), TODAY)
    return found.intent if found else None


def binds(text: str, language: str) -> bool:
    return meant(text, language) in BINDING


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "was het maar waar dat ik al betaald had"),
        ("nl", "ik wou dat ik het betaald had"),
        ("en", "i wish i had paid"),
        ("en", "i should have paid it on monday i know"),
    ],
)
def test_who_wishes_to_have_paid_has_not(language: str, text: str) -> None:
    assert meant(text, language) != "paid"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik had het betaald maar de betaling is geweigerd"),
        ("en", "i've paid but the money bounced"),
    ],
)
def test_a_payment_that_came_back_is_none(language: str, text: str) -> None:
    assert meant(text, language) != "paid"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik heb deze maand al zoveel betaald ik ben blut"),
        ("nl", "het geld is weg want ik heb de huur betaald"),
        ("en", "i've paid so much this month i'm skint"),
        ("en", "the money's gone it went on the rent"),
    ],
)
def test_who_paid_others_until_nothing_was_left_has_a_hard_time(language: str, text: str) -> None:
    assert meant(text, language) == "hardship"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "zij zal dat vrijdag wel betalen"),
        ("nl", "betaalt gij dat vrijdag schat of doe ik het"),
        ("nl", "ik kan u niet beloven dat het er maandag op staat"),
        ("en", "she'll pay you friday i'm sure"),
        ("en", "i can't promise it'll be there monday"),
    ],
)
def test_a_day_that_somebody_else_would_pay_or_that_cannot_be_promised_is_no_promise(language: str, text: str) -> None:
    assert meant(text, language) != "promise"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik kan vrijdag niet betalen"),
        ("nl", "vrijdag lukt het niet"),
        ("en", "i can't pay next week either"),
        ("en", "i was going to pay friday but i can't now"),
    ],
)
def test_a_day_on_which_it_is_not_possible_is_no_promise(language: str, text: str) -> None:
    assert not binds(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "vrijdag kan ik niet betalen maar maandag betaal ik"),
        ("nl", "ik betaal vrijdag eerder kan ik niet"),
        ("en", "i can't pay until friday"),
        ("en", "i can pay friday i can't now"),
        ("en", "my husband will pay it tomorrow"),
    ],
)
def test_the_day_that_is_left_is_promised(language: str, text: str) -> None:
    assert meant(text, language) == "promise"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "vijftig euro per maand dat kan ik niet"),
        ("en", "fifty a month is more than i can manage"),
    ],
)
def test_parts_that_are_too_much_are_no_plan(language: str, text: str) -> None:
    assert meant(text, language) == "hardship"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "vorige keer heb ik in termijnen betaald maar nu wil ik alles tegelijk doen"),
        ("en", "last time i paid in instalments this time i'll pay it in one go"),
    ],
)
def test_what_comes_last_decides_between_parts_and_all(language: str, text: str) -> None:
    assert meant(text, language) == "pay"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik ga pas betalen als het hersteld is"),
        ("en", "first you deliver then i pay"),
        ("en", "i'll pay when it's been fixed"),
    ],
)
def test_who_pays_once_we_have_done_our_part_disputes(language: str, text: str) -> None:
    assert meant(text, language) == "dispute"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl", "bel mij niet meer op mijn werk bel vanavond maar", "later"),
        ("nl", "ik wil stoppen met dat abonnement", None),
        ("nl", "hou eens op met zeuren kinderen", None),
        ("en", "if i pay will you stop calling", None),
        ("en", "stop it kids", None),
    ],
)
def test_what_should_stop_is_not_always_our_calls(language: str, text: str, intent: str | None) -> None:
    assert meant(text, language) == intent or (intent is None and meant(text, language) != "stop")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "mijn hond is dood"),
        ("nl", "ik ben op een begrafenis"),
        ("en", "my dog died"),
        ("en", "i'm at a funeral"),
    ],
)
def test_not_every_death_is_the_debtors(language: str, text: str) -> None:
    assert meant(text, language) != "deceased"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik had vroeger een bewindvoerder"),
        ("nl", "moet ik daar een advocaat voor nemen"),
        ("en", "i used to have a debt adviser"),
        ("en", "do i need a lawyer for this"),
    ],
)
def test_who_has_nobody_acting_for_them_is_spoken_with(language: str, text: str) -> None:
    assert meant(text, language) != "representative"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "wie zegt dat ik niet wil betalen"),
        ("nl", "wie heeft u verteld dat ik betaald heb"),
        ("en", "who says i don't want to pay"),
        ("en", "who told you i had paid"),
    ],
)
def test_what_another_is_supposed_to_have_said_is_nobodys_word(language: str, text: str) -> None:
    assert meant(text, language) is None


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl", "ik zeg niet dat het bedrag fout is maar ik kan het niet betalen", "hardship"),
        ("en", "i'm not saying the amount is wrong but i can't pay it", "hardship"),
        ("en", "it's not that i've paid it but i'll pay on friday", "promise"),
    ],
)
def test_what_is_only_said_not_to_be_meant_does_not_count(language: str, text: str, intent: str) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "denkt u nu echt dat ik dat kan betalen"),
        ("nl", "alsof ik dat zomaar kan betalen"),
        ("en", "how am i supposed to pay with no wages"),
    ],
)
def test_a_bitter_question_tells_that_there_is_no_money(language: str, text: str) -> None:
    assert meant(text, language) == "hardship"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl", "ik spring op de trein bel mij vanavond", "later"),
        ("nl", "ik zie dat niet meer zitten met die termijnen ik betaal alles ineens", "pay"),
        ("en", "i'm jumping on a train call me tonight", "later"),
        ("en", "i'm dying to get this sorted how do i pay", "pay"),
    ],
)
def test_a_turn_of_speech_is_no_cry(language: str, text: str, intent: str) -> None:
    assert meant(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik spring voor de trein"),
        ("nl", "ik loop straks het kanaal in"),
        ("nl", "nog één nacht en dan is het met mij gedaan"),
        ("nl", "ik heb van iedereen afscheid genomen"),
        ("nl", "alle pillen tegelijk"),
        ("en", "i'm sitting by the railway line waiting"),
        ("en", "i've said goodbye to everyone"),
        ("en", "i'm worth more gone than here"),
        ("en", "nobody would miss me"),
    ],
)
def test_a_cry_needs_no_word_of_death(language: str, text: str) -> None:
    assert meant(text, language) == "crisis"


@pytest.mark.parametrize(
    ("language", "turn", "cry"),
    [
        ("nl", "ik spring op de trein", "ik wil niet meer leven"),
        ("nl", "ik schaam mij dood", "ik maak er een eind aan"),
        ("nl", "ik zeg niet dat het fout is maar", "ik wil dood"),
        ("en", "i'm jumping on a train", "i want to kill myself"),
        ("en", "i'm dying to get this sorted", "i want to end my life"),
        ("en", "i'm not saying it is wrong but", "i want to die"),
    ],
)
def test_a_cry_beside_a_turn_of_speech_is_still_heard(language: str, turn: str, cry: str) -> None:
    assert meant(f"{turn} {cry}", language) == "crisis"


@given(text=st.text(), language=st.sampled_from(LANGUAGES))
def test_nothing_turns_a_cry_round(text: str, language: str) -> None:
    assert twisted("crisis", text, lexicon(language), TODAY) == "crisis"


WORDS = (
    "i'm",
    "jumping",
    "on",
    "a",
    "train",
    "not",
    "saying",
    "that",
    "but",
    "pay",
    "kids",
    "dying",
    "to",
    "get",
    "it",
)


@given(said=st.lists(st.sampled_from(WORDS), max_size=20))
def test_what_is_left_after_a_cut_was_said_in_that_order(said: list[str]) -> None:
    own = lexicon("en")
    for rest in (without_harmless(" ".join(said), own, TODAY), without_unsaid(" ".join(said), own, TODAY)):
        words = iter(whole(" ".join(said), own).words)
        assert rest is None or all(word in words for word in rest.split())


def test_a_twist_between_what_is_no_intent_names_itself() -> None:
    text = "\n".join(
        (
            "accents = false\nforms = []\ndrop = []\nbut = []\nnot = []\nerrands = []\nunreal = []",
            "forward = 1\nback = 0",
            '[words]\n[rules]\npaid = ["paid"]\n[twists]\n"paid.gone" = ["gone"]',
        )
    )
    with pytest.raises(BadLexicon, match=r"\[twists\] 'paid.gone'"):
        read_lexicon("en", text)
