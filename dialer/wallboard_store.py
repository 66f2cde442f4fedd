"""Reads what a wallboard shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from dialer.agent import Waiting
from dialer.roster_store import agents
from dialer.tables import NOT_BRIEFED, CallRow
from dialer.wallboard import Post, Talk, Waiter, Wallboard, next_first, recorded, whom
from ivr import transfer_store
from ivr.codec import briefing_from_json
from ivr.tables import ConversationRow, TransferRow
from ledger.among import among
from ledger.money import Money
from ledger.tables import AgreementRow, DebtorRow


def wallboard(session: Session) -> Wallboard:
    """The floor as it is now."""
    people = agents(session)
    calls = _calls(session, [one.call for one in people if one.call is not None])
    made = _recorded(session, calls)
    said = transfer_store.words_of(session, calls)
    posts = tuple(
        Post(agent=one, talk=None if one.call is None else _talk(one.call, calls, made, said)) for one in people
    )
    return Wallboard(posts=posts, waiting=next_first(_waiting(session)))


@dataclass(frozen=True)
class _Call:
    debtor_id: int | None
    debtor: str | None
    briefing: dict[str, Any]
    proved: bool


def _calls(session: Session, uuids: list[str]) -> dict[str, _Call]:
    proved = ConversationRow.verified_at.is_not(None)
    query = (
        select(CallRow.uuid, CallRow.debtor_id, DebtorRow.ref, CallRow.briefing, proved)
        .outerjoin(DebtorRow, DebtorRow.id == CallRow.debtor_id)
        .outerjoin(ConversationRow, ConversationRow.call_id == CallRow.uuid)
        .where(among(CallRow.uuid, uuids))
    )
    return {uuid: _Call(*rest) for uuid, *rest in session.execute(query)}


def _talk(call: str, calls: Mapping[str, _Call], made: Mapping[str, list[str]], said: Mapping[str, str | None]) -> Talk:
    found = calls.get(call)
    briefed = found is not None and found.briefing != NOT_BRIEFED
    return Talk(
        call=call,
        whom=whom(briefing_from_json(found.briefing), found.debtor) if found is not None and briefed else None,
        recorded=tuple(made.get(call, ())),
        proved=found is not None and found.proved,
        said=said.get(call),
    )


def _recorded(session: Session, calls: Mapping[str, _Call]) -> dict[str, list[str]]:
    """By call. Looked for among the persons' own agreements, which an index finds."""
    if not calls:
        return {}
    debtors = {one.debtor_id for one in calls.values()}
    theirs: ColumnElement[bool] = among(AgreementRow.debtor_id, debtors - {None})
    if None in debtors:
        theirs = or_(theirs, AgreementRow.debtor_id.is_(None))
    of_calls = or_(*(AgreementRow.source_key.startswith(f"{call}:", autoescape=True) for call in calls))
    found: dict[str, list[str]] = {}
    for row in session.scalars(select(AgreementRow).where(theirs, of_calls).order_by(AgreementRow.id)):
        amount = None if row.amount_minor is None else Money(row.amount_minor, row.currency or "EUR")
        call = row.source_key.partition(":")[0]
        found.setdefault(call, []).append(recorded(row.kind, row.state, amount, row.due_on, row.from_at))
    return found


def _waiting(session: Session) -> list[Waiter]:
    query = (
        select(TransferRow, CallRow.briefing)
        .outerjoin(CallRow, CallRow.uuid == TransferRow.call_id)
        .where(TransferRow.state == "waiting")
    )
    return [
        Waiter(
            waiting=Waiting(call=row.call_id, language=row.language, why=row.why, since=row.asked_at),
            name=(briefing or NOT_BRIEFED).get("full_name", ""),
        )
        for row, briefing in session.execute(query)
    ]
