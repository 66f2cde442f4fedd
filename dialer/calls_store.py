"""Reads the calls that were made and received, each with its attempt and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.tables import AttemptRow, CallRow
from dialer.who_ended import WhoEnded, who_ended
from ivr.heard import HungUp
from ivr.tables import ConversationRow, TransferRow, TurnRow
from ledger.tables import DebtorRow
from schedules.tables import CampaignRow, CampaignVersionRow


@dataclass(frozen=True, kw_only=True)
class ListedCall:
    """One call, out or in."""

    call: str
    #: None: somebody rang us.
    attempt: str | None
    debtor: str | None
    direction: str
    #: E.164; shown masked. None: withheld.
    number: str | None
    placed_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    #: Q.850 cause of the hang-up; None: nobody told one.
    cause: int | None
    ended_by: WhoEnded | None
    dial_status: str | None
    disposition: str | None
    first_audio_ms: int | None
    next_step: str | None
    next_at: datetime | None
    #: Which of our people was put through and talked, the last of several; None: the machine alone.
    agent: str | None


def campaign_id(session: Session, name: str) -> int | None:
    """The row of a campaign's name, or None where there is none."""
    return session.scalar(select(CampaignRow.id).where(CampaignRow.name == name))


def any_calls(session: Session) -> bool:
    """Has anybody been called, or called us?"""
    return session.scalar(select(CallRow.uuid).limit(1)) is not None


def listed_calls(session: Session, campaign: int | None = None) -> list[ListedCall]:
    """Every call, or those of one campaign, in the order in which they were placed."""
    hung_up = select(TurnRow.n).where(
        TurnRow.conversation_id == ConversationRow.id, TurnRow.heard["is"].as_string() == HungUp.__name__
    )
    joined = (
        select(TransferRow.agent)
        .where(TransferRow.call_id == CallRow.uuid, TransferRow.joined_at.is_not(None))
        .order_by(TransferRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(CallRow, AttemptRow, DebtorRow.ref, ConversationRow.ended_at.is_not(None), hung_up.exists(), joined)
        .outerjoin(ConversationRow, ConversationRow.call_id == CallRow.uuid)
        .outerjoin(AttemptRow, CallRow.attempt_uuid == AttemptRow.uuid)
        .outerjoin(DebtorRow, CallRow.debtor_id == DebtorRow.id)
    )
    if campaign is not None:
        query = query.join(CampaignVersionRow, AttemptRow.campaign_version_id == CampaignVersionRow.id).where(
            CampaignVersionRow.campaign_id == campaign
        )
    return [
        _listed(call, attempt, ref, talk_over=talk_over, hung_up=hung_up, agent=agent)
        for call, attempt, ref, talk_over, hung_up, agent in session.execute(
            query.order_by(CallRow.begun_at, CallRow.uuid)
        )
    ]


def _listed(
    call: CallRow, attempt: AttemptRow | None, debtor: str | None, *, talk_over: bool, hung_up: bool, agent: str | None
) -> ListedCall:
    if attempt is None:
        return ListedCall(
            call=call.uuid,
            attempt=None,
            debtor=debtor,
            direction=call.direction,
            number=call.caller,
            placed_at=call.begun_at,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
            cause=None,
            ended_by=who_ended(None, answered=True, talk_over=talk_over, hung_up=hung_up),
            dial_status=None,
            disposition=call.disposition,
            first_audio_ms=call.first_audio_ms,
            next_step=None,
            next_at=None,
            agent=agent,
        )
    answered_at = attempt.answered_at or call.answered_at
    return ListedCall(
        call=call.uuid,
        attempt=attempt.uuid,
        debtor=debtor,
        direction=call.direction,
        number=attempt.e164,
        placed_at=attempt.dialed_at or attempt.claimed_at,
        answered_at=answered_at,
        ended_at=attempt.ended_at or call.ended_at,
        cause=attempt.hangup_cause or None,  # a 0 of older books: nobody told one
        ended_by=who_ended(attempt.end_note, answered=answered_at is not None, talk_over=talk_over, hung_up=hung_up),
        dial_status=attempt.dial_status,
        disposition=attempt.disposition or call.disposition,
        first_audio_ms=call.first_audio_ms,
        next_step=attempt.next_step,
        next_at=attempt.next_at,
        agent=agent,
    )
