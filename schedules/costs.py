"""What an invoice may lawfully carry in costs: an amount with its law row, or the reason why nothing. Pure.

Nothing may be charged that no row allows; a row without a figure allows nothing. Every figure is a maximum: what is
charged is the sum that the creditor's own letter named, and never more than the scale gives (issue B: costs only if a
letter named exactly that sum, its term is over, and the law agrees; otherwise the principal alone).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ledger.money import Money
from ledger.region import Region
from schedules.cost_rule import CostRow, CostRules
from schedules.letter_term import FirstLetter

#: A row from memory is read before anything is charged by it (the reference's key to confidence).
_UNREAD = "M"
_WHOLE = 10_000


class Why(StrEnum):
    """Why nothing may be charged."""

    NO_LAW = "no_law"
    NOT_ALLOWED = "not_allowed"
    NO_FIGURE = "no_figure"
    UNREAD = "unread"
    CURRENCY = "currency"
    NOT_DUE = "not_due"
    USED = "used"
    NO_LETTER = "no_letter"
    NOT_NAMED = "not_named"
    NAMED_TOO_MUCH = "named_too_much"
    TERM_RUNS = "term_runs"


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What else is asked on the same contract, where the law sees its invoices as one claim. Same currency."""

    #: Its other open invoices, without costs.
    others: tuple[Money, ...] = ()
    #: Costs that those carry already.
    on_others: Money
    #: Costs charged on any of its invoices in the months of the rule of instalments.
    lately: Money


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One invoice, as far as costs depend on it."""

    region: Region
    #: `consumer` or `business`.
    party: str
    #: `creditor` or `collector`.
    role: str
    #: What is open without any costs.
    principal: Money
    due_on: date
    letter: FirstLetter | None = None
    #: The tax that the creditor can't deduct, in hundredths of a percent; 0: it can, or hasn't said.
    vat_bp: int = 0
    #: None: this invoice is all that is asked.
    contract: Contract | None = None


@dataclass(frozen=True, kw_only=True)
class LawfulCosts:
    """So much may be charged, and which law says so."""

    amount: Money
    row: CostRow

    @property
    def law(self) -> str:
        """As a charge keeps it: rule and section."""
        return f"{self.row.id}: {self.row.section}"


@dataclass(frozen=True, kw_only=True)
class NoCosts:
    """Nothing may be charged."""

    why: Why
    #: A sentence that a person understands.
    reason: str
    #: The row that says so; None: there is none.
    row: CostRow | None = None


def most_costs(claim: Claim, on: date, *, rules: CostRules) -> LawfulCosts | NoCosts:
    """The most that the law of the debtor's address lets a letter announce; where several rows hold, the least."""
    rows = rules.of(claim.region.country, claim.party, claim.role, on)
    if not rows:
        reason = f"No rule of costs is known for a {claim.party} in {claim.region.country}: the principal alone"
        return NoCosts(why=Why.NO_LAW, reason=reason)
    found = [_by(row, claim) for row in rows]
    refused = [one for one in found if isinstance(one, NoCosts)]
    allowed = [one for one in found if isinstance(one, LawfulCosts)]
    return refused[0] if refused else min(allowed, key=lambda one: one.amount.minor)


def lawful_costs(claim: Claim, on: date, *, rules: CostRules) -> LawfulCosts | NoCosts:
    """What the law lets an invoice carry on a day: after the due date, the letter that the law wants, and its term."""
    if on <= claim.due_on:
        return NoCosts(why=Why.NOT_DUE, reason=f"It is not late before the day after {claim.due_on}")
    found = most_costs(claim, on, rules=rules)
    if isinstance(found, NoCosts) or found.row.letter is None:
        return found
    return _as_named(found, claim, on)


def costs_to_charge(claim: Claim, on: date, *, rules: CostRules) -> LawfulCosts | NoCosts:
    """What we charge: what the law allows, and only a sum that a letter named, even where the law wants no letter."""
    found = lawful_costs(claim, on, rules=rules)
    return found if isinstance(found, NoCosts) or found.row.letter is not None else _as_named(found, claim, on)


def _by(row: CostRow, claim: Claim) -> LawfulCosts | NoCosts:
    if row.confidence == _UNREAD:
        return NoCosts(why=Why.UNREAD, reason=f"{row.section} is known from memory only: read it first", row=row)
    if row.bands is None:
        return NoCosts(why=Why.NO_FIGURE, reason=f"No figure was found ({row.section}): the principal alone", row=row)
    if claim.principal.currency != row.currency:
        return NoCosts(why=Why.CURRENCY, reason=f"{row.section} gives figures in {row.currency} only", row=row)
    amount = row.scale(claim.principal)
    if amount is None:
        return NoCosts(why=Why.NOT_ALLOWED, reason=f"The law allows no costs here ({row.section})", row=row)
    if row.together and claim.contract is not None:
        amount = min(amount, *_room(row, claim.principal, claim.contract), key=lambda one: one.minor)
    if amount.minor <= 0:
        reason = f"What this contract may carry in costs is used ({row.section})"
        return NoCosts(why=Why.USED, reason=reason, row=row)
    if row.vat:
        amount = amount + Money(amount.minor * claim.vat_bp // _WHOLE, amount.currency)
    return LawfulCosts(amount=amount, row=row)


def _room(row: CostRow, principal: Money, contract: Contract) -> list[Money]:
    """What the contract as a whole may still carry: the scale of its sum, and the most for small instalments."""
    parts = (principal, *contract.others)
    whole = row.scale(Money(sum(one.minor for one in parts), row.currency))
    room = [] if whole is None else [whole - contract.on_others]
    small = row.instalments
    if small is not None and all(one.minor < small.below_minor for one in parts):
        room.append(Money(small.most_minor, row.currency) - contract.lately)
    return room


def _as_named(found: LawfulCosts, claim: Claim, on: date) -> LawfulCosts | NoCosts:
    """The sum of the letter, if it is out, its term is over and it named no more than the law allows."""
    letter, row = claim.letter, found.row
    if letter is None:
        return NoCosts(why=Why.NO_LETTER, reason="No letter is recorded: the principal alone", row=row)
    if letter.costs is None or letter.costs.minor <= 0:
        return NoCosts(why=Why.NOT_NAMED, reason="The letter named no costs: the principal alone", row=row)
    if letter.costs.currency != found.amount.currency or letter.costs > found.amount:
        reason = f"The letter named {letter.costs}, the law allows {found.amount} ({row.section}): the principal alone"
        return NoCosts(why=Why.NAMED_TOO_MUCH, reason=reason, row=row)
    over = row.letter.over_from(letter, claim.region) if row.letter is not None else None
    if on <= letter.sent_on or (over is not None and on < over):
        reason = f"The letter's term runs until {over or letter.sent_on}: the principal alone"
        return NoCosts(why=Why.TERM_RUNS, reason=reason, row=row)
    return replace(found, amount=letter.costs)
