"""The cells about an invoice: what it is, what was paid, and the terms that many invoices of a list share."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ledger.intake.amount import read_amount, read_currency, read_positive
from ledger.intake.checked import Bill, Terms
from ledger.intake.day import read_invoice_day
from ledger.intake.finding import BadCell, Findings
from ledger.intake.place import EURO
from ledger.intake.text import plain, there
from ledger.intake.words import Status, read_letter_kind, read_status
from ledger.reference import wrong_reference

TERMS_COLUMNS = ("currency", "issued", "due", "status", "about", "first_letter_sent_on", "first_letter_by")
BILL_COLUMNS = ("invoice", "amount", "paid", "reference", "costs_in_letter")
_REFERENCE = re.compile(r"[0-9A-Za-z+/ \-.]+")


@lru_cache(maxsize=16384)
def check_terms(cells: tuple[str, ...], country: str | None, today: date) -> tuple[Terms | None, Findings]:
    """The terms of `TERMS_COLUMNS`; None where an error was found."""
    currency_text, issued_text, due_text, status_text, about_text, sent_text, by_text = cells
    findings = Findings()
    currency = findings.read("currency", _currency, currency_text, country)
    due = findings.read("due", _due, due_text, today)
    issued = findings.read("issued", read_invoice_day, issued_text, today) if issued_text else due
    status = findings.read("status", read_status, status_text)
    about = findings.read("about", plain, about_text, "about")
    sent = findings.read("first_letter_sent_on", read_invoice_day, sent_text, today) if sent_text else None
    by = findings.read("first_letter_by", read_letter_kind, by_text)
    if issued and due and due < issued:
        findings.refuse("due", f"{due} lies before the invoice's own date {issued}", "correct due or issued")
    if issued and issued > today:
        findings.warn("issued", f"{issued} is still to come")
    if sent and sent > today:
        findings.warn("first_letter_sent_on", f"{sent} is still to come: until then the letter is not out")
    if sent and issued and sent < issued:
        findings.warn("first_letter_sent_on", f"{sent} lies before the invoice's own date {issued}")
    if findings.errors or currency is None or due is None or issued is None or status is None:
        return None, findings
    return Terms(
        currency=currency,
        issued_on=issued,
        due_on=due,
        status=status,
        about=about,
        first_letter_sent_on=sent,
        first_letter_by=by if sent else None,
    ), findings


def check_bill(cells: tuple[str, ...], terms: Terms | None) -> tuple[Bill | None, Findings]:
    """The invoice of `BILL_COLUMNS`; None where an error was found."""
    number_text, amount_text, paid_text, reference_text, costs_text = cells
    currency = terms.currency if terms else "EUR"
    findings = Findings()
    number = findings.read("invoice", there, number_text, "invoice")
    amount = findings.read("amount", _amount, amount_text, currency)
    paid = findings.read("paid", read_amount, paid_text, currency) if paid_text else 0
    costs = findings.read("costs_in_letter", read_amount, costs_text, currency) if costs_text else None
    reference = findings.read("reference", _reference, reference_text) if reference_text else None
    if reference and (wrong := wrong_reference(reference)):
        findings.warn("reference", f"{reference} {wrong}")
    if paid and amount is not None and paid > amount:
        findings.refuse("paid", "is more than the amount", "write at most the amount; what is over is a credit")
    if paid and amount and paid < amount and terms and terms.status is Status.PAID:
        findings.warn("paid", "is less than the amount, but status says paid: nothing stays open")
    if findings.errors or number is None or amount is None or paid is None:
        return None, findings
    return Bill(
        number=number, amount_minor=amount, paid_minor=paid, reference=reference, costs_in_letter_minor=costs
    ), findings


def _amount(text: str, currency: str) -> int:
    if not text:
        raise BadCell("is empty", "write the amount of the invoice")
    return read_positive(text, currency)


def _due(text: str, today: date) -> date:
    if not text:
        raise BadCell("is empty", "write the last day to pay")
    return read_invoice_day(text, today)


def _currency(text: str, country: str | None) -> str:
    if text:
        return read_currency(text)
    if country is not None and country not in EURO:
        raise BadCell(f"is empty, and {country} has its own money", "write EUR, GBP, CHF or USD")
    return "EUR"


def _reference(text: str) -> str | None:
    if len(text) > 40 or not _REFERENCE.fullmatch(text):
        raise BadCell(f"{text[:24]} is no payment reference", "write an OGM or RF reference, or leave it empty")
    return text.replace("+", "").strip() or None
