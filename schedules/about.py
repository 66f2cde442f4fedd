"""What a contact is about: the invoices that may be told of on a call that we begin."""

from __future__ import annotations

from datetime import datetime

from ledger.contact import Channel
from schedules.campaign import CampaignRules
from schedules.case import Case
from schedules.number import in_order
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.step import told_in_step


def invoices_to_tell(
    standing: Standing,
    channel: Channel,
    now: datetime,
    *,
    rules: Rules,
    number: str | None = None,
    campaign: CampaignRules | None = None,
    asked_for: bool = False,
) -> frozenset[int]:
    """The ids of the invoices that permission is given for: due, worth a call, not on hold, and their turn has come.

    `asked_for`: the call is one that the person asked for.
    """
    phone = next((one for one in in_order(standing) if one.e164 == number), None)
    case = Case(standing, channel, now, rules, phone=phone, campaign=campaign)
    return frozenset(one.id for one in told_in_step(case, asked_for=asked_for))
