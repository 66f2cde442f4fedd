"""Rows of agreements, holds and payments. Pure: cells and what the books know give values, or findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from ledger.intake.amount import read_amount, read_currency, read_positive
from ledger.intake.finding import BadCell, Findings
from ledger.intake.history.cells import (
    read_bill,
    read_coming_day,
    read_debtor,
    read_e164,
    read_instant,
    read_past,
    read_past_day,
    read_word,
    zones_of,
)
from ledger.intake.history.fact import Books, Fact

#: `ledger.tables.AgreementRow.kind`, with who has to act unless the row says it.
AGREEMENTS = {
    "promise": "matching", "plan": "matching", "plan_request": "person", "dispute": "person", "copy": "outbox",
    "callback": "machine", "person": "person", "hardship": "person", "already_paid": "matching", "deceased": "person",
    "representative": "person", "complaint": "person", "letter": "outbox",
}  # fmt: skip
STATES = ("open", "kept", "broken", "withdrawn")
#: `ledger.tables.HoldRow.kind`: what stops contact.
HOLDS = (
    "deceased", "mediation", "crisis", "hardship", "dispute", "complaint", "plan_request", "plan", "already_paid",
    "manual", "paid", "invoice_hold", "opt_out", "wrong_number",
)  # fmt: skip
#: What stands on a number and means nothing without one.
_OF_A_NUMBER = "wrong_number"
#: A local day begins up to so long before the same day in UTC is over.
_A_ZONE = timedelta(days=1)
_NEEDS = {"promise": "due", "callback": "from"}


def check_agreement(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """What was agreed or asked, as a row of `agreement` with its invoices and instalments."""
    who = found.read("debtor", read_debtor, cells["debtor"], books)
    kind = found.read("kind", read_word, cells["kind"], AGREEMENTS)
    made = found.read("at", read_past, cells["at"], now)
    state = found.read("state", read_word, cells["state"] or "open", STATES)
    ended = found.read("ended_at", read_past, cells["ended_at"], now) if cells["ended_at"] else None
    currency = (found.read("currency", read_currency, cells["currency"]) if cells["currency"] else None) or "EUR"
    amount = found.read("amount", read_positive, cells["amount"], currency) if cells["amount"] else None
    due = found.read("due", read_coming_day, cells["due"]) if cells["due"] else None
    begins = found.read("from", read_instant, cells["from"]) if cells["from"] else None
    ends = found.read("until", read_instant, cells["until"]) if cells["until"] else None
    number = found.read("number", read_e164, cells["number"], who.country if who else None) if cells["number"] else None
    owner = found.read("owner", read_word, cells["owner"], ("machine", "person")) if cells["owner"] else None
    parts = found.read("instalments", _instalments, cells["instalments"], amount, currency)
    numbers = cells["invoices"].replace(",", " ").split()
    for one in numbers:
        bill = found.read("invoices", read_bill, one, cells["creditor"], books)
        if bill and who and bill.debtor != who.ref:
            found.refuse("invoices", f"{one} is an invoice of {bill.debtor}", "correct debtor or invoice")
    if (needed := _NEEDS.get(kind or "")) and not cells[needed]:
        found.refuse(needed, f"is empty, and a {kind} has one", "write it")
    if state and (state == "open") == bool(cells["ended_at"]):
        found.refuse("ended_at", f"and state {state} don't fit", "an open agreement has no end, every other one has")
    if made and ended and ended < made:
        found.refuse("ended_at", "lies before at", "correct one of the two")
    if made and due and due < made.date() - _A_ZONE:
        found.refuse("due", f"{due} lies before the day on which it was said", "correct due or at")
    if begins and ends and ends <= begins:
        found.refuse("until", "is not after from", "correct one of the two")
    if found.errors or who is None or kind is None or made is None:
        return None
    values = {
        "debtor": who.ref, "kind": kind, "state": state, "amount_minor": amount,
        "currency": currency if amount is not None else None, "due_on": due, "from_at": begins, "until_at": ends,
        "owner": owner or AGREEMENTS[kind], "detail": {"e164": number} if number else {}, "made_at": made,
        "ended_at": ended, "creditor": cells["creditor"], "invoices": numbers, "instalments": parts,
    }  # fmt: skip
    return Fact(line, (who.ref,), values)


def _instalments(text: str, amount: int | None, currency: str) -> list[list[Any]]:
    parts: list[list[Any]] = []
    for one in text.split():
        day, equals, money = one.partition("=")
        if not equals:
            raise BadCell(f"“{one[:32]}” is no instalment", "write day=amount, as 2026-04-01=59,20")
        parts.append([read_coming_day(day).isoformat(), read_positive(money, currency)])
    if parts and sum(minor for _, minor in parts) != amount:
        raise BadCell("don't add up to the amount", "write amount as the sum of all instalments")
    return parts


def check_hold(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """What stops contact, as a row of `hold`: with exactly one of debtor, number and invoice."""
    named = [name for name in ("debtor", "number", "invoice") if cells[name]]
    if len(named) != 1:
        found.refuse("debtor", f"{len(named)} of debtor, number and invoice are filled", "fill exactly one of them")
        return None
    who = found.read("debtor", read_debtor, cells["debtor"], books) if cells["debtor"] else None
    e164 = found.read("number", read_e164, cells["number"], None) if cells["number"] else None
    bill = found.read("invoice", read_bill, cells["invoice"], cells["creditor"], books) if cells["invoice"] else None
    kind = found.read("kind", read_word, cells["kind"], HOLDS)
    channel = found.read("channel", read_word, cells["channel"], tuple(Channel)) if cells["channel"] else None
    begins = found.read("from", read_past, cells["from"], now)
    owner = who or books.debtors.get(bill.debtor if bill else "")
    until = found.read("until", read_end, cells["until"], zones_of(owner, e164)) if cells["until"] else None
    if kind == _OF_A_NUMBER and not cells["number"]:
        found.refuse("number", "is empty, and wrong_number is said of a number", "write the number, not the debtor")
    if begins and until and until <= begins:
        found.refuse("until", "is not after from", "correct one of the two")
    if found.errors or kind is None or begins is None:
        return None
    values = {
        "debtor": who.ref if who else None, "e164": e164, "creditor": cells["creditor"] if bill else None,
        "invoice": cells["invoice"] or None, "kind": kind, "channel": channel, "from_at": begins, "until_at": until,
    }  # fmt: skip
    touched = (owner.ref,) if owner else books.numbers.get(e164 or "", ())
    return Fact(line, touched, values)


def read_end(text: str, zones: tuple[str, ...]) -> datetime:
    """The exclusive end of a hold: an instant as it is, or the end of a local day, in the last of the zones to have it.

    Raises `BadCell`.
    """
    try:
        day: date = read_coming_day(text)
    except BadCell:
        if "T" not in text and ":" not in text:
            raise
        return read_instant(text)
    midnight = datetime.combine(day + timedelta(days=1), time())
    return max(midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for zone in zones)


def check_payment(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """Money that came in or was taken back, as a row of `payment` with what it is for."""
    creditor, customer = cells["creditor"], cells["customer_no"]
    for name in ("source", "reference"):
        if not cells[name]:
            found.refuse(name, "is empty", "a payment is known again by source and reference")
    bill = found.read("invoice", read_bill, cells["invoice"], creditor, books) if cells["invoice"] else None
    owner = bill.debtor if bill else books.accounts.get((creditor, customer))
    if not cells["invoice"] and owner is None:
        reason = f"{customer} of {creditor} is not in the books" if customer else "and invoice are both empty"
        found.refuse("customer_no", reason, "write the invoice or the customer number that was paid")
    currency = (found.read("currency", read_currency, cells["currency"]) if cells["currency"] else None) or "EUR"
    if bill and bill.currency != currency:
        found.refuse("currency", f"is {currency}, the invoice is in {bill.currency}", "write the same")
    amount = found.read("amount", read_signed, cells["amount"], currency)
    paid = found.read("paid_on", read_past_day, cells["paid_on"], now)
    seen = found.read("seen_at", read_past, cells["seen_at"], now) if cells["seen_at"] else now
    if found.errors or owner is None or amount is None or paid is None or seen is None:
        return None
    values = {
        "source": cells["source"], "reference": cells["reference"], "creditor": creditor,
        "invoice": cells["invoice"] or None, "customer_no": None if bill else customer, "amount_minor": amount,
        "currency": currency, "paid_on": paid, "seen_at": seen,
    }  # fmt: skip
    return Fact(line, (owner,), values)


def read_signed(text: str, currency: str) -> int:
    """Minor units, below zero for money that was taken back. Raises `BadCell`."""
    if not text:
        raise BadCell("is empty", "write the money that came in")
    back = text[0] in "-−"
    minor = read_amount(text[1:].strip() if back else text, currency)
    if minor == 0:
        raise BadCell("is zero", "leave the row out: no money moved")
    return -minor if back else minor
