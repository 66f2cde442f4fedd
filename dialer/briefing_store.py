"""Gathers from the books what a briefing needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from dialer.briefing import Facts
from dialer.final_notice import LAST_STAGE, FirstLetter
from ivr.briefing import OpenInvoice
from ivr.tables import IdentityTryRow
from ledger.money import Money
from ledger.phone import country_of, is_mobile
from ledger.region import region_of
from ledger.tables import AccountRow, AgreementRow, ChargeRow, ContactRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow
from ledger.tone import Tone, tone_for
from schedules.ladder_file import shipped_ladder

T = TypeVar("T")

#: Columns, not rows, of what every call needs.
_DEBTORS = select(
    DebtorRow.id, DebtorRow.name, DebtorRow.address_form, DebtorRow.language, DebtorRow.listening, DebtorRow.country,
    DebtorRow.region, DebtorRow.postcode, DebtorRow.house_number, DebtorRow.birth_date, DebtorRow.email, DebtorRow.tone,
)  # fmt: skip
_ACCOUNTS = select(
    AccountRow.debtor_id, AccountRow.creditor_id, AccountRow.call_code, AccountRow.secret_code, AccountRow.customer_no
).order_by(AccountRow.id)
_CREDITORS = select(
    CreditorRow.id, CreditorRow.name, CreditorRow.sender, CreditorRow.callback_number, CreditorRow.contact_person,
    CreditorRow.iban, CreditorRow.policy,
)  # fmt: skip
_INVOICES = (
    select(
        AccountRow.debtor_id, InvoiceRow.id, InvoiceRow.creditor_id, InvoiceRow.number, InvoiceRow.open_minor,
        InvoiceRow.currency, InvoiceRow.issued_on, InvoiceRow.due_on, InvoiceRow.about, InvoiceRow.reference,
        InvoiceRow.first_letter_sent_on, InvoiceRow.first_letter_by, InvoiceRow.costs_in_letter_minor,
    )
    .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    .where(InvoiceRow.open_minor > 0)
    .order_by(InvoiceRow.due_on, InvoiceRow.id)
)  # fmt: skip
#: A neutral message on a voicemail at most once in this time (calling-rules.md 1b).
VOICEMAIL_REST = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For which call a briefing is wanted."""

    call_id: str
    direction: str
    debtor_id: int
    e164: str | None
    #: The debtor's zone that the permission used.
    zone: str
    now: datetime
    #: Only this creditor's invoices; None: the one with the oldest.
    creditor_id: int | None = None
    #: Only these invoices: what permission was given for; None: all that are due.
    about: frozenset[int] | None = None
    #: 1 friendly, 2 friendly again, 3 firm and last: the candidate's.
    stage: int = 1
    #: Who gets the invoices after the last reminder; None: nobody, so that it is not read.
    hand_over_to: str | None = None


def gather(session: Session, asked: Asked) -> Facts | None:
    """The facts of one debtor at one creditor; None where the debtor has no account there."""
    return gather_all(session, (asked,)).get(asked.debtor_id)


def gather_all(session: Session, asked: Sequence[Asked]) -> dict[int, Facts]:
    """The same of many debtors, each asked for once: as many queries as for one."""
    if not asked:
        return {}
    ids = [one.debtor_id for one in asked]
    books = _Books(session, ids, asked)
    debtors = {row.id: row for row in session.execute(_DEBTORS.where(DebtorRow.id.in_(ids)))}
    facts = {one.debtor_id: _facts(books, debtors[one.debtor_id], one) for one in asked}
    return {debtor_id: one for debtor_id, one in facts.items() if one is not None}


def _facts(books: _Books, debtor: Row[*tuple[Any, ...]], asked: Asked) -> Facts | None:
    country = debtor.country or (country_of(asked.e164) if asked.e164 else None)
    region = region_of(country, debtor.region, debtor.postcode)
    if region is None:
        return None
    today = asked.now.astimezone(ZoneInfo(asked.zone)).date()
    rows = [
        row
        for row in books.invoices.get(debtor.id, ())
        if row.due_on < today and (asked.about is None or row.id in asked.about)
    ]
    accounts = books.accounts.get(debtor.id, [])
    creditor_id = asked.creditor_id or (rows[0].creditor_id if rows else accounts[0].creditor_id if accounts else None)
    account = next((a for a in accounts if a.creditor_id == creditor_id), None)
    if account is None:
        return None
    creditor = books.creditors[account.creditor_id]
    owed = [row for row in rows if row.creditor_id == creditor.id]
    owed = [row for row in owed if row.currency == owed[0].currency]  # two moneys are never one amount
    return Facts(
        call_id=asked.call_id,
        direction=asked.direction,
        debtor_id=debtor.id,
        full_name=debtor.name,
        address_form=debtor.address_form,
        language=debtor.language,
        region=region,
        zone=asked.zone,
        listening=debtor.listening,
        sender=creditor.sender,
        creditor=creditor.name,
        callback_number=creditor.callback_number,
        contact_person=creditor.contact_person,
        iban=creditor.iban,
        policy={key: value for key, value in creditor.policy.items() if isinstance(value, int)},
        call_code=account.call_code,
        secret_code=account.secret_code,
        customer_no=account.customer_no,
        postcode=debtor.postcode,
        house_number=debtor.house_number,
        birth_date=debtor.birth_date,
        e164=asked.e164,
        invoices=tuple(
            OpenInvoice(
                id=row.id,
                number=row.number,
                open=Money(row.open_minor, row.currency),
                issued_on=row.issued_on,
                due_on=row.due_on,
                about=row.about,
                reference=row.reference,
            )
            for row in owed
        ),
        stage=_stage(debtor, creditor, owed, asked.stage),
        tries_today=sum(at >= _midnight(asked) for at in books.tries.get(debtor.id, ())),
        broken_promises=books.broken.get(debtor.id, 0),
        has_mobile=any(is_mobile(e164) for e164 in books.numbers.get(debtor.id, ())),
        email=debtor.email,
        voicemail_allowed=not any(asked.now - VOICEMAIL_REST < at < asked.now for at in books.left.get(debtor.id, ())),
        letters=tuple(books.letter(row) for row in owed),
        hand_over_to=asked.hand_over_to,
    )


class _Books:
    """What the books say of some debtors beside their own rows, by debtor."""

    def __init__(self, session: Session, ids: Sequence[int], asked: Sequence[Asked]) -> None:
        self.accounts = _by_debtor(session, _ACCOUNTS.where(AccountRow.debtor_id.in_(ids)))
        wanted = {account.creditor_id for owned in self.accounts.values() for account in owned}
        self.creditors = {c.id: c for c in session.execute(_CREDITORS.where(CreditorRow.id.in_(wanted)))}
        #: What is open, the oldest first.
        self.invoices = _by_debtor(session, _INVOICES.where(AccountRow.debtor_id.in_(ids)))
        self.numbers: dict[int, list[str]] = _grouped(
            session,
            select(PhoneRow.debtor_id, PhoneRow.e164).where(PhoneRow.debtor_id.in_(ids), PhoneRow.until_at.is_(None)),
        )
        #: Failed proofs of each person, over all calls and numbers.
        self.tries: dict[int, list[datetime]] = _grouped(
            session,
            select(IdentityTryRow.debtor_id, IdentityTryRow.at).where(
                IdentityTryRow.debtor_id.in_(ids), IdentityTryRow.at >= min(map(_midnight, asked))
            ),
        )
        #: Messages left on a voicemail.
        self.left: dict[int, list[datetime]] = _grouped(
            session,
            select(ContactRow.debtor_id, ContactRow.begun_at).where(
                ContactRow.debtor_id.in_(ids),
                ContactRow.disposition == "voicemail",
                ContactRow.begun_at > min(one.now for one in asked) - VOICEMAIL_REST,
            ),
        )
        broken = (
            select(AgreementRow.debtor_id, func.count())
            .where(AgreementRow.debtor_id.in_(ids), AgreementRow.kind == "promise", AgreementRow.state == "broken")
            .group_by(AgreementRow.debtor_id)
        )
        #: Costs on invoices of which the last reminder may speak, in minor units.
        self._charged = _charged(session, [one.debtor_id for one in asked if one.stage >= LAST_STAGE])
        self.broken: dict[int, int] = {
            debtor_id: n for debtor_id, n in session.execute(broken) if debtor_id is not None
        }

    def letter(self, row: Row[*tuple[Any, ...]]) -> FirstLetter:
        """The first letter about an invoice."""
        return FirstLetter(
            sent_on=row.first_letter_sent_on,
            by=row.first_letter_by,
            costs=Money(row.costs_in_letter_minor or 0, row.currency),
            charged=Money(self._charged.get(row.id, 0), row.currency),
        )


def _charged(session: Session, debtors: Sequence[int]) -> dict[int, int]:
    """What was charged on the invoices of these debtors, by invoice."""
    if not debtors:
        return {}
    query = (
        select(ChargeRow.invoice_id, func.sum(ChargeRow.amount_minor))
        .join(InvoiceRow, InvoiceRow.id == ChargeRow.invoice_id)
        .join(AccountRow, AccountRow.id == InvoiceRow.account_id)
        .where(AccountRow.debtor_id.in_(debtors))
        .group_by(ChargeRow.invoice_id)
    )
    return {invoice: int(minor) for invoice, minor in session.execute(query)}


def _by_debtor(session: Session, query: Select[*tuple[Any, ...]]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The rows of each debtor, in their order."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in session.execute(query):
        found[row.debtor_id].append(row)
    return found


def _grouped(session: Session, query: Select[int, T]) -> dict[int, list[T]]:
    """The second column of each row, by the first."""
    found: dict[int, list[T]] = defaultdict(list)
    for debtor_id, value in session.execute(query):
        found[debtor_id].append(value)
    return found


def creditor_named(session: Session, name: str | None) -> int | None:
    """The id of the creditor with this name; None for every creditor."""
    return None if name is None else session.scalar(select(CreditorRow.id).where(CreditorRow.name == name))


def _stage(
    debtor: Row[*tuple[Any, ...]], creditor: Row[*tuple[Any, ...]], owed: Sequence[Row[*tuple[Any, ...]]], stage: int
) -> int:
    """The campaign's stage; nobody who is owed gentleness, and no essential service, hears the last reminder."""
    softly = tone_for(debtor.tone, Tone.FIRM) is not Tone.FIRM
    spared = any(shipped_ladder().is_essential(creditor.policy, one.about) for one in owed)
    return min(stage, 2) if softly or spared else stage


def _midnight(asked: Asked) -> datetime:
    """The beginning of the debtor's own day."""
    return asked.now.astimezone(ZoneInfo(asked.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
