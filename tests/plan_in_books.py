"""Ada's plan in the books, as the standing cast's instalment names it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ivr.testing import INSTALMENT
from ledger.database import Database
from ledger.tables import AgreementInvoiceRow, AgreementRow, DebtorRow, InstalmentRow

DAYS = (date(2026, 10, 20), INSTALMENT.due_on, date(2026, 12, 21))


def a_plan_that_stands(database: Database) -> None:
    """Three instalments; the second is the cast's."""
    with database.unit_of_work() as session:
        ada = session.get(DebtorRow, 1)
        assert ada is not None
        ada.country = "BE"
        session.add(
            AgreementRow(
                id=INSTALMENT.agreement_id, source_key="call-0:9:plan", debtor_id=1, kind="plan", state="open",
                amount_minor=3 * INSTALMENT.amount.minor, currency="EUR", detail={},
                made_at=datetime(2026, 10, 1, 8, 0, tzinfo=UTC),
            )
        )  # fmt: skip
        session.flush()
        session.add(AgreementInvoiceRow(agreement_id=INSTALMENT.agreement_id, invoice_id=1))
        for n, day in enumerate(DAYS, 1):
            part = InstalmentRow(agreement_id=INSTALMENT.agreement_id, n=n, due_on=day)
            part.amount_minor = INSTALMENT.amount.minor
            session.add(part)
