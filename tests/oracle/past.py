"""What happened before, and what stands: holds, agreements and contacts near the ends of their terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from oracle.draw import EDGES, Draw, chance, wall, words
from schedules.standing import Agreement, Contact, Hold, Invoice, Phone

_PAST_DAYS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 28, 29, 30, 31)
_PERSON_HOLDS = words(
    "deceased mediation crisis hardship dispute complaint plan_request plan already_paid manual paid opt_out"
)
_DISPOSITIONS = words("""
    no_answer no_answer no_answer busy busy voicemail voicemail rejected unallocated congestion failed cancelled unknown
    abandoned not_at_home no_conversation identity_failed callback copy_requested crisis hardship heard pay promise
""")
_PROVED = words("heard pay promise copy_requested hardship")
_AGREEMENTS = words("""
    callback callback callback promise promise plan plan_request dispute hardship already_paid copy complaint person
    representative deceased letter
""")


def holds(
    draw: Draw, now: datetime, day: date, zone: str, phones: tuple[Phone, ...], invoices: tuple[Invoice, ...]
) -> tuple[Hold, ...]:
    if not chance(draw, 2):
        return ()
    found = []
    for _ in range(draw(st.integers(1, 2))):
        about: dict[str, Any] = {"kind": draw(st.sampled_from(_PERSON_HOLDS))}
        what = draw(st.sampled_from(("person", "number", "invoice")))
        if what == "number" and phones:
            about = {
                "kind": draw(st.sampled_from(("opt_out", "wrong_number", "manual", "dispute"))),
                "e164": phones[0].e164,
            }
        elif what == "invoice" and invoices:
            about = {"kind": draw(st.sampled_from(("dispute", "paid", "manual"))), "invoice_id": invoices[0].id}
        ends = draw(st.sampled_from((None, None, "now", "later", "past", "midnight")))
        until = {
            None: None,
            "now": now,
            "later": now + timedelta(hours=3),
            "past": now - timedelta(minutes=1),
            "midnight": wall(day + timedelta(days=1), 0, zone).astimezone(UTC),
        }[ends]
        channel = draw(st.sampled_from((None, None, "voice", "sms")))
        begun = now - timedelta(days=draw(st.sampled_from((1, 5, 40))))
        found.append(Hold(from_at=begun, until_at=until, channel=channel, via="list", **about))
    return tuple(found)


def past_holds(draw: Draw, now: datetime) -> tuple[Hold, ...]:
    if not chance(draw, 1):
        return ()
    until = now - timedelta(days=draw(st.sampled_from((1, 2, 10))), hours=2)
    begun = until - timedelta(days=draw(st.sampled_from((0, 1, 3, 30))), hours=1)
    return (Hold(kind="dispute", from_at=begun, until_at=until, via="call"),)


def agreements(draw: Draw, now: datetime, day: date, zone: str, phones: tuple[Phone, ...]) -> tuple[Agreement, ...]:
    if not chance(draw, 3):
        return ()
    return tuple(_agreement(draw, n, now, day, zone, phones) for n in range(1, draw(st.integers(1, 2)) + 1))


def _agreement(draw: Draw, n: int, now: datetime, day: date, zone: str, phones: tuple[Phone, ...]) -> Agreement:
    kind = draw(st.sampled_from(_AGREEMENTS))
    made = now - timedelta(days=draw(st.sampled_from((0, 1, 6, 7, 13, 14, 29, 30, 31))), hours=1)
    state = draw(st.sampled_from(("open", "open", "open", "kept", "broken", "withdrawn")))
    over: dict[str, Any] = {}
    if kind == "promise":
        over["due_on"] = day + timedelta(days=draw(st.sampled_from((5, 0, -1, -2, -3, -4, -5))))
    if kind == "dispute" and state == "broken":
        state = "kept"
    if state != "open":
        back = timedelta(days=draw(st.sampled_from((0, 1, 6, 7, 8, 9))), minutes=30)
        over["ended_at"] = max(made, now - back)
    if kind == "callback":
        starts = draw(st.sampled_from(("before", "now", "later", "sunday")))
        base = wall(day, draw(st.sampled_from(EDGES)), zone).astimezone(UTC)
        begins = {
            "before": now - timedelta(hours=1),
            "now": now,
            "later": base + timedelta(days=1),
            "sunday": base,
        }[starts]
        length = timedelta(minutes=draw(st.sampled_from((120, 60, 30, 65, 66))))
        over |= {
            "from_at": begins,
            "until_at": begins + length,
            "owner": draw(st.sampled_from(("machine", "machine", "person"))),
        }
        over["e164"] = phones[0].e164 if phones and chance(draw, 3) else None
        made = min(made, begins - timedelta(minutes=5))
    return Agreement(id=n, kind=kind, made_at=made, state=state, **over)


def contacts(
    draw: Draw, now: datetime, day: date, zone: str, phones: tuple[Phone, ...], *, calls_only: bool = False
) -> tuple[Contact, ...]:
    count = draw(st.sampled_from((0, 0, 1, 1, 2, 3, 4, 6)))
    found = [_contact(draw, now, day, zone, phones, calls_only) for _ in range(count)]
    return tuple(sorted((one for one in found if one.begun_at < now), key=lambda one: one.begun_at))


def misses(draw: Draw, now: datetime, day: date, zone: str, phones: tuple[Phone, ...]) -> tuple[Contact, ...]:
    """One to three calls to the first number that nobody answered, most of them by day."""
    found = []
    for _ in range(draw(st.sampled_from((0, 1, 2, 2, 3)))):
        ago = timedelta(days=draw(st.sampled_from((1, 2, 8, 9, 20, 28, 29, 30, 31))))
        begun = wall(day - ago, draw(st.sampled_from((600, 660, 1019, 1020))), zone).astimezone(UTC)
        found.append(
            Contact(
                channel="voice",
                address=phones[0].e164,
                begun_at=begun,
                ended_at=begun,
                zone=zone,
                local_date=day - ago,
                disposition=draw(st.sampled_from(("no_answer", "busy", "voicemail", "rejected"))),
            )
        )
    return tuple(sorted((one for one in found if one.begun_at < now), key=lambda one: one.begun_at))


def _contact(draw: Draw, now: datetime, day: date, zone: str, phones: tuple[Phone, ...], calls_only: bool) -> Contact:
    minute = draw(st.sampled_from((0, 600, 719, 720, 839, 840, 1019, 1020, 1100, 1439)))
    begun = wall(day - timedelta(days=draw(st.sampled_from(_PAST_DAYS))), minute, zone).astimezone(UTC)
    if chance(draw, 1):
        begun = (
            now
            - timedelta(hours=72)
            + draw(st.sampled_from((timedelta(0), timedelta(minutes=1), timedelta(minutes=-1))))
        )
    channel = "voice" if calls_only else draw(st.sampled_from(("voice", "voice", "voice", "sms", "email", "post")))
    address = phones[0].e164 if phones else "+32470999999"
    if phones and chance(draw, 3):
        address = phones[-1].e164
    over: dict[str, Any] = {"disposition": None}
    if channel == "voice":
        over["disposition"] = draw(st.sampled_from(_DISPOSITIONS))
        proved = over["disposition"] in _PROVED
        over |= {"right_party": proved, "talked": proved or over["disposition"] in ("identity_failed", "not_at_home")}
    elif channel != "sms":
        address = "ada@example.org"
    return Contact(
        channel=channel,
        address=address,
        begun_at=begun,
        ended_at=begun,
        zone=zone,
        local_date=begun.astimezone(ZoneInfo(zone)).date(),
        solicited=chance(draw, 1),
        **over,
    )
