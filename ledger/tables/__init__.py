"""The rows of the books. Times are UTC; money is minor units with a currency.

What permission reads (numbers, wishes, holds, charges) is never overwritten: a row is closed (`until_at`) and
replaced, so that the past can be asked exactly.
"""

from __future__ import annotations

from ledger.database import Base
from ledger.tables.agreement import AgreementInvoiceRow, AgreementRow, InstalmentRow
from ledger.tables.contact import BudgetRow, ContactRow, OutboxRow, ReceiptRow, RefusalCountRow
from ledger.tables.creditor import CreditorRow, PolicyVersionRow
from ledger.tables.debtor import AccountRow, DebtorRow, PhoneRow, WishRow
from ledger.tables.hold import HoldRow
from ledger.tables.invoice import AllocationRow, ChargeRow, InvoiceRow, PaymentIntentRow, PaymentRow
from ledger.tables.run import AuditRow, ImportBatchRow, ImportDebtorRow, ImportSliceRow, RunRow

__all__ = [
    "AccountRow",
    "AgreementInvoiceRow",
    "AgreementRow",
    "AllocationRow",
    "AuditRow",
    "Base",
    "BudgetRow",
    "ChargeRow",
    "ContactRow",
    "CreditorRow",
    "DebtorRow",
    "HoldRow",
    "ImportBatchRow",
    "ImportDebtorRow",
    "ImportSliceRow",
    "InstalmentRow",
    "InvoiceRow",
    "OutboxRow",
    "PaymentIntentRow",
    "PaymentRow",
    "PhoneRow",
    "PolicyVersionRow",
    "ReceiptRow",
    "RefusalCountRow",
    "RunRow",
    "WishRow",
]
