"""A turn while it is being made: what is known, what has been said and noted so far. Each step makes a new value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ivr.briefing import Briefing, DueInstalment, OpenInvoice
from ivr.changed import changed
from ivr.heard import Recorded
from ivr.record import Record
from ivr.slots import filled
from ivr.state import GONE, State
from ivr.subject import amount_of, in_plan, remaining, subject
from ledger.money import Money
from voices.prompt import Spoken


@dataclass(frozen=True)
class Talk:
    """One turn in the making."""

    briefing: Briefing
    state: State
    #: What the caller typed, for a digit question.
    typed: str = ""
    #: What was recorded, for a statement.
    recorded: Recorded | None = None
    #: What was understood besides the intent, for words: `date`, `minor`, `kind` …
    slots: tuple[tuple[str, str], ...] = ()
    #: What is said before the next question, in order.
    says: tuple[Spoken, ...] = ()
    records: tuple[Record, ...] = ()

    def with_(self, **changes: Any) -> Talk:
        """The same talk with another state."""
        return changed(self, state=changed(self.state, **changes))

    def with_slots(self, slots: tuple[tuple[str, str], ...]) -> Talk:
        """The same talk, with what was understood in words."""
        return changed(self, slots=slots)

    def slot(self, name: str) -> str:
        """What was understood under this name; empty: nothing."""
        return dict(self.slots).get(name, "")

    def say(self, *keys: str) -> Talk:
        """Speak prompts, filled from what is known now."""
        spoken = tuple(filled(key, self.briefing, self.state) for key in keys)
        return changed(self, says=self.says + spoken)

    def unsaid(self) -> Talk:
        """The same talk, with nothing said so far."""
        return changed(self, says=())

    def note(self, record: Record) -> Talk:
        """A fact to commit before any word of this turn sounds."""
        talk = changed(self, records=(*self.records, record))
        return talk.mark(type(record).__name__)

    def mark(self, fact: str) -> Talk:
        """Remember what happened, for the disposition."""
        return self.with_(facts=(*self.state.facts, fact))

    def agree(self, key: str) -> Talk:
        """Put a sentence into the summary."""
        return self.with_(agreements=(*self.state.agreements, filled(key, self.briefing, self.state)))

    def settle(self) -> Talk:
        """What the talk is about now is dealt with on this call."""
        return self.with_(settled=self.state.settled + tuple(i.id for i in self.subject), chosen=())

    def go(self, place: str) -> Talk:
        """The next question."""
        return self.with_(place=place)

    def part(self, *keys: str) -> Talk:
        """Say the last words; the line is closed after them."""
        return self.say(*keys).go(GONE)

    @property
    def remaining(self) -> tuple[OpenInvoice, ...]:
        """The open invoices that nothing was agreed about on this call."""
        return remaining(self.briefing, self.state)

    @property
    def subject(self) -> tuple[OpenInvoice, ...]:
        """The invoices that the talk is about now."""
        return subject(self.briefing, self.state)

    @property
    def instalment(self) -> DueInstalment | None:
        """The next instalment, where the subject is paid by a plan that stands."""
        return in_plan(self.briefing, self.state)

    @property
    def ids(self) -> tuple[int, ...]:
        """The subject's row ids."""
        return tuple(i.id for i in self.subject)

    @property
    def amount(self) -> Money:
        """What is open of the subject."""
        return amount_of(self.subject)
