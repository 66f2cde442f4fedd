"""What one checked row changes in the books. Pure: a page of the books and a row give changes.

New facts fill and correct a debtor, holds and payments are added, a number that the list no longer names is closed.
Nothing is lifted, taken back or written twice.
"""

from __future__ import annotations

from typing import Any

from ledger.intake.checked import Bill, Customer, Entry, Telephone, Terms
from ledger.intake.page import Account, Debtor, Invoice, Page
from ledger.intake.stops import stops_of
from ledger.intake.words import Status
from ledger.reference import make_reference


def post(page: Page, entry: Entry) -> bool:
    """Post a row to the page. False where the books said all of it already."""
    changed = _debtor(page, entry)
    changed |= _account(page, entry.debtor, entry.customer)
    changed |= _phones(page, entry)
    changed |= _invoice(page, entry.customer, entry.bill, entry.terms, entry.place.country)
    for stop in stops_of(entry):
        if stop.source_key not in page.stops:
            page.stops.add(stop.source_key)
            page.new_stops.append((entry.debtor, stop))
            changed = True
    return changed


def _debtor(page: Page, entry: Entry) -> bool:
    person, place = entry.person, entry.place
    said: dict[str, Any] = {**person._asdict(), **place._asdict()}
    given = said.pop("language_given")
    key = (entry.customer.creditor, entry.customer.number)
    debtor = page.debtors.get(entry.debtor)
    if debtor is None:
        said["kind"] = person.kind or "person"
        said["student"] = bool(person.student)
        page.debtors[entry.debtor] = Debtor(None, said, [key], [])
        return True
    if not given:
        del said["language"]
    leads = not debtor.accounts or debtor.accounts[0] == key
    if key not in debtor.accounts:
        debtor.accounts.append(key)
    changed = False
    for column, value in said.items():
        before = debtor.facts[column]
        if value is None or value == before or not (leads or before is None):
            continue
        debtor.facts[column] = value
        if debtor.id is not None:
            debtor.patch[column] = value
            page.changed.append((entry.debtor, column, before, value))
        changed = True
    return changed


def _account(page: Page, debtor: str, customer: Customer) -> bool:
    key = (customer.creditor, customer.number)
    codes = {"call_code": customer.call_code, "secret_code": customer.secret_code}
    account = page.accounts.get(key)
    if account is None:
        page.accounts[key] = Account(None, debtor, codes)
        return True
    changed = False
    for name, code in codes.items():
        if code is not None and code != account.codes[name]:
            account.codes[name] = account.patch[name] = code
            changed = True
    return changed


def _phones(page: Page, entry: Entry) -> bool:
    if not entry.phones:
        return False
    debtor = page.debtors[entry.debtor]
    changed = False
    for phone in entry.phones:
        same = next((one for one in debtor.phones if _is(one[1], phone)), None)
        if same is not None and _alike(same[1], phone):
            continue
        if same is not None:
            _close(page, entry.debtor, same)
        debtor.phones.append((None, phone))
        page.new_phones.append((entry.debtor, phone))
        changed = True
    if len(debtor.accounts) == 1:
        # Only where one list speaks of this person is a number that it leaves out no longer theirs.
        for gone in [one for one in debtor.phones if not any(_is(one[1], phone) for phone in entry.phones)]:
            _close(page, entry.debtor, gone)
            changed = True
    return changed


def _is(one: Telephone, other: Telephone) -> bool:
    return one.e164 == other.e164 if one.e164 else one.written == other.written and not other.e164


def _alike(one: Telephone, other: Telephone) -> bool:
    return (one.rank, one.kind, one.verdict) == (other.rank, other.kind, other.verdict)


def _close(page: Page, debtor: str, phone: tuple[int | None, Telephone]) -> None:
    page.debtors[debtor].phones.remove(phone)
    if phone[0] is None:
        page.new_phones.remove((debtor, phone[1]))
    else:
        page.closed_phones.append(phone[0])


def _invoice(page: Page, customer: Customer, bill: Bill, terms: Terms, country: str | None) -> bool:
    key = (customer.creditor, bill.number)
    invoice = page.invoices.get(key)
    new = invoice is None
    if invoice is None:
        facts = {
            "customer_no": customer.number,
            "amount_minor": bill.amount_minor,
            "open_minor": bill.amount_minor,
            "currency": terms.currency,
            "issued_on": terms.issued_on,
            "due_on": terms.due_on,
            "about": terms.about,
            "reference": bill.reference or make_reference(bill.number, country),
            "first_letter_sent_on": terms.first_letter_sent_on,
            "first_letter_by": terms.first_letter_by,
            "costs_in_letter_minor": bill.costs_in_letter_minor,
        }
        invoice = page.invoices[key] = Invoice(None, facts)
    elif filled := _fill(invoice, bill, terms):
        invoice.facts.update(filled)
        invoice.patch.update(filled)
        new = True
    return _pay(invoice, bill, terms) or new


def _fill(invoice: Invoice, bill: Bill, terms: Terms) -> dict[str, Any]:
    said = {
        "about": terms.about,
        "first_letter_sent_on": terms.first_letter_sent_on,
        "first_letter_by": terms.first_letter_by,
        "costs_in_letter_minor": bill.costs_in_letter_minor,
    }
    return {name: value for name, value in said.items() if value is not None and invoice.facts[name] is None}


def _pay(invoice: Invoice, bill: Bill, terms: Terms) -> bool:
    open_minor: int = invoice.facts["open_minor"]
    total = open_minor + invoice.paid if terms.status is Status.PAID else bill.paid_minor
    # What a list told before, and what came in by another way, is in the list's total: it is not added again.
    more = min(open_minor, total - max(invoice.paid, invoice.imported))
    if more <= 0:
        return False
    invoice.payment += more
    invoice.paid += more
    invoice.imported += more
    invoice.facts["open_minor"] = open_minor - more
    return True


def payment_reference(creditor: str, number: str, told: int) -> str:
    """The unique reference of a payment that a list tells: `creditor/invoice`, and for each later one its number."""
    room = 120 - 12 - 1 - len(number)
    named = f"{creditor[:room]}/{number}"
    return named if told == 0 else f"{named}#{told + 1}"
