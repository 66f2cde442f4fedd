"""Brings candidates forward after a change of rules, in short units of work: a million people hold nobody up.

The new rules themselves hold from their commit on; this only lets the queue look earlier at whoever may gain by them.
What was broken off is done by the next beat (`unfinished`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from ledger.clock import real_now
from ledger.database import LONGEST_UNIT, Database
from ledger.tables import AccountRow, DebtorRow, InvoiceRow, PolicyVersionRow, WishRow
from schedules.beat_store import claim_beat
from schedules.campaign import Campaign, CampaignRules, CampaignState
from schedules.campaign_store import campaign_of, count_candidates
from schedules.queue import NEVER, whole_minute
from schedules.rules import Rules
from schedules.rules_change import Hours, Opened
from schedules.rules_store import RulesBook, compiled_versions, newest_version
from schedules.standing import Standing
from schedules.tables import BeatRow, CampaignRow, CandidateRow
from schedules.wish import NotBefore

#: Candidates of one unit of work: a tenth of the longest one here, so that slower machines stay below it.
_SLICE = 1000
_BEAT, _POLICY_BEAT = "rules woken", "policy woken"
#: Marks of beats are kept a week (`desk.beat_store`).
_ASKED_OF = timedelta(days=6)
#: Somebody who asked for hours, whichever they are.
_SOME_WISH = (NotBefore(None, 0),)

Tell = Callable[[int, int], None]


def wake_after_rules(database: Database, book: RulesBook, now: datetime, tell: Tell = lambda _done, _all: None) -> int:
    """Bring forward whoever gains by the newest version over the one before it; gives how many were moved.

    `tell` hears how many of how many were looked at. Done again it changes nothing.
    """
    # whoever read the older rules before the commit has written by then what followed from them
    time.sleep(LONGEST_UNIT.total_seconds())
    with database.reading() as session:
        n, before, after = compiled_versions(session, book)
        states = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAFT)
        campaigns = session.scalars(select(CampaignRow.id).where(CampaignRow.state.in_(states)))
        windows = {id_: campaign_of(session, id_).rules.windows for id_ in campaigns}
        everybody = session.scalar(select(func.count()).select_from(CandidateRow)) or 0
    done = moved = 0
    for campaign, own in windows.items():
        opened = Opened(Hours(rules=before, windows=own), Hours(rules=after, windows=own), now)
        looked, woken = wake_campaign(database, campaign, opened, now, partial(_further, tell, done, everybody))
        done, moved = done + looked, moved + woken
    with database.unit_of_work() as session:
        claim_beat(session, _BEAT, str(n), real_now())
    return moved


def _further(tell: Tell, before: int, everybody: int, some: int) -> None:
    tell(before + some, everybody)


def unfinished(session: Session, now: datetime) -> bool:
    """Was the waking after the newest version broken off? Asked of the last days only, as marks are not kept longer."""
    version = newest_version(session)
    if version is None or version.from_at < now - _ASKED_OF:
        return False
    done = select(BeatRow.id).where(BeatRow.kind == _BEAT, BeatRow.period == str(version.n))
    return session.scalar(done) is None


def wake_after_edit(
    database: Database, before: Campaign, after: CampaignRules, rules: Rules, now: datetime, tell: Tell
) -> int:
    """The same after the edit of a campaign; gives how many were moved."""
    time.sleep(LONGEST_UNIT.total_seconds())
    old, new = before.rules, after
    hours = (Hours(rules=rules, windows=old.windows), Hours(rules=rules, windows=new.windows))
    # dates, volume, audience and creditor say nothing of hours: whatever changed there, every hour may be new
    same = (
        (old.start_on, old.end_on, old.daily_volume, old.audience, old.creditor, old.ring_seconds)
        == (new.start_on, new.end_on, new.daily_volume, new.audience, new.creditor, new.ring_seconds)
    )  # fmt: skip
    with database.reading() as session:
        everybody = count_candidates(session, before.id)
    opened = Opened(*hours, now, laxer=not same)
    return wake_campaign(database, before.id, opened, now, partial(_further, tell, 0, everybody))[1]


def wake_after_policy(database: Database, creditor_id: int, now: datetime) -> int:
    """The same after a change of a creditor's policy: whoever owes it is looked at again; gives how many were moved."""
    time.sleep(LONGEST_UNIT.total_seconds())
    with database.reading() as session:
        newest = select(func.max(PolicyVersionRow.n)).where(PolicyVersionRow.creditor_id == creditor_id)
        n = session.scalar(newest) or 0
    after, moved, moment = 0, 0, whole_minute(now)
    while True:
        with database.unit_of_work() as session:
            debtors = list(session.scalars(_owing(creditor_id, after)))
            theirs = (CandidateRow.debtor_id.in_(debtors), CandidateRow.next_eligible_at > moment)
            woken = update(CandidateRow).where(*theirs).values(next_eligible_at=moment, open_until=NEVER)
            moved += int(session.execute(woken).rowcount)  # type: ignore[attr-defined]
            if len(debtors) < _SLICE:
                claim_beat(session, _POLICY_BEAT, f"{creditor_id}:{n}", real_now())
                return moved
        after = debtors[-1]


def unfinished_policies(session: Session, now: datetime) -> list[int]:
    """The creditors after whose newest policy the waking was broken off; asked of the last days only."""
    newest = select(PolicyVersionRow.creditor_id, func.max(PolicyVersionRow.n)).where(
        PolicyVersionRow.from_at >= now - _ASKED_OF
    )
    done = set(session.scalars(select(BeatRow.period).where(BeatRow.kind == _POLICY_BEAT)))
    rows = session.execute(newest.group_by(PolicyVersionRow.creditor_id).order_by(PolicyVersionRow.creditor_id))
    return [creditor_id for creditor_id, n in rows if f"{creditor_id}:{n}" not in done]


def _owing(creditor_id: int, after: int) -> Select[int]:
    """One slice of who owes a creditor."""
    owing = (
        select(AccountRow.debtor_id)
        .join(InvoiceRow, InvoiceRow.account_id == AccountRow.id)
        .where(AccountRow.debtor_id > after, InvoiceRow.creditor_id == creditor_id, InvoiceRow.open_minor > 0)
    )
    return owing.distinct().order_by(AccountRow.debtor_id).limit(_SLICE)


def wake_campaign(
    database: Database, campaign: int, opened: Opened, now: datetime, tell: Callable[[int], None]
) -> tuple[int, int]:
    """The same of one campaign, whatever changed about it: how many were looked at, and how many were moved."""
    after = done = moved = 0
    while True:
        with database.unit_of_work() as session:
            last, looked, woken = _slice(session, campaign, after, opened, now)
        done, moved = done + looked, moved + woken
        tell(done)
        if last is None:
            return done, moved
        after = last


def _slice(session: Session, campaign: int, after: int, opened: Opened, now: datetime) -> tuple[int | None, int, int]:
    """One slice: the last debtor's id (None: there are no more), how many were looked at, how many moved."""
    query = (
        select(CandidateRow.id, CandidateRow.next_eligible_at, DebtorRow.id, DebtorRow.kind, DebtorRow.student,
               DebtorRow.birth_date, DebtorRow.country, DebtorRow.region, DebtorRow.postcode, DebtorRow.zone)
        .join(DebtorRow, DebtorRow.id == CandidateRow.debtor_id)
        .where(CandidateRow.campaign_id == campaign, CandidateRow.debtor_id > after)
        .order_by(CandidateRow.debtor_id)  # by the unique index: no slice costs more than another
        .limit(_SLICE)
    )  # fmt: skip
    rows = session.execute(query).all()
    people = [row[2] for row in rows]
    wished = set(
        session.scalars(select(WishRow.debtor_id).where(WishRow.debtor_id.in_(people), WishRow.until_at.is_(None)))
    )
    moves: dict[datetime, list[int]] = defaultdict(list)
    for id_, next_at, debtor, kind, student, birth_date, country, region, postcode, zone in rows:
        if next_at <= now:
            continue
        person = Standing(
            debtor_id=debtor, ref="", kind=kind, student=student, birth_date=birth_date, country=country,
            region=region, postcode=postcode, zone=zone, wishes=_SOME_WISH if debtor in wished else (),
        )  # fmt: skip
        at = opened.at(person)
        if at is not None and at < next_at:
            moves[at].append(id_)
    for at, ids in sorted(moves.items()):
        session.execute(
            update(CandidateRow)
            .where(CandidateRow.id.in_(ids), CandidateRow.next_eligible_at > at)
            # when the new opening ends nobody has reckoned yet: the look at it will
            .values(next_eligible_at=at, open_until=NEVER)
            .execution_options(synchronize_session=False)
        )
    last = rows[-1][2] if len(rows) == _SLICE else None
    return last, len(rows), sum(map(len, moves.values()))
