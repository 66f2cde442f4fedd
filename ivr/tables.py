"""The rows of a conversation. Digits of identity, a caller's words and audio are never stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ledger.database import Base


class ConversationRow(Base):
    """The live state of one call's conversation; moved by `… WHERE turn_no = :seen` only."""

    __tablename__ = "conversation"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(String(36), unique=True)
    debtor_id: Mapped[int | None] = mapped_column(ForeignKey("debtor.id"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    script_version: Mapped[str] = mapped_column(String(32))
    turn_no: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class TurnRow(Base):
    """One exchange: what kind of thing we heard and what we answered (prompts by key and version)."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("conversation_id", "input_key"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    input_key: Mapped[str] = mapped_column(String(64))
    heard: Mapped[dict[str, Any]] = mapped_column(JSON)
    acts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    at: Mapped[datetime]


class IdentityTryRow(Base):
    """A failed proof of identity, counted per person and day across calls and numbers; never the digits."""

    __tablename__ = "identity_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    debtor_id: Mapped[int] = mapped_column(ForeignKey("debtor.id"), index=True)
    call_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]


class TransferRow(Base):
    """Somebody on the line who waits for one of our people, and what became of it: waiting → taken → joined → over, or
    waiting → over. At most one of a call is not over. Moved by conditional updates only."""

    __tablename__ = "transfer"
    __table_args__ = (UniqueConstraint("call_id", "turn"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(String(36))
    #: The turn that asked for it.
    turn: Mapped[int]
    #: `person`, `crisis`, or `first`: an agent is kept for this call from its beginning.
    why: Mapped[str] = mapped_column(String(12))
    #: nl, fr, de, en.
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(8))
    #: Who took it.
    agent: Mapped[str | None] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: How it ended: `done`, `lost` (the agent's line broke), `gone` (the caller hung up), `none` (nobody took it).
    result: Mapped[str | None] = mapped_column(String(8))
    #: Whom the agent had on the line, as they say it: `dialer.agent_word.AgentWord`.
    said: Mapped[str | None] = mapped_column(String(12))
