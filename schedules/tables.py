"""The rows of campaigns, of a house's own rules, and of who is next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
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
    """A debtor in a campaign. `next_eligible_at` may be too early, never too late; the pure rule decides."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("campaign_id", "debtor_id"),
        Index(None, "campaign_id", "next_eligible_at", "rank"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    next_eligible_at: Mapped[datetime]
    rank: Mapped[int] = mapped_column(default=100)
    stage: Mapped[int] = mapped_column(default=1)


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
