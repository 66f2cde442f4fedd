"""The shell of a conversation: state, records and messages are committed in one unit of work, and only then
do the acts leave. What could not be committed is never confirmed: the old state hears `CouldNotRecord` instead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ivr import store
from ivr.act import Act, HangUp
from ivr.briefing import Briefing
from ivr.codec import heard_to_json
from ivr.errors import UnknownConversation
from ivr.heard import CouldNotRecord, Heard, HungUp, MachineAnswered, PaymentSeen, TimeUp, Words
from ivr.outcome import disposition_of, right_party, talked
from ivr.payment import as_of, no_news
from ivr.script import SCRIPT, choices_of
from ivr.state import State, fresh
from ivr.turn import Turn, take_turn
from ledger.clock import Clock
from ledger.contact import Disposition
from ledger.database import Database

log = logging.getLogger(__name__)

#: So often a turn is taken anew when another process was first.
_RACES_AT_MOST = 5


@dataclass(frozen=True)
class Ending:
    """How a conversation ended, for the attempt and the contact."""

    disposition: Disposition
    #: Somebody answered us with a key.
    talked: bool
    #: It was the debtor, proved.
    right_party: bool


@dataclass(frozen=True)
class _Unsaved:
    """What could not even be stored as "could not record"."""

    turn_no: int
    state: State
    input_key: str
    acts: tuple[Act, ...]


class Conversations:
    """All conversations of this process. Used from worker threads: each call's steps come one after another."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        briefing_of: Callable[[str], Briefing],
        alarm_to: str | None = None,
    ) -> None:
        """`alarm_to`: the e-mail address at which our own people hear of a crisis at once; None: there is none."""
        self._database = database
        self._clock = clock
        self._briefing_of = briefing_of
        self._alarm_to = alarm_to
        self._briefings: dict[str, Briefing] = {}
        #: The last state known per live call, so that a dead database still gets a polite answer.
        self._last: dict[str, store.Seen] = {}
        #: The input keys of calls all of whose turns were taken here: where these stand is known without asking.
        self._taken: dict[str, set[str]] = {}
        self._unsaved: dict[str, _Unsaved] = {}

    def begin(self, briefing: Briefing) -> None:
        """Insert the conversation's row, once. Raises `DatabaseUnusable`."""
        self._briefings[briefing.call_id] = briefing
        with self._database.unit_of_work() as session:
            self._remember(briefing.call_id, store.begin(session, briefing, fresh(briefing), self._clock()))

    def open(
        self, before: Callable[[Any], Briefing | None], input_key: str, heard_by: Callable[[Briefing], Heard]
    ) -> tuple[str, tuple[Act, ...]] | None:
        """Begin a conversation and take its first turn, in one unit of work; gives the call and the first acts.

        `before` runs first in that unit and gives the briefing; None: nothing is begun. `heard_by` gives what is
        heard first. Raises `DatabaseUnusable`.
        """
        with self._database.unit_of_work() as session:
            briefing = before(session)
            if briefing is None:
                return None
            call_id = briefing.call_id
            heard = heard_by(briefing)
            seen = store.begin(session, briefing, fresh(briefing), self._clock(), input_key)
            turn = take_turn(briefing, seen.state, heard)
            first = seen.turn_no == 0 and self._store(session, seen, turn, briefing, input_key, heard)
        self._briefings[call_id] = briefing
        if not first:  # begun before: it goes on where it stood
            return call_id, self.step(call_id, input_key, heard)
        self._last[call_id] = replace(seen, state=turn.state, turn_no=1)
        self._taken[call_id] = {input_key}
        return call_id, turn.acts

    def step(self, call_id: str, input_key: str, heard: Heard) -> tuple[Act, ...]:
        """Answer what was heard: the acts to do now, all that they confirm being committed.

        The same `input_key` (at most 64 characters, unique within the call) gives the same acts and changes nothing.
        Raises `UnknownConversation` for a call that was never begun. Once begun, a database that fails never
        raises here: the caller hears that it could not be noted.
        """
        for _ in range(_RACES_AT_MOST):
            seen = self._known(call_id, input_key) or self._look(call_id, input_key)
            if seen.acts is not None:
                return seen.acts
            if seen.ended:
                return (HangUp("ended"),)
            unsaved = self._unsaved.get(call_id)
            if unsaved is not None and unsaved.turn_no == seen.turn_no:
                if unsaved.input_key == input_key:
                    return unsaved.acts
                seen = replace(seen, state=unsaved.state)
            turn = take_turn(self._briefing(call_id), seen.state, heard)
            try:
                if self._keep(call_id, seen, turn, input_key, heard):
                    return turn.acts
                self._taken.pop(call_id, None)
            except Exception:
                self._taken.pop(call_id, None)
                # Whatever broke: this turn may not be confirmed, unless it turns out to be committed after all.
                log.exception("call %s: turn %d could not be recorded", call_id, seen.turn_no + 1)
                return self._sorry(call_id, seen, input_key, heard)
        log.error("call %s: others were first, %d times", call_id, _RACES_AT_MOST)
        return self._sorry(call_id, seen, input_key, heard)

    def end(self, call_id: str) -> Disposition:
        """Close the conversation and say how it ended; again gives the same. `ABANDONED`: we never spoke.

        A caller who vanishes keeps what was committed. Raises `DatabaseUnusable`.
        """
        return self.ending(call_id).disposition

    def ending(self, call_id: str, also: Callable[[Any], None] = lambda session: None) -> Ending:
        """Like `end`, with what the contact's row must know. `also` runs in the same unit of work, at its end."""
        with self._database.unit_of_work() as session:
            state = store.end(session, call_id, self._clock())
            also(session)
        self.let_go(call_id)
        if state is None:
            return Ending(Disposition.ABANDONED, talked=False, right_party=False)
        return Ending(disposition_of(state), talked=talked(state), right_party=right_party(state))

    def let_go(self, call_id: str) -> None:
        """Remember nothing of this call: it is over, or goes on elsewhere. Its rows stand."""
        for kept in (self._briefings, self._last, self._unsaved, self._taken):
            kept.pop(call_id, None)

    def standing(self, call_id: str) -> tuple[Briefing, State] | None:
        """What a live conversation may speak of by now, and where it stands; None: nobody talks."""
        briefing, last = self._briefings.get(call_id), self._last.get(call_id)
        if briefing is None or last is None or last.state.over:
            return None
        return as_of(briefing, last.state), last.state

    def _known(self, call_id: str, input_key: str) -> store.Seen | None:
        """Where it stands, for a new input of a call that only we have moved; had another process, `_keep` notices."""
        taken = self._taken.get(call_id)
        return self._last.get(call_id) if taken is not None and input_key not in taken else None

    def _briefing(self, call_id: str) -> Briefing:
        if call_id not in self._briefings:
            self._briefings[call_id] = self._briefing_of(call_id)
        return self._briefings[call_id]

    def _look(self, call_id: str, input_key: str) -> store.Seen:
        """Where the conversation stands; while the database can't be read, where it last stood for us."""
        try:
            with self._database.reading() as session:
                seen = store.look(session, call_id, input_key)
        except Exception:
            if call_id not in self._last:
                raise
            log.exception("call %s: the conversation could not be read", call_id)
            return self._last[call_id]
        if seen is None:
            raise UnknownConversation(f"no conversation was begun for call {call_id}; begin it before the first step")
        self._remember(call_id, seen)
        return seen

    def _remember(self, call_id: str, seen: store.Seen) -> None:
        self._last[call_id] = replace(seen, acts=None)

    def _keep(self, call_id: str, seen: store.Seen, turn: Turn, input_key: str, heard: Heard) -> bool:
        with self._database.unit_of_work() as session:
            kept = self._store(session, seen, turn, self._briefing(call_id), input_key, heard)
        if kept:
            self._unsaved.pop(call_id, None)
            self._remember(call_id, replace(seen, state=turn.state, turn_no=seen.turn_no + 1))
            self._taken.get(call_id, set()).add(input_key)
        return kept

    def _store(
        self, session: Any, seen: store.Seen, turn: Turn, briefing: Briefing, input_key: str, heard: Heard
    ) -> bool:
        place = SCRIPT[seen.state.place]
        stored = heard_to_json(heard, place.secret, "" if place.digits else choices_of(place))
        return store.keep(session, seen, turn, briefing, input_key, stored, self._clock(), alarm_to=self._alarm_to)

    def _sorry(self, call_id: str, seen: store.Seen, input_key: str, heard: Heard) -> tuple[Act, ...]:
        """The turn was not committed: the old state hears so. Its acts confirm nothing, stored or not."""
        briefing = self._briefing(call_id)
        lost = CouldNotRecord(crisis=isinstance(heard, Words) and heard.intent == "crisis")
        if lost.crisis:
            # the alarm stands in no book: whoever watches the log of the house is the only one who can call
            log.error("call %s: somebody is in crisis, and it could not be recorded; call them now", call_id)
        if isinstance(heard, HungUp | TimeUp):
            return take_turn(briefing, seen.state, heard).acts
        if isinstance(heard, MachineAnswered):
            return (HangUp("not recorded"),)
        if isinstance(heard, PaymentSeen):  # nothing of it is told; it will be seen again
            return take_turn(briefing, seen.state, no_news(as_of(briefing, seen.state))).acts
        turn = take_turn(briefing, seen.state, lost)
        try:
            if self._keep(call_id, seen, turn, input_key, lost):
                return turn.acts
            # Somebody was first: perhaps our own commit, whose answer was lost.
            now = self._look(call_id, input_key)
            if now.acts is not None:
                return now.acts
        except Exception:
            log.exception("call %s: not even the failure could be recorded", call_id)
        self._unsaved[call_id] = _Unsaved(seen.turn_no, turn.state, input_key, turn.acts)
        return turn.acts
