"""People for whom no hour is ever right: their possible zones share none, or their wish leaves none. Pure.

Permission refuses them every day for a reason that no waiting heals, so one of our people has to look (reading C37).
"""

from __future__ import annotations

from datetime import datetime

from ledger.contact import Channel
from schedules.case import Case
from schedules.jurisdiction import known_law, known_zone
from schedules.number import can_be_used, in_order
from schedules.permission import HORIZON
from schedules.rules import Rules
from schedules.standing import Phone, Standing
from schedules.window import closes_at, in_hours, lead


def no_common_hour(standing: Standing, now: datetime, rules: Rules) -> str | None:
    """Why no number of this person may be rung at any minute within the horizon, as far as hours go.

    None: one of them may, or it is no hour that is missing (no number, no law, an opt-out: other rules name those).
    """
    zones: set[str] = set()
    for phone in in_order(standing):
        case = Case(standing, Channel.VOICE, now, rules, phone=phone)
        if known_law(case) or known_zone(case):
            return None
        if not can_be_used(case):
            continue
        if (len(case.zones) == 1 and not standing.wishes) or _opens(standing, phone, now, rules):
            return None
        zones |= set(case.zones)
    if not zones:
        return None
    if len(zones) == 1:
        return "The person asked for hours, and none of them is one at which we may call"
    return f"Address and number lie in {' and '.join(sorted(zones))}: no hour is allowed in all of them"


def _opens(standing: Standing, phone: Phone, now: datetime, rules: Rules) -> bool:
    """Is there a minute within the horizon at which every rule of hours, and the last dial, says yes?"""
    moment = now
    while moment < now + HORIZON:
        case = Case(standing, Channel.VOICE, moment, rules, phone=phone)
        if known_law(case):
            return True  # of a year that is not loaded nothing is known yet
        refused = in_hours(case)
        if not refused:
            closes = closes_at(case)
            if moment + lead(case) <= closes:
                return True
            moment = closes
            continue
        ends = [one.until for one in refused]
        if None in ends:
            return False
        moment = max(end for end in ends if end is not None)
    return False
