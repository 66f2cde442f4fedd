"""Money: an exact amount in the smallest unit of its currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ledger.errors import CurrencyMismatch


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents) and its ISO 4217 currency. Adding two currencies raises `CurrencyMismatch`."""

    #: Cents, pence: whole minor units; may be negative (a reversal).
    minor: int
    #: ISO 4217 code, upper case. Every currency we know has two decimals.
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError(f"Money wants whole minor units, not {self.minor!r}")

    @property
    def decimal(self) -> Decimal:
        """The amount in major units with exactly two decimals."""
        return Decimal(self.minor).scaleb(-2).quantize(Decimal("0.01"))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} can't be put together")
        return other.minor

    def split(self, parts: int) -> tuple[Money, ...]:
        """Equal parts whose sum is exactly this amount; the odd cents go to the first parts.

        Raises `ValueError` for fewer than one part or a negative amount.
        """
        if parts < 1 or self.minor < 0:
            raise ValueError("an amount is split into one or more parts, and is not negative")
        each, rest = divmod(self.minor, parts)
        return tuple(Money(each + (1 if n < rest else 0), self.currency) for n in range(parts))


def total(amounts: tuple[Money, ...] | list[Money], currency: str = "EUR") -> Money:
    """The sum; of nothing, zero in `currency`."""
    if not amounts:
        return Money(0, currency)
    result = amounts[0]
    for amount in amounts[1:]:
        result = result + amount
    return result
