"""The days that slide the ladder: every local day on which a hold or agreement of the person was active (C34).

What binds one channel, one number or one invoice only slides nothing: the person can still be reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schedules.day import Terms
from schedules.standing import Agreement, Standing

#: The first and the last day, both included; sorted and apart in every tuple of them.
Slid = tuple[tuple[date, date], ...]

#: Agreements that stop contact, as holds do; a call-back or a letter asked for leaves the ladder running.
_AGREEMENTS = frozenset(
    {
        "promise", "plan", "plan_request", "dispute", "hardship", "crisis", "already_paid", "copy", "deceased",
        "representative", "complaint",
    }
)  # fmt: skip
#: Open agreements that end by themselves, after this term of the rules (local days, the day itself is the first).
_TERMS = {"hardship": "rest_after_hardship", "crisis": "rest_after_crisis", "copy": "rest_after_copy"}
_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


def slid_days(standing: Standing, zone: ZoneInfo, terms: Terms) -> Slid:
    """The days in the person's zone that don't count on the ladder, past and to come; `date.max`: no end is known."""
    if not (standing.holds or standing.ended_holds or standing.agreements):
        return ()
    return merged(_stretches(standing, zone, terms))


def is_slid(day: date, slid: Slid) -> bool:
    """Is this one of the days?"""
    return any(first <= day <= last for first, last in slid)


def merged(stretches: Iterator[tuple[date, date]] | Sequence[tuple[date, date]]) -> Slid:
    """Sorted, and joined where they overlap or touch; what ends before it begins is left out."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(one for one in stretches if one[0] <= one[1]):
        if found and (found[-1][1] == date.max or first <= found[-1][1] + _DAY):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _stretches(standing: Standing, zone: ZoneInfo, terms: Terms) -> Iterator[tuple[date, date]]:
    for hold in (*standing.holds, *standing.ended_holds):
        if hold.channel is None and hold.e164 is None and hold.invoice_id is None:
            yield _local(hold.from_at, zone), _last(hold.until_at, zone)
    for one in standing.agreements:
        if one.kind in _AGREEMENTS:
            yield _local(one.made_at, zone), _end(one, zone, terms)


def _end(one: Agreement, zone: ZoneInfo, terms: Terms) -> date:
    """The last day on which an agreement is active; a promise is waited for three days longer."""
    ends = [_last(one.ended_at, zone)]
    if one.kind == "promise" and one.due_on is not None:
        ends.append(one.due_on + timedelta(days=terms.promise_quiet.value))
    elif (term := _TERMS.get(one.kind)) is not None:
        own = _local(one.made_at, zone) + timedelta(days=getattr(terms, term).value - 1)
        ends.append(own if one.until_at is None else _last(one.until_at, zone))
    return min(ends)


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _last(end: datetime | None, zone: ZoneInfo) -> date:
    """The last day with a moment before an exclusive end; no end: for ever."""
    return date.max if end is None else _local(end - _MOMENT, zone)
