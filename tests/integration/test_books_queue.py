"""The queue of real books, on both engines: too early is harmless, nobody is hidden, and calls teach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from books import (
    BRUSSELS,
    NO_ANSWER,
    NOW,
    Day,
    add_campaign,
    add_debtor,
    add_hold,
    add_invoice,
    ask_callback,
    pay,
    people,
)
from dialer.prospect_store import stages_on_call
from ledger.contact import Channel
from ledger.database import Database
from ledger.tables import ContactRow, CreditorRow, InvoiceRow, PaymentRow
from schedules.campaign_store import campaign_named
from schedules.funnel import funnel
from schedules.funnel_store import refusals_of, ways_of
from schedules.law_file import shipped_rules
from schedules.left_over_store import look_for_openings
from schedules.opening_store import candidates_left_over, next_candidates
from schedules.permission import may_contact, next_opening
from schedules.plan_store import load_of, next_in_line
from schedules.queue import NEVER
from schedules.rank import standing_place
from schedules.rank_store import first_places
from schedules.reach import PRIOR_CHANCE, Counts
from schedules.reach_store import count_anew, learned
from schedules.shut import Shut
from schedules.stakes import stakes_of
from schedules.standing_store import standings_of
from schedules.tables import CandidateRow, ReachRow
from schedules.verdict import Allowed

RULES = shipped_rules()


def _set(database: Database, **values: object) -> None:
    with database.unit_of_work() as session:
        session.execute(update(CandidateRow).values(**values))


# -- the first place -------------------------------------------------------------------------------------------------


def test_who_comes_into_a_campaign_stands_where_one_look_at_them_would_put_them(database: Database) -> None:
    """By the ladder of the creditor of their oldest debt, and by what they owe most of."""
    with database.unit_of_work() as session:
        for n, late in ((1, 12), (2, 12), (3, 40), (4, 1)):
            add_debtor(session, n, creditor=2 if n == 1 else 1)
            due = NOW.date() - timedelta(days=late)
            session.execute(update(InvoiceRow).where(InvoiceRow.id == n).values(due_on=due))
        session.execute(
            update(CreditorRow).where(CreditorRow.id == 2).values(policy={"ladder": {"second_reminder": 10}})
        )
        add_invoice(session, 30, 3, creditor_id=2, due_on=NOW.date() - timedelta(days=50))
        add_invoice(session, 31, 3, currency="GBP", open_minor=500_00, due_on=NOW.date() - timedelta(days=3))
    with database.reading() as session:
        found = first_places(session, [1, 2, 3, 4], None, NOW)
        for debtor_id, standing in standings_of(session, found).items():
            stakes = stakes_of(standing, NOW, BRUSSELS, waits_since=NOW)
            assert found[debtor_id] == standing_place(stakes, PRIOR_CHANCE), debtor_id
    assert found[1] < found[2], "ten days lead to the second reminder on that creditor's ladder"


# -- the lower bound -------------------------------------------------------------------------------------------------


def test_a_moment_that_is_too_early_calls_nobody_and_is_put_right(day: Day) -> None:
    """Broken on purpose: everybody is said to be eligible on a Sunday."""
    people(day.database, 3)
    day.clock.now = NOW - timedelta(days=2)
    _set(day.database, next_eligible_at=day.clock.now - timedelta(days=30))
    assert day.claim() == []
    with day.database.reading() as session:
        for debtor_id, standing in standings_of(session, [1, 2, 3]).items():
            opening = next_opening(standing, Channel.VOICE, day.clock.now, rules=RULES)
            (row,) = session.scalars(select(CandidateRow).where(CandidateRow.debtor_id == debtor_id))
            assert row.next_eligible_at == opening
            verdict = may_contact(standing, Channel.VOICE, row.next_eligible_at, rules=RULES)
            assert isinstance(verdict, Allowed)
            assert row.open_until == verdict.dial_by


def test_no_moment_is_ever_too_late(day: Day) -> None:
    """Live through days of looks; whoever permission would allow is always among those whom the index knows.

    Nobody is tried: after a try the next step chooses a better hour on purpose.
    """
    people(day.database, 6)
    with day.database.unit_of_work() as session:
        ask_callback(session, 4, NOW + timedelta(hours=26))
        add_hold(session, "h", debtor_id=5, kind="manual", until_at=NOW + timedelta(hours=4))
    for step in range(40):
        now = day.clock.pass_(hours=2, minutes=7)
        with day.database.reading() as session:
            known = {one.debtor_id for one in next_candidates(session, 1, now, 99)}
            for debtor_id, standing in standings_of(session, range(1, 7)).items():
                verdict = may_contact(standing, Channel.VOICE, now, rules=RULES)
                assert debtor_id in known or not isinstance(verdict, Allowed), (step, debtor_id)
        day.dial.next_up(2)


def test_what_woke_somebody_since_we_looked_is_not_put_off_again(day: Day) -> None:
    from dialer.prospect_store import look_at_candidates, remember
    from schedules.queue_store import bring_forward

    people(day.database, 1)
    with day.database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=1, kind="dispute")
    with day.database.reading() as session:
        found = look_at_candidates(session, RULES, NOW, 10, Shut())
    waits = {one.candidate: one.wait() for _, one in found.declined}
    with day.database.unit_of_work() as session:
        ask_callback(session, 1, NOW)
        bring_forward(session, 1, NOW)
    with day.database.unit_of_work() as session:
        remember(session, found, waits, NOW)
    assert day.one(CandidateRow).next_eligible_at <= NOW


# -- nobody is hidden ------------------------------------------------------------------------------------------------


def test_many_who_may_not_be_called_never_hide_the_one_who_may(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their rank is the best and their moment has come, and the look finds the one behind them at once."""
    monkeypatch.setattr("dialer.dial_store.LOOK_SECONDS", 600.0)  # on a slow machine a look may not give up here
    people(day.database, 60)
    with day.database.unit_of_work() as session:
        for n in range(1, 60):
            add_hold(session, f"h{n}", debtor_id=n, kind="dispute")
        session.execute(update(CandidateRow).where(CandidateRow.debtor_id == 60).values(rank=2**30))
    assert [one.debtor_id for one in day.dial.next_up(10)] == [60]


def test_a_crowd_whose_moment_is_too_early_stands_behind_the_others(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody of them may be called yet; once some were looked at, the others no longer cost a look each."""
    monkeypatch.setattr("dialer.dial_store.LOOK_SECONDS", 0.0)
    people(day.database, 60)
    with day.database.unit_of_work() as session:
        for n in range(1, 51):
            add_hold(session, f"h{n}", debtor_id=n, kind="manual", until_at=NOW + timedelta(hours=1))
        early = update(CandidateRow).where(CandidateRow.debtor_id <= 50)
        session.execute(early.values(rank=1, open_until=NOW + timedelta(hours=7)))
    assert day.dial.next_up(10) == []
    assert len(day.dial.next_up(10)) == 10
    assert sum(one.next_eligible_at <= day.clock.now for one in day.rows(CandidateRow)) == 50
    day.clock.pass_(minutes=61)
    day.claim(10)
    assert {one.debtor_id for one in day.rows(ContactRow)} <= set(range(1, 51)), "then their rank counts again"


def test_whose_opening_is_over_gets_the_next_one_in_the_background(day: Day) -> None:
    people(day.database, 5)
    _set(day.database, next_eligible_at=NOW - timedelta(days=1), open_until=NOW - timedelta(hours=20))
    sunday = NOW - timedelta(days=2)
    _set(day.database, next_eligible_at=sunday - timedelta(days=1), open_until=sunday - timedelta(hours=20))
    assert look_for_openings(day.database, RULES, sunday, seconds=5) == 5
    with day.database.reading() as session:
        assert candidates_left_over(session, 1, sunday, 9) == []
    assert all(one.next_eligible_at > sunday for one in day.rows(CandidateRow))
    assert all(one.next_eligible_at < one.open_until < NEVER for one in day.rows(CandidateRow))


def test_whose_opening_is_over_and_who_may_be_called_now_is_called(day: Day) -> None:
    people(day.database, 2)
    _set(day.database, next_eligible_at=NOW - timedelta(days=1), open_until=NOW - timedelta(hours=20))
    assert len(day.claim()) == 2


# -- order -----------------------------------------------------------------------------------------------------------


def test_the_plan_is_the_order_in_which_the_dialer_calls(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in range(1, 8):
            add_debtor(session, n, open_minor=n * 1000)
        ask_callback(session, 3, NOW - timedelta(minutes=10))
        add_hold(session, "h", debtor_id=5, kind="dispute")
    add_campaign(day.database)
    now = day.clock()
    with day.database.reading() as session:
        line = next_in_line(session, campaign_named(session, "winter"), RULES, now, 4, now)
        everybody = next_in_line(session, campaign_named(session, "winter"), RULES, now, 99, now)
    planned = [one.standing.debtor_id for one in everybody.people]
    assert planned == [3, 7, 6, 4, 2, 1]
    assert [one.standing.debtor_id for one in line.people] == planned[:4]
    assert (line.more, everybody.more) == (True, False)
    assert line.people[0].rank.reason == "call-back promised for 10:20"
    assert [one.debtor_id for one in day.dial.next_up(20)] == planned
    before = day.rows(CandidateRow, debtor_id=5)[0].next_eligible_at
    assert before > now, "only the dialer's look writes"


def test_the_plan_tells_the_stage_in_whose_tone_the_call_speaks(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_debtor(session, 2, tone="friendly")
        add_debtor(session, 3)
        session.execute(update(InvoiceRow).values(first_letter_sent_on=date(2026, 10, 20), first_letter_by="post"))
    add_campaign(day.database)
    with day.database.unit_of_work() as session:
        session.execute(update(CandidateRow).where(CandidateRow.debtor_id < 3).values(stage=3))
    with day.database.reading() as session:
        campaign = campaign_named(session, "winter")
        line = next_in_line(session, campaign, RULES, NOW, 10, NOW)
        planned = stages_on_call(session, campaign, RULES, line.people, NOW)
    told = {one.candidate.debtor_id: planned[one.candidate.id] for one in line.people}
    assert told == {1: 3, 2: 2, 3: 1}
    called = day.claim()
    assert {one.debtor_id: day.briefing(one.attempt).stage for one in called} == told


def test_a_habit_puts_a_call_off_and_nobody_counts_it_as_a_refusal(day: Day) -> None:
    people(day.database, 1)
    with day.database.unit_of_work() as session:
        for n, month in enumerate((8, 9, 10), start=2):
            add_invoice(session, n, 1)
            pay(session, n)
            paid = session.scalars(select(PaymentRow).order_by(PaymentRow.id.desc())).first()
            assert paid is not None
            paid.paid_on = date(2026, month, 25)
    assert day.claim() == []
    assert day.one(CandidateRow).next_eligible_at.date() == date(2026, 11, 30), "three days later is a Saturday"
    with day.database.reading() as session:
        assert refusals_of(session, 1) == {}
    day.clock.now = NOW + timedelta(days=6)
    assert len(day.claim()) == 1


# -- what is learned -------------------------------------------------------------------------------------------------


def test_calls_teach_when_people_are_reached_and_it_can_be_counted_anew(day: Day) -> None:
    people(day.database, 3)
    for one in day.claim():
        day.end(one, NO_ANSWER)
    with day.database.reading() as session:
        known = dict(learned(session).cells)
    (cell,) = known
    assert (cell.weekday, cell.part, known[cell]) == (1, 0, Counts(0, 3))
    with day.database.unit_of_work() as session:
        session.execute(update(ContactRow).where(ContactRow.debtor_id == 1).values(right_party=True))
        session.execute(update(ReachRow).values(tries=99))
    assert dict(count_anew(day.database, RULES.bands, NOW + timedelta(days=1)).cells) == {cell: Counts(1, 3)}
    with day.database.reading() as session:
        assert dict(learned(session).cells) == {cell: Counts(1, 3)}


# -- figures ---------------------------------------------------------------------------------------------------------


def test_a_day_is_told_by_hours_and_windows(day: Day) -> None:
    people(day.database, 4)
    with day.database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=4, kind="dispute")
    with day.database.reading() as session:
        load = load_of(session, campaign_named(session, "winter"), RULES, NOW.date() + timedelta(days=1), NOW)
    assert (load.people, load.looked_at, load.zone) == (4, 4, "Europe/Brussels")
    assert [(one.hours, one.people) for one in load.windows] == [("10:00-12:00, 14:00-17:00", 3), ("", 1)]
    assert sum(one.calls for one in load.hours) == 3


def test_the_ladder_tells_who_went_silent_and_what_kept_us_from_calling(day: Day) -> None:
    people(day.database, 3)
    with day.database.unit_of_work() as session:
        add_hold(session, "h", debtor_id=3, kind="dispute")
    for one in day.claim():
        day.end(one, NO_ANSWER)
    day.clock.pass_(days=2)
    for one in day.claim():
        day.end(one, NO_ANSWER)
    with day.database.unit_of_work() as session:
        pay(session, 2)
    with day.database.reading() as session:
        steps = funnel(ways_of(session, campaign_named(session, "winter"), NOW, RULES), NOW.date())
        refused = refusals_of(session, 1)
    last = steps[3]
    assert (last.people, last.contacted, last.paid, last.silent) == (3, 2, 1, 1)
    assert refused.pop("dispute") >= 1
