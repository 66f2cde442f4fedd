"""What a campaign's own rules say: whom it is about, from when until when it calls, and in which windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ledger.interval import around
from schedules.audience import Audience, stage_of
from schedules.case import Case, Local
from schedules.row import Minutes, said
from schedules.slide import days_on_ladder
from schedules.standing import Invoice
from schedules.verdict import Refusal

_ALL_DAY: Minutes = ((0, 24 * 60),)


def for_this_person(case: Case) -> list[Refusal]:
    """`nothing_open`: nothing that this campaign is about. A call-back that was asked for is always its business."""
    campaign = case.campaign
    if campaign is None or campaign.audience is None or case.callback is not None:
        return []
    first = next(_missing(case, campaign.audience), None)
    if first is None:
        return []
    told, until = first
    reason = f"The campaign{_named(case)} is not about this person: {told}"
    return [Refusal(rule="nothing_open", reason=reason, value=told, source="the campaign's audience", until=until)]


def in_campaign_hours(case: Case) -> list[Refusal]:
    """`default_hours`, in the campaign's own name: before its first day, after its last, outside its windows."""
    campaign = case.campaign
    if campaign is None or case.callback is not None:
        return []
    if campaign.start_on is None and campaign.end_on is None and campaign.windows is None:
        return []
    found: list[Refusal] = []
    if campaign.start_on is not None and case.earliest_date < campaign.start_on:
        first = campaign.start_on
        reason = f"The campaign{_named(case)} begins on {first}"
        found.append(_no(case, reason, f"from {first}", case.from_day(first), case.locals[0]))
    if campaign.end_on is not None and max(local.date for local in case.locals) > campaign.end_on:
        reason = f"The campaign{_named(case)} ended on {campaign.end_on}"
        found.append(_no(case, reason, f"until {campaign.end_on}", None, case.locals[0]))
    return found + [one for local in case.locals if (one := _outside(case, local)) is not None]


def campaign_window(case: Case, weekday: int) -> Minutes:
    """The minutes of a weekday in which the campaign calls; of a call-back every one."""
    campaign = case.campaign
    if campaign is None or campaign.windows is None or case.callback is not None:
        return _ALL_DAY
    return campaign.windows[weekday]


def _outside(case: Case, local: Local) -> Refusal | None:
    window = campaign_window(case, local.date.weekday())
    if around(window, local.minute) is not None:
        return None
    reason = f"Outside the windows of the campaign{_named(case)} on this day: {said(window)}"
    return _no(case, reason, said(window), local.opens(window), local)


def _missing(case: Case, audience: Audience) -> Iterator[tuple[str, datetime | None]]:
    """What does not fit, in words, and until when at least."""
    standing, wanted = case.standing, case.campaign.creditor if case.campaign is not None else None
    invoices = [one for one in standing.invoices if wanted is None or one.creditor == wanted]
    if audience.countries and (standing.country or "") not in audience.countries:
        yield f"lives in {standing.country or 'no known country'}", None
    if audience.languages and standing.language not in audience.languages:
        yield f"speaks {standing.language or 'no known language'}", None
    if audience.bands and (band := case.rules.bands.of(standing, case.earliest_date)).key not in audience.bands:
        yield f"belongs to the band {band.title}", case.from_day(case.earliest_date + timedelta(days=1))
    if not invoices:
        return
    sums = _sums(invoices)
    least, most = audience.min_open_minor or 0, audience.max_open_minor
    if not any(least <= one and (most is None or one <= most) for one in sums):
        yield f"{', '.join(f'{one / 100:.2f}' for one in sums)} is open", None
    first = min(invoices, key=lambda one: one.due_on)
    oldest = first.due_on
    late = (case.earliest_date - oldest).days
    if audience.min_days_late is not None and late < audience.min_days_late:
        yield f"{late} days late", case.from_day(oldest + timedelta(days=audience.min_days_late))
    if audience.max_days_late is not None and late > audience.max_days_late:
        yield f"{late} days late", None
    if audience.stages and (stage := stage_of(days_on_ladder(case, oldest), first.own_days)) not in audience.stages:
        yield f"stands at stage {stage}", case.from_day(case.earliest_date + timedelta(days=1))


def _sums(invoices: Iterable[Invoice]) -> list[int]:
    """What is open, by currency."""
    sums: dict[str, int] = {}
    for one in invoices:
        sums[one.open.currency] = sums.get(one.open.currency, 0) + one.open.minor
    return list(sums.values())


def _named(case: Case) -> str:
    return f" {case.campaign.name}" if case.campaign is not None and case.campaign.name else ""


def _no(case: Case, reason: str, value: str, until: datetime | None, local: Local) -> Refusal:
    return Refusal(
        rule="default_hours", reason=reason, value=value, source="the campaign's rules", confidence="D", until=until,
        zone=local.name, of_campaign=True,
    )  # fmt: skip
