"""The floor's books: agents, who waits for them, and what the switchboard tells of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer import agent_store, handover_store
from dialer.agent import Agent, AgentEvent, AgentState, Waiting, put_right
from dialer.agent_word import AgentWord
from dialer.handover_store import PutThrough
from dialer.outcome_store import settle_all
from dialer.roster_store import in_a_debtors_hands
from dialer.station_store import names_of
from dialer.switchboard import Stand
from dialer.tables import NOT_BRIEFED, CallRow
from dialer.whisper import Told
from ivr import transfer_store
from ivr.codec import briefing_from_json
from ledger.among import among
from ledger.clock import Clock, real_now
from ledger.database import Database
from schedules.rules_store import RulesBook

#: What a line does, as the state of its agent.
_STATES = {Stand.FLOOR: AgentState.READY, Stand.JOINED: AgentState.TALKING, Stand.SIGNING_ON: AgentState.RINGING}


def _telephones_of_their_own(session: Session, agents: Sequence[Agent]) -> tuple[Agent, ...]:
    """Those whose telephone has not become a debtor's since they signed on: such a one is never rung as an agent's."""
    free = [one for one in agents if one.leg is None]
    theirs = set(in_a_debtors_hands(session)) if free else set()
    return tuple(one for one in free if one.name not in theirs)


@dataclass(frozen=True, kw_only=True)
class FloorLook:
    """How it stands: agents whose lines are ours, those to be rung, those who wait."""

    agents: tuple[Agent, ...]
    to_ring: tuple[Agent, ...]
    waiting: tuple[Waiting, ...]
    now: datetime


class FloorBooks:
    """One dialer's view of its agents. Every method is one short unit of work."""

    def __init__(self, database: Database, clock: Clock, rules: RulesBook, owner: str, longest: timedelta) -> None:
        """`longest`: how long somebody may talk with an agent."""
        self._database = database
        self._clock = clock
        self._rules = rules
        self._owner = owner
        self._longest = longest
        self._watch = database.watch()

    def changed(self) -> bool:
        """Has anybody committed since the last look?"""
        return self._watch.changed()

    def close(self) -> None:
        """Look no more."""
        self._watch.close()

    def look(self) -> FloorLook:
        """What there is to do."""
        with self._database.reading() as session:
            if not agent_store.any_agent(session):
                return FloorLook(agents=(), to_ring=(), waiting=(), now=real_now())
            living = names_of(session, "dial", real_now())
            waits = transfer_store.waiting(session)
            return FloorLook(
                agents=tuple(agent_store.agents_of(session, self._owner)),
                to_ring=_telephones_of_their_own(session, agent_store.to_ring(session, living)),
                waiting=tuple(Waiting(call=w.call, language=w.language, why=w.why, since=w.asked_at) for w in waits),
                now=real_now(),
            )

    def rung(self, agent: Agent, leg: str) -> bool:
        """We ring them. False: another dialer does, or it is not wanted any more."""
        with self._database.unit_of_work() as session:
            return agent_store.rung(session, agent, self._owner, leg, real_now())

    def move(self, leg: str, event: AgentEvent) -> None:
        """Something happened to the agent of this line that concerns no caller any more."""
        with self._database.unit_of_work() as session:
            agent_store.move(session, leg, event, real_now(), agent_store.NOBODY)

    def free_kept_in_vain(self) -> None:
        """Who is kept for a call that is over is free again."""
        with self._database.reading() as session:
            kept = agent_store.kept_in_vain(session, self._owner)
        if kept:
            with self._database.unit_of_work() as session:
                for one in agent_store.kept_in_vain(session, self._owner):
                    assert one.leg is not None  # noqa: S101 - who is kept has a line
                    agent_store.freed(session, one.leg, real_now())

    def said(self, leg: str, word: AgentWord) -> None:
        """Whom they had on the line, which counts until their wrap-up is over; a key at another time says nothing."""
        with self._database.unit_of_work() as session:
            call = agent_store.written_up_by(session, leg)
            if call is not None:
                transfer_store.said(session, call, word.value)

    def settle_served(self) -> None:
        """Calls that were with an agent are written up once no agent has a word to say of them any more."""
        with self._database.reading() as session:
            over = handover_store.served(session)
        if over:
            with self._database.unit_of_work() as session:
                settle_all(session, over, self._clock(), real_now(), rules=self._rules.now(session))

    def take(self, waiting: Waiting, agent: Agent) -> PutThrough | None:
        """Keep both for each other; None: one of them has somebody else by now."""
        with self._database.unit_of_work() as session:
            return handover_store.take(session, waiting, agent, self._longest, real_now())

    def not_joined(self, one: PutThrough) -> None:
        """It could not be done."""
        with self._database.unit_of_work() as session:
            handover_store.not_joined(session, one.leg, one.call, real_now())

    def joined(self, leg: str) -> None:
        """They hear each other."""
        with self._database.unit_of_work() as session:
            agent_store.move(session, leg, AgentEvent.JOINED, real_now())
            call = agent_store.call_of(session, leg)
            if call is not None:
                transfer_store.joined(session, call, self._clock())

    def talk_over(self, leg: str) -> None:
        """The agent's line is back: from a talk, or from one that never began; then the caller waits again, if he is
        still there (`with_agents` and `caller_gone` say so first)."""
        with self._database.unit_of_work() as session:
            if not agent_store.move(session, leg, AgentEvent.TALK_ENDED, real_now()):
                call = agent_store.call_of(session, leg)
                if call is None:
                    agent_store.freed(session, leg, real_now())
                else:
                    handover_store.not_joined(session, leg, call, real_now())

    def channel_of(self, leg: str) -> str | None:
        """The carrier's name of the call to which this agent was about to be put through; None: they talk, or are
        kept for nobody."""
        with self._database.reading() as session:
            coming = agent_store.coming_to(session, leg)
            channel = select(CallRow.carrier_ref).where(CallRow.uuid == coming, CallRow.ended_at.is_(None))
            return session.scalar(channel) if coming is not None else None

    def leg_gone(self, leg: str) -> None:
        """An agent's line has ended: whoever was about to be put through waits on, whoever talks comes back."""
        with self._database.unit_of_work() as session:
            call = agent_store.call_of(session, leg)
            agent_store.line_gone(session, leg, real_now())
            if call is not None:
                transfer_store.let_go(session, call)

    def caller_gone(self, channel: str) -> None:
        """A caller hung up while with an agent. Of a call in no carrier tells the end: it is settled here."""
        with self._database.unit_of_work() as session:
            theirs = select(CallRow.uuid).where(CallRow.carrier_ref == channel).order_by(CallRow.uuid)
            calls = list(session.scalars(theirs.with_for_update()))
            left = handover_store.gone(session, calls, self._clock())
            if left:
                settle_all(session, left, self._clock(), real_now(), rules=self._rules.now(session))

    def reconcile(self, held: Mapping[str, Stand], settled: timedelta = timedelta()) -> list[str]:
        """What the switchboard holds is the truth: lines that it does not hold are gone, others stand as it says; those
        of a dialer that is no more are ours. Gives the lines that are nobody's.

        `settled`: of an agent who was moved since, perhaps after it was asked, it says nothing.
        """
        now = real_now()
        with self._database.unit_of_work() as session:
            living = names_of(session, "dial", now)
            for one in agent_store.left_behind(session, living):
                stands = held.get(one.leg or "")
                agent_store.adopted(session, one, self._owner, _STATES[stands] if stands else one.state, now)
                if one.call is not None and stands is not Stand.JOINED:
                    transfer_store.let_go(session, one.call)  # whoever was to be put through waits on
            for one in agent_store.agents_of(session, self._owner):
                if now - one.since >= settled:
                    self._put_right(session, one, held.get(one.leg or ""), now)
            return sorted(held.keys() - {one.leg for one in agent_store.all_with_lines(session)})

    def _put_right(self, session: Session, one: Agent, line: Stand | None, now: datetime) -> None:
        assert one.leg is not None  # noqa: S101 - only a line has an owner
        taken = one.call is not None and transfer_store.standing_of(session, one.call) == transfer_store.TAKEN
        match put_right(one, line, taken=taken):
            case AgentEvent.LINE_GONE:
                agent_store.line_gone(session, one.leg, now)
                if one.call is not None:
                    transfer_store.let_go(session, one.call)
            case AgentEvent.FREED if one.call is not None:
                handover_store.not_joined(session, one.leg, one.call, now)
            case AgentEvent.JOINED if one.call is not None:
                agent_store.move(session, one.leg, AgentEvent.JOINED, now)
                transfer_store.joined(session, one.call, self._clock())
            case AgentEvent() as event:
                agent_store.move(session, one.leg, event, now)

    def with_agents(self) -> list[str]:
        """The carrier's names of the calls that are with an agent, or on the way there."""
        with self._database.reading() as session:
            away = transfer_store.away(session)
            calls = select(CallRow.carrier_ref).where(among(CallRow.uuid, away), CallRow.ended_at.is_(None))
            return list(session.scalars(calls)) if away else []

    def told(self, call: str) -> Told | None:
        """What an agent hears of a caller; None: the call is not briefed yet, or is no more."""
        with self._database.reading() as session:
            briefing = session.scalar(select(CallRow.briefing).where(CallRow.uuid == call, CallRow.ended_at.is_(None)))
        if briefing is None or briefing == NOT_BRIEFED:
            return None
        known = briefing_from_json(briefing)
        return Told(name=known.full_name, language=known.language)

    def sign_off_all(self) -> None:
        """This dialer ends: its agents' lines end with it."""
        with self._database.unit_of_work() as session:
            for one in agent_store.agents_of(session, self._owner):
                assert one.leg is not None  # noqa: S101 - only a line has an owner
                agent_store.line_gone(session, one.leg, real_now())
        self.settle_served()
