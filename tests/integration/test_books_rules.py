"""Rules of the house in the books: versions, the past, a dialer that obeys at once, and people woken in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from books import BUSY, NOW, Day, add_debtor, people, senior_hours
from books import apply_rules as apply
from desk.rules_apply import weigh
from desk.rules_effect import effect
from desk.why_batch import answers
from dialer.tables import AttemptRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.tables import AuditRow, ReceiptRow
from schedules.beat_store import forget_beats
from schedules.campaign import CampaignRules
from schedules.campaign_store import campaign_named, change_campaign, move_campaign
from schedules.errors import BadRules
from schedules.law_file import shipped_rules
from schedules.queue import Wait
from schedules.queue_store import put_off_all
from schedules.rules_store import RulesBook, newest_version, save_version, version_at
from schedules.tables import CandidateRow, RulesVersionRow
from schedules.wake_store import unfinished, wake_after_edit, wake_after_rules

SHIPPED = shipped_rules()


EVENINGS = senior_hours(weekdays=["18:00-19:00"])
NOONS = senior_hours(weekdays=["10:00-17:00"])


def test_a_version_is_appended_with_its_audit_and_the_past_keeps_its_own(database: Database) -> None:
    book, later = RulesBook(SHIPPED), NOW + timedelta(hours=1)
    apply(database, EVENINGS)
    apply(database, NOONS, later)
    with database.reading() as session:
        assert [book.at(session, at).version.partition("+")[2] for at in (NOW - timedelta(seconds=1), NOW, later)] == [
            "", "1", "2",
        ]  # fmt: skip
        assert book.now(session) is book.at(session, later), "compiled once"
        newest, first = newest_version(session), version_at(session, NOW)
    assert newest is not None
    assert first is not None
    assert (newest.n, newest.by, newest.note, first.document) == (2, "test", "why", EVENINGS)
    with Day(database).database.reading() as session:
        audit = [row.subject for row in session.query(AuditRow).filter_by(what="rules").order_by(AuditRow.id)]
    assert audit == ["version 1", "version 2"]


def test_of_two_who_change_the_same_version_the_second_is_refused(database: Database) -> None:
    with database.unit_of_work() as session:
        save_version(session, {}, NOW, "one", None, 0)
    with pytest.raises(BadRules, match="changed meanwhile"), database.unit_of_work() as session:
        save_version(session, {}, NOW, "two", None, 0)


def test_what_is_refused_leaves_nothing_behind(day: Day) -> None:
    with pytest.raises(BadRules, match="band senior, hours, mon"):
        apply(day.database, senior_hours(weekdays=["06:00-12:00"]))
    assert day.rows(RulesVersionRow) == []
    assert day.rows(AuditRow, what="rules") == []


def test_a_question_about_the_past_is_answered_by_the_rules_of_then(database: Database) -> None:
    people(database, 1)
    apply(database, EVENINGS)
    lines = [
        f'{{"debtor": "D-1", "at": "{(NOW + delta).isoformat()}"}}' for delta in (-timedelta(minutes=1), timedelta())
    ]
    found = list(answers(database, lines, NOW + timedelta(days=1), rules=RulesBook(SHIPPED)))
    assert [one["verdict"] for one in found] == ["allowed", "refused"]
    assert found[1]["rule"] == "band"


def test_a_running_dialer_goes_by_a_version_from_the_next_call_on(day: Day) -> None:
    people(day.database, 3)
    prospects = day.dial.next_up(10)
    (first,) = day.dial.claim(prospects[:1])
    apply(day.database, EVENINGS, day.clock())
    assert day.dial.brief([first]) == frozenset(), "claimed, and not ordered yet: it is taken back"
    assert day.dial.claim(prospects[1:]) == []
    assert day.dial.next_up(10) == []
    day.end(first, BUSY)
    assert day.one(AttemptRow).next_at.astimezone(NOW.tzinfo).hour == 18, "what comes next is found by the new hours"
    apply(day.database, NOONS, day.clock())
    day.clock.pass_(minutes=2)
    claimed = day.claim()
    assert {one.debtor_id for one in claimed} == {2, 3}
    versions = {row.law_version for row in day.rows(ReceiptRow) if row.contact_id is not None}
    assert versions == {SHIPPED.version, f"{SHIPPED.version}+2"}


def test_whoever_waits_for_a_later_hour_is_woken_for_an_earlier_one(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 9, birth_date=date(1990, 1, 1))
    people(day.database, 2)
    day.clock.pass_(hours=2)  # noon: seniors wait for two o'clock, others for the evening
    assert day.dial.next_up(10) == []
    before = {row.debtor_id: row.next_eligible_at for row in day.rows(CandidateRow)}
    assert apply(day.database, NOONS, day.clock()) == 2
    after = {row.debtor_id: row.next_eligible_at for row in day.rows(CandidateRow)}
    assert {n for n in after if after[n] < before[n]} == {1, 2}
    assert {one.debtor_id for one in day.claim()} == {1, 2}


def test_a_waking_that_was_broken_off_is_done_by_the_next_beat(day: Day) -> None:
    people(day.database, 1)
    day.clock.pass_(hours=2)
    assert day.dial.next_up(10) == []
    book = RulesBook(SHIPPED)
    with day.database.unit_of_work() as session:
        assert not unfinished(session, day.clock())
        save_version(session, NOONS, day.clock(), "test", None, 0)
        assert unfinished(session, day.clock())
    assert wake_after_rules(day.database, book, day.clock()) == 1
    with day.database.reading() as session:
        assert not unfinished(session, day.clock())
    assert wake_after_rules(day.database, book, day.clock()) == 0
    with day.database.unit_of_work() as session:
        forget_beats(session, real_now() + timedelta(days=1))
        assert not unfinished(session, day.clock.pass_(days=8)), "marks that are forgotten wake nobody again"


def test_openings_found_by_older_rules_are_not_written_over_the_waking(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(day.database, 1)
    day.clock.pass_(hours=2)
    waits = day.one(CandidateRow).next_eligible_at
    unit, first = day.database.unit_of_work, [True]

    def between() -> Any:
        if first.pop() if first else False:
            apply(day.database, NOONS, day.clock())
        return unit()

    monkeypatch.setattr(day.dial._database, "unit_of_work", between)
    day.dial.next_up(10)
    assert day.one(CandidateRow).next_eligible_at == waits


def test_what_a_change_does_is_counted_before_it_is_saved(database: Database) -> None:
    people(database, 4)
    book = RulesBook(SHIPPED)
    with_evenings = weigh(database, book, EVENINGS, NOW, lambda _done, _all: None)
    (line,) = with_evenings.effect.lines.values()
    assert (line.people, line.now, line.week, line.gained, line.lost) == (4, [4, 0], [4, 4], 0, 0)
    never = weigh(database, book, senior_hours(sat=[]), NOW, lambda _done, _all: None)
    (line,) = never.effect.lines.values()
    assert (line.now, line.week, line.lost) == ([4, 0], [4, 0], 4)
    with database.reading() as session:
        assert newest_version(session) is None


def test_who_is_under_18_stands_apart_and_not_among_unknown_ages(database: Database) -> None:
    people(database, 1, birth_date=date(2010, 1, 1))
    found = effect(database, SHIPPED, SHIPPED, NOW, lambda _done, _all: None)
    assert [(band, line.people, line.week) for (band, _), line in found.lines.items()] == [("minor", 1, [0, 0])]


def test_of_many_people_an_even_sample_stands_for_all_with_its_error(database: Database) -> None:
    people(database, 300)
    found = effect(database, SHIPPED, SHIPPED, NOW, lambda _done, _all: None, most=100)
    assert found.total == 300
    assert 70 <= found.looked_at <= 130
    assert 8 < found.margin_percent < 12
    (line,) = found.lines.values()
    assert found.scaled(line.people) == 300


def test_a_campaign_that_a_document_takes_its_band_from_is_named(day: Day) -> None:
    people(day.database, 1)
    edit(day, audience={"bands": ["student"]})
    bands = [{**one, "key": "youth"} if one["key"] == "student" else one for one in EVENINGS["band"]]
    change = weigh(day.database, RulesBook(SHIPPED), {"band": bands}, NOW, lambda _done, _all: None)
    assert change.warnings[-1] == "the campaign winter is for the band student, which is not there any more"


# -- campaigns ------------------------------------------------------------------------------------------------------


def edit(day: Day, **rules: Any) -> None:
    with day.database.unit_of_work() as session:
        change_campaign(session, "winter", CampaignRules.read(rules), day.clock(), "test")


def test_a_campaign_begins_no_more_calls_a_day_than_its_volume(day: Day) -> None:
    people(day.database, 6)
    edit(day, daily_volume=4)
    assert len(day.claim(3)) == 3
    assert len(day.claim()) == 1, "counted again under the claim's own lock"
    day.clock.pass_(minutes=2)
    assert day.dial.next_up(10) == [], "the others wait for tomorrow"
    waiting = [
        row.next_eligible_at for row in day.rows(CandidateRow) if row.next_eligible_at > NOW + timedelta(hours=3)
    ]
    assert {at.astimezone(NOW.tzinfo).date() for at in waiting} == {date(2026, 11, 25)}
    day.clock.pass_(days=1)
    assert len(day.claim()) == 2


def test_an_edit_holds_for_the_next_call(day: Day) -> None:
    people(day.database, 3)
    prospects = day.dial.next_up(10)
    (first,) = day.dial.claim(prospects[:1])
    edit(day, windows={"weekdays": ["15:00-16:00"]})
    assert day.dial.brief([first]) == frozenset()
    assert day.dial.claim(prospects[1:]) == [], "found under the rules of before"
    assert day.dial.next_up(10) == []


def test_a_campaign_that_is_paused_between_claim_and_order_calls_nobody(day: Day) -> None:
    people(day.database, 1)
    one = day.claim_one()
    with day.database.unit_of_work() as session:
        move_campaign(session, "winter", "pause", day.clock(), "test")
    assert day.dial.brief([one]) == frozenset()


def test_an_edit_that_opens_wakes_those_who_wait(day: Day) -> None:
    people(day.database, 2)
    edit(day, windows={"weekdays": ["15:00-16:00"]})
    assert day.dial.next_up(10) == []
    with day.database.unit_of_work() as session:
        (candidate, *_) = session.query(CandidateRow).all()
        put_off_all(session, {candidate.id: Wait(place=0)})
        before = campaign_named(session, "winter")
    edit(day)
    woken = wake_after_edit(day.database, before, CampaignRules(), SHIPPED, day.clock(), lambda _done, _all: None)
    assert woken == 2
    assert len(day.claim()) == 2
