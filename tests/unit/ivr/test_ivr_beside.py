"""What people answer beside the choices that were read to them: taken for what it means, and for nothing that binds."""

from __future__ import annotations

import pytest

from ivr import heard as h
from ivr import record as r
from ivr.intent import Wants, understand
from ivr.testing import PROVED, TODAY, a_briefing, after, proved, said
from ivr.turn import Turn, take_turn

YES, NO, WAIT = h.Words("yes"), h.Words("no"), h.Words("wait")
TOO_MUCH = h.Words("dispute", (("kind", "amount"),))
HARDSHIP = (*PROVED, "4")
PROMISED = ("2", "1", "1", "1")


def kinds(turn: Turn) -> list[type]:
    return [type(record) for record in turn.records]


# -- who is there ---------------------------------------------------------------------------------------------------


def test_a_bare_yes_of_the_household_closes_no_number_before_that_is_asked_alone() -> None:
    turn = after(a_briefing(), "2", YES)
    assert kinds(turn) == []
    assert said(turn) == ["meant.wrong_person"]
    assert kinds(take_turn(a_briefing(), turn.state, YES)) == [r.WrongNumber]


def test_a_no_of_the_household_is_another_time() -> None:
    assert kinds(after(a_briefing(), "2", NO)) == [r.NotAtHome]


def test_whoever_is_fetched_to_the_telephone_is_asked_who_they_are() -> None:
    turn = after(a_briefing(), "2", WAIT)
    assert said(turn) == ["silence.1"]
    assert turn.state.place == "open.ask"
    assert said(take_turn(a_briefing(), turn.state, YES)) == ["free.ask"]


def test_after_a_yes_of_somebody_else_we_ask_again_with_whom_we_speak() -> None:
    turn = after(a_briefing(), "1", h.Words("not_home"))
    assert said(turn) == ["open.ask"]
    assert kinds(turn) == []
    assert kinds(take_turn(a_briefing(), turn.state, h.Words("not_home"))) == [r.NotAtHome]


def test_a_relative_in_words_is_asked_before_everything_stops_for_an_administrator() -> None:
    turn = after(a_briefing(), "2", "3", "2", h.Words("representative"))
    assert kinds(turn) == []
    assert said(turn) == ["meant.representative"]


def test_a_language_that_is_named_where_all_are_on_offer_is_spoken() -> None:
    turn = after(a_briefing(language="de"), h.Words("language"), h.Words("language", (("language", "fr"),)))
    assert said(turn) == ["open.ask"]
    assert turn.state.language == "fr-BE"


def test_the_debtor_who_tells_of_a_death_twice_has_not_died() -> None:
    died = h.Words("deceased")
    turn = proved(died, died)
    assert kinds(turn) == [r.PersonAsked]
    assert said(turn) == ["deceased.other", "agent.none", "agent.more"]
    assert kinds(proved(died, YES)) == [r.DeceasedReported]
    assert kinds(after(a_briefing(), died, died)) == [r.DeceasedReported]


# -- proof ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["no", "not_home", "invoice_missing"])
def test_whoever_has_no_letter_at_hand_is_asked_for_something_else(lacking: str) -> None:
    turn = after(a_briefing(), "1", "1", "9000", h.Words(lacking))
    assert said(turn) == ["id.other_invoice"]
    assert said(take_turn(a_briefing(), turn.state, h.Words(lacking))) == ["id.other"]


def test_without_proof_a_letter_may_be_asked_for_in_words_and_refused() -> None:
    failed = after(a_briefing(), "1", "1", "9000", "#", "2", "2")
    assert failed.state.place == "id.failed"
    assert kinds(take_turn(a_briefing(), failed.state, h.Words("invoice_missing"))) == [r.LetterAsked]
    refused = take_turn(a_briefing(), failed.state, NO)
    assert refused.state.over
    assert kinds(refused) == []


@pytest.mark.parametrize("when", ["today_or_yesterday", "longer_ago"])
def test_when_it_was_paid_is_kept_also_before_proof(when: str) -> None:
    paid = after(a_briefing(), h.Words("paid", (("when", when),)), YES).records[0]
    assert isinstance(paid, r.PaidClaimed)
    assert paid.when == when


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl-BE", "die heb ik ook niet"), ("fr-BE", "je l'ai pas"), ("de", "habe ich nicht"), ("en", "I don't have it")],
)
def test_not_to_have_what_is_asked_for_is_a_no_and_asks_for_no_time(language: str, sentence: str) -> None:
    found = understand(sentence, language, Wants(yes_no=True), TODAY)
    assert found is not None
    assert found.intent == "no"


# -- money ----------------------------------------------------------------------------------------------------------


def test_too_much_on_that_day_asks_how_much_and_disputes_nothing() -> None:
    turn = proved("2", "1", "1", TOO_MUCH)
    assert kinds(turn) == []
    assert said(turn) == ["promise.part"]


def test_at_the_menu_the_same_words_dispute_the_invoice() -> None:
    assert kinds(proved(TOO_MUCH)) == [r.DisputeRaised]


def test_in_three_parts_is_a_plan_of_three() -> None:
    offer = proved(h.Words("plan", (("count", "3"),)), h.Silence())
    assert said(offer) == ["plan.offer"]
    agreed = take_turn(a_briefing(), offer.state, YES).records[0]
    assert isinstance(agreed, r.PlanAgreed)
    assert len(agreed.instalments) == 3


def test_in_more_parts_than_the_policy_has_is_the_persons_own_figure() -> None:
    asked = proved(h.Words("plan", (("count", "12"),)))
    assert said(asked) == ["plan.check"]
    wanted = take_turn(a_briefing(), asked.state, YES).records[0]
    assert isinstance(wanted, r.PlanRequested)
    assert wanted.monthly.minor == 713


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl-NL", "in drie termijnen"), ("fr-FR", "en trois fois"), ("de", "in drei Raten"), ("en", "three instalments")],
)
def test_a_number_of_instalments_is_no_amount(language: str, sentence: str) -> None:
    found = understand(sentence, language, Wants(yes_no=True, amount=True), TODAY)
    assert found is not None
    assert (found.intent, dict(found.slots)) == ("plan", {"count": "3"})


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("nl-BE", "nee wacht maandag"), ("fr-BE", "non attendez lundi"), ("de", "nein warten Sie lieber Montag"),
     ("en", "no wait Monday is better")],
)  # fmt: skip
def test_a_day_that_is_told_with_wait_is_that_day(language: str, sentence: str) -> None:
    found = understand(sentence, language, Wants(yes_no=True, date=True), TODAY)
    assert found is not None
    assert (found.intent, dict(found.slots)) == ("date", {"date": "2026-11-30"})


@pytest.mark.parametrize("wants", [Wants(yes_no=True, date=True), Wants(yes_no=True, amount=True)])
@pytest.mark.parametrize("sentence", ["hang on a second", "one second please", "one moment", "wait a minute"])
def test_a_second_is_no_day_and_one_moment_no_amount(wants: Wants, sentence: str) -> None:
    found = understand(sentence, "en", wants, TODAY)
    assert found is not None
    assert found.intent == "wait"


def test_why_is_asked_once_and_may_stay_untold() -> None:
    assert said(proved(h.Words("refuse"), NO)) == ["help.offer"]


# -- the summary ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["hardship", "paid", "plan", "refuse", "dispute"])
def test_something_else_at_the_summary_is_a_no_that_a_person_looks_at(words: str) -> None:
    turn = proved(*PROMISED, h.Words(words))
    assert kinds(turn) == [r.PersonAsked]
    assert said(turn)[0] == "sum.wrong"


def test_the_day_of_the_summary_says_yes_to_it_and_another_day_says_no() -> None:
    assert said(proved(*PROMISED, h.Words("date", (("date", "2026-11-27"),)))) == ["sum.done", "bye"]
    assert said(proved(*PROMISED, h.Words("date", (("date", "2026-11-30"),))))[0] == "sum.wrong"


def test_how_to_pay_at_the_summary_comes_in_writing() -> None:
    assert said(proved(*PROMISED, h.Words("pay"))) == ["sum.done", "bye"]


# -- call-backs -----------------------------------------------------------------------------------------------------


def test_a_part_of_the_day_names_the_persons_window_and_no_call_of_ours() -> None:
    (asked,) = after(a_briefing(), *HARDSHIP, h.Words("later", (("from", "13:00"),))).records
    assert isinstance(asked, r.CallbackAsked)
    assert asked.by == "person"
    assert asked.opening == a_briefing().openings[1]


def test_a_time_that_cannot_be_is_said_to_be_none() -> None:
    evening = h.Words("later", (("from", "21:00"),))
    assert said(after(a_briefing(), evening)) == ["later.not_then", "later.ask"]
    assert said(after(a_briefing(), *HARDSHIP, evening)) == ["later.not_then", "hard.person", "person.when"]
    assert said(after(a_briefing(), h.Words("later"))) == ["later.ask"]


def test_after_hardship_nobody_has_to_take_a_call() -> None:
    turn = after(a_briefing(), *HARDSHIP, NO)
    assert kinds(turn) == []
    assert said(turn) == ["sum.check"]


def test_a_call_back_that_is_asked_for_twice_is_noted_once() -> None:
    morning = h.Words("later", (("from", "10:00"),))
    turn = after(a_briefing(), morning, morning)
    assert kinds(turn) == []
    assert turn.state.facts.count("CallbackAsked") == 1
