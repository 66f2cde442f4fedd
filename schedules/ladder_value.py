"""The values of a walk of the ladder: who stands on it, by which rules, and what a day does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ledger.contact import Channel
from ledger.money import Money
from ledger.tone import Tone
from schedules.cost_rule import CostRules
from schedules.costs import LawfulCosts
from schedules.ladder import Ladder, Step
from schedules.ladder_file import LadderRules
from schedules.rules import Rules
from schedules.standing import Invoice, Standing

#: Kinds of tasks.
ESSENTIAL, SILENT, HANDED_OVER, MINOR, NO_HOUR = "essential", "silent", "hand_over", "minor", "no_common_hour"


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An open invoice, with what the ladder knows of it."""

    invoice: Invoice
    account_id: int
    #: Its creditor's own.
    ladder: Ladder
    essential: bool = False
    #: Costs on it so far, all in all.
    costs: Money = field(default_factory=lambda: Money(0))
    #: Costs charged on its customer number in the last six months.
    lately: Money = field(default_factory=lambda: Money(0))
    vat_bp: int = 0
    #: On which day each step of the ladder was written already.
    sent: Mapping[int, date] = field(default_factory=dict)

    @property
    def principal(self) -> Money:
        """What is open without costs."""
        return self.invoice.open - self.costs


@dataclass(frozen=True, kw_only=True)
class OnLadder:
    """A debtor of a campaign."""

    standing: Standing
    tone: str | None
    bills: tuple[Bill, ...]
    #: A message of the ladder waits already, or left today: no second one on one day.
    message_today: bool = False
    #: Tasks that are noted already: kind and invoice.
    tasks: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class LadderBooks:
    """Every rule that a walk reads."""

    rules: Rules
    costs: CostRules
    ladder: LadderRules


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message or letter to be sent once."""

    step: Step
    channel: Channel
    #: E.164 or e-mail address; None: a letter.
    to: str | None
    due_at: datetime
    tone: Tone
    bills: tuple[Bill, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Charge:
    """Lawful costs that go on an invoice with its last reminder."""

    bill: Bill
    costs: LawfulCosts


@dataclass(frozen=True, kw_only=True)
class Task:
    """What one of our people has to look at."""

    kind: str
    bill: Bill
    why: str


@dataclass(frozen=True, kw_only=True)
class Move:
    """What a day does for a debtor."""

    #: None: as it was.
    stage: int | None
    message: Message | None = None
    charges: tuple[Charge, ...] = ()
    tasks: tuple[Task, ...] = ()
