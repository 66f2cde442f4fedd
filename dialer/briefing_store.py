"""Gathers from the books what a briefing needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialer.briefing import Facts
from ivr.briefing import OpenInvoice
from ivr.tables import IdentityTryRow
from ledger.money import Money
from ledger.phone import country_of
from ledger.region import region_of
from ledger.tables import AccountRow, AgreementRow, ContactRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow

#: A neutral message on a voicemail at most once in this time (calling-rules.md 1b).
VOICEMAIL_REST = timedelta(days=7)
#: Days after the oldest due date from which the tone is firm, and last.
FIRM_DAYS, LAST_DAYS = 15, 30


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


def gather(session: Session, asked: Asked) -> Facts | None:
    """The facts of one debtor at one creditor; None where the debtor has no account there."""
    debtor = session.get_one(DebtorRow, asked.debtor_id)
    country = debtor.country or (country_of(asked.e164) if asked.e164 else None)
    region = region_of(country, debtor.region, debtor.postcode)
    if region is None:
        return None
    today = asked.now.astimezone(ZoneInfo(asked.zone)).date()
    rows = list(
        session.scalars(
            select(InvoiceRow)
            .join(AccountRow, InvoiceRow.account_id == AccountRow.id)
            .where(AccountRow.debtor_id == debtor.id, InvoiceRow.open_minor > 0, InvoiceRow.due_on < today)
            .order_by(InvoiceRow.due_on, InvoiceRow.id)
        )
    )
    accounts = list(session.scalars(select(AccountRow).where(AccountRow.debtor_id == debtor.id)))
    creditor_id = asked.creditor_id or (rows[0].creditor_id if rows else accounts[0].creditor_id if accounts else None)
    account = next((a for a in accounts if a.creditor_id == creditor_id), None)
    if account is None:
        return None
    creditor = session.get_one(CreditorRow, account.creditor_id)
    owed = [row for row in rows if row.creditor_id == creditor.id]
    phones = session.scalars(select(PhoneRow.e164).where(PhoneRow.debtor_id == debtor.id, PhoneRow.until_at.is_(None)))
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
        stage=_stage((today - owed[0].due_on).days) if owed else 1,
        tries_today=_tries(session, debtor.id, asked),
        broken_promises=_count(session, AgreementRow, debtor.id, kind="promise", state="broken"),
        has_mobile=any(_is_mobile(e164) for e164 in phones),
        email=debtor.email,
        voicemail_allowed=not _left_lately(session, debtor.id, asked.now),
    )


def creditor_named(session: Session, name: str | None) -> int | None:
    """The id of the creditor with this name; None for every creditor."""
    return None if name is None else session.scalar(select(CreditorRow.id).where(CreditorRow.name == name))


def _stage(days_late: int) -> int:
    return 1 if days_late < FIRM_DAYS else 2 if days_late < LAST_DAYS else 3


def _tries(session: Session, debtor_id: int, asked: Asked) -> int:
    """Failed proofs of this person today, in their own day, over all calls and numbers."""
    midnight = asked.now.astimezone(ZoneInfo(asked.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).where(IdentityTryRow.debtor_id == debtor_id, IdentityTryRow.at >= midnight)
    return session.scalar(query) or 0


def _count(session: Session, row: type[AgreementRow], debtor_id: int, *, kind: str, state: str) -> int:
    query = select(func.count()).where(row.debtor_id == debtor_id, row.kind == kind, row.state == state)
    return session.scalar(query) or 0


def _left_lately(session: Session, debtor_id: int, now: datetime) -> bool:
    query = select(func.count()).where(
        ContactRow.debtor_id == debtor_id,
        ContactRow.disposition == "voicemail",
        ContactRow.begun_at > now - VOICEMAIL_REST,
        ContactRow.begun_at < now,
    )
    return bool(session.scalar(query))


def _is_mobile(e164: str) -> bool:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
