"""What happened before with those who are called, as far as a conversation must know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from ivr.tables import IdentityTryRow
from ledger.among import among
from ledger.tables import AccountRow, AgreementRow, ChargeRow, ContactRow, InvoiceRow, PhoneRow

T = TypeVar("T")

#: Built once; the debtors and moments are handed in.
_NUMBERS = select(PhoneRow.debtor_id, PhoneRow.e164).where(
    among(PhoneRow.debtor_id, "ids"), PhoneRow.until_at.is_(None)
)
_TRIES = select(IdentityTryRow.debtor_id, IdentityTryRow.at).where(
    among(IdentityTryRow.debtor_id, "ids"), IdentityTryRow.at >= bindparam("since")
)
_LEFT = select(ContactRow.debtor_id, ContactRow.begun_at).where(
    among(ContactRow.debtor_id, "ids"), ContactRow.disposition == "voicemail", ContactRow.begun_at > bindparam("since")
)
#: Our own calls to them; a call that they asked for, or made themselves, is none.
_CALLED = select(ContactRow.debtor_id, ContactRow.begun_at).where(
    among(ContactRow.debtor_id, "ids"), ContactRow.channel == "voice", ContactRow.solicited.is_(False),
    ContactRow.begun_at > bindparam("since"),
)  # fmt: skip
_BROKEN = (
    select(AgreementRow.debtor_id, func.count())
    .where(among(AgreementRow.debtor_id, "ids"), AgreementRow.kind == "promise", AgreementRow.state == "broken")
    .group_by(AgreementRow.debtor_id)
)
_CHARGED = (
    select(ChargeRow.invoice_id, func.sum(ChargeRow.amount_minor))
    .join(InvoiceRow, InvoiceRow.id == ChargeRow.invoice_id)
    .join(AccountRow, AccountRow.id == InvoiceRow.account_id)
    .where(among(AccountRow.debtor_id, "ids"))
    .group_by(ChargeRow.invoice_id)
)


@dataclass(frozen=True, kw_only=True)
class Past:
    """By debtor; empty where nobody looked."""

    numbers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    #: When each failed a proof of identity, over all calls and numbers.
    tries: Mapping[int, Sequence[datetime]] = field(default_factory=dict)
    #: When a message was left on a voicemail.
    left: Mapping[int, Sequence[datetime]] = field(default_factory=dict)
    #: When we called, lately.
    called: Mapping[int, Sequence[datetime]] = field(default_factory=dict)
    #: Promises that were broken.
    broken: Mapping[int, int] = field(default_factory=dict)
    #: Costs, in minor units, by invoice.
    charged: Mapping[int, int] = field(default_factory=dict)


def past_of(
    session: Session,
    ids: Sequence[int],
    *,
    tries_since: datetime,
    lately: datetime,
    charged: Sequence[int],
    called: Sequence[int],
) -> Past:
    """What happened with these debtors; the costs only of those in `charged`, our calls of those in `called`.

    `lately`: since when a message on a voicemail, or a call, still matters.
    """
    return Past(
        numbers=_grouped(session, _NUMBERS, {"ids": ids}),
        tries=_grouped(session, _TRIES, {"ids": ids, "since": tries_since}),
        left=_grouped(session, _LEFT, {"ids": ids, "since": lately}),
        called=_grouped(session, _CALLED, {"ids": called, "since": lately}) if called else {},
        broken={who: n for who, n in session.execute(_BROKEN, {"ids": ids}) if who is not None},
        charged={invoice: int(minor) for invoice, minor in session.execute(_CHARGED, {"ids": charged})}
        if charged
        else {},
    )


def _grouped(session: Session, query: Select[int, T], values: Mapping[str, object]) -> dict[int, list[T]]:
    """The second column of each row, by the first."""
    found: dict[int, list[T]] = defaultdict(list)
    for debtor_id, value in session.execute(query, values):
        found[debtor_id].append(value)
    return found
