"""What may be charged, as values: a cited row with its scale, and all rows together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.money import Money
from schedules.letter_term import LetterTerm

#: A rate is told in hundredths of a percent.
_WHOLE = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """One step of a scale. All amounts in minor units."""

    #: The band holds above this principal.
    above_minor: int
    base_minor: int
    #: Of the part above, in hundredths of a percent.
    rate_bp: int

    def of(self, principal_minor: int) -> int:
        """The costs; parts of a cent are dropped, because every figure of law is a maximum."""
        return self.base_minor + (principal_minor - self.above_minor) * self.rate_bp // _WHOLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Instalments:
    """The rule for several small claims of one contract: no more than `most_minor` in so many months."""

    #: Every instalment lies below this.
    below_minor: int
    most_minor: int
    months: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CostRow:
    """One rule of costs with its source."""

    #: What a charge keeps: `be.lump_sum`.
    id: str
    countries: frozenset[str]
    #: `consumer` or `business`.
    party: str
    roles: frozenset[str]
    #: Where it stands in the law.
    section: str
    currency: str
    #: By rising principal. None: no figure was found; empty: the law allows nothing.
    bands: tuple[Band, ...] | None
    least_minor: int
    most_minor: int | None
    #: None: the law wants no letter.
    letter: LetterTerm | None
    #: Tax may come on top where the creditor can't deduct it.
    vat: bool
    #: The invoices of one contract are one claim.
    together: bool
    instalments: Instalments | None
    source: str
    #: S1, S2, M or D.
    confidence: str
    checked_on: date
    valid_from: date | None
    #: The last day on which it holds.
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Is it in force on this day?"""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def scale(self, principal: Money) -> Money | None:
        """What the scale gives for a principal in its currency; None: it allows nothing."""
        found = [band for band in self.bands or () if band.above_minor < principal.minor]
        if not found:
            return None
        minor = max(found[-1].of(principal.minor), self.least_minor)
        return Money(minor if self.most_minor is None else min(minor, self.most_minor), self.currency)


@dataclass(frozen=True, kw_only=True)
class CostRules:
    """Every row. Build it by `schedules.cost_file.load_cost_rules`."""

    rows: tuple[CostRow, ...]
    #: Names the texts that were in force.
    version: str

    def of(self, country: str, party: str, role: str, on: date) -> tuple[CostRow, ...]:
        """The rows for this debtor and creditor on a day."""
        return tuple(
            row
            for row in self.rows
            if country in row.countries and row.party == party and role in row.roles and row.holds_on(on)
        )
