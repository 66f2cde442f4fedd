"""The books with Ada in them, and her conversations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import ivr.tables  # noqa: F401
from ivr.conversation import Conversations
from ivr.testing import a_briefing
from ledger.database import Base, Database
from ledger.tables import AccountRow, CreditorRow, DebtorRow, InvoiceRow, PhoneRow

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Ada, her number and her two invoices, as the standing cast's briefing names them."""
    books = Database(f"sqlite:///{tmp_path}/beltoon.sqlite", busy_seconds=0.2)
    Base.metadata.create_all(books.engine)
    with books.unit_of_work() as session:
        session.add(CreditorRow(id=1, name="Lumo Energie", sender="Lumo"))
        session.add(DebtorRow(id=1, ref="ada", name="Ada Peeters", language="nl"))
        session.flush()
        session.add(AccountRow(id=1, creditor_id=1, debtor_id=1, customer_no="104417"))
        session.add(PhoneRow(debtor_id=1, e164="+32470123456", written="0470 12 34 56", verdict="good", from_at=NOW))
        session.flush()
        for invoice_id, cents in ((1, 8550), (2, 4000)):
            session.add(
                InvoiceRow(
                    id=invoice_id,
                    creditor_id=1,
                    account_id=1,
                    number=f"2026-{invoice_id}",
                    amount_minor=cents,
                    open_minor=cents,
                    currency="EUR",
                    issued_on=date(2026, 9, 30),
                    due_on=date(2026, 10, 30),
                )
            )
    yield books
    books.close()


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database, lambda: NOW, lambda call_id: a_briefing(call_id=call_id))
