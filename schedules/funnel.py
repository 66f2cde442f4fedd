"""Where on the ladder people are reached, promise and pay, and where they stop or go silent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from schedules.slide import Slid, days_counted
from schedules.stage import LAST_STAGE, NO_OWN_DAYS, OwnDays, stage_on

#: So many contacts without a word, and a person has gone silent.
SILENT_AFTER = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """What has happened with one debtor of a campaign."""

    #: The oldest due date, and its creditor's own days of the ladder.
    due_on: date
    own_days: OwnDays = NO_OWN_DAYS
    #: The days that don't count on the ladder: a hold or an agreement left the person in peace.
    slid: Slid = ()
    #: Contacts by us since the person is in the campaign, and the day of the last.
    contacts: int = 0
    last_on: date | None = None
    #: We talked with the debtor, proved.
    talked: bool = False
    promised: bool = False
    #: A promise or a plan was kept.
    kept: bool = False
    #: Nothing is open any more.
    paid: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """How many people are at one stage of the ladder, and how far they came."""

    stage: int
    people: int = 0
    contacted: int = 0
    talked: int = 0
    promised: int = 0
    kept: int = 0
    #: Recovered: nothing is open.
    paid: int = 0
    #: We talked, and nothing came of it.
    stopped: int = 0
    #: Several contacts, and never a word.
    silent: int = 0


def funnel(ways: Iterable[Way], today: date) -> tuple[Step, ...]:
    """The steps of the ladder, 0 to 3. Everybody stands once: at the stage of their last contact, else of today.

    Days that slid don't count, as on the ladder itself (C34).
    """
    names = [one.name for one in fields(Step) if one.name != "stage"]
    counts = [dict.fromkeys(names, 0) for _ in range(LAST_STAGE + 1)]
    for one in ways:
        days = days_counted(one.due_on, one.last_on or today, one.slid)
        count = counts[stage_on(days, one.own_days)]
        count["people"] += 1
        count["contacted"] += one.contacts > 0
        count["talked"] += one.talked
        count["promised"] += one.promised
        count["kept"] += one.kept
        count["paid"] += one.paid
        count["stopped"] += one.talked and not (one.promised or one.paid)
        count["silent"] += one.contacts >= SILENT_AFTER and not (one.talked or one.promised or one.paid)
    return tuple(Step(stage=stage, **count) for stage, count in enumerate(counts))
