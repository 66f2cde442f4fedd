"""What people answer beside the question: a yes that keeps the stop, another invoice, another day, less a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import heard as h
from ivr import record as r
from ivr.act import Ask
from ivr.intent import Wants, understand
from ivr.openings import named
from ivr.state import Proof, fresh
from ivr.testing import INVOICE, PROVED, SECOND_INVOICE, a_briefing, after, proved, said
from ivr.turn import Turn, take_turn
from ivr.which import NAMED

TODAY = date(2026, 11, 24)
TWO = (INVOICE, SECOND_INVOICE)


def words(intent: str, **slots: str) -> h.Words:
    return h.Words(intent, tuple(slots.items()))


def option(name: str) -> h.Words:
    return words("option", n=str(NAMED.index(name) + 1))


def of_two(*heard: str | h.Heard) -> Turn:
    """Proved, with two invoices open, at the menu; then this is heard."""
    return after(a_briefing(invoices=TWO), *PROVED, "2", *heard)


# -- stop -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", ["yes", "wait"])
def test_a_word_alone_undoes_no_stop(intent: str) -> None:
    """ "Was that not meant?" "Yes": that it was, or that it was not?"""
    turn = after(a_briefing(), "9", words(intent))
    assert (said(turn), turn.records) == (["stop.sure"], ())


@pytest.mark.parametrize("answer", [words("no"), words("stop"), h.Silence(), h.Noise(), "2"])
def test_the_stop_stands_unless_we_may_call_again(answer: str | h.Heard) -> None:
    turn = after(a_briefing(), "9", words("yes"), answer)
    assert (said(turn), turn.records, "OptedOut" in turn.state.facts) == (["bye"], (), True)


def test_the_key_alone_undoes_the_stop() -> None:
    asked = after(a_briefing(), "9", words("wait"), words("yes"))
    assert (said(asked), asked.records) == (["stop.sure"], ())
    turn = take_turn(a_briefing(), asked.state, h.Keys("1"))
    assert said(turn) == ["stop.undone", "open.ask"]
    assert [type(record) for record in turn.records] == [r.OptOutUndone]


def test_who_says_yes_and_presses_nothing_stays_stopped_and_is_not_asked_for_ever() -> None:
    turn = after(a_briefing(), "9", *[words("yes")] * 6)
    assert turn.state.over or "stop.sure" not in said(turn)
    assert "OptedOut" in turn.state.facts


# -- which invoice --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said_so", "language", "name"),
    [
        ("de eerste", "nl-BE", "first"),
        ("nee de tweede", "nl-NL", "second"),
        ("alleen de laatste", "nl-BE", "last"),
        ("allebei", "nl-BE", "all"),
        ("een van de twee", "nl-NL", "one"),
        ("la première", "fr-FR", "first"),
        ("toutes les deux", "fr-BE", "all"),
        ("les deux factures", "fr-FR", "all"),
    ],
)
def test_an_invoice_is_named_in_words_and_no_day_is_heard_in_it(said_so: str, language: str, name: str) -> None:
    found = understand(said_so, language, Wants(yes_no=True, options=NAMED), TODAY)
    assert found is not None
    assert (found.intent, dict(found.slots)) == ("option", {"n": str(NAMED.index(name) + 1)})


def test_not_all_of_them_is_no_choice_of_all() -> None:
    found = understand("nee niet alle facturen", "nl-BE", Wants(yes_no=True, options=NAMED), TODAY)
    assert found is not None and found.intent == "no"


def test_the_invoice_that_was_named_is_read_back_before_it_counts() -> None:
    asked = of_two(words("dispute", kind="returned"), option("second"))
    assert (said(asked), asked.records) == (["which.ask"], ())
    turn = of_two(words("dispute", kind="returned"), option("second"), words("yes"))
    (dispute,) = (record for record in turn.records if isinstance(record, r.DisputeRaised))
    assert (dispute.kind, dispute.invoices) == ("returned", (SECOND_INVOICE.id,))


def test_an_invoice_that_nobody_has_is_asked_for_from_the_first_on() -> None:
    turn = of_two(words("paid"), option("third"))
    assert (said(turn), turn.state.invoice) == (["which.ask"], 0)


def test_a_day_for_the_other_invoice_waits_until_the_dispute_is_noted() -> None:
    """ "I sent it back." "Is it this one?" "The other one I pay on the fifteenth": nothing is lost."""
    pay = words("promise", date="2026-12-15")
    told = (words("dispute", kind="returned"), "2", pay)
    assert said(of_two(*told)) == ["which.first", "which.ask"]
    assert said(of_two(*told, words("yes"))) == ["dispute.done", "rest.ask"]
    assert said(of_two(*told, words("yes"), words("yes"))) == ["promise.check"]
    turn = of_two(*told, words("yes"), words("yes"), words("yes"))
    (promise,) = (record for record in turn.records if isinstance(record, r.PromiseMade))
    assert (promise.amount, promise.invoices) == (SECOND_INVOICE.open, (SECOND_INVOICE.id,))


def test_who_says_it_twice_has_changed_their_mind() -> None:
    pay = words("promise", date="2026-12-15")
    assert said(of_two(words("dispute"), pay, pay)) == ["promise.check"]


# -- instalments ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "place"), [("3", "plan.income"), ("12", "plan.check"), ("1", "plan.ask")])
def test_in_so_many_times_is_our_plan_of_as_many_parts_or_a_figure_a_month(count: str, place: str) -> None:
    assert proved(words("plan", count=count)).state.place == place


@given(st.integers(7, 60))
def test_the_figure_a_month_of_so_many_parts_pays_all_of_it(count: int) -> None:
    monthly = proved(words("plan", count=str(count))).state.monthly
    assert monthly is not None
    assert monthly.minor * count >= INVOICE.open.minor > (monthly.minor - 1) * count


@pytest.mark.parametrize(("said_so", "language"), [("in drie keer", "nl-BE"), ("en trois fois", "fr-FR")])
def test_three_times_are_not_three_euros(said_so: str, language: str) -> None:
    found = understand(said_so, language, Wants(amount=True), TODAY)
    assert found is not None
    assert (found.intent, dict(found.slots)) == ("plan", {"count": "3"})


def test_that_is_too_much_said_of_an_offer_is_no_dispute() -> None:
    turn = proved("2", "2", "1", words("dispute", kind="amount"))
    assert (turn.state.place, turn.records) == ("plan.type", ())


def test_another_error_said_at_an_offer_is_a_dispute() -> None:
    turn = proved("2", "2", "1", words("dispute", kind="damaged"))
    assert [type(record) for record in turn.records] == [r.DisputeRaised]


@pytest.mark.parametrize(("said_so", "language"), [("minder per maand", "nl-NL"), ("moins par mois", "fr-BE")])
def test_less_a_month_is_said_as_we_offer_it(said_so: str, language: str) -> None:
    found = understand(said_so, language, Wants(yes_no=True, amount=True, options=("less",)), TODAY)
    assert found is not None and found.intent == "option"
    assert proved("2", "2", "1", words("option", n="1")).state.plan == 1


def test_another_day_beside_a_plan_is_one_of_the_month_unless_it_is_when_we_call() -> None:
    assert proved("2", "2", "1", words("later")).state.place == "plan.day"
    called = proved("2", "2", "1", words("later", date="2026-11-25"))
    assert [type(record) for record in called.records] == [r.CallbackAsked]


@pytest.mark.parametrize(
    ("said_so", "language", "intent"),
    [
        ("nee twintig euro", "nl-BE", "amount"),
        ("non attendez plutôt quarante", "fr-BE", "amount"),
        ("de vijfde", "nl-NL", "date"),
        ("vijfentwintig", "nl-BE", "date"),
        ("vingt-cinq", "fr-FR", "digits"),
    ],
)
def test_at_the_day_of_the_income_a_sum_is_another_figure(said_so: str, language: str, intent: str) -> None:
    found = understand(said_so, language, Wants(date=True, amount=True, digits=2), TODAY)
    assert found is not None and found.intent == intent


def test_another_figure_at_the_day_of_the_income_is_taken() -> None:
    turn = proved(words("plan", minor="5000"), words("amount", minor="2000"))
    assert turn.state.place == "plan.income"
    assert turn.state.monthly is not None and turn.state.monthly.minor == 2000


# -- a day that was read back ---------------------------------------------------------------------------------------


def test_that_is_too_early_asks_for_a_later_day_and_not_for_another_call() -> None:
    assert said(proved("2", "1", "1", words("later"))) == ["promise.ask"]
    assert said(proved("2", "1", "1", words("later", date="2026-12-07"))) == ["promise.check"]


AGREED = ("2", "1", "1", "1")


def test_the_promised_day_once_more_is_a_yes_to_the_summary() -> None:
    assert said(proved(*AGREED, words("promise", date="2026-11-27"))) == ["sum.done", "bye"]


@pytest.mark.parametrize(
    "otherwise", [words("promise", date="2026-11-30"), words("hardship"), words("paid"), words("plan")]
)
def test_another_day_or_way_at_the_summary_is_a_no_and_a_person_looks_at_it(otherwise: h.Words) -> None:
    turn = proved(*AGREED, otherwise)
    assert said(turn) == ["sum.wrong", "agreement.person", "bye"]
    assert [type(record) for record in turn.records] == [r.PersonAsked]


# -- another moment -------------------------------------------------------------------------------------------------


def test_a_moment_that_no_window_fits_is_told() -> None:
    assert said(after(a_briefing(), words("later", **{"from": "20:00"}))) == ["later.not_then", "later.ask"]
    assert said(proved("4", words("later", **{"from": "20:00"})))[0] == "later.not_then"


def test_the_afternoon_for_a_persons_call_is_a_persons_call() -> None:
    turn = proved("4", words("later", **{"from": "13:00"}))
    (call,) = (record for record in turn.records if isinstance(record, r.CallbackAsked))
    assert call.by == "person"
    assert call.opening is not None and call.opening.start.hour == 14


@pytest.mark.parametrize(
    ("day", "hour", "fits"),
    [
        ("", "", 0),
        ("", "10:00", 0),
        ("", "13:00", 1),
        ("2026-11-26", "", 1),
        ("2026-11-25", "15:00", None),
        ("", "16:00", None),
        ("2026-12-24", "", None),
    ],
)
def test_a_window_fits_the_day_and_the_part_of_the_day(day: str, hour: str, fits: int | None) -> None:
    assert named(a_briefing().openings[:2], day, hour) == fits


def test_the_same_moment_twice_is_noted_once() -> None:
    turn = after(a_briefing(), words("later", date="2026-11-25"), words("later", date="2026-11-25"))
    assert (said(turn), turn.records) == (["later.done"], ())


# -- what it is about -----------------------------------------------------------------------------------------------


def test_what_is_it_about_is_told_to_the_debtor_and_to_nobody_else() -> None:
    assert "due.friendly" in said(proved(words("who")))
    assert "who.about" in said(after(a_briefing(), "1", words("who")))


# -- the letter -----------------------------------------------------------------------------------------------------


def test_a_letter_that_is_not_at_hand_is_no_invoice_that_never_came() -> None:
    turn = after(a_briefing(), "1", "1", "9000", words("invoice_missing"))
    assert (turn.state.place, turn.state.wish) == (after(a_briefing(), "1", "1", "9000", "#").state.place, "")


# -- paid, or still to be paid --------------------------------------------------------------------------------------


def test_a_promise_where_we_ask_when_it_was_paid_is_a_promise() -> None:
    assert said(proved("3", "1", words("promise", date="2026-11-27"))) == ["promise.check"]


@pytest.mark.parametrize("place", [(words("dispute"),), (words("paid"),)])
def test_the_other_invoice_is_put_aside_while_the_first_is_sorted_out(place: tuple[h.Words, ...]) -> None:
    turn = of_two(*place, option("first"), words("yes"), words("promise", date="2026-11-27"))
    assert said(turn)[0] == "which.first"
    assert (turn.records, turn.state.wish) == ((), "promise")


def test_a_change_of_mind_is_about_all_that_is_open() -> None:
    pay = words("promise", date="2026-11-27")
    turn = of_two(words("dispute"), option("first"), words("yes"), pay, pay)
    assert (said(turn), turn.state.chosen) == (["promise.check"], ())


# -- our own words, said back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said_so", "language", "name"),
    [
        ("stuur maar", "nl-BE", "message"),
        ("liever voorlezen", "nl-NL", "read"),
        ("envoyez par sms", "fr-FR", "message"),
        ("les entendre maintenant", "fr-BE", "read"),
    ],
)
def test_how_to_pay_is_chosen_in_our_own_words(said_so: str, language: str, name: str) -> None:
    options = ("message", "read")
    found = understand(said_so, language, Wants(yes_no=True, options=options), TODAY)
    assert found is not None
    assert (found.intent, dict(found.slots)) == ("option", {"n": str(options.index(name) + 1)})


def test_what_was_chosen_by_its_name_goes_the_way_of_its_key() -> None:
    assert said(proved("1", words("option", n="1"))) == said(proved("1", "1"))
    assert said(proved("1", words("option", n="2"))) == said(proved("1", "2"))


def test_another_day_is_one_to_pay_on_where_we_ask_for_one_and_an_hour_is_one_of_a_call() -> None:
    assert said(proved("2", words("later"))) == ["promise.ask"]
    assert said(proved("2", words("later", date="2026-11-27"))) == ["promise.check"]
    assert said(proved("2", words("later", **{"from": "10:00"}))) == ["later.done"]


def test_at_another_moment_is_not_at_one() -> None:
    found = understand("à un autre moment", "fr-BE", Wants(), TODAY)
    assert found is not None
    assert (found.intent, found.slots) == ("later", ())


def test_another_day_after_the_call_back_was_noted_is_another_moment_and_no_promise() -> None:
    turn = after(a_briefing(), words("later", date="2026-11-25"), words("date", date="2026-11-26"))
    assert (said(turn), [type(record) for record in turn.records]) == (["later.done"], [r.CallbackAsked])


def test_after_the_failed_proof_a_letter_is_sent_or_we_say_goodbye() -> None:
    failed = ("1", "1", *(("9000", "0000") * 3))
    assert said(after(a_briefing(), *failed, words("invoice_missing"))) == ["id.letter", "bye"]
    assert said(after(a_briefing(), *failed, words("no"))) == ["bye"]


# -- a yes that binds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("half", "language"),
    [
        ("ja misschien", "nl-BE"),
        ("ja als ik geld heb", "nl-NL"),
        ("ja ik denk het", "nl-BE"),
        ("oui peut-être", "fr-FR"),
        ("oui si mon salaire arrive", "fr-BE"),
        ("oui je pense", "fr-BE"),
    ],
)
def test_a_yes_with_a_condition_or_a_doubt_binds_nobody(half: str, language: str) -> None:
    found = understand(half, language, Wants(yes_no=True, date=True, amount=True, binds=True), TODAY)
    assert found is not None and found.intent == "wait"


@pytest.mark.parametrize(("whole", "language"), [("ja dat is goed voor mij", "nl-BE"), ("si si", "fr-FR")])
def test_a_whole_yes_binds(whole: str, language: str) -> None:
    found = understand(whole, language, Wants(yes_no=True, date=True, amount=True, binds=True), TODAY)
    assert found is not None and found.intent == "yes"


def test_the_ear_knows_where_a_yes_binds() -> None:
    begun = take_turn(a_briefing(), fresh(a_briefing()), h.Answered(speech=True)).state
    for place, binds in (("promise.check", True), ("plan.offer", True), ("which.ask", False)):
        state = replace(begun, place=place, proof=Proof.PROVED, promise_on=TODAY)
        ask = take_turn(a_briefing(), state, h.Keys("*")).acts[-1]
        assert isinstance(ask, Ask) and ask.wants is not None
        assert ask.wants.binds is binds


@pytest.mark.parametrize(
    ("said_so", "language"),
    [
        ("zeg eerst maar eens de code van mijn brief", "nl-BE"),
        ("wat is de code op mijn brief", "nl-NL"),
        ("dites-moi d'abord le code de ma lettre", "fr-BE"),
        ("quel est le code sur ma lettre", "fr-FR"),
    ],
)
def test_who_wants_our_code_first_hears_it(said_so: str, language: str) -> None:
    found = understand(said_so, language, Wants(yes_no=True), TODAY)
    assert found is not None and found.intent == "genuine"
    assert said(after(a_briefing(), words("genuine")))[0] == "who.genuine"
