"""Keys into answers: what tired, trembling, early and late fingers do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.act import Ask, Expect
from ivr.gather import AHEAD_AT_MOST, Command, Complete, Gather, Ignore, More, Nonsense
from ivr.heard import Keys, Noise, Silence

MENU = Ask(Expect.MENU, choices="#*0123")
CHECK = Ask(Expect.MENU, choices="#*012", binding=True)
DIGITS = Ask(Expect.DIGITS, digits=4, patience_s=12.0)
EUROS = Ask(Expect.DIGITS, digits=4, fewer=True)


def test_a_key_answers_a_menu_and_stops_our_words() -> None:
    decision = Gather(MENU, began_at=0.0).press("2", 0.3)
    assert decision == Complete("2")
    assert decision.stops_words
    assert decision.heard == Keys("2")


def test_a_key_that_means_nothing_is_noise() -> None:
    assert Gather(MENU, began_at=0.0).press("7", 1.0).heard == Noise()


def test_a_code_that_nobody_asked_for_walks_through_no_menus() -> None:
    """4, 0, 2, 1: the first means nothing, and the others belong to it, whichever question has opened meanwhile."""
    asked = Gather(MENU, began_at=0.0)
    assert asked.press("4", 5.0) == Nonsense()
    asked.press("0", 5.2)
    again = Gather(MENU, began_at=5.3, before=asked)
    assert again.resume() is None
    assert again.press("2", 5.6) == again.press("1", 6.2) == Ignore("tail of an entry")
    assert again.press("1", 7.2) == Complete("1"), "a slip that is corrected"


def test_the_letter_keys_are_noise_everywhere() -> None:
    for ask in (MENU, CHECK, DIGITS):
        for letter in "ABCD":
            assert Gather(ask, began_at=0.0).press(letter, 5.0) == Nonsense()


def test_star_and_hash_are_commands() -> None:
    for ask in (MENU, CHECK, DIGITS):
        for key in "*#":
            assert Gather(ask, began_at=0.0).press(key, 5.0) == Command(key)


def test_a_trembling_finger_presses_once() -> None:
    """The second press of the same key within 0.4 s would answer the next menu."""
    first = Gather(MENU, began_at=0.0)
    first.press("1", 1.0)
    second = Gather(MENU, began_at=1.05, before=first)
    assert second.press("1", 1.3) == Ignore("twice")
    assert second.press("1", 1.9) == Complete("1")


def test_another_key_soon_after_is_meant() -> None:
    first = Gather(MENU, began_at=0.0)
    first.press("1", 1.0)
    assert Gather(MENU, began_at=1.05, before=first).press("2", 1.3) == Complete("2")


def test_the_same_digit_twice_quickly_is_two_digits() -> None:
    gather = Gather(DIGITS, began_at=0.0)
    decisions = [gather.press(key, 1.0 + n * 0.15) for n, key in enumerate("4417")]
    assert decisions == [More(), More(), More(), Complete("4417")]


def test_the_echo_of_a_menu_key_is_no_first_digit() -> None:
    menu = Gather(MENU, began_at=0.0)
    menu.press("1", 1.0)
    digits = Gather(DIGITS, began_at=1.02, before=menu)
    assert digits.press("1", 1.2) == Ignore("twice")
    assert [digits.press(key, 2.0 + n) for n, key in enumerate("1234")][-1] == Complete("1234")


def test_hash_after_a_whole_entry_is_habit() -> None:
    first = Gather(DIGITS, began_at=0.0)
    for n, key in enumerate("9000"):
        first.press(key, float(n))
    second = Gather(DIGITS, began_at=3.05, before=first)
    assert second.press("#", 4.0) == Ignore("habit")
    assert second.press("#", 6.0) == Command("#")


def test_the_tail_of_a_long_number_answers_no_menu() -> None:
    """Somebody types the whole customer number: what follows the fourth digit is no menu key, and no stop."""
    digits = Gather(DIGITS, began_at=0.0)
    for n, key in enumerate("1044"):
        digits.press(key, n * 0.5)
    menu = Gather(Ask(Expect.MENU, choices="#*0123459"), began_at=1.55, before=digits)
    assert menu.press("1", 2.0) == Ignore("tail of an entry")
    assert menu.press("9", 3.0) == Ignore("tail of an entry")
    assert menu.press("9", 5.0) == Complete("9")


def test_what_binds_must_have_been_heard_for_a_second() -> None:
    gather = Gather(CHECK, began_at=10.0)
    assert gather.press("1", 9.5) == Ignore("before the question")
    early = gather.press("1", 10.5)
    assert early == Ignore("before the question")
    assert not early.stops_words
    assert gather.press("1", 11.2) == Complete("1")


def test_digits_typed_ahead_are_kept_for_the_next_digit_question() -> None:
    first = Gather(DIGITS, began_at=0.0)
    for n, key in enumerate("90004417"):
        first.press(key, n * 0.2)
    second = Gather(DIGITS, began_at=0.9, before=first)
    assert second.resume() == Complete("4417")
    assert second.resume() is None


def test_digits_typed_ahead_never_answer_a_menu() -> None:
    first = Gather(DIGITS, began_at=0.0)
    for n, key in enumerate("90009911"):
        first.press(key, n * 0.2)
    second = Gather(MENU, began_at=0.9, before=first)
    assert second.resume() is None


def test_no_more_than_twelve_keys_are_remembered() -> None:
    first = Gather(DIGITS, began_at=0.0)
    for n in range(1000):
        first.press("5", n * 0.001)
    long = Gather(Ask(Expect.DIGITS, digits=20), began_at=1.1, before=first)
    assert long.resume() is None
    assert long.due(100.0) == Keys("5" * AHEAD_AT_MOST)


def test_an_entry_that_stops_half_way_counts_after_the_pause_between_digits() -> None:
    gather = Gather(DIGITS, began_at=0.0)
    gather.press("4", 1.0)
    gather.press("4", 3.0)
    assert gather.due(6.9) is None
    assert gather.due(7.0) == Keys("44")
    assert gather.due(99.0) is None


def test_an_amount_may_be_short_and_hash_ends_it() -> None:
    gather = Gather(EUROS, began_at=0.0)
    gather.press("5", 1.0)
    gather.press("0", 1.4)
    assert gather.press("#", 2.0) == Complete("50")
    assert Gather(EUROS, began_at=0.0).press("#", 2.0) == Command("#")


def test_silence_is_counted_from_the_end_of_our_words() -> None:
    gather = Gather(DIGITS, began_at=0.0)
    assert gather.due(60.0) is None
    gather.words_ended(9.0)
    gather.words_ended(15.0)
    assert gather.due(20.9) is None
    assert gather.due(21.0) == Silence()


def test_silence_is_heard_once() -> None:
    gather = Gather(MENU, began_at=0.0)
    gather.words_ended(1.0)
    assert gather.due(9.0) == Silence()
    assert gather.due(19.0) is None


@given(st.lists(st.tuples(st.sampled_from("0123456789*#ABCD"), st.floats(0.0, 2.0)), max_size=40), st.booleans())
def test_one_question_gets_at_most_one_answer(presses: list[tuple[str, float]], digits: bool) -> None:
    gather = Gather(DIGITS if digits else CHECK, began_at=0.5)
    at, heard = 0.0, 0
    for key, pause in presses:
        at += pause
        heard += gather.press(key, at).heard is not None
    gather.words_ended(at)
    heard += gather.due(at + 100.0) is not None
    assert heard == 1
    assert gather.due(at + 200.0) is None
