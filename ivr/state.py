"""Where a conversation stands between two turns: a frozen value that JSON can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ivr.briefing import Briefing
from ledger.money import Money
from voices.prompt import Spoken

#: Before the first word, and after the last.
START = "start"
GONE = "gone"


class Proof(StrEnum):
    """How sure we are, on this very call, with whom we speak."""

    NONE = "none"
    #: Somebody said "yes, that is me".
    CLAIMED = "claimed"
    #: Two factors were right.
    PROVED = "proved"


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything that a conversation remembers. Never digits of identity: only whether they were right."""

    #: The open question, by its name in the script.
    place: str = START
    #: Where a side trip (a person, later, stop, something else) set out from.
    back: str = START
    proof: Proof = Proof.NONE
    #: `normal`, `slow`, or `slow_at_trouble` (`ivr.briefing.Briefing.listening`).
    pace: str = "normal"
    #: Turns taken; the conversation ends politely at its cap.
    turns: int = 0
    #: A key or a word was understood at least once: no machine is at the other end.
    touched: bool = False
    #: Words are heard on this call, beside keys.
    speech: bool = False
    #: Another language than the briefing's, if the caller asked for one.
    language: str | None = None
    #: What the caller said to want before we knew who speaks: after proof we go there.
    wish: str = ""
    wish_slots: tuple[tuple[str, str], ...] = ()
    #: What was said of a dispute or a payment (its kind, or when) before we asked which invoice.
    told: str = ""
    #: Questions in a row that got no answer, at this place.
    misses: int = 0
    #: How often `*` was pressed at this place.
    again: int = 0
    #: How often each place was entered: a second time it says more.
    said: tuple[tuple[str, int], ...] = ()
    #: Dates or amounts that could not be.
    slips: int = 0
    #: How often nothing could be committed.
    unrecorded: int = 0

    #: Factors answered in this try, and whether each was right.
    given: tuple[tuple[str, bool], ...] = ()
    #: Factors that the caller has not at hand.
    refused: tuple[str, ...] = ()
    #: Wrong pairs on this call.
    tries: int = 0

    #: What is open by now of the briefing's invoices, (row id, minor units); None: as the briefing says.
    balances: tuple[tuple[int, int], ...] | None = None
    #: The invoice that a walk through the invoices asks about.
    invoice: int = 0
    #: What the walk is for: `dispute` or `paid`.
    purpose: str = ""
    #: Invoices (ids) that the talk is about now; empty: all that remain.
    chosen: tuple[int, ...] = ()
    #: Invoices (ids) that something was agreed or said about on this call.
    settled: tuple[int, ...] = ()
    #: Who looks into the dispute that was just raised.
    department: str = ""
    #: The promise that waits for its yes.
    promise_on: date | None = None
    #: How much of it, where only a part is promised; None: all.
    part: Money | None = None
    #: The new day of an instalment that waits for its yes.
    move_to: date | None = None
    #: Which plan of the briefing is offered, and on which day of the month, if another was asked for.
    plan: int = 0
    plan_day: int | None = None
    #: The person's own figure a month.
    monthly: Money | None = None
    #: Which opening was chosen.
    opening: int = 0
    #: The opt-out of this call was undone; it can be undone only once.
    undone: bool = False

    #: What was agreed, as sentences for the summary.
    agreements: tuple[Spoken, ...] = ()
    #: Names of the records made, in order, and marks of what happened (`voicemail`, `nothing_open` …).
    facts: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Words of the debt may be spoken."""
        return self.proof is Proof.PROVED

    @property
    def over(self) -> bool:
        """Nothing more will be said."""
        return self.place == GONE

    def times(self, place: str) -> int:
        """How often a place was entered."""
        return dict(self.said).get(place, 0)


def fresh(briefing: Briefing) -> State:
    """The state before the first word."""
    return State(pace=briefing.listening)
