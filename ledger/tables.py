"""The rows of the books. Times are UTC; money is minor units with a currency.

What permission reads (numbers, wishes, holds, charges) is never overwritten: a row is closed (`until_at`) and
replaced, so that the past can be asked exactly.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class RunRow(Base):
    """One row: the run's clock offset, whether all dialling is stopped, and since when (state, not an order)."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Campaign time minus real time, in milliseconds; 0 with a real trunk.
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    #: `running`, `stopping` (no new call, conversations run on) or `stopped`.
    state: Mapped[str] = mapped_column(String(16), default="running")
    changed_at: Mapped[datetime]


class CreditorRow(Base):
    """Who is owed the money: the names that may be spoken, where money goes, and its own rules."""

    __tablename__ = "creditor"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The creditor's own name. Class `debt` when it differs from `sender`.
    name: Mapped[str] = mapped_column(String(120), unique=True)
    #: The neutral name that anybody may hear.
    sender: Mapped[str] = mapped_column(String(120))
    #: `creditor` calls for itself, `collector` for somebody else.
    role: Mapped[str] = mapped_column(String(16), default="creditor")
    contact_person: Mapped[str | None] = mapped_column(String(120))
    callback_number: Mapped[str | None] = mapped_column(String(20))
    iban: Mapped[str | None] = mapped_column(String(34))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    policy_version: Mapped[int] = mapped_column(default=1)
    #: The last good update of payments; None: this creditor sends none.
    payments_seen_at: Mapped[datetime | None]


class PolicyVersionRow(Base):
    """What a creditor's policy was from a moment on: appended only, so that the past can be asked."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("creditor_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    n: Mapped[int]
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    from_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(200))


class DebtorRow(Base):
    """A human. `ref` is the stable name that commands and lists use."""

    __tablename__ = "debtor"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: How the person wants to be addressed; None: the full name.
    address_form: Mapped[str | None] = mapped_column(String(120))
    #: `friendly`: never a firm text, whatever the step (`ledger.tone`); None or `firm`: as the ladder has it.
    tone: Mapped[str | None] = mapped_column(String(16))
    #: `person` or `business`.
    kind: Mapped[str] = mapped_column(String(16), default="person")
    student: Mapped[bool] = mapped_column(default=False)
    birth_date: Mapped[date | None]
    #: nl, fr, de or en; the country decides between the two Dutches and the two Frenches.
    language: Mapped[str] = mapped_column(String(8))
    street: Mapped[str | None] = mapped_column(String(200))
    house_number: Mapped[str | None] = mapped_column(String(20))
    postcode: Mapped[str | None] = mapped_column(String(16))
    city: Mapped[str | None] = mapped_column(String(120))
    #: ISO 3166 of the address; None: unknown, then the number decides.
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(8))
    #: An IANA zone that the list named; else zones follow from address and number.
    zone: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str | None] = mapped_column(String(200))
    #: `normal` or `slow`: the listening profile, remembered.
    listening: Mapped[str] = mapped_column(String(16), default="normal")
    #: When a list brought this person in; None: nobody noted it.
    known_at: Mapped[datetime | None]


class AccountRow(Base):
    """A debtor's customer number at one creditor, with the two codes of our letter."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("creditor_id", "customer_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    customer_no: Mapped[str] = mapped_column(String(64))
    #: The code that *we* say to prove that we are genuine; never a proof of the debtor.
    call_code: Mapped[str | None] = mapped_column(String(16))
    #: The code of our letter that the debtor may type; never spoken by us.
    secret_code: Mapped[str | None] = mapped_column(String(16))


class PhoneRow(Base):
    """A number at which a debtor may be reached, from when to when.

    A number that comes back gets a new row, so that the time between stays true; of the open rows each number is one.
    """

    __tablename__ = "phone"
    __table_args__ = (
        Index(
            "uq_phone_open",
            "debtor_id",
            "e164",
            unique=True,
            sqlite_where=text("until_at IS NULL AND e164 <> ''"),
            postgresql_where=text("until_at IS NULL AND e164 <> ''"),
        ),
        Index(None, "debtor_id"),
        Index(None, "e164"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"))
    #: E.164; empty for a number that can't be read, so that its verdict can be told.
    e164: Mapped[str] = mapped_column(String(20))
    #: As written in the list, masked in logs.
    written: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int] = mapped_column(default=1)
    #: `own`, `work` or `other`.
    kind: Mapped[str] = mapped_column(String(8), default="own")
    #: `ledger.phone.Verdict`.
    verdict: Mapped[str] = mapped_column(String(16))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class WishRow(Base):
    """What the person asked for: above the band, inside the law. `kind`: hours, not_before, channel, number."""

    __tablename__ = "wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Asked for on record (a call, a letter); else it only narrows.
    on_record: Mapped[bool] = mapped_column(default=True)
    via: Mapped[str] = mapped_column(String(64))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class InvoiceRow(Base):
    """A bill. `open_minor` = amount + charges - allocations, kept in the same unit of work."""

    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("creditor_id", "number"), CheckConstraint("amount_minor > 0", name="amount"))

    id: Mapped[int] = mapped_column(primary_key=True)
    creditor_id: Mapped[int] = mapped_column(ForeignKey("creditor.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    number: Mapped[str] = mapped_column(String(64))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    open_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    #: A general word for what it is for; class `debt`.
    about: Mapped[str | None] = mapped_column(String(120))
    #: The structured reference to pay with (OGM, RF or betalingskenmerk).
    reference: Mapped[str | None] = mapped_column(String(40))
    first_letter_sent_on: Mapped[date | None]
    #: `post` or `email`.
    first_letter_by: Mapped[str | None] = mapped_column(String(8))
    costs_in_letter_minor: Mapped[int | None] = mapped_column(BigInteger)
    #: When a list brought it in; None: nobody noted it.
    known_at: Mapped[datetime | None]


class ChargeRow(Base):
    """A lawful cost on an invoice, with the law row that allows it."""

    __tablename__ = "charge"
    __table_args__ = (UniqueConstraint("invoice_id", "kind", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    kind: Mapped[str] = mapped_column(String(16))
    step: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    law: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]


class PaymentRow(Base):
    """Money that came in; a reversal is a new, negative row."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("source", "reference"), Index(None, "seen_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    paid_on: Mapped[date]
    seen_at: Mapped[datetime]


class AllocationRow(Base):
    """What part of a payment went to which invoice; their sum never passes the payment."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("payment_id", "invoice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class PaymentIntentRow(Base):
    """A link or order to pay one exact amount, committed before a provider hears of it."""

    __tablename__ = "payment_intent"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]


class HoldRow(Base):
    """What stops contact. Exactly one of debtor, number, invoice; of an erased number its hash is left. An import adds
    holds and never lifts one.

    `kind` is one of the hold rules of the closed list (`deceased`, `dispute`, `opt_out`, `wrong_number` …).
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN debtor_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN e164 IS NULL AND number_hash IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        UniqueConstraint("source_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    e164: Mapped[str | None] = mapped_column(String(20), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    #: None: every channel; else voice, sms, email, post.
    channel: Mapped[str | None] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(24))
    from_at: Mapped[datetime]
    #: Exclusive end; None: until a person lifts it.
    until_at: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(64))
    via: Mapped[str] = mapped_column(String(64))
    #: What made it, so that the same cause never adds it twice.
    source_key: Mapped[str] = mapped_column(String(160))
    #: Keyed hash of the number (`ledger.number_key`), so that an opt-out survives erasure.
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(64))
    lifted_why: Mapped[str | None] = mapped_column(String(200))


class AgreementRow(Base):
    """What was agreed or asked. `kind`: promise, plan, plan_request, dispute, copy, callback, person, hardship,
    already_paid, deceased, representative, complaint, letter, crisis."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("source_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Conversation + turn + kind, or a form's token: the same cause binds once.
    source_key: Mapped[str] = mapped_column(String(160))
    #: None: a caller whom we don't recognise asks for a person (`detail.e164`).
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    #: open → kept | broken | withdrawn, by conditional update only.
    state: Mapped[str] = mapped_column(String(16), default="open")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    #: Promise: the day of payment; dispute, plan request: the day of our answer.
    due_on: Mapped[date | None]
    #: Call-back: its window.
    from_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    #: Call-back by `machine` or `person`; dispute: the department.
    owner: Mapped[str | None] = mapped_column(String(64))
    #: Kind of dispute, when it was paid, number to call: data of the kind.
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AgreementInvoiceRow(Base):
    """Which invoices an agreement is about."""

    __tablename__ = "agreement_invoice"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), primary_key=True)


class InstalmentRow(Base):
    """One part of a plan; the parts' sum is exactly the plan's amount."""

    __tablename__ = "instalment"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    #: The day it had before it was moved, once; None: it was not moved.
    moved_from: Mapped[date | None]


class ContactRow(Base):
    """One try to reach a human on any channel. Its two unique keys are the last wall against a second call."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("debtor_id", "local_date", "debtor_slot"),
        UniqueConstraint("address", "local_date", "address_slot"),
        Index(None, "debtor_id", "begun_at"),
        Index(None, "address", "begun_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"))
    #: E.164 or e-mail address.
    address: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(8))
    #: True for what the person asked for (a call-back, their own call to us): not in our own budget.
    solicited: Mapped[bool] = mapped_column(default=False)
    #: The call-back that this contact keeps.
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    zone: Mapped[str] = mapped_column(String(64))
    local_date: Mapped[date]
    #: 1 = first try of that day …; a call-back uses a slot of its own.
    debtor_slot: Mapped[int]
    address_slot: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: `ledger.contact.Disposition`; None while it lasts.
    disposition: Mapped[str | None] = mapped_column(String(24))
    #: Somebody answered and said something; `right_party`: it was the debtor, proved.
    talked: Mapped[bool] = mapped_column(default=False)
    right_party: Mapped[bool] = mapped_column(default=False)


class BudgetRow(Base):
    """The row that a claim locks, in key order, before it counts contacts: `d:ID` or `a:ADDRESS`."""

    __tablename__ = "budget"

    key: Mapped[str] = mapped_column(String(208), primary_key=True)


class ReceiptRow(Base):
    """Why a contact was or was not made: verdict, rule, value, source, zone, versions of law and texts."""

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    asked_at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str | None] = mapped_column(String(24))
    value: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    law_version: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str | None] = mapped_column(String(32))


class RefusalCountRow(Base):
    """The day's refusals per campaign and rule; a person's own reason is computed anew by `why --at`."""

    __tablename__ = "refusal_count"

    campaign_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(24), primary_key=True)
    refused: Mapped[int] = mapped_column(default=0)


class OutboxRow(Base):
    """What must be sent once. `unknown` is looked up, never sent again."""

    __tablename__ = "outbox"
    __table_args__ = (UniqueConstraint("cause", "template", "channel"), Index(None, "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(160))
    template: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(8))
    #: None: a message to ourselves, about a caller whom we don't recognise.
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime]
    #: pending | claimed | sent | unknown | failed
    state: Mapped[str] = mapped_column(String(16), default="pending")
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class AuditRow(Base):
    """Who changed what, in the change's own unit of work; appended only."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(160))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ImportBatchRow(Base):
    """One list that was handed over. Nobody of an unfinished batch is called."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    #: What its rows are: debtors, or a kind of history (`ledger.intake.history.columns.Kind`).
    kind: Mapped[str] = mapped_column(String(16), default="debtors", server_default=text("'debtors'"))
    #: writing | done
    state: Mapped[str] = mapped_column(String(16))
    rows: Mapped[int]
    written: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ImportSliceRow(Base):
    """A checked part of a batch that waits to be written, so that a crashed import can be finished without the file."""

    __tablename__ = "import_slice"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    done: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class ImportDebtorRow(Base):
    """Who is touched by an unfinished batch: claims look here and wait."""

    __tablename__ = "import_debtor"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    debtor_ref: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
