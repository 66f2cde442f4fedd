"""Random people and the instants at which we ask about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ledger.money import Money
from oracle.draw import DAYS, EDGES, Draw, chance, wall
from oracle.past import agreements, contacts, holds, misses, past_holds
from oracle.person import TABLE, band_on
from schedules.standing import Invoice, Phone, Standing
from schedules.wish import ChannelWish, HoursWish, NotBefore, NumberWish

#: Country, post code, region, zone of the wall clock, numbers of the place.
_HOMES: tuple[tuple[str | None, str | None, str | None, str, tuple[str, ...]], ...] = (
    ("BE", "2000", None, "Europe/Brussels", ("+32470123456", "+3232123456")),
    ("NL", "1012 AB", None, "Europe/Amsterdam", ("+31612345678", "+31201234567")),
    ("FR", "75001", None, "Europe/Paris", ("+33612345678", "+33142345678")),
    ("DE", "10115", "BE", "Europe/Berlin", ("+4915112345678", "+493012345678")),
    ("DE", "86150", "BY", "Europe/Berlin", ("+4915112345678", "+493012345678")),
    ("DE", None, None, "Europe/Berlin", ("+4915112345678",)),
    ("DE", "01067", None, "Europe/Berlin", ("+4915112345678",)),
    ("DE", "20095", None, "Europe/Berlin", ("+4915112345678",)),
    ("GB", "SW1A 1AA", None, "Europe/London", ("+447400123456", "+442079460958")),
    ("GB", "EH1 1YZ", None, "Europe/London", ("+447400123456",)),
    ("GB", "BT1 5GS", None, "Europe/London", ("+447400123456",)),
    ("GB", None, None, "Europe/London", ("+447400123456",)),
    ("FR", "67000", None, "Europe/Paris", ("+33612345678",)),
    ("FR", "97400", None, "Indian/Reunion", ("+262692123456", "+33612345678")),
    ("FR", "97200", None, "America/Martinique", ("+596696123456",)),
    ("FR", "98800", None, "Pacific/Noumea", ("+687751234",)),
    ("RE", None, None, "Indian/Reunion", ("+262692123456",)),
    ("BE", "9000", None, "Europe/Brussels", ("+12125550123", "+32470123456")),
    ("BE", "9000", None, "Europe/Brussels", ("+447700900123",)),
    (None, None, None, "Europe/Brussels", ("+32470123456", "+31612345678")),
    ("CH", None, None, "Europe/Zurich", ("+41791234567",)),
)
_PLAIN = _HOMES[:4]
_OFF = (0, -6, -5, -7, -1, 1, 6, 15, 30, 45)
_SECONDS = (0, 0, 0, 0, 34, 35, 36, 59)
_AGES = (17, 18, 24, 25, 40, 64, 65, 66, 67, 79, 80, 81, 95)


@st.composite
def questions(draw: Draw) -> tuple[Standing, datetime]:
    """Somebody, and the instant at which we ask about them (UTC)."""
    day = draw(st.sampled_from(DAYS))
    country, postcode, region, zone, numbers = draw(st.sampled_from(_PLAIN if chance(draw, 6) else _HOMES))
    who = Standing(
        debtor_id=1,
        ref="4711",
        kind="business" if chance(draw, 1) else "person",
        student=chance(draw, 1),
        birth_date=_born(draw, day),
        country=country,
        region=region,
        postcode=postcode,
        phones=_phones(draw, numbers),
        settled=int(chance(draw, 3)),
    )
    at = draw(st.sampled_from(_own_edges(who, day) if chance(draw, 5) else EDGES)) + draw(st.sampled_from(_OFF))
    now = wall(day, min(max(at, 0), 24 * 60 - 1), zone, draw(st.sampled_from(_SECONDS))).astimezone(UTC)
    if chance(draw, 3):
        # Nothing but the hours, what was tried by day and what was wished.
        quiet = replace(who, phones=(Phone(e164=numbers[0]),), invoices=(_long_due(day),))
        return replace(quiet, contacts=misses(draw, now, day, zone, quiet.phones), wishes=_wishes(draw, day)), now
    invoices = _invoices(draw, day, now)
    told = replace(
        who,
        holds=holds(draw, now, day, zone, who.phones, invoices),
        agreements=agreements(draw, now, day, zone, who.phones),
        invoices=invoices,
        contacts=contacts(draw, now, day, zone, who.phones),
        shared=contacts(draw, now, day, zone, who.phones, calls_only=True) if chance(draw, 1) else (),
        wishes=_wishes(draw, day, who.phones),
        past_holds=past_holds(draw, now),
    )
    return told, now


def _own_edges(who: Standing, day: date) -> tuple[int, ...]:
    """Where the hours of the person's own band begin and end, and the evening of 65 and 66."""
    workdays, saturday = TABLE[band_on(who, day, 0)]
    return (*(edge for hours in (*workdays, *saturday) for edge in hours), 17 * 60, 18 * 60 + 30)


def _phones(draw: Draw, numbers: tuple[str, ...]) -> tuple[Phone, ...]:
    if not chance(draw, 4):
        return (Phone(e164=numbers[0]),)
    count = draw(st.sampled_from((1, len(numbers), len(numbers), 0)))
    return tuple(
        Phone(
            e164=number,
            rank=rank,
            kind=draw(st.sampled_from(("own", "own", "own", "other", "work"))),
            verdict=draw(st.sampled_from(("good", "good", "good", "good", "invalid", "premium"))),
        )
        for rank, number in enumerate(numbers[:count], 1)
    )


def _born(draw: Draw, day: date) -> date | None:
    if chance(draw, 2):
        return draw(st.sampled_from((None, None, date(2008, 2, 29), date(1960, 2, 29), date(1948, 2, 29))))
    age = draw(st.sampled_from(_AGES))
    off = draw(st.sampled_from((0, -1, 1, 100, -100)))
    base = day + timedelta(days=off)
    if (base.month, base.day) == (2, 29):
        base += timedelta(days=1)
    return base.replace(year=base.year - age)


def _invoices(draw: Draw, day: date, now: datetime) -> tuple[Invoice, ...]:
    if not chance(draw, 4):
        return (_long_due(day),)
    count = draw(st.sampled_from((1, 1, 1, 1, 1, 2, 2, 3, 0)))
    return tuple(_invoice(draw, n, day, now) for n in range(1, count + 1))


def _long_due(day: date) -> Invoice:
    due = day - timedelta(days=90)
    return Invoice(
        id=1,
        creditor_id=1,
        creditor="Stroomdal",
        role="creditor",
        due_on=due,
        issued_on=due - timedelta(days=14),
        open=Money(12000),
    )


def _invoice(draw: Draw, n: int, day: date, now: datetime) -> Invoice:
    late = draw(st.sampled_from((60, 60, 60, 200, 14, 15, 16, 5, 0, 1, -1, 30, 17, 18, 20)))
    due = day - timedelta(days=late)
    role = draw(st.sampled_from(("creditor", "creditor", "collector")))
    letter = chance(draw, 8) if role == "collector" else chance(draw, 3)
    sent = draw(st.sampled_from((0, 1, 2, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 40)))
    seen = draw(st.sampled_from((None, None, 1, 29, 30, 31, 72)))
    extra = draw(st.sampled_from((timedelta(0), timedelta(seconds=1), timedelta(minutes=-1))))
    return Invoice(
        id=n,
        creditor_id=draw(st.sampled_from((1, 1, 2))),
        creditor="Stroomdal",
        role=role,
        due_on=due,
        issued_on=due - timedelta(days=14),
        open=Money(draw(st.sampled_from((12000, 12000, 12000, 500, 501, 499, 250)))),
        first_letter_sent_on=day - timedelta(days=sent) if letter else None,
        first_letter_by=draw(st.sampled_from(("post", "email"))) if letter else None,
        payments_seen_at=None if seen is None else now - timedelta(hours=seen) - extra,
        part_paid=draw(st.sampled_from((None, None, None, Money(0), Money(12000)))),
        own_days=(None, draw(st.sampled_from((None, None, None, 6, 16, 45))), None),
    )


def _wishes(draw: Draw, day: date, phones: tuple[Phone, ...] = ()) -> tuple[Any, ...]:
    if not chance(draw, 3):
        return ()
    found: list[Any] = []
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        what = draw(st.sampled_from(("hours", "hours", "hours", "not_before", "channel", "number")))
        if what == "hours":
            days = draw(
                st.sampled_from(
                    (
                        None,
                        frozenset({5}),
                        frozenset({0, 1, 2, 3, 4}),
                        frozenset({day.weekday()}),
                        frozenset({4}),
                        frozenset({6}),
                    )
                )
            )
            hours = draw(
                st.sampled_from(((480, 1200), (1080, 1260), (420, 540), (720, 840), (1200, 1320), (1005, 1012)))
            )
            if days is not None and chance(draw, 4):
                hours = None
            found.append(HoursWish(days=days, hours=hours, on_record=not chance(draw, 3)))
        elif what == "not_before":
            first = draw(st.sampled_from((None, day, day + timedelta(days=1))))
            found.append(NotBefore(day=first, minute=draw(st.sampled_from((600, 1080))) if first is None else None))
        elif what == "channel":
            found.append(
                ChannelWish(
                    draw(st.sampled_from((frozenset({"post"}), frozenset({"voice"}), frozenset({"voice", "email"}))))
                )
            )
        elif phones and not any(isinstance(one, NumberWish) for one in found):
            found.append(NumberWish(draw(st.sampled_from([phone.e164 for phone in phones]))))
    return tuple(found)
