"""What one of our people ends by hand: an agreement, a hold; then whom it stopped is looked at anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.asked_contact_store import AskedContact, write_contact
from dialer.known_store import zone_of
from ledger.agreement_end_store import end_agreement, end_with_holds_kept
from ledger.contact import Channel, Disposition
from ledger.database import utc_date
from ledger.deed import Deed
from ledger.ending import Asked, Decided, Standing, decided
from ledger.errors import BadAnswer
from ledger.hold_lift_store import Lifted, lift_hold, own_holds
from ledger.instalment_store import locked_agreement
from ledger.lifting import Said
from ledger.plan import late_parts
from ledger.running_plan_store import plan_books
from ledger.tables import AgreementRow, AuditRow, DebtorRow, PhoneRow
from schedules.permission import may_contact
from schedules.queue_store import bring_forward
from schedules.rules import Rules
from schedules.standing import Standing as PersonStanding
from schedules.standing_store import standings_of
from schedules.verdict import Verdict

#: Whose clock a day is counted by where nobody knows where the person is.
_NOWHERE = "UTC"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What became of an agreement."""

    id: int
    kind: str
    #: `open`: only the try was noted.
    state: str
    #: A talk was noted: the rest after it begins.
    talked: bool
    #: The holds that went with it, by id.
    lifted: tuple[int, ...]
    #: None: a caller whom we don't recognise.
    debtor_id: int | None


def end(session: Session, agreement_id: int, asked: Asked, deed: Deed) -> Ended:
    """End an open agreement, or note that its person was not reached. Raises `BadAnswer`; then nothing is changed."""
    row = locked_agreement(session, agreement_id)
    found = decided(_standing(session, row, deed.at), asked, utc_date(deed.at))
    holds = () if found.quiet_stays else tuple(one.id for one in own_holds(session, row))
    talked = found.talked and row.debtor_id is not None
    if found.state == "open":
        _note_try(session, row, deed)
    else:
        close = end_with_holds_kept if found.quiet_stays else end_agreement
        if not close(session, row, found.state, deed.at, deed.by, deed.why):
            raise BadAnswer(f"id: agreement {agreement_id} was ended by somebody else a moment ago")
    if row.debtor_id is not None:
        if talked or found.state == "open":
            _contact(session, row, row.debtor_id, found, deed.at)
        session.flush()
        bring_forward(session, row.debtor_id, deed.at)
    return Ended(id=row.id, kind=row.kind, state=found.state, talked=talked, lifted=holds, debtor_id=row.debtor_id)


def lift(session: Session, hold_id: int, said: Said, deed: Deed) -> Lifted:
    """Lift a hold that stands by itself. Raises `BadAnswer`; then nothing is changed."""
    lifted = lift_hold(session, hold_id, said, deed)
    for debtor_id in lifted.debtors:
        bring_forward(session, debtor_id, deed.at)
    return lifted


def calls_now(
    session: Session, debtors: tuple[int, ...], now: datetime, rules: Rules
) -> list[tuple[PersonStanding, Verdict]]:
    """May each of them be called now, as the books stand in this unit of work?"""
    session.flush()
    standings = standings_of(session, debtors)
    return [(one, may_contact(one, Channel.VOICE, now, rules=rules)) for one in standings.values()]


def _standing(session: Session, row: AgreementRow, now: datetime) -> Standing:
    one = Standing(
        id=row.id, kind=row.kind, state=row.state, ended_on=utc_date(row.ended_at) if row.ended_at else None,
        owner=row.owner, due_on=row.due_on,
    )  # fmt: skip
    books = plan_books(session, [row]) if row.kind == "plan" else []
    return replace(one, late=bool(late_parts(books[0].plan, utc_date(now), ()))) if books else one


def _note_try(session: Session, row: AgreementRow, deed: Deed) -> None:
    tries = row.detail.get("tries", 0) + 1
    row.detail = {**row.detail, "tries": tries}
    told = {"why": deed.why, "tries": tries}
    session.add(AuditRow(at=deed.at, by=deed.by, what="person_not_reached", subject=f"agreement {row.id}", detail=told))


def _contact(session: Session, row: AgreementRow, debtor_id: int, found: Decided, now: datetime) -> None:
    number = row.detail.get("e164") or _number(session, debtor_id)
    write_contact(
        session,
        AskedContact(
            debtor_id=debtor_id,
            e164=number,
            zone=zone_of(session.get_one(DebtorRow, debtor_id), number) or _NOWHERE,
            begun_at=now,
            ended_at=now,
            disposition=Disposition.AGENT if found.talked else Disposition.NO_ANSWER,
            talked=found.talked,
            request_id=row.id,
        ),
    )


def _number(session: Session, debtor_id: int) -> str | None:
    """The number that is rung first."""
    theirs = select(PhoneRow.e164).where(
        PhoneRow.debtor_id == debtor_id, PhoneRow.until_at.is_(None), PhoneRow.e164 != ""
    )
    return session.scalar(theirs.order_by(PhoneRow.rank, PhoneRow.id).limit(1))
