"""What a contact is about: the invoices that may be told of on a call that we begin."""

from __future__ import annotations

from datetime import datetime

from ledger.contact import Channel
from schedules.campaign import CampaignRules
from schedules.case import Case
from schedules.due import to_tell_of
from schedules.number import in_order
from schedules.rules import Rules
from schedules.standing import Standing


def invoices_to_tell(
    standing: Standing,
    channel: Channel,
    now: datetime,
    *,
    rules: Rules,
    number: str | None = None,
    campaign: CampaignRules | None = None,
) -> frozenset[int]:
    """The ids of the invoices that permission is given for: due, worth a call, and not on hold themselves."""
    phone = next((one for one in in_order(standing) if one.e164 == number), None)
    case = Case(standing, channel, now, rules, phone=phone, campaign=campaign)
    return frozenset(one.id for one in to_tell_of(case))
