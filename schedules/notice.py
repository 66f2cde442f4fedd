"""A message about what the person agreed with us, or a thank-you: by what it may go, and when it may leave. Pure.

It asks for nothing new, so caps, rest and due dates don't bind it; holds, wishes, opt-outs and hours do. A plan's
own hold lets the notices of plans through: all contact stops "except plan notices".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.contact import Channel
from schedules.case import Case
from schedules.courtesy import first_opening
from schedules.first_contact import possible_channels
from schedules.hold import REASONS, person_holds
from schedules.jurisdiction import known_law, known_zone
from schedules.number import may_be_rung
from schedules.person import of_age
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.verdict import Refusal
from schedules.window import in_hours

#: The hold that a plan itself makes.
PLAN = frozenset({"plan"})
#: What a person asked us is answered whatever else rests: all but the dead, a representative's people, a crisis.
ANSWER = frozenset(REASONS) - {"deceased", "mediation", "crisis"}
#: A message is planned so far ahead; what can't leave by then is looked at again.
_SOON = timedelta(days=4)


@dataclass(frozen=True, kw_only=True)
class Way:
    """By what a message goes, and from when on."""

    channel: Channel
    #: E.164 or e-mail address; None: a letter.
    to: str | None
    due_at: datetime


def way_of(
    standing: Standing,
    now: datetime,
    rules: Rules,
    *,
    through: Collection[str] = (),
    channels: Collection[Channel] = (Channel.SMS, Channel.EMAIL, Channel.POST),
) -> Way | None:
    """SMS, else e-mail, else a letter, of those in `channels`; None: this person is written to by none of them now.

    `through`: holds that let this message pass.
    """

    def holds(case: Case) -> list[Refusal]:
        return [one for one in person_holds(case) if one.rule not in through]

    possible = possible_channels(Case(standing, Channel.SMS, now, rules, phone=next(iter(standing.phones), None)))
    clauses = (known_law, known_zone, of_age, holds, may_be_rung, in_hours)
    for channel in (Channel.SMS, Channel.EMAIL):
        if channel not in possible or channel not in channels:
            continue
        number = possible[channel] if channel is Channel.SMS else None
        due_at = first_opening(standing, channel, now, _SOON, clauses, rules=rules, number=number)
        if due_at is not None:
            return Way(channel=channel, to=possible[channel], due_at=due_at)
    case = Case(standing, Channel.POST, now, rules, phone=next(iter(standing.phones), None))
    if Channel.POST not in channels or known_law(case) or of_age(case) or holds(case):
        return None
    return Way(channel=Channel.POST, to=None, due_at=now)
