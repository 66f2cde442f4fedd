"""The rows of reaching people: attempts, calls, entries into the line, and the stations that work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class AttemptRow(Base):
    """One try to ring somebody. Its uuid is ActionID, ChannelId and hook token. Committed as `dialing` before a byte
    leaves; `unknown` counts as called."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "state"), Index(None, "campaign_version_id", "claimed_at"))

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), unique=True)
    campaign_version_id: Mapped[int] = mapped_column(ForeignKey("campaign_version.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    e164: Mapped[str] = mapped_column(String(20))
    #: claimed → dialing → ringing → talking → ended | unknown
    state: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    claimed_at: Mapped[datetime]
    dialed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: Q.850 cause of the hang-up, as the carrier told it.
    hangup_cause: Mapped[int | None]
    dial_status: Mapped[str | None] = mapped_column(String(16))
    #: `by_us`, `line_lost` or `lost`, where the end needs a word.
    end_note: Mapped[str | None] = mapped_column(String(16))
    disposition: Mapped[str | None] = mapped_column(String(24))
    #: What comes next and when: `retry`, `callback`, `letter`, `person`, `none`.
    next_step: Mapped[str | None] = mapped_column(String(24))
    next_at: Mapped[datetime | None]


#: A call that was claimed and has no ticket yet: nobody can be connected with it.
NOT_BRIEFED: dict[str, Any] = {}


class CallRow(Base):
    """A call on the line, out or in. Its state moves only along `dialer.call.CALL_MOVES`; an end sticks."""

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("carrier", "carrier_ref"), Index(None, "state"))

    #: For a call out this is the attempt's uuid.
    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    attempt_uuid: Mapped[str | None] = mapped_column(ForeignKey("attempt.uuid"))
    carrier: Mapped[str] = mapped_column(String(16))
    #: The carrier's own name of the call (channel id).
    carrier_ref: Mapped[str] = mapped_column(String(64))
    #: `out` or `in`.
    direction: Mapped[str] = mapped_column(String(4))
    caller: Mapped[str | None] = mapped_column(String(20))
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    #: dialing, ringing, talking, ended
    state: Mapped[str] = mapped_column(String(16))
    #: The frozen `ivr.briefing.Briefing`, gathered right before the number is dialled; until then `NOT_BRIEFED`.
    briefing: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    disposition: Mapped[str | None] = mapped_column(String(24))
    #: Milliseconds from the carrier's answer (the line's opening) to our first audible sample.
    first_audio_ms: Mapped[int | None]


class EntryRow(Base):
    """A ticket into the line: one AudioSocket UUID, bound to one call, good once, for a short time (real time)."""

    __tablename__ = "entry"

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    call_uuid: Mapped[str] = mapped_column(ForeignKey("call.uuid"), index=True)
    issued_at: Mapped[datetime]
    #: Until 10 s after the answer; before an answer is known, until ring time + 10 s.
    valid_until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    #: How somebody comes in by it: `first`; or back to us from an agent who is done (`done`), or was lost (`lost`).
    way: Mapped[str] = mapped_column(String(8), default="first", server_default="first")


class CarrierEventRow(Base):
    """What a carrier told us, once: deduped before it has an effect."""

    __tablename__ = "carrier_event"
    __table_args__ = (UniqueConstraint("carrier", "ref", "event_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    carrier: Mapped[str] = mapped_column(String(16))
    ref: Mapped[str] = mapped_column(String(64))
    event_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AgentRow(Base):
    """One of our people who talk with debtors: what is wanted of them, and where their line stands. Moved only along
    `dialer.agent.AGENT_MOVES`, by a conditional update; the lines of a dead dialer are taken over as they are found."""

    __tablename__ = "agent"
    __table_args__ = (Index(None, "call_uuid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    phone: Mapped[str] = mapped_column(String(20))
    #: nl, fr, de, en.
    languages: Mapped[list[str]] = mapped_column(JSON)
    #: on, pause, off
    wanted: Mapped[str] = mapped_column(String(8), default="off")
    state: Mapped[str] = mapped_column(String(12), default="off")
    #: The channel of the held line.
    leg: Mapped[str | None] = mapped_column(String(64))
    #: The call that they are kept for, or talk on.
    call_uuid: Mapped[str | None] = mapped_column(String(36))
    #: Real time.
    since: Mapped[datetime]
    #: The dialer that holds the line.
    owner: Mapped[str | None] = mapped_column(String(64))
    wrap_up_seconds: Mapped[int] = mapped_column(default=20)


class StationRow(Base):
    """A process at work: its role, fence, heartbeat (real time) and what it wants others to see."""

    __tablename__ = "station"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    fence: Mapped[int]
    pid: Mapped[int]
    seen_at: Mapped[datetime]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
