"""A call without telephone and database: what was heard so far, what we answered last; each turn makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ivr.act import Act, Ask
from ivr.briefing import Briefing
from ivr.heard import Heard, Noise, Words
from ivr.intent import understand
from ivr.outcome import disposition_of
from ivr.record import Record
from ivr.state import State, fresh
from ivr.turn import take_turn
from ledger.contact import Disposition


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a rehearsed call stands."""

    briefing: Briefing
    state: State
    #: What would have been committed, in order.
    records: tuple[Record, ...] = ()
    #: What we did at the last turn.
    acts: tuple[Act, ...] = ()

    def hears(self, heard: Heard) -> Stage:
        """The next turn."""
        turn = take_turn(self.briefing, self.state, heard)
        return replace(self, state=turn.state, records=self.records + turn.records, acts=turn.acts)

    def understands(self, sentence: str, language: str | None = None) -> Heard | None:
        """What the open question hears in a sentence, as on the line; None: no words are heard now.

        `language`: in which it is said, where that is not the language of the call.
        """
        if self.open is None or self.open.wants is None:
            return None
        found = understand(sentence, language or self.language, self.open.wants, self.briefing.today)
        return Noise() if found is None else Words(found.intent, found.slots)

    @property
    def language(self) -> str:
        """The language of the call by now."""
        return self.state.language or self.briefing.language

    @property
    def open(self) -> Ask | None:
        """The open question; None before the first word and after the last."""
        return next((act for act in reversed(self.acts) if isinstance(act, Ask)), None)

    @property
    def over(self) -> bool:
        """Nothing more will be said."""
        return self.state.over

    @property
    def disposition(self) -> Disposition:
        """How the call ended, if it ends here."""
        return disposition_of(self.state)


def empty_stage(briefing: Briefing) -> Stage:
    """Before anybody picks up."""
    return Stage(briefing=briefing, state=fresh(briefing))
