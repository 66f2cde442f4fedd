"""Gathers from the books what a briefing needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from dialer.briefing import Facts
from dialer.final_notice import LAST_STAGE, FirstLetter, stage_by_letters
from dialer.past_store import Past, past_of
from ivr.briefing import OpenInvoice
from ledger.among import among
from ledger.instalment import Coming
from ledger.instalment_store import coming_parts
from ledger.money import Money
from ledger.phone import country_of, is_mobile
from ledger.region import region_of
from ledger.tables import AccountRow, CreditorRow, DebtorRow, InvoiceRow
from ledger.tone import Tone, tone_for
from schedules.ladder_file import shipped_ladder

#: Built once; the ids are handed in. Columns, not rows, of what every call needs.
_DEBTORS = select(
    DebtorRow.id, DebtorRow.name, DebtorRow.address_form, DebtorRow.language, DebtorRow.listening, DebtorRow.country,
    DebtorRow.region, DebtorRow.postcode, DebtorRow.house_number, DebtorRow.birth_date, DebtorRow.email, DebtorRow.tone,
).where(among(DebtorRow.id, "ids"))  # fmt: skip
_ACCOUNTS = (
    select(
        AccountRow.debtor_id,
        AccountRow.creditor_id,
        AccountRow.call_code,
        AccountRow.secret_code,
        AccountRow.customer_no,
    )
    .where(among(AccountRow.debtor_id, "ids"))
    .order_by(AccountRow.id)
)
_CREDITORS = select(
    CreditorRow.id, CreditorRow.name, CreditorRow.sender, CreditorRow.callback_number, CreditorRow.contact_person,
    CreditorRow.iban, CreditorRow.policy, CreditorRow.role,
).where(among(CreditorRow.id, "ids"))  # fmt: skip
_INVOICES = (
    select(
        AccountRow.debtor_id, InvoiceRow.id, InvoiceRow.creditor_id, InvoiceRow.number, InvoiceRow.open_minor,
        InvoiceRow.currency, InvoiceRow.issued_on, InvoiceRow.due_on, InvoiceRow.about, InvoiceRow.reference,
        InvoiceRow.first_letter_sent_on, InvoiceRow.first_letter_by, InvoiceRow.costs_in_letter_minor,
    )
    .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
    .where(among(AccountRow.debtor_id, "ids"), InvoiceRow.open_minor > 0)
    .order_by(InvoiceRow.due_on, InvoiceRow.id)
)  # fmt: skip
#: A neutral message on a voicemail at most once in this time (calling-rules.md 1b); so long a call of ours may be what
#: somebody rings back about.
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


def gather_all(session: Session, asked: Sequence[Asked], *, names_only: bool = False) -> dict[int, Facts]:
    """The same of many debtors, each asked for once: as many queries as for one.

    `names_only`: enough for `briefing.names_of`; what happened before is left out.
    """
    if not asked:
        return {}
    ids = [one.debtor_id for one in asked]
    books = _Books(session, ids, asked, names_only=names_only)
    debtors = {row.id: row for row in session.execute(_DEBTORS, {"ids": ids})}
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
    letters = tuple(books.letter(row) for row in owed)
    stage = stage_by_letters(asked.stage, creditor.role, letters, today, region)
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
        stage=_stage(debtor, creditor, owed, stage),
        tries_today=sum(at >= _midnight(asked) for at in books.past.tries.get(debtor.id, ())),
        broken_promises=books.past.broken.get(debtor.id, 0),
        has_mobile=any(is_mobile(e164) for e164 in books.past.numbers.get(debtor.id, ())),
        email=debtor.email,
        voicemail_allowed=not any(
            asked.now - VOICEMAIL_REST < at < asked.now for at in books.past.left.get(debtor.id, ())
        ),
        letters=letters,
        hand_over_to=asked.hand_over_to,
        coming=books.coming_of(debtor.id, creditor.id),
        # of two creditors' calls nobody could say which one they ring back about
        called_at=max(books.past.called.get(debtor.id, ()), default=None) if len(accounts) == 1 else None,
    )


class _Books:
    """What the books say of some debtors beside their own rows, by debtor."""

    def __init__(self, session: Session, ids: Sequence[int], asked: Sequence[Asked], *, names_only: bool) -> None:
        self.accounts = _by_debtor(session.execute(_ACCOUNTS, {"ids": ids}))
        wanted = {account.creditor_id for owned in self.accounts.values() for account in owned}
        self.creditors = {c.id: c for c in session.execute(_CREDITORS, {"ids": list(wanted)})}
        #: What is open, the oldest first.
        self.invoices = _by_debtor(session.execute(_INVOICES, {"ids": ids}))
        #: Nobody looks at the past where only names are wanted.
        self.past = Past() if names_only else _past(session, ids, asked)
        self._coming = {} if names_only else coming_parts(session, ids)

    def coming_of(self, debtor_id: int, creditor_id: int) -> Coming | None:
        """The next instalment of a plan about this creditor's invoices; of two plans the one that is due first."""
        owed = {row.id for row in self.invoices.get(debtor_id, ()) if row.creditor_id == creditor_id}
        theirs = [one for one in self._coming.get(debtor_id, ()) if owed.intersection(one.invoices)]
        return min(theirs, key=lambda one: one.part.due_on, default=None)

    def letter(self, row: Row[*tuple[Any, ...]]) -> FirstLetter:
        """The first letter about an invoice."""
        return FirstLetter(
            sent_on=row.first_letter_sent_on,
            by=row.first_letter_by,
            costs=Money(row.costs_in_letter_minor or 0, row.currency),
            charged=Money(self.past.charged.get(row.id, 0), row.currency),
        )


def _past(session: Session, ids: Sequence[int], asked: Sequence[Asked]) -> Past:
    return past_of(
        session,
        ids,
        tries_since=min(map(_midnight, asked)),
        lately=min(one.now for one in asked) - VOICEMAIL_REST,
        charged=[one.debtor_id for one in asked if one.stage >= LAST_STAGE],
        called=[one.debtor_id for one in asked if one.direction == "in"],
    )


def _by_debtor(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """The rows of each debtor, in their order."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.debtor_id].append(row)
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
