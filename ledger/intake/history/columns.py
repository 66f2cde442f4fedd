"""The columns of each kind of history: one table each, from which reading, checking and docs/import.md go."""

from __future__ import annotations

from enum import StrEnum

from ledger.intake.columns import Columns, may, must


class Kind(StrEnum):
    """What the rows of a list are."""

    DEBTORS = "debtors"
    CONTACTS = "contacts"
    AGREEMENTS = "agreements"
    HOLDS = "holds"
    WISHES = "wishes"
    PAYMENTS = "payments"
    LETTERS = "letters"


_DEBTOR = must("debtor", 64, "The debtor's lasting name, as in the list of debtors", "D-1001")
_INSTANT = "2026-03-02T14:05:00+01:00"

HISTORIES: dict[Kind, Columns] = {
    Kind.CONTACTS: Columns((
        _DEBTOR,
        must("at", 40, "When it began, with its zone", _INSTANT),
        may("ended_at", 40, "When it ended, with its zone; empty: at once", "2026-03-02T14:07:30+01:00"),
        must("channel", 8, "voice, sms, email or post", "voice"),
        may("address", 200, "The number or e-mail address; only for post it may be empty", "+32470123456"),
        may("disposition", 24, "How it ended; required for voice", "no_answer"),
        may("talked", 8, "Somebody answered and spoke: yes or no; empty: no", "no"),
        may("right_party", 8, "It was the debtor, proved: yes or no; empty: no", "no"),
        may("solicited", 8, "The person had asked for it: yes or no; empty: no", "no"),
    )),
    Kind.AGREEMENTS: Columns((
        _DEBTOR,
        must("kind", 24, "What was agreed or asked", "promise"),
        must("at", 40, "When, with its zone", _INSTANT),
        may("state", 16, "open, kept, broken or withdrawn; empty: open", "open"),
        may("ended_at", 40, "When it ended, with its zone; required unless open", "2026-03-20T09:00:00+01:00"),
        may("amount", 24, "Money that it is about", "118,40"),
        may("currency", 3, "EUR, GBP, CHF or USD; empty: EUR", "EUR"),
        may("due", 19, "Promise: the day of payment; dispute or plan request: the day of the answer", "2026-03-16"),
        may("from", 40, "Call-back: its window begins, with its zone", "2026-03-05T17:00:00+01:00"),
        may("until", 40, "Its end (exclusive), with its zone", "2026-03-05T19:00:00+01:00"),
        may("owner", 16, "Call-back by machine or person; empty: person for what people must do", "machine"),
        may("number", 40, "Call-back: the number to call; empty: any", "+32470123456"),
        may("creditor", 120, "Whose invoices", "Stroomdal Energie"),
        may("invoices", 2000, "Invoice numbers, spaces between; empty: all that is owed", "2026-000117 2026-000118"),
        may("instalments", 2000, "Plan: day=amount for each part; their sum is the amount", "2026-04-01=59,20"),
    )),
    Kind.HOLDS: Columns((
        may("debtor", 64, "The debtor; exactly one of debtor, number and invoice", "D-1001"),
        may("number", 40, "The number, with its country", "+32470123456"),
        may("creditor", 120, "Whose invoice", "Stroomdal Energie"),
        may("invoice", 64, "The invoice, together with its creditor", "2026-000117"),
        must("kind", 24, "What stops", "dispute"),
        may("channel", 8, "voice, sms, email or post; empty: every channel", "voice"),
        must("from", 40, "Since when, with its zone", _INSTANT),
        may("until", 40, "Last day (inclusive), or an instant with its zone (exclusive); empty: no end", "2026-04-30"),
    )),
    Kind.WISHES: Columns((
        _DEBTOR,
        must("kind", 16, "hours, not_before, channel or number", "hours"),
        must("at", 40, "When it was said, with its zone", _INSTANT),
        may("days", 64, "hours: mon tue wed thu fri sat sun, separated by spaces", "mon thu"),
        may("from_time", 5, "hours: from; not_before: the earliest hour of each day", "18:00"),
        may("to_time", 5, "hours: to", "20:00"),
        may("date", 19, "not_before: the first day", "2026-12-01"),
        may("channels", 40, "channel: only by these, separated by spaces", "post email"),
        may("number", 40, "number: only at this one", "+32470123456"),
        must("via", 64, "Where it was said, so that it can be found", "letter 2026-03-02"),
        may("on_record", 8, "yes: it can be shown and replaces our hours; empty: no, it only narrows them", "yes"),
    )),
    Kind.PAYMENTS: Columns((
        must("source", 32, "Where the money came in", "bank"),
        must("reference", 120, "Its number there; source and reference together count once", "2026-03-02/000417"),
        must("creditor", 120, "Who was paid", "Stroomdal Energie"),
        may("invoice", 64, "The invoice; empty: the account's invoices, oldest due first", "2026-000117"),
        may("customer_no", 64, "The account, where no invoice is named", "1001"),
        must("amount", 24, "Money; negative: taken back", "118,40"),
        may("currency", 3, "EUR, GBP, CHF or USD; empty: EUR", "EUR"),
        must("paid_on", 19, "Day of the payment", "2026-03-02"),
        may("seen_at", 40, "When it was known, with its zone; empty: now", _INSTANT),
    )),
    Kind.LETTERS: Columns((
        must("creditor", 120, "Whose invoice", "Stroomdal Energie"),
        must("invoice", 64, "The invoice", "2026-000117"),
        must("sent_on", 19, "Day on which the first written reminder left", "2026-03-02"),
        may("by", 16, "post or email; empty: post", "post"),
        may("costs", 24, "Costs that this letter announced", "0,00"),
    )),
}  # fmt: skip
