"""What comes after a call: again at another part of the day, a call-back, a letter, a person, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from ledger.contact import Disposition as D
from schedules.case import Case
from schedules.number import in_order
from schedules.permission import next_opening
from schedules.rest import PARTS_OF_DAY, part_of_day
from schedules.rules import Rules
from schedules.standing import Contact, Standing


class Step(StrEnum):
    """Kinds of next step."""

    RETRY = "retry"
    CALLBACK = "callback"
    LETTER = "letter"
    PERSON = "person"
    #: Nothing to do: we wait for what was agreed.
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What comes next. `at` is the first moment worth looking at; None: nothing happens by itself any more."""

    kind: Step
    at: datetime | None
    #: The number that is rung first then.
    e164: str | None = None


#: What each ending asks for. A retry also ends with a letter when the budget is used, or no number is left.
_STEPS = {
    D.PAY: Step.NONE,
    D.PROMISE: Step.NONE,
    D.AGENT: Step.NONE,
    D.PLAN: Step.NONE,
    D.NOTHING_OPEN: Step.NONE,
    D.PLAN_REQUEST: Step.PERSON,
    D.DISPUTE: Step.PERSON,
    D.HARDSHIP: Step.PERSON,
    D.PERSON: Step.PERSON,
    D.DECEASED: Step.PERSON,
    D.REPRESENTATIVE: Step.PERSON,
    D.COMPLAINT: Step.PERSON,
    D.CRISIS: Step.PERSON,
    D.COPY_REQUESTED: Step.LETTER,
    D.ALREADY_PAID: Step.LETTER,
    D.OPTED_OUT: Step.LETTER,
    D.IDENTITY_FAILED: Step.LETTER,
    D.CALLBACK: Step.CALLBACK,
}
#: A letter that answers: when it is due, and the person is not looked at before.
_LETTER_DAYS = {D.ALREADY_PAID: 10, D.IDENTITY_FAILED: 7}
#: After a used budget the letter gets this long to be read.
_QUIET_AFTER_BUDGET = timedelta(days=30)
#: A better part of the day is looked for on so many days from the first that is open.
_DAYS_TO_CHOOSE_FROM = 3


def next_step(
    disposition: D,
    standing: Standing,
    now: datetime,
    *,
    rules: Rules,
    chance: Callable[[datetime], float] | None = None,
) -> NextStep:
    """What follows an ending. `standing` already knows this contact.

    `chance`: of reaching this person at an instant. It chooses between permitted moments and opens none.
    """
    kind = _STEPS.get(disposition, Step.RETRY)
    first = next_opening(standing, Channel.VOICE, now, rules=rules)
    if kind is not Step.RETRY:
        days = _LETTER_DAYS.get(disposition)
        return NextStep(kind=kind, at=first if days is None else now + timedelta(days=days), e164=_number(standing))
    if first is None:
        return NextStep(kind=Step.LETTER if _unreachable(disposition) else Step.PERSON, at=None)
    if budget_used(standing, now, rules=rules):
        later = next_opening(standing, Channel.VOICE, now + _QUIET_AFTER_BUDGET, rules=rules)
        return NextStep(kind=Step.LETTER, at=later, e164=_number(standing))
    at = first if disposition is D.CANCELLED else _at_another_part(standing, first, rules, chance or _alike)
    return NextStep(kind=Step.RETRY, at=at, e164=_number(standing))


def _alike(_: datetime) -> float:
    """Nothing was learned: every hour is as good as another."""
    return 0.0


def budget_used(standing: Standing, now: datetime, *, rules: Rules) -> bool:
    """Has this person been called as often in 30 days as the rules allow, without a talk? A letter comes then."""
    return _tries(standing, now) >= _budget(standing, now, rules)


def _unreachable(disposition: D) -> bool:
    return disposition in (D.WRONG_NUMBER, D.UNALLOCATED)


def _number(standing: Standing) -> str | None:
    return next((phone.e164 for phone in in_order(standing)), None)


def _tries(standing: Standing, now: datetime) -> int:
    """Voice tries of the last 30 days since somebody last talked with us."""
    count = 0
    for contact in reversed(standing.contacts):
        if contact.channel != Channel.VOICE or contact.begun_at < now - timedelta(days=30):
            continue
        if contact.talked:
            break
        count += 1
    return count


def _budget(standing: Standing, now: datetime, rules: Rules) -> int:
    terms = Case(standing, Channel.VOICE, now, rules, phone=next(iter(in_order(standing)), None)).terms
    return min(cap.limit for cap in terms.caps if cap.days == 30)


def _at_another_part(
    standing: Standing, first: datetime, rules: Rules, chance: Callable[[datetime], float]
) -> datetime:
    """An opening in the part of the day that was tried least; of equals the most hopeful, then the first."""
    case = Case(standing, Channel.VOICE, first, rules, phone=next(iter(in_order(standing)), None))
    clock = case.locals[0]
    tried = [_part(contact, clock.tz) for contact in standing.contacts if contact.channel == Channel.VOICE]
    parts: dict[int, list[tuple[datetime, datetime]]] = {}
    for day in (clock.date + timedelta(days=n) for n in range(_DAYS_TO_CHOOSE_FROM)):
        for part, (start, end) in enumerate(PARTS_OF_DAY):
            begin, finish = max(first, clock.at(day, start)), clock.at(day, end)
            if begin < finish:
                parts.setdefault(tried.count(part), []).append((begin, finish))
    for _, least in sorted(parts.items()):  # what was tried more often is looked at only where nothing else opens
        ats = (
            next_opening(standing, Channel.VOICE, begin, rules=rules, horizon=finish - begin) for begin, finish in least
        )
        found = [(-chance(at), at) for at in ats if at is not None]
        if found:
            return min(found)[1]
    return first


def _part(contact: Contact, zone: ZoneInfo) -> int:
    clock = contact.begun_at.astimezone(zone)
    return part_of_day(clock.hour * 60 + clock.minute)
