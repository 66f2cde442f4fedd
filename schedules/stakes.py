"""What a talk with a debtor is about, and the chance to reach them: read off a standing for the rank. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ledger.money import Money
from schedules.band import Bands
from schedules.rank import Stakes
from schedules.reach import Beta, Learned, cell_at, own_counts
from schedules.stage import NO_OWN_DAYS, stage_on
from schedules.standing import Standing

#: A promise that was broken longer ago says nothing any more. Source: project default.
_BROKEN_WITHIN = timedelta(days=90)


def stakes_of(
    standing: Standing,
    now: datetime,
    zone: ZoneInfo,
    *,
    waits_since: datetime,
    creditor: str | None = None,
    callback_id: int | None = None,
) -> Stakes:
    """The stakes at an instant, by the debtor's clock. `creditor`: only what is owed there.

    `callback_id`: the agreement whose call-back is due, as permission found it.
    """
    today = now.astimezone(zone).date()
    due = [one for one in standing.invoices if one.due_on < today and creditor in (None, one.creditor)]
    sums: Counter[str] = Counter()
    for one in due:
        sums[one.open.currency] += one.open.minor
    currency, minor = max(sums.items(), key=lambda item: (item[1], item[0]), default=("EUR", 0))
    asked = next((one for one in standing.agreements if one.id == callback_id), None) if callback_id else None
    oldest = min(due, key=lambda one: one.due_on, default=None)
    days_late = (today - oldest.due_on).days if oldest is not None else 0
    return Stakes(
        owed=Money(minor, currency),
        days_late=days_late,
        waits_since=waits_since,
        stage=stage_on(days_late, oldest.own_days if oldest is not None else NO_OWN_DAYS),
        broken_promise=any(
            one.kind == "promise" and one.state == "broken" and now - (one.ended_at or one.made_at) < _BROKEN_WITHIN
            for one in standing.agreements
        ),
        callback_at=None if asked is None else (asked.from_at or asked.made_at).astimezone(zone),
    )


def belief_at(standing: Standing, at: datetime, zone: ZoneInfo, bands: Bands, learned: Learned) -> Beta:
    """What is believed of the chance to reach this debtor at an instant."""
    cell = cell_at(bands.of(standing, at.astimezone(zone).date()).key, at, zone)
    return learned.belief(cell, own_counts(standing.contacts, cell.part, zone))
