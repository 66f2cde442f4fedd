"""Campaigns in the database: made, started, paused; and who is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from ledger.database import Database
from ledger.tables import AccountRow, AgreementRow, AuditRow, CreditorRow, DebtorRow, InvoiceRow
from schedules.campaign import Campaign, CampaignRules, CampaignState, check_name, moved
from schedules.errors import BadCampaign
from schedules.queue import NEVER
from schedules.rank_store import first_places
from schedules.tables import CampaignRow, CampaignVersionRow, CandidateRow

#: Debtors that one unit of work puts into a campaign: well below the longest unit.
_SLICE = 2000

#: With the last version of its rules. Asked for at every look and every claim: one statement, built once.
_VERSIONS = aliased(CampaignVersionRow)
_LAST = select(func.max(_VERSIONS.n)).where(_VERSIONS.campaign_id == CampaignRow.id).scalar_subquery()
_CAMPAIGNS = (
    select(
        CampaignRow.id, CampaignRow.name, CampaignRow.state, CampaignRow.made_at,
        CampaignVersionRow.id.label("version_id"), CampaignVersionRow.n, CampaignVersionRow.rules,
    )
    .join(CampaignVersionRow, CampaignVersionRow.campaign_id == CampaignRow.id)
    .where(CampaignVersionRow.n == _LAST)
    .order_by(CampaignRow.id)
)  # fmt: skip


def create_campaign(session: Session, name: str, rules: CampaignRules, now: datetime, by: str) -> Campaign:
    """A draft with its first version. Raises `BadCampaign` for a bad or taken name, or an unknown creditor."""
    check_name(name)
    if session.scalar(select(CampaignRow.id).where(CampaignRow.name == name)) is not None:
        raise BadCampaign(f"There is a campaign {name} already; choose another name, or start that one")
    _check_creditor(session, rules)
    row = CampaignRow(name=name, state=CampaignState.DRAFT.value, made_at=now)
    session.add(row)
    session.flush()
    _version(session, row, rules, now, by)
    return campaign_named(session, name)


def change_campaign(session: Session, name: str, rules: CampaignRules, now: datetime, by: str) -> Campaign:
    """A new version of a campaign's rules; it holds from the next call on. Raises `BadCampaign`."""
    row = _row(session, name)
    _check_creditor(session, rules)
    _version(session, row, rules, now, by)
    return campaign_named(session, name)


def move_campaign(session: Session, name: str, move: str, now: datetime, by: str) -> Campaign:
    """`start`, `pause` or `finish` a campaign. Raises `BadCampaign` where its state doesn't allow that."""
    row = _row(session, name)
    state = CampaignState(row.state)
    then = moved(name, state, move)
    if then is not state:
        changed = session.execute(
            update(CampaignRow)
            .where(CampaignRow.id == row.id, CampaignRow.state == state.value)
            .values(state=then.value)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise BadCampaign(f"The campaign {name} was changed by somebody else just now; look and try again")
        _audit(session, by, f"campaign {move}", name, now, {"from": state.value, "to": then.value})
        session.expire(row)
    return campaign_named(session, name)


def check_nothing_owed(session: Session, campaign: Campaign, now: datetime) -> None:
    """Raises `BadCampaign` while people were promised a call by machine that no other running campaign would make."""
    elsewhere = (
        select(CandidateRow.debtor_id)
        .join(CampaignRow, CampaignRow.id == CandidateRow.campaign_id)
        .where(CampaignRow.id != campaign.id, CampaignRow.state == CampaignState.RUNNING.value)
    )
    promised = (
        select(func.count(AgreementRow.debtor_id.distinct()))
        .join(CandidateRow, CandidateRow.debtor_id == AgreementRow.debtor_id)
        .where(
            CandidateRow.campaign_id == campaign.id,
            AgreementRow.kind == "callback",
            AgreementRow.state == "open",
            AgreementRow.owner.is_distinct_from("person"),
            or_(AgreementRow.until_at.is_(None), AgreementRow.until_at > now),
            AgreementRow.debtor_id.not_in(elsewhere),
        )
    )
    if owed := session.scalar(promised):
        raise BadCampaign(
            f"The campaign {campaign.name} still owes call-backs to {owed} of its people; end its other calls by its"
            " end_on, and finish it when they are made"
        )


def campaign_named(session: Session, name: str) -> Campaign:
    """One campaign by its name. Raises `BadCampaign` where there is none."""
    return campaign_of(session, _row(session, name).id)


def campaign_of(session: Session, id_: int) -> Campaign:
    """One campaign by its id, which must exist."""
    return _campaigns(session, CampaignRow.id == id_)[0]


def all_campaigns(session: Session) -> list[Campaign]:
    """Every campaign, in the order in which they were made."""
    return _campaigns(session)


def running(session: Session) -> list[Campaign]:
    """The campaigns that call now, the oldest first."""
    return _campaigns(session, CampaignRow.state == CampaignState.RUNNING.value)


def callback_number_of(session: Session, creditor: str | None) -> str | None:
    """The number to call a creditor back on, which its campaigns may show; None: there is none."""
    if creditor is None:
        return None
    return session.scalar(select(CreditorRow.callback_number).where(CreditorRow.name == creditor))


def count_candidates(session: Session, campaign_id: int) -> int:
    """How many debtors are in a campaign."""
    return session.scalar(select(func.count()).where(CandidateRow.campaign_id == campaign_id)) or 0


def fill_candidates(database: Database, name: str, now: datetime) -> int:
    """Put every debtor with something open into a campaign, in short units of work; gives how many were new.

    Done again it adds who is missing, and wakes who waited for a payment or a person: permission decides anew.
    """
    with database.reading() as session:
        campaign = campaign_named(session, name)
    after, added = 0, 0
    while True:
        with database.unit_of_work() as session:
            last, new = fill_slice(session, campaign, after, now)
        added += new
        if last is None:
            return added
        after = last


def fill_slice(session: Session, campaign: Campaign, after: int, now: datetime) -> tuple[int | None, int]:
    """One slice of `fill_candidates`: debtors with an id above `after`. Gives the last id (None: done) and how many."""
    owing = (
        select(AccountRow.debtor_id)
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .where(AccountRow.debtor_id > after, InvoiceRow.open_minor > 0)
    )
    if campaign.rules.creditor is not None:
        owing = owing.join(CreditorRow, CreditorRow.id == InvoiceRow.creditor_id)
        owing = owing.where(CreditorRow.name == campaign.rules.creditor)
    audience = campaign.rules.audience
    if audience is not None and (audience.countries or audience.languages):
        owing = owing.join(DebtorRow, DebtorRow.id == AccountRow.debtor_id)
        for column, wanted in ((DebtorRow.country, audience.countries), (DebtorRow.language, audience.languages)):
            owing = owing.where(column.in_(wanted)) if wanted else owing
    debtors = list(session.scalars(owing.distinct().order_by(AccountRow.debtor_id).limit(_SLICE)))
    if not debtors:
        return None, 0
    here = (CandidateRow.campaign_id == campaign.id, CandidateRow.debtor_id.in_(debtors))
    known = set(session.scalars(select(CandidateRow.debtor_id).where(*here)))
    places = first_places(session, [one for one in debtors if one not in known], campaign.rules.creditor, now)
    session.add_all(
        CandidateRow(
            campaign_id=campaign.id,
            debtor_id=debtor_id,
            next_eligible_at=now,
            open_until=NEVER,
            rank=place,
            stage=1,
            waits_since=now,
        )
        for debtor_id, place in places.items()
    )
    woken = update(CandidateRow).where(*here, CandidateRow.next_eligible_at == NEVER)
    session.execute(woken.values(next_eligible_at=now, open_until=NEVER))
    return debtors[-1], len(debtors) - len(known)


def _check_creditor(session: Session, rules: CampaignRules) -> None:
    if rules.creditor is None:
        return
    if session.scalar(select(CreditorRow.id).where(CreditorRow.name == rules.creditor)) is None:
        raise BadCampaign(f"creditor: there is no {rules.creditor} in the books; write its name as in the list")


def _row(session: Session, name: str) -> CampaignRow:
    row = session.scalar(select(CampaignRow).where(CampaignRow.name == name))
    if row is None:
        raise BadCampaign(f"There is no campaign {name}; beltoon campaign list shows those that there are")
    return row


def _campaigns(session: Session, *only: ColumnElement[bool]) -> list[Campaign]:
    return [
        Campaign(
            id=row.id,
            name=row.name,
            state=CampaignState(row.state),
            made_at=row.made_at,
            version_id=row.version_id,
            version=row.n,
            rules=CampaignRules.read(row.rules, row.name),
        )
        for row in session.execute(_CAMPAIGNS.where(*only))
    ]


def _version(session: Session, row: CampaignRow, rules: CampaignRules, now: datetime, by: str) -> None:
    last = session.scalar(select(func.max(CampaignVersionRow.n)).where(CampaignVersionRow.campaign_id == row.id))
    n = (last or 0) + 1
    session.add(CampaignVersionRow(campaign_id=row.id, n=n, rules=rules.stored(), from_at=now, by=by))
    _audit(session, by, "campaign rules", row.name, now, {"version": n, "rules": rules.stored()})
    session.flush()


def _audit(session: Session, by: str, what: str, name: str, now: datetime, detail: dict[str, object]) -> None:
    session.add(AuditRow(at=now, by=by, what=what, subject=name, detail=detail))
