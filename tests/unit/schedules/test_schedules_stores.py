"""Standings, campaigns, the queue and single posts, in a real database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from ledger.contact import Channel
from ledger.database import Base, Database
from ledger.money import Money
from ledger.number_key import NumberKey
from ledger.tables import (
    AccountRow,
    AgreementRow,
    AllocationRow,
    AuditRow,
    ChargeRow,
    ContactRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
    RefusalCountRow,
    WishRow,
)
from schedules.beat_store import claim_beat, forget_beats, release_lease, take_lease, unclaim_beat
from schedules.campaign import CampaignRules, CampaignState
from schedules.campaign_store import (
    all_campaigns,
    campaign_named,
    change_campaign,
    count_candidates,
    create_campaign,
    fill_candidates,
    move_campaign,
    running,
)
from schedules.errors import BadCampaign, UnknownDebtor
from schedules.opening_store import candidates_left_over, next_candidates
from schedules.permission import may_contact
from schedules.queue import NEVER, Candidate, Wait
from schedules.queue_store import bring_forward, count_refusals, put_off_all
from schedules.rank import callback_place
from schedules.rules import Rules
from schedules.standing_store import debtor_id_of, standing_of, standings_at, standings_of
from schedules.tables import CandidateRow
from schedules.testing import LONG_AGO, local, rule_of
from schedules.verdict import Allowed
from schedules.wish import HoursWish

NOW = local("2026-11-24 10:30")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'beltoon.db'}", number_key=NumberKey("k" * 48))
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def _debtor(session: Session, n: int, e164: str | None = None, **invoice: Any) -> int:
    if session.get(CreditorRow, 1) is None:
        session.add(CreditorRow(id=1, name="Stroomdal", sender="Stroomdal", policy={}))
        session.flush()
    session.add(
        DebtorRow(id=n, ref=f"d{n}", name=f"Debtor {n}", language="nl", country="BE", postcode="2000", kind="person")
    )
    session.flush()
    session.add(AccountRow(id=n, creditor_id=1, debtor_id=n, customer_no=str(n)))
    number = e164 or f"+3247012{n:04}"
    session.add(PhoneRow(debtor_id=n, e164=number, written=number, verdict="good", from_at=LONG_AGO))
    session.flush()
    bill = {"amount_minor": 12000, "open_minor": 12000, "currency": "EUR", **invoice}
    dates = {"issued_on": date(2026, 9, 1), "due_on": date(2026, 10, 1)}
    session.add(InvoiceRow(id=n, creditor_id=1, account_id=n, number=f"i{n}", **dates, **bill))
    session.flush()
    return n


def _contact(session: Session, debtor_id: int, address: str, at: datetime, slot: int = 1, **over: Any) -> None:
    fields = {"channel": "voice", "disposition": "no_answer", "ended_at": at + timedelta(minutes=1), **over}
    session.add(
        ContactRow(
            debtor_id=debtor_id,
            address=address,
            zone="Europe/Brussels",
            local_date=at.date(),
            debtor_slot=slot,
            address_slot=slot,
            begun_at=at,
            **fields,
        )
    )


def _hold(session: Session, key: str, **over: Any) -> None:
    session.add(HoldRow(**{"from_at": LONG_AGO, "by": "test", "via": "list", "source_key": key, **over}))


def _rule(session: Session, rules: Rules, debtor_id: int, at: datetime = NOW, as_of: bool = True) -> str | None:
    standing = standing_of(session, debtor_id, at if as_of else None)
    verdict = may_contact(standing, Channel.VOICE, at, rules=rules)
    return rule_of(verdict)


def test_a_debtor_stands_as_the_books_say(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        _debtor(session, 1)
    with database.reading() as session:
        standing = standing_of(session, debtor_id_of(session, "d1"), NOW)
        assert (standing.ref, standing.country, standing.phones[0].e164) == ("d1", "BE", "+32470120001")
        assert standing.invoices[0].open == Money(12000)
        assert isinstance(may_contact(standing, Channel.VOICE, NOW, rules=rules), Allowed)


def test_nobody_stands_who_is_not_in_the_books(database: Database) -> None:
    with database.reading() as session:
        with pytest.raises(UnknownDebtor, match="4711"):
            debtor_id_of(session, "4711")
        with pytest.raises(UnknownDebtor, match="9"):
            standing_of(session, 9)
        assert standings_of(session, [9]) == {}


def test_holds_of_person_number_and_invoice_are_found(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2, 3, 4, 5):
            _debtor(session, n, e164="+32470999999" if n in (2, 5) else None)
        _hold(session, "a", debtor_id=1, kind="dispute")
        _hold(session, "b", e164="+32470999999", kind="opt_out", channel="voice")
        _hold(session, "c", invoice_id=3, kind="manual")
        _hold(session, "d", debtor_id=4, kind="manual", lifted_at=NOW - timedelta(hours=1), lifted_by="Bruno")
    with database.reading() as session:
        found = [_rule(session, rules, n) for n in (1, 2, 3, 4, 5)]
        # Two debtors with one number: its opt-out binds both.
        assert found == ["dispute", "opt_out", "invoice_hold", "ladder", "opt_out"]
        assert _rule(session, rules, 4, NOW - timedelta(hours=1, seconds=1)) == "manual"


def test_the_past_is_asked_exactly(database: Database, rules: Rules) -> None:
    before, between = local("2026-11-10 10:30"), local("2026-11-18 10:30")
    with database.unit_of_work() as session:
        _debtor(session, 1, open_minor=0)
        payment = PaymentRow(
            id=1,
            source="bank",
            reference="r",
            amount_minor=12000,
            currency="EUR",
            paid_on=date(2026, 11, 20),
            seen_at=local("2026-11-20 08:00"),
        )
        session.add(payment)
        session.flush()
        session.add(AllocationRow(payment_id=1, invoice_id=1, amount_minor=12000))
        _contact(session, 1, "+32470120001", local("2026-11-17 10:00"), disposition="heard", right_party=True)
        _hold(session, "h", debtor_id=1, kind="hardship", from_at=local("2026-11-12"), until_at=local("2026-11-14"))
        asked = {"debtor_id": 1, "kind": "plan", "made_at": local("2026-11-15 10:00"), "source_key": "p", "detail": {}}
        session.add(AgreementRow(state="withdrawn", ended_at=local("2026-11-16 10:00"), **asked))
    with database.reading() as session:
        assert _rule(session, rules, 1, before) is None
        assert _rule(session, rules, 1, local("2026-11-12 10:30")) == "hardship"
        assert _rule(session, rules, 1, local("2026-11-15 10:30")) == "plan"
        assert standing_of(session, 1, local("2026-11-15 10:30")).agreements[0].state == "open"
        assert _rule(session, rules, 1, between) == "rest"
        assert standing_of(session, 1, between).invoices[0].open == Money(12000)
        assert _rule(session, rules, 1) == "paid"
        assert _rule(session, rules, 1, as_of=False) == "paid"


def test_many_instants_are_told_from_one_look_at_the_books_as_each_would_be_alone(database: Database) -> None:
    days = [local(f"2026-11-{day} 10:30") for day in range(10, 25)]
    with database.unit_of_work() as session:
        for n in (1, 2):
            _debtor(session, n, e164="+32470999999")
        _contact(session, 1, "+32470999999", days[2])
        _contact(session, 2, "+32470999999", days[4], disposition="heard", right_party=True, talked=True)
        _hold(session, "h", debtor_id=1, kind="hardship", from_at=days[1], until_at=days[3])
        _hold(session, "n", e164="+32470999999", kind="opt_out", from_at=days[5], lifted_at=days[6])
        _hold(session, "i", invoice_id=2, kind="dispute", from_at=days[5], until_at=days[8])
        session.add(WishRow(debtor_id=1, kind="hours", value={"from": "late"}, via="call", from_at=days[7]))
        row = {"invoice_id": 1, "kind": "costs", "step": 3, "amount_minor": 2000, "currency": "EUR", "law": "XIX.4"}
        session.add(ChargeRow(made_at=days[9], **row))
    with database.reading() as session:
        together = standings_at(session, [(n, at) for at in days for n in (1, 2, 3)])
        assert together == {(n, at): standing_of(session, n, at) for at in days for n in (1, 2)}
    assert len(set(map(repr, together.values()))) > 10  # what was known differs from day to day


def test_a_charge_of_later_is_not_open_yet(database: Database) -> None:
    with database.unit_of_work() as session:
        _debtor(session, 1, open_minor=14000)
        row = {"invoice_id": 1, "kind": "costs", "step": 3, "amount_minor": 2000, "currency": "EUR", "law": "XIX.4"}
        session.add(ChargeRow(made_at=local("2026-11-20 08:00"), **row))
    with database.reading() as session:
        assert standing_of(session, 1, local("2026-11-19 08:00")).invoices[0].open == Money(12000)
        assert standing_of(session, 1, NOW).invoices[0].open == Money(14000)


def test_what_was_said_on_a_call_that_goes_on_is_not_known_yet(database: Database) -> None:
    begun = local("2026-11-24 10:00")
    with database.unit_of_work() as session:
        _debtor(session, 1)
        _contact(session, 1, "+32470120001", begun, disposition="heard", right_party=True, talked=True)
    with database.reading() as session:
        during = standing_of(session, 1, begun + timedelta(seconds=30)).contacts[0]
        assert (during.disposition, during.right_party, during.talked) == (None, False, False)
        assert standing_of(session, 1, begun - timedelta(seconds=1)).contacts == ()


def test_contacts_of_others_at_the_same_number_are_shared(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2):
            _debtor(session, n, e164="+32470999999")
        _contact(session, 1, "+32470999999", local("2026-11-24 09:30"))
    with database.reading() as session:
        assert standing_of(session, 2, NOW).contacts == ()
        assert len(standing_of(session, 2, NOW).shared) == 1
        assert _rule(session, rules, 2) == "cap_day_number"
        assert _rule(session, rules, 1) == "cap_day"


def test_a_number_said_to_be_wrong_keeps_its_reason_though_it_is_out_of_use(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2):
            _debtor(session, n)
        _hold(session, "w", e164="+32470120001", kind="wrong_number")
        for phone in session.scalars(select(PhoneRow)):
            phone.until_at = NOW - timedelta(days=1)
    with database.reading() as session:
        assert [_rule(session, rules, n) for n in (1, 2)] == ["wrong_number", "no_number"]


def test_a_number_that_came_back_is_in_use_again_and_was_not_in_between(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        _debtor(session, 1)
        phone = session.scalars(select(PhoneRow)).one()
        phone.until_at = NOW - timedelta(days=2)
        again = {"e164": phone.e164, "written": phone.written, "verdict": "good"}
        session.add(PhoneRow(debtor_id=1, from_at=NOW - timedelta(days=1), **again))
    with database.reading() as session:
        assert len(standing_of(session, 1).phones) == 1
        assert _rule(session, rules, 1) != "no_number"
        assert _rule(session, rules, 1, NOW - timedelta(days=1, hours=12)) == "no_number"
        assert _rule(session, rules, 1, NOW - timedelta(days=3)) != "no_number"


def test_wishes_are_read_and_one_that_can_not_be_read_puts_on_hold(database: Database, rules: Rules) -> None:
    with database.unit_of_work() as session:
        for n, value in ((1, {"from": "18:00", "to": "20:00"}), (2, {"from": "late"})):
            _debtor(session, n)
            session.add(WishRow(debtor_id=n, kind="hours", value=value, via="call", from_at=LONG_AGO))
    with database.reading() as session:
        assert standing_of(session, 1, NOW).wishes == (HoursWish(None, (1080, 1200)),)
        assert [_rule(session, rules, n) for n in (1, 2)] == ["wish", "manual"]


def test_many_are_gathered_in_few_queries_and_each_by_an_index(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in range(1, 41):
            _debtor(session, n)
            _contact(session, n, f"+3247012{n:04}", local("2026-11-20 10:00"))
    said: list[tuple[str, Any]] = []

    def listen(_c: Any, _k: Any, statement: str, parameters: Any, _x: Any, _m: Any) -> None:
        said.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", listen)
    with database.reading() as session:
        assert len(standings_of(session, range(1, 41), NOW)) == 40
    event.remove(database.engine, "before_cursor_execute", listen)
    queries = [one for one in said if one[0].startswith("SELECT")]
    assert len(queries) <= 14
    with database.engine.connect() as connection:
        for statement, parameters in queries:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            scanned = [row for row in plan if str(row[3]).startswith("SCAN") and "json_each" not in row[3]]
            assert not scanned, statement


def test_a_campaign_is_made_started_paused_and_remembers_its_versions(database: Database) -> None:
    with database.unit_of_work() as session:
        _debtor(session, 1)
        made = create_campaign(session, "winter", CampaignRules(creditor="Stroomdal"), NOW, "Chiara")
        assert (made.state, made.version, running(session)) == (CampaignState.DRAFT, 1, [])
        started = move_campaign(session, "winter", "start", NOW, "Chiara")
        assert [one.name for one in running(session)] == ["winter"]
        changed = change_campaign(session, "winter", CampaignRules(lines=5), NOW, "Chiara")
        assert (changed.version, changed.rules.lines, changed.version_id != started.version_id) == (2, 5, True)
        assert move_campaign(session, "winter", "pause", NOW, "Chiara").state is CampaignState.PAUSED
        assert [one.name for one in all_campaigns(session)] == ["winter"]
        what = list(session.scalars(select(AuditRow.what).order_by(AuditRow.id)))
        assert what == ["campaign rules", "campaign start", "campaign rules", "campaign pause"]


@pytest.mark.parametrize(
    ("name", "creditor", "message"),
    [("winter", None, "already"), ("a b", None, "letters"), ("spring", "Nobody", "there is no Nobody")],
)
def test_a_campaign_that_can_not_be_is_refused(
    database: Database, name: str, creditor: str | None, message: str
) -> None:
    with database.unit_of_work() as session:
        create_campaign(session, "winter", CampaignRules(), NOW, "Chiara")
    with database.unit_of_work() as session, pytest.raises(BadCampaign, match=message):
        create_campaign(session, name, CampaignRules(creditor=creditor), NOW, "Chiara")
    with database.reading() as session, pytest.raises(BadCampaign, match="no campaign summer"):
        campaign_named(session, "summer")


def test_everybody_with_something_open_is_in_it_once(database: Database) -> None:
    with database.unit_of_work() as session:
        for n in (1, 2, 3):
            _debtor(session, n, open_minor=0 if n == 3 else 12000)
        create_campaign(session, "winter", CampaignRules(), NOW, "Chiara")
    assert fill_candidates(database, "winter", NOW) == 2
    assert fill_candidates(database, "winter", NOW) == 0
    with database.unit_of_work() as session:
        campaign = campaign_named(session, "winter")
        assert count_candidates(session, campaign.id) == 2
        _wait(session, next_candidates(session, campaign.id, NOW, 1)[0], NEVER)
        assert len(next_candidates(session, campaign.id, NOW, 9)) == 1
    # Whoever waited for a person or a payment is looked at again.
    fill_candidates(database, "winter", NOW)
    with database.reading() as session:
        assert len(next_candidates(session, campaign.id, NOW, 9)) == 2


def _filled(database: Database, debtors: int) -> int:
    with database.unit_of_work() as session:
        for n in range(1, debtors + 1):
            _debtor(session, n)
        campaign = create_campaign(session, "winter", CampaignRules(), NOW, "Chiara")
    fill_candidates(database, "winter", NOW)
    return campaign.id


def _wait(session: Session, one: Candidate, at: datetime, until: datetime = NEVER, place: int = 1) -> None:
    put_off_all(session, {one.id: Wait(at=at, open_until=until, place=place)})


def test_who_owes_more_and_for_longer_comes_earlier_and_a_call_back_before_everybody(database: Database) -> None:
    campaign = _filled(database, 2)
    with database.unit_of_work() as session:
        _debtor(session, 3, open_minor=90000)
        _debtor(session, 4)
    fill_candidates(database, "winter", NOW)
    with database.unit_of_work() as session:
        assert [one.debtor_id for one in next_candidates(session, campaign, NOW, 9)] == [3, 1, 2, 4]
        asked = {"kind": "callback", "made_at": NOW, "source_key": "c", "owner": "machine", "detail": {}}
        session.add(AgreementRow(debtor_id=4, from_at=NOW, until_at=NOW + timedelta(hours=1), **asked))
        session.flush()
        for candidate in next_candidates(session, campaign, NOW, 9):
            _wait(session, candidate, NOW + timedelta(hours=1), place=candidate.rank)
        bring_forward(session, 4, NOW)
        found = next_candidates(session, campaign, NOW + timedelta(hours=1), 9)
        assert [one.debtor_id for one in found] == [4, 3, 1, 2]
        assert found[0].rank == callback_place(NOW)
        assert len(next_candidates(session, campaign, NOW + timedelta(hours=1), 2)) == 2


def test_who_is_put_off_comes_back_at_the_moment_and_not_before(database: Database) -> None:
    campaign = _filled(database, 1)
    with database.unit_of_work() as session:
        one = next_candidates(session, campaign, NOW, 1)[0]
        _wait(session, one, NOW + timedelta(hours=1))
        assert next_candidates(session, campaign, NOW + timedelta(minutes=59), 1) == []
        assert len(next_candidates(session, campaign, NOW + timedelta(hours=1), 1)) == 1
        bring_forward(session, 1, NOW)
        assert len(next_candidates(session, campaign, NOW, 1)) == 1
        bring_forward(session, 1, NOW + timedelta(hours=5))
        assert len(next_candidates(session, campaign, NOW, 1)) == 1, "it is never brought backward"
        _wait(session, one, NEVER)
        assert session.scalar(select(CandidateRow.next_eligible_at)) == NEVER


def test_those_whose_opening_is_over_never_stand_in_the_way_and_are_not_forgotten(database: Database) -> None:
    """Their rank is the best, and still whoever may be called now comes before them."""
    campaign = _filled(database, 30)
    with database.unit_of_work() as session:
        everybody = next_candidates(session, campaign, NOW, 99)
        for one in everybody[:25]:
            _wait(session, one, NOW - timedelta(hours=2), NOW - timedelta(minutes=1), place=1)
        for one in everybody[25:]:
            _wait(session, one, NOW - timedelta(hours=1), NOW + timedelta(hours=1), place=9)
        waiting = {one.id for one in everybody[25:]}
        assert {one.id for one in next_candidates(session, campaign, NOW, 5)} == waiting
        assert len(next_candidates(session, campaign, NOW, 99)) == 30
        left_over = {one.id for one in candidates_left_over(session, campaign, NOW, 99)}
        assert left_over == {one.id for one in everybody[:25]}


def test_something_new_wakes_also_whose_opening_is_over(database: Database) -> None:
    campaign = _filled(database, 1)
    with database.unit_of_work() as session:
        (one,) = next_candidates(session, campaign, NOW, 1)
        _wait(session, one, NOW - timedelta(hours=2), NOW - timedelta(hours=1))
        bring_forward(session, 1, NOW)
        (woken,) = next_candidates(session, campaign, NOW, 1)
        assert woken.open_until == NEVER


def _by_hand(session: Session, campaign: int, now: datetime, limit: int) -> list[int]:
    """The same order, sorted by the database without any of our steps."""
    query = select(CandidateRow.id).where(CandidateRow.campaign_id == campaign, CandidateRow.next_eligible_at <= now)
    query = query.where(CandidateRow.open_until > now).order_by(CandidateRow.rank, CandidateRow.id).limit(limit)
    return list(session.scalars(query))


@pytest.mark.parametrize("most", [3, 200], ids=["few openings at a time", "all of them"])
def test_the_walk_over_openings_finds_whom_a_sort_of_all_finds(
    database: Database, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """However many openings there are, and in whatever order people lie in them."""
    monkeypatch.setattr("schedules.opening_store.MOST_OPENINGS", most)
    rng, campaign = random.Random(4711), _filled(database, 120)
    with database.unit_of_work() as session:
        for one in next_candidates(session, campaign, NOW, 999):
            begun = NOW + timedelta(minutes=30 * rng.randint(-6, 3))
            until = begun + timedelta(hours=rng.randint(1, 3)) if rng.random() < 0.8 else NEVER
            _wait(session, one, begun, until, place=rng.randint(1, 40))
        for limit in (1, 7, 30, 200):
            expected = _by_hand(session, campaign, NOW, limit)
            assert [one.id for one in next_candidates(session, campaign, NOW, limit)][: len(expected)] == expected


def test_refusals_are_counted_per_day_and_rule(database: Database) -> None:
    with database.unit_of_work() as session:
        for rule, times in (("sunday", 2), ("rest", 1)):
            for _ in range(times):
                count_refusals(session, 1, NOW, rule)
        count_refusals(session, 1, NOW + timedelta(days=1), "rest", refused=40)
    with database.reading() as session:
        rows = session.execute(select(RefusalCountRow.day, RefusalCountRow.rule, RefusalCountRow.refused)).all()
    assert set(map(tuple, rows)) == {
        (date(2026, 11, 24), "sunday", 2),
        (date(2026, 11, 24), "rest", 1),
        (date(2026, 11, 25), "rest", 40),
    }


def test_a_post_has_one_holder_and_a_fence_that_grows(database: Database) -> None:
    now, minute = datetime(2026, 11, 24, tzinfo=UTC), timedelta(minutes=1)
    with database.unit_of_work() as session:
        assert take_lease(session, "beat", "a", now, minute) == 1
        assert take_lease(session, "beat", "b", now, minute) is None
        assert take_lease(session, "beat", "a", now + minute / 2, minute) == 1
        assert take_lease(session, "beat", "b", now + minute, minute) is None
        # It ran out: the next one takes it, and the former holder is told by the fence.
        assert take_lease(session, "beat", "b", now + 2 * minute, minute) == 2
        assert take_lease(session, "beat", "a", now + 2 * minute, minute) is None
        release_lease(session, "beat", "b", now + 2 * minute)
        assert take_lease(session, "beat", "a", now + 2 * minute, minute) == 3


def test_a_beat_is_done_once(database: Database) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    with database.unit_of_work() as session:
        assert claim_beat(session, "day", "20416", now)
        assert not claim_beat(session, "day", "20416", now)
        assert claim_beat(session, "day", "20417", now)
        unclaim_beat(session, "day", "20416")
        assert claim_beat(session, "day", "20416", now)
        forget_beats(session, now + timedelta(days=1))
        assert claim_beat(session, "day", "20417", now)
