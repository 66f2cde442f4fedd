"""The rows of campaigns, of a house's own rules, and of who is next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class CampaignRow(Base):
    """An effort to reach a group of debtors. `state`: draft, running, paused, finished."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="draft")
    made_at: Mapped[datetime]


class CampaignVersionRow(Base):
    """What a campaign's rules were from a moment on; an attempt names the version it was made under."""

    __tablename__ = "campaign_version"
    __table_args__ = (UniqueConstraint("campaign_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    n: Mapped[int]
    #: creditor (name or null), lines, calls_per_second, ring_seconds …
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    from_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))


class RulesVersionRow(Base):
    """A supervisor's choices from a moment on, laid over the shipped rules. Appended only: the past can be asked."""

    __tablename__ = "rules_version"
    __table_args__ = (UniqueConstraint("n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
    #: `schedules.rules_document`: bands and own defaults, never the law.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    from_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(200))


class CandidateRow(Base):
    """A debtor in a campaign. `next_eligible_at` may be too early, never too late; the pure rule decides.

    From `next_eligible_at` to `open_until` is one opening: who shares it is read in the order of rank.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("campaign_id", "debtor_id"),
        Index("ix_candidate_opening", "campaign_id", "next_eligible_at", "open_until", "rank", "id", "debtor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    next_eligible_at: Mapped[datetime]
    #: The opening is certainly over then, and somebody has to look for the next (`schedules.queue.NEVER`: not known).
    open_until: Mapped[datetime]
    #: `schedules.rank.standing_place`: the smaller comes first.
    rank: Mapped[int]
    stage: Mapped[int] = mapped_column(default=1)
    #: The last try, else when the debtor came into the campaign.
    waits_since: Mapped[datetime]


class ReachRow(Base):
    """How often people of a band were reached, by local weekday (0 Monday) and part of the day (0 morning)."""

    __tablename__ = "reach"

    band: Mapped[str] = mapped_column(String(32), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    successes: Mapped[int]
    tries: Mapped[int]


class TaskRow(Base):
    """What one of our people has to look at: about an invoice (`schedules.ladder_value`), or about an agreement
    (`plan_late`, `plan_paid`, `plan_request`, `plan_request_late`, `dispute_late`, `paid_claim`)."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("invoice_id", "kind"), UniqueConstraint("cause"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    #: The oldest invoice of what it is about; None: an agreement is it.
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    #: Of an agreement's task: what made it, so that the same cause never makes it twice.
    cause: Mapped[str | None] = mapped_column(String(160))
    #: An alarm: its day has passed.
    urgent: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    why: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class BeatRow(Base):
    """A beat that was done: unique per kind and period, so it is caught up once and never twice."""

    __tablename__ = "beat"
    __table_args__ = (UniqueConstraint("kind", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    period: Mapped[str] = mapped_column(String(32))
    done_at: Mapped[datetime]


class LeaseRow(Base):
    """Who holds a single post (the beat, one dialer per Asterisk), until when, with which fence."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int]
    until_at: Mapped[datetime]
