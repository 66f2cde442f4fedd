"""The costs of a debtor's invoices: what a letter may name, and what the last reminder charges. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.money import total
from ledger.region import Region
from schedules.cost_rule import CostRules
from schedules.costs import Claim, Contract, LawfulCosts, costs_to_charge
from schedules.ladder import LAST, step_on
from schedules.ladder_value import Bill, Charge
from schedules.letter import letter_of
from schedules.slide import Slid


def claim_of(bill: Bill, bills: Sequence[Bill], kind: str, region: Region, charged: Sequence[Charge] = ()) -> Claim:
    """The claim of an invoice among the others of its creditor. `charged` are costs that this same move adds.

    The invoices of one customer number count as one contract: where they are several, this only lowers the costs.
    """
    invoice, currency = bill.invoice, bill.invoice.open.currency
    others = [one for one in bills if one.account_id == bill.account_id and one is not bill]
    added = total([one.costs.amount for one in charged if one.bill.account_id == bill.account_id], currency)
    return Claim(
        region=region,
        party="business" if kind == "business" else "consumer",
        role=invoice.role,
        principal=bill.principal,
        due_on=invoice.due_on,
        letter=letter_of(invoice),
        vat_bp=bill.vat_bp,
        contract=Contract(
            others=tuple(one.principal for one in others),
            on_others=total([one.costs for one in others], currency) + added,
            lately=bill.lately + added,
        ),
    )


def charges(
    bills: Sequence[Bill], kind: str, region: Region, today: date, slid: Slid, rules: CostRules
) -> tuple[Charge, ...]:
    """Costs for each invoice that is itself at its last reminder and carries none yet."""
    found: list[Charge] = []
    for bill in bills:
        reached = step_on(bill.invoice.due_on, today, slid, bill.ladder)
        if bill.essential or bill.costs or reached is None or reached < LAST:
            continue
        lawful = costs_to_charge(claim_of(bill, bills, kind, region, found), today, rules=rules)
        if isinstance(lawful, LawfulCosts):
            found.append(Charge(bill=bill, costs=lawful))
    return tuple(found)
