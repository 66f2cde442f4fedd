"""Is there anything to call about: an invoice that is due, open, free of holds and worth a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from schedules.case import Case
from schedules.hold import number_holds, person_holds
from schedules.standing import Hold, Invoice
from schedules.verdict import ORDER, Refusal


def something_due(case: Case) -> list[Refusal]:
    """`paid`, `part_paid`, `not_due`, `invoice_hold`, `nothing_open`.

    One callable invoice is enough; a campaign for one creditor looks at that creditor's only.
    """
    wanted = case.campaign.creditor if case.campaign is not None else None
    invoices = case.standing.invoices
    if wanted is not None:
        invoices = tuple(one for one in invoices if one.creditor == wanted)
    if not invoices:
        return [_nothing(case, wanted)]
    today = case.earliest_date
    due = [one for one in invoices if one.due_on < today]
    holds = [hold for hold in case.standing.holds if hold.invoice_id is not None]
    # What is not due, or too little, and on hold besides is refused by both.
    all_held = bool(holds) and all(_stopping(case, holds, one) for one in due or invoices)
    held = [_held(case, holds, invoices)] if all_held else []
    if not due:
        first = min(one.due_on for one in invoices)
        reason = f"Nothing is due yet: the first date to pay by is {first}"
        begins = case.from_day(first + timedelta(days=1))
        not_due = Refusal(rule="not_due", reason=reason, value=str(first), until=begins, zone=case.locals[0].name)
        return [not_due, *held]
    worth = _worth_a_call(case, due)
    if not worth:
        until = _first(_due_at(case, one) for one in invoices if one.due_on >= today)
        row = case.terms.part_paid_minor.row
        reason = "What is still open is too little to call about"
        value = ", ".join(str(one.open) for one in due)
        return [
            Refusal(
                rule="part_paid", reason=reason, value=value, source=row.source, confidence=row.confidence, until=until
            ),
            *held,
        ]
    case.to_tell = _free(case, holds, worth)
    return [] if case.to_tell else [_held(case, holds, invoices)]


def in_peace(case: Case) -> list[Refusal]:
    """Holds of the person, of this number and of what they owe, in the order of `RULES`, in which they are mixed."""
    found = person_holds(case) + something_due(case)
    if case.standing.holds:
        found += number_holds(case)
    if len(found) > 1:
        found.sort(key=lambda one: ORDER[one.rule])
    return found


def to_tell_of(case: Case) -> list[Invoice]:
    """The invoices for which `something_due` finds no fault; looked up once a case."""
    if case.to_tell is None:
        case.to_tell = _to_tell_of(case)
    return case.to_tell


def wanted_of(case: Case) -> list[Invoice]:
    """Every invoice that is asked about: a campaign for one creditor asks about that creditor's."""
    wanted = case.campaign.creditor if case.campaign is not None else None
    return [one for one in case.standing.invoices if wanted is None or one.creditor == wanted]


def next_to_tell(case: Case) -> datetime | None:
    """The first moment at which another invoice may be told of: one falls due, or the hold of one ends."""
    holds = [hold for hold in case.standing.holds if hold.invoice_id is not None and hold.stops(case.channel, case.now)]
    due = (_due_at(case, one) for one in wanted_of(case) if one.due_on >= case.earliest_date)
    return _first([*due, *(hold.until_at for hold in holds if hold.until_at is not None)])


def _to_tell_of(case: Case) -> list[Invoice]:
    due = [one for one in wanted_of(case) if one.due_on < case.earliest_date]
    holds = [hold for hold in case.standing.holds if hold.invoice_id is not None]
    return _free(case, holds, _worth_a_call(case, due))


def _nothing(case: Case, wanted: str | None) -> Refusal:
    known_at = case.standing.known_at
    if known_at is not None and case.now < known_at:
        reason = f"This person was not in the books yet: a list brought them in at {known_at:%Y-%m-%d %H:%M} UTC"
        return Refusal(rule="nothing_open", reason=reason, value=f"from {known_at:%Y-%m-%d %H:%M} UTC")
    if wanted is not None:
        return Refusal(rule="nothing_open", reason=f"Nothing is open at {wanted}", value="0")
    if case.standing.settled:
        return Refusal(rule="paid", reason="Everything is paid: there is nothing to call about", value="0")
    return Refusal(rule="nothing_open", reason="No invoice of this person is known: there is nothing to call about")


def _worth_a_call(case: Case, due: list[Invoice]) -> list[Invoice]:
    """The due invoices of creditors to whom more is open than the remainder that is let go."""
    small = case.terms.part_paid_minor.value
    if len(due) == 1:  # as it is with most people
        return due if due[0].open.minor > _let_go(due[0], small) else []
    sums: dict[tuple[int, str], int] = {}
    for one in due:
        key = (one.creditor_id, one.open.currency)
        sums[key] = sums.get(key, 0) + one.open.minor
    return [one for one in due if sums[one.creditor_id, one.open.currency] > _let_go(one, small)]


def _let_go(invoice: Invoice, small: int) -> int:
    """The remainder that is not worth a call: the creditor's own, else ours."""
    return small if invoice.part_paid is None else invoice.part_paid.minor


def _free(case: Case, holds: Sequence[Hold], invoices: list[Invoice]) -> list[Invoice]:
    """Those that no hold stops."""
    return [one for one in invoices if not _stopping(case, holds, one)] if holds else invoices


def _stopping(case: Case, holds: Sequence[Hold], invoice: Invoice) -> bool:
    return any(hold.invoice_id == invoice.id and hold.stops(case.channel, case.now) for hold in holds)


def _held(case: Case, holds: list[Hold], invoices: Iterable[Invoice]) -> Refusal:
    stopping = [hold for hold in holds if hold.stops(case.channel, case.now)]
    ends = [hold.until_at for hold in stopping if hold.until_at is not None]
    until = _first([*ends, *(_due_at(case, one) for one in invoices if one.due_on >= case.earliest_date)])
    kinds = ", ".join(sorted({hold.kind for hold in stopping}))
    source = next((hold.via for hold in stopping if hold.via), None)
    reason = f"Every invoice that is due is on hold ({kinds})"
    return Refusal(rule="invoice_hold", reason=reason, value=kinds, source=source, until=until)


def _due_at(case: Case, invoice: Invoice) -> datetime:
    return case.from_day(invoice.due_on + timedelta(days=1))


def _first(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)
