"""The dialer's books: everything its loop reads and writes, each as one short piece of database work."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialer import call_store
from dialer.briefing import names_of, spoken_language
from dialer.briefing_store import Asked, creditor_named, gather
from dialer.claim import Claimed, Prospect
from dialer.claim_store import Claimer, claim
from dialer.outcome import CarriersEnd
from dialer.outcome_store import GRACE, carrier_ended, settle
from dialer.station_store import detail_of, leave, note
from dialer.tables import AttemptRow, CallRow
from ivr import store as talk_store
from ledger.clock import CampaignClock, real_now
from ledger.contact import Channel
from ledger.database import Database
from ledger.run_store import clock_offset, run_state
from ledger.tables import ContactRow
from schedules.campaign import Campaign
from schedules.campaign_store import running
from schedules.permission import may_contact
from schedules.queue import Candidate
from schedules.queue_store import count_refusals, next_candidates, put_off
from schedules.standing import Contact, Standing
from schedules.standing_store import standing_of, standings_of
from schedules.verdict import ORDER, Allowed, Refused

#: States in which a call may still be at the carrier.
LIVE = ("claimed", "dialing", "ringing", "talking", "unknown")
#: Before an answer.
UNANSWERED = ("claimed", "dialing", "ringing")
#: A ringing call is taken back for what concerns the person, never because an hour has passed meanwhile.
_WITHDRAWS_BEFORE = ORDER["letter"]
#: A unit of work of claims holds the write lock no longer than this; more claims go into the next.
SLICE_SECONDS = 0.15
#: A prospect whose claim was refused at the last moment is looked at again after this.
NOT_NOW = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What holds now: may we dial, how many, how fast."""

    dialling: bool
    lines: int
    calls_per_second: float
    ring_seconds: float
    longest_seconds: float
    caller_id: str | None
    lag_ms: float


class DialBooks:
    """One dialer's view of the database. Every method is one or two short units of work."""

    def __init__(self, database: Database, clock: CampaignClock, who: Claimer, limits: Limits) -> None:
        self._database = database
        self._clock = clock
        self._who = who
        self._limits = limits
        self._watch = database.watch()
        self._ended: dict[str, float] = {}
        self._waiting = 0
        #: The campaign's time at which we last asked who is next.
        self._looked_at: datetime | None = None

    # -- looking -----------------------------------------------------------------------------------------------

    def changed(self) -> bool:
        """Has anybody committed since the last look?"""
        return self._watch.changed()

    def look(self, in_flight: int) -> Limits:
        """Say that we are here; learn the clock, the run's state, the campaigns' limits and the line's lag."""
        with self._database.unit_of_work() as session:
            self._clock.offset = timedelta(milliseconds=clock_offset(session))
            self._seen(session, in_flight)
            campaigns = running(session)
            line = detail_of(session, "line", real_now())
            dialling = bool(campaigns) and run_state(session) == "running" and line is not None
        ours = self._limits
        if not campaigns:
            return replace(ours, dialling=False)
        return replace(
            ours,
            dialling=dialling,
            lines=min(ours.lines, sum(c.rules.lines for c in campaigns)),
            calls_per_second=min(ours.calls_per_second, sum(c.rules.calls_per_second for c in campaigns)),
            ring_seconds=min(ours.ring_seconds, *(float(c.rules.ring_seconds) for c in campaigns)),
            lag_ms=float(line.get("lag_p99_ms", 0.0)) if line else 0.0,
        )

    def _seen(self, session: Session, in_flight: int) -> None:
        detail = {
            "in_flight": in_flight,
            "waiting": self._waiting,
            "looked_at": self._looked_at.isoformat() if self._looked_at else None,
        }
        note(session, self._who.owner, "dial", detail, real_now(), self._who.fence)

    def leave(self) -> None:
        """This dialer is gone."""
        leave(self._database, self._who.owner)
        self._watch.close()

    # -- who is next -------------------------------------------------------------------------------------------

    def next_up(self, most: int) -> list[Prospect]:
        """Who may be called now, in order; whoever may not is put off to the next opening, and counted."""
        now = self._clock()
        prospects: list[Prospect] = []
        refused: list[tuple[int, int, Refused]] = []
        more = 0
        with self._database.reading() as session:
            for campaign in running(session):
                candidates = next_candidates(session, campaign.id, now, most)
                more += len(candidates) == most  # somebody may stand behind the last that we looked at
                standings = standings_of(session, [c.debtor_id for c in candidates])
                for candidate in candidates:
                    standing = standings[candidate.debtor_id]
                    verdict = may_contact(standing, Channel.VOICE, now, rules=self._who.rules, campaign=campaign.rules)
                    if isinstance(verdict, Refused):
                        refused.append((campaign.id, candidate.id, verdict))
                        continue
                    prospect = self._prospect(session, campaign, candidate, verdict, now)
                    if prospect is not None:
                        prospects.append(prospect)
        self._waiting, self._looked_at = len(prospects) + more, now
        if refused:
            self._put_off(refused, now)
        return prospects

    def _prospect(
        self, session: Session, campaign: Campaign, candidate: Candidate, verdict: Allowed, now: datetime
    ) -> Prospect | None:
        creditor_id = creditor_named(session, campaign.rules.creditor)
        asked = Asked(
            call_id="",
            direction="out",
            debtor_id=candidate.debtor_id,
            e164=verdict.number,
            zone=verdict.zone,
            now=now,
            creditor_id=creditor_id,
        )
        facts = gather(session, asked)
        if facts is None or not facts.invoices:
            return None
        return Prospect(
            candidate_id=candidate.id,
            campaign_id=campaign.id,
            campaign_version_id=campaign.version_id,
            rules=campaign.rules,
            creditor_id=creditor_id,
            debtor_id=candidate.debtor_id,
            language=spoken_language(facts.language, facts.region.country),
            names=names_of(facts),
        )

    def _put_off(self, refused: Sequence[tuple[int, int, Refused]], now: datetime) -> None:
        openings = [(campaign, candidate, verdict, verdict.next_opening) for campaign, candidate, verdict in refused]
        with self._database.unit_of_work() as session:
            for campaign, candidate, verdict, opening in openings:
                put_off(session, candidate, opening)
                count_refusals(session, campaign, now, verdict.rule)

    # -- claiming and placing ----------------------------------------------------------------------------------

    def claim(self, prospects: Sequence[Prospect]) -> list[Claimed]:
        """Claim them, each surely or not at all; slices of the claims are committed together."""
        claimed: list[Claimed] = []
        waiting = list(prospects)
        while waiting:
            begun = time.monotonic()
            with self._database.unit_of_work() as session:
                while waiting and time.monotonic() - begun < SLICE_SECONDS:
                    prospect = waiting.pop(0)
                    one = claim(session, self._who, prospect, self._clock(), real_now())
                    if one is None:
                        put_off(session, prospect.candidate_id, self._clock() + NOT_NOW)
                    else:
                        claimed.append(one)
        return claimed

    def still_allowed(self, one: Claimed) -> bool:
        """Permission, asked again right before the order leaves: nothing of it may have changed since the claim."""
        now = self._clock()
        with self._database.reading() as session:
            if run_state(session) != "running":
                return False
            contact = _contact_of(session, one.attempt)
            standing = _without(standing_of(session, one.debtor_id), contact)
        verdict = may_contact(standing, Channel.VOICE, now, rules=self._who.rules, number=one.e164, campaign=one.rules)
        return isinstance(verdict, Allowed)

    def withdrawn(self, attempts: Sequence[str]) -> list[str]:
        """Those that ring and may not any more: paid, opted out, held, or everything was stopped meanwhile."""
        now = self._clock()
        found: list[str] = []
        with self._database.reading() as session:
            rows = session.scalars(
                select(AttemptRow).where(AttemptRow.uuid.in_(attempts), AttemptRow.state.in_(UNANSWERED))
            ).all()
            stopped = run_state(session) == "stopped"
            for row in rows:
                contact = session.get_one(ContactRow, row.contact_id)
                standing = _without(standing_of(session, row.debtor_id), contact)
                verdict = may_contact(standing, Channel.VOICE, now, rules=self._who.rules, number=row.e164)
                refused = isinstance(verdict, Refused) and ORDER[verdict.rule] < _WITHDRAWS_BEFORE
                if stopped or refused:
                    found.append(row.uuid)
        return found

    # -- what the carrier tells --------------------------------------------------------------------------------

    def ringing(self, attempt: str) -> None:
        """The other side rings."""
        with self._database.unit_of_work() as session:
            call_store.ringing(session, attempt)

    def picked_up(self, attempt: str) -> None:
        """Somebody answered: the ticket is good for ten seconds more."""
        with self._database.unit_of_work() as session:
            call_store.talking(session, attempt, self._clock())
            call_store.limit_ticket(session, attempt, real_now())

    def lost(self, attempt: str) -> None:
        """Nobody knows whether it rings: it counts as called, and the reconciler looks for it."""
        with self._database.unit_of_work() as session:
            for row, key in ((AttemptRow, AttemptRow.uuid), (CallRow, CallRow.uuid)):
                session.execute(update(row).where(key == attempt, row.state == "dialing").values(state="unknown"))

    def carrier_ended(self, attempt: str, end: CarriersEnd) -> bool:
        """Write the end; True when with it everything of the call is settled."""
        self._ended[attempt] = time.monotonic()
        with self._database.unit_of_work() as session:
            carrier_ended(session, attempt, end, self._clock())
            settled = settle(session, attempt, self._clock(), real_now())
            over = settled or _is_over(session, attempt)
        if over:
            self._ended.pop(attempt, None)
        return over

    def settle_all(self) -> list[str]:
        """Calls whose carrier's part has ended and whose talk has ended since, or will not end by itself."""
        if not self._ended:
            return []
        over: list[str] = []
        with self._database.unit_of_work() as session:
            for attempt, since in tuple(self._ended.items()):
                if time.monotonic() - since > GRACE.total_seconds():
                    talk_store.end(session, attempt, self._clock())
                if settle(session, attempt, self._clock(), real_now()) or _is_over(session, attempt):
                    over.append(attempt)
        for attempt in over:
            self._ended.pop(attempt, None)
        return over

    def live_attempts(self) -> list[str]:
        """Attempts that are not settled yet: ours, and those of a dialer before us."""
        with self._database.reading() as session:
            open_calls = select(CallRow.uuid).where(CallRow.state != "ended", CallRow.attempt_uuid.is_not(None))
            return list(session.scalars(open_calls))

    def unanswered(self, attempts: Sequence[str]) -> list[str]:
        """Those of them that nobody has answered yet."""
        with self._database.reading() as session:
            query = select(AttemptRow.uuid).where(AttemptRow.uuid.in_(attempts), AttemptRow.state.in_(UNANSWERED))
            return list(session.scalars(query))


def _is_over(session: Session, attempt: str) -> bool:
    return session.scalar(select(CallRow.state).where(CallRow.uuid == attempt)) in (None, "ended")


def _contact_of(session: Session, attempt: str) -> ContactRow:
    return session.scalars(
        select(ContactRow).join(AttemptRow, AttemptRow.contact_id == ContactRow.id).where(AttemptRow.uuid == attempt)
    ).one()


def _without(standing: Standing, contact: ContactRow) -> Standing:
    """The standing as if this very try had not been counted yet."""

    def other(one: Contact) -> bool:
        return (one.begun_at, one.address) != (contact.begun_at, contact.address)

    return replace(
        standing,
        contacts=tuple(c for c in standing.contacts if other(c)),
        shared=tuple(c for c in standing.shared if other(c)),
    )
