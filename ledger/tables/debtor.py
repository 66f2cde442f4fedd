"""Who owes: a human, their accounts, numbers and wishes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


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
