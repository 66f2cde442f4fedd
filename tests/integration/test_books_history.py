"""Whatever happens on however many days: no window of days holds more tries than the cap (P3, readings C4 to C6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from books import BUSY, HUNG_UP, NO_ANSWER, NOW, Day, add_campaign, add_debtor, ask_callback
from dialer.outcome import CarriersEnd
from ivr.heard import Answered, HungUp
from ledger.contact import Channel
from ledger.tables import AgreementRow, ContactRow
from schedules.campaign_store import move_campaign
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing import Contact, Phone, Standing
from schedules.testing import NUMBERS, ZONES, a_standing
from schedules.verdict import Allowed

#: Tries at most in so many local days, today included: our own, and the stricter law of France.
CAPS = {"BE": ((1, 1), (7, 3), (30, 6)), "NL": ((1, 1), (7, 3), (30, 6)), "DE": ((1, 1), (7, 3), (30, 6)),
        "FR": ((1, 1), (7, 3), (30, 4))}  # fmt: skip


def never_above(days: Iterable[date], country: str, whose: str) -> None:
    """No window that ends on one of these days holds more of them than the cap allows."""
    tried = sorted(days)
    for day in tried:
        for length, most in CAPS[country]:
            window = [one for one in tried if timedelta(0) <= day - one < timedelta(days=length)]
            assert len(window) <= most, f"{whose}: {len(window)} tries in the {length} days up to {day}"


# -- by the rule alone -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """We look after so many minutes, and if we may, the call of this person ends so."""

    minutes: int
    who: int
    disposition: str
    solicited: bool


TRIES = st.lists(
    st.builds(
        Try,
        minutes=st.sampled_from([1, 7, 30, 60, 95, 240, 480, 720, 1440, 1445, 2880]),
        who=st.integers(0, 1),
        disposition=st.sampled_from(["no_answer", "busy", "failed", "unknown", "cancelled", "no_conversation"]),
        solicited=st.sampled_from([False, False, False, True]),
    ),
    min_size=20,
    max_size=60,
)


@settings(deadline=None, max_examples=30)
@given(country=st.sampled_from(list(CAPS)), tries=TRIES)
def test_two_people_at_one_number_are_never_tried_above_the_cap(country: str, tries: list[Try]) -> None:
    """Two debtors, one telephone; asked again and again, at every hour, for weeks."""
    zone, number, rules = ZoneInfo(ZONES[country]), NUMBERS[country], shipped_rules()
    people = [replace(a_standing(country), debtor_id=n, phones=(Phone(e164=number),)) for n in (1, 2)]
    now = datetime(2026, 10, 20, 9, 5, tzinfo=zone)  # across the day on which summer time ends
    made: list[tuple[int, Contact]] = []
    for one in tries:
        now = (now.astimezone(ZoneInfo("UTC")) + timedelta(minutes=one.minutes)).astimezone(zone)
        if isinstance(may_contact(_as_known(people, made, one.who), Channel.VOICE, now, rules=rules), Allowed):
            contact = Contact(
                channel="voice", address=number, begun_at=now, ended_at=now, zone=zone.key, local_date=now.date(),
                disposition=one.disposition,
            )  # fmt: skip
            made.append((one.who, contact))
        elif one.solicited:  # what they ask for themselves takes nothing from our budget, and adds nothing to it
            asked = Contact(
                channel="voice", address=number, begun_at=now, ended_at=now, zone=zone.key, local_date=now.date(),
                disposition=one.disposition, solicited=True,
            )  # fmt: skip
            made.append((one.who, asked))
    ours = [(who, contact) for who, contact in made if not contact.solicited]
    never_above([contact.local_date for _, contact in ours], country, number)
    for person in (0, 1):
        never_above([contact.local_date for who, contact in ours if who == person], country, f"person {person}")


def _as_known(people: list[Standing], made: list[tuple[int, Contact]], who: int) -> Standing:
    return replace(
        people[who],
        contacts=tuple(contact for by, contact in made if by == who),
        shared=tuple(contact for by, contact in made if by != who),
    )


# -- by the books ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """After so many hours everybody who may be called is, and the calls end so; perhaps somebody asks for another."""

    hours: float
    end: CarriersEnd | None
    asks: int | None


STEPS = st.lists(
    st.builds(
        Step,
        hours=st.sampled_from([0.1, 1, 3, 20, 24, 25, 49]),
        end=st.sampled_from([BUSY, NO_ANSWER, HUNG_UP, None]),
        asks=st.sampled_from([None, None, None, 0, 1]),
    ),
    min_size=4,
    max_size=10,
)
#: Two at one telephone in Belgium, and one each in France and Germany.
PEOPLE: tuple[dict[str, Any], ...] = (
    {"country": "BE", "e164": "+32470{:06d}"},
    {"country": "BE", "e164": "+32470{:06d}"},
    {"country": "FR", "postcode": "75001", "language": "fr", "e164": "+33612{:06d}"},
    {"country": "DE", "postcode": "10115", "region": "BE", "language": "de", "e164": "+4915112{:06d}"},
)
FRESH = count(2)


@settings(deadline=None, max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_the_days_bring_the_books_hold_no_try_too_many(day: Day, steps: list[Step]) -> None:
    history = next(FRESH)
    day.clock.now = begun = NOW - timedelta(days=20)
    ids = _four_more(day, history)
    for step in steps:
        day.clock.pass_(hours=step.hours)
        for one in day.claim():
            if step.end is HUNG_UP:
                day.answer(one)
                day.say(one.attempt, Answered(), HungUp())
                day.talks.end(one.attempt)
            lost = CarriersEnd(cause=0, dial_status=None, answered=False, lost=True)
            assert day.end(one, step.end or lost)
        if step.asks is not None:
            with day.database.unit_of_work() as session:
                asked = day.clock.now
                ask_callback(session, ids[step.asks], asked, hours=4, made_at=asked - timedelta(minutes=1))
    with day.database.unit_of_work() as session:
        move_campaign(session, f"history-{history}", "finish", begun, "test")
    made = [row for row in day.rows(ContactRow) if row.debtor_id in ids]
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in made:
        if not row.solicited:
            country = PEOPLE[ids.index(row.debtor_id)]["country"]
            days[f"person {row.debtor_id}", country].append(row.local_date)
            days[row.address, country].append(row.local_date)
    for (whose, country), tried in days.items():
        never_above(tried, country, whose)
    for asked_for in day.rows(AgreementRow, kind="callback"):
        assert sum(row.callback_id == asked_for.id for row in made) <= 2
    assert all(row.ended_at is not None and row.disposition for row in made)


def _four_more(day: Day, history: int) -> list[int]:
    """People of whom nothing is known yet, and a campaign of their own."""
    ids = [history * 10 + n for n in range(len(PEOPLE))]
    with day.database.unit_of_work() as session:
        for id_, who in zip(ids, PEOPLE, strict=True):
            telephone = history * 10 + (0 if who["country"] == "BE" else ids.index(id_))
            add_debtor(session, id_, creditor=history, **{**who, "e164": who["e164"].format(telephone)})
    add_campaign(day.database, f"history-{history}", day.clock.now, creditor=f"Creditor {history}")
    return ids
