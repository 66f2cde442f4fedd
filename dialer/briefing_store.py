"""Gathers from the books what a briefing needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from dialer.briefing import Facts
from ivr.briefing import OpenInvoice
from ivr.tables import IdentityTryRow
from ledger.money import Money
from ledger.phone import country_of
from ledger.region import region_of
from ledger.tables import AccountRow, AgreementRow, ContactRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow
from schedules.audience import stage_of

T = TypeVar("T")

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


def gather(session: Session, asked: Asked) -> Facts | None:
    """The facts of one debtor at one creditor; None where the debtor has no account there."""
    return gather_all(session, (asked,)).get(asked.debtor_id)


def gather_all(session: Session, asked: Sequence[Asked]) -> dict[int, Facts]:
    """The same of many debtors, each asked for once: as many queries as for one."""
    if not asked:
        return {}
    ids = [one.debtor_id for one in asked]
    books = _Books(session, ids, asked)
    debtors = {row.id: row for row in session.scalars(select(DebtorRow).where(DebtorRow.id.in_(ids)))}
    facts = {one.debtor_id: _facts(books, debtors[one.debtor_id], one) for one in asked}
    return {debtor_id: one for debtor_id, one in facts.items() if one is not None}


def _facts(books: _Books, debtor: DebtorRow, asked: Asked) -> Facts | None:
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
        policy={key: int(value) for key, value in creditor.policy.items()},
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
        stage=stage_of((today - owed[0].due_on).days) if owed else 1,
        tries_today=sum(at >= _midnight(asked) for at in books.tries.get(debtor.id, ())),
        broken_promises=books.broken.get(debtor.id, 0),
        has_mobile=any(_is_mobile(e164) for e164 in books.numbers.get(debtor.id, ())),
        email=debtor.email,
        voicemail_allowed=not any(asked.now - VOICEMAIL_REST < at < asked.now for at in books.left.get(debtor.id, ())),
    )


class _Books:
    """What the books say of some debtors beside their own rows, by debtor."""

    def __init__(self, session: Session, ids: Sequence[int], asked: Sequence[Asked]) -> None:
        self.accounts: dict[int, list[AccountRow]] = defaultdict(list)
        for account in session.scalars(select(AccountRow).where(AccountRow.debtor_id.in_(ids)).order_by(AccountRow.id)):
            self.accounts[account.debtor_id].append(account)
        wanted = {account.creditor_id for owned in self.accounts.values() for account in owned}
        self.creditors = {c.id: c for c in session.scalars(select(CreditorRow).where(CreditorRow.id.in_(wanted)))}
        #: What is open, the oldest first.
        self.invoices: dict[int, list[InvoiceRow]] = _grouped(
            session,
            select(AccountRow.debtor_id, InvoiceRow)
            .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
            .where(AccountRow.debtor_id.in_(ids), InvoiceRow.open_minor > 0)
            .order_by(InvoiceRow.due_on, InvoiceRow.id),
        )
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
        self.broken: dict[int, int] = {
            debtor_id: n for debtor_id, n in session.execute(broken) if debtor_id is not None
        }


def _grouped(session: Session, query: Select[int, T]) -> dict[int, list[T]]:
    """The second column of each row, by the first."""
    found: dict[int, list[T]] = defaultdict(list)
    for debtor_id, value in session.execute(query):
        found[debtor_id].append(value)
    return found


def creditor_named(session: Session, name: str | None) -> int | None:
    """The id of the creditor with this name; None for every creditor."""
    return None if name is None else session.scalar(select(CreditorRow.id).where(CreditorRow.name == name))


def _midnight(asked: Asked) -> datetime:
    """The beginning of the debtor's own day."""
    return asked.now.astimezone(ZoneInfo(asked.zone)).replace(hour=0, minute=0, second=0, microsecond=0)


@lru_cache(maxsize=65536)
def _is_mobile(e164: str) -> bool:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
