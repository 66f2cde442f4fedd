"""What a person types in place of a telephone, and what the line would hear."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr import heard as h
from ivr.act import Ask, Expect
from ivr.typist import DEEDS, Ignored, Sentence, Typed, Typist, Unknown

MENU = Ask(Expect.MENU, choices="#*01234")
BINDING = Ask(Expect.MENU, choices="#*012", binding=True)
POSTCODE = Ask(Expect.DIGITS, digits=4)
EUROS = Ask(Expect.DIGITS, digits=4, fewer=True)


def typed(line: str, ask: Ask = MENU) -> Typed:
    typist = Typist()
    typist.asked(ask)
    return typist.typed(line)


def test_a_key_answers_a_menu() -> None:
    assert typed("2") == h.Keys("2")
    assert typed("*") == h.Keys("*")


def test_a_key_that_means_nothing_there_is_a_noise() -> None:
    assert typed("9") == h.Noise()


def test_digits_are_an_entry_with_or_without_rests_between_them() -> None:
    assert typed("9000", POSTCODE) == typed(" 90 00 ", POSTCODE) == h.Keys("9000")


def test_too_few_digits_are_all_when_the_line_ends() -> None:
    assert typed("90", POSTCODE) == h.Keys("90")
    assert typed("25#", EUROS) == h.Keys("25")


def test_a_hash_alone_means_not_at_hand() -> None:
    assert typed("#", POSTCODE) == h.Keys("#")


def test_an_empty_line_is_silence() -> None:
    assert typed("") == typed("   ") == h.Silence()


def test_anything_else_is_a_sentence() -> None:
    assert typed(" ik betaal vrijdag\n") == Sentence("ik betaal vrijdag")
    assert typed("1 keer") == Sentence("1 keer")


def test_a_deed_stands_after_a_stroke() -> None:
    assert {deed: typed(f"/{deed}") for deed in DEEDS} == DEEDS
    assert typed("/Hang Up") == h.HungUp()
    assert typed("/dance") == Unknown("/dance")


def test_what_is_typed_ahead_answers_the_next_question() -> None:
    typist = Typist()
    typist.asked(POSTCODE)
    assert typist.typed("90004417") == h.Keys("9000")
    assert typist.asked(POSTCODE) == h.Keys("4417")


def test_what_is_typed_ahead_and_is_not_whole_is_too_few() -> None:
    typist = Typist()
    typist.asked(POSTCODE)
    typist.typed("9000 44")
    assert typist.asked(POSTCODE) == h.Keys("44")


def test_nothing_that_binds_is_answered_ahead() -> None:
    typist = Typist()
    typist.asked(MENU)
    assert typist.typed("1 1 1 1 1 1") == h.Keys("1")
    assert typist.asked(BINDING) is None
    assert typist.typed("1") == h.Keys("1")


def test_a_hash_after_a_whole_entry_is_a_habit() -> None:
    typist = Typist()
    typist.asked(POSTCODE)
    assert typist.typed("9000#") == h.Keys("9000")
    assert typist.asked(POSTCODE) is None


def test_keys_before_any_question_are_ignored() -> None:
    assert Typist().typed("1") == Ignored()


@given(
    lines=st.lists(st.text(max_size=40), max_size=8), asks=st.lists(st.sampled_from([MENU, BINDING, POSTCODE, EUROS]))
)
def test_whatever_is_typed_means_something_and_a_line_alone_is_never_lost(lines: list[str], asks: list[Ask]) -> None:
    typist = Typist()
    for ask, line in zip(asks, lines, strict=False):
        if typist.asked(ask) is None:
            assert not isinstance(typist.typed(line), Ignored)
