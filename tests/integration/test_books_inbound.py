"""Calls that come in: whom we take the caller for, what they are told, and how the call ends in the books."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agreement_books import DAYS, plan, somebody
from books import BUSY, NOW, Day, add_campaign, add_debtor, number_of, people
from dialer.call_store import redeem
from dialer.fastagi import CallIn
from dialer.inbound_store import TICKET_SECONDS, e164_of, expect
from dialer.outcome_store import settle_all
from dialer.tables import CallRow, EntryRow
from ivr.briefing import Briefing
from ivr.heard import Answered, HungUp, Keys
from ivr.tables import ConversationRow
from ledger.clock import real_now
from ledger.tables import AccountRow, AgreementRow, ContactRow, HoldRow, InstalmentRow, PhoneRow
from schedules.law_file import shipped_rules
from schedules.tables import CandidateRow

#: The first debtor rings in, proves who it is, hears what is open, and hangs up.
PROVES = (Answered(), *map(Keys, ("1", "1", "2000", "0001")), HungUp())


def rings_in(day: Day, caller: str, channel: str = "PJSIP/trunk-1") -> tuple[str, Briefing]:
    """The telephone rings here: the ticket, and what we know."""
    call = CallIn(channel, called="+3225550100", caller=caller)
    with day.database.unit_of_work() as session:
        entry, briefing, _ = expect(session, call, shipped_rules(), day.clock(), real_now())
    return entry, briefing


def picks_up(day: Day, entry: str) -> str:
    """The line redeems the ticket and begins to speak."""
    with day.database.unit_of_work() as session:
        found = redeem(session, entry, real_now())
        assert found is not None
    day.talks.begin(day.briefing(found[0]))
    return found[0]


def over(day: Day, call: str) -> None:
    """The line is closed."""
    day.talks.ending(call, lambda session: settle_all(session, [call], day.clock(), real_now(), rules=shipped_rules()))


# -- who it is -------------------------------------------------------------------------------------------------------


def test_a_debtor_is_recognised_by_the_number_as_a_hint(day: Day) -> None:
    people(day.database, 2)
    _, briefing = rings_in(day, number_of(2))
    assert (briefing.debtor_id, briefing.direction, briefing.e164) == (2, "in", number_of(2))
    assert [one.id for one in briefing.invoices] == [2]
    assert len(briefing.factors) >= 2, "a number proves nothing: the same questions are asked"
    call = day.one(CallRow)
    assert (call.direction, call.attempt_uuid, call.caller, call.debtor_id) == ("in", None, number_of(2), 2)


def test_the_number_may_be_written_with_or_without_its_plus(day: Day) -> None:
    people(day.database, 1)
    for n, written in enumerate(("+32470000001", "32470000001", "0032470000001")):
        assert rings_in(day, written, f"PJSIP/trunk-{n}")[1].debtor_id == 1, written


def test_two_people_with_one_number_are_not_told_apart_by_it(day: Day) -> None:
    with day.database.unit_of_work() as session:
        for n in (1, 2):
            add_debtor(session, n, e164="+32470999999")
    _told_nothing(rings_in(day, "+32470999999")[1], "+32470999999")


def test_a_number_that_is_no_longer_theirs_tells_nothing(day: Day) -> None:
    people(day.database, 1)
    with day.database.unit_of_work() as session:
        session.query(PhoneRow).update({"until_at": NOW})
    _told_nothing(rings_in(day, number_of(1))[1], number_of(1))


def test_a_withheld_or_impossible_number_is_nobodys(day: Day) -> None:
    people(day.database, 1)
    callers = ("", "anonymous", "unknown", "restricted", "+266696687", "+32", "0470 12", "sip:x@y")
    for n, caller in enumerate(callers):
        _told_nothing(rings_in(day, caller, f"PJSIP/trunk-{n}")[1], None)
    assert {one.caller for one in day.rows(CallRow)} == {None}


def test_a_stranger_hears_who_we_are_and_nothing_more(day: Day) -> None:
    people(day.database, 1)
    _told_nothing(rings_in(day, "+33612345678")[1], "+33612345678")
    assert rings_in(day, "+33612345679", "PJSIP/trunk-2")[1].language == "fr-FR"


def test_somebody_whose_law_we_do_not_know_is_answered_as_a_stranger(day: Day) -> None:
    """A debtor in a country without a table of holidays rings in: no promise can be offered, but we answer."""
    with day.database.unit_of_work() as session:
        add_debtor(session, 1, country="PT", postcode="1000-001", e164="+351912345678")
    _told_nothing(rings_in(day, "+351912345678")[1], "+351912345678")


def test_somebody_whose_law_is_not_in_use_is_answered_as_a_stranger(day: Day) -> None:
    """Grace lives in New York: what must be said there about a debt is not in our words yet."""
    with day.database.unit_of_work() as session:
        add_debtor(session, 1, country="US", postcode="10001", e164="+12125550141")
    _told_nothing(rings_in(day, "+12125550141")[1], "+12125550141")


def test_a_british_debtor_is_recognised_as_any_other(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1, country="GB", postcode="SW1A 1AA", e164="+442079460141", currency="GBP")
    assert rings_in(day, "+442079460141")[1].debtor_id == 1


def test_a_call_comes_in_though_the_books_are_empty(day: Day) -> None:
    assert rings_in(day, number_of(1))[1].sender == "Beltoon"


def test_a_debtor_with_everything_paid_is_known_and_has_nothing_open(day: Day) -> None:
    people(day.database, 1, open_minor=0)
    briefing = rings_in(day, number_of(1))[1]
    assert (briefing.debtor_id, briefing.invoices, briefing.plans) == (1, (), ())


def _told_nothing(briefing: Briefing, e164: str | None) -> None:
    assert (briefing.debtor_id, briefing.full_name, briefing.factors, briefing.invoices) == (None, "", (), ())
    assert (briefing.e164, briefing.iban, briefing.call_code, briefing.plans) == (e164, None, None, ())
    assert briefing.creditor == briefing.sender
    assert not briefing.voicemail_allowed


@pytest.mark.parametrize(
    ("caller", "e164"),
    [("+32470123456", "+32470123456"), ("", None), ("+", None), ("00", None), ("+3247012345678901234", None)],
)
def test_a_caller_id_is_a_number_or_nothing(caller: str, e164: str | None) -> None:
    assert e164_of(CallIn("c", called="+3225550100", caller=caller)) == e164


# -- the ticket ------------------------------------------------------------------------------------------------------


def test_a_ticket_is_good_once_and_for_a_few_seconds(day: Day) -> None:
    people(day.database, 1)
    entry, _ = rings_in(day, number_of(1))
    row = day.one(EntryRow)
    assert row.valid_until - row.issued_at == timedelta(seconds=TICKET_SECONDS)
    with day.database.unit_of_work() as session:
        assert redeem(session, entry, row.valid_until + timedelta(seconds=1)) is None
        assert redeem(session, "00000000-0000-0000-0000-000000000000", real_now()) is None
        found = redeem(session, entry, real_now())
        assert found is not None
        assert found[0] == day.one(CallRow).uuid
    with day.database.unit_of_work() as session:
        assert redeem(session, entry, real_now()) is None


def test_a_ticket_of_a_call_that_is_over_is_good_for_nothing(day: Day) -> None:
    people(day.database, 1)
    one = day.claim_one()
    assert day.end(one, BUSY)
    with day.database.unit_of_work() as session:
        assert redeem(session, one.entry, real_now()) is None


def test_after_the_answer_a_ticket_is_good_for_ten_seconds(day: Day) -> None:
    people(day.database, 1)
    one = day.claim_one()
    ringing = day.one(EntryRow)
    assert ringing.valid_until - ringing.issued_at == timedelta(seconds=35)
    day.flight.told([], [one.attempt], {})
    left = day.one(EntryRow).valid_until - real_now()
    assert timedelta(0) < left <= timedelta(seconds=10)


# -- how it ends -----------------------------------------------------------------------------------------------------


def test_a_debtor_who_rings_in_and_talks_with_us_is_left_in_peace_for_a_week(day: Day) -> None:
    """No try of ours, so outside the budget; but the rest after a talk begins."""
    people(day.database, 1)
    call = picks_up(day, rings_in(day, number_of(1))[0])
    day.say(call, *PROVES)
    over(day, call)
    row, contact = day.one(CallRow), day.one(ContactRow)
    assert (row.state, row.disposition, contact.disposition) == ("ended", "heard", "heard")
    assert (contact.solicited, contact.talked, contact.right_party, contact.address) == (True, True, True, number_of(1))
    assert contact.debtor_slot > 100
    day.clock.pass_(hours=1)
    assert day.claim() == []
    day.clock.pass_(days=6)
    assert day.claim() == []
    day.clock.pass_(days=1)
    assert len(day.claim()) == 1


def test_somebody_who_rings_in_and_proves_nothing_starts_no_rest(day: Day) -> None:
    people(day.database, 1)
    call = picks_up(day, rings_in(day, number_of(1))[0])
    day.say(call, Answered(), HungUp())
    over(day, call)
    assert day.one(CallRow).disposition == "no_conversation"
    assert day.rows(ContactRow) == []
    assert len(day.claim()) == 1


def test_a_stop_by_a_stranger_holds_the_number_of_everybody(day: Day) -> None:
    people(day.database, 1)
    with day.database.unit_of_work() as session:
        add_debtor(session, 2, e164=number_of(1))
    call = picks_up(day, rings_in(day, number_of(1))[0])
    day.say(call, Answered(), Keys("9"))
    over(day, call)
    hold = day.one(HoldRow)
    assert (hold.kind, hold.e164, hold.channel) == ("opt_out", number_of(1), "voice")
    assert day.claim() == []


def test_whoever_asked_for_a_call_back_and_rings_in_is_looked_at_anew(day: Day) -> None:
    people(day.database, 1)
    with day.database.unit_of_work() as session:
        session.query(CandidateRow).update({"next_eligible_at": NOW + timedelta(days=5)})
    call = picks_up(day, rings_in(day, number_of(1))[0])
    day.say(call, Answered(), HungUp())
    over(day, call)
    assert day.one(CandidateRow).next_eligible_at <= day.clock.now


def test_a_caller_who_gave_up_before_we_spoke_is_settled_by_the_dialer(day: Day) -> None:
    """Nobody redeems the ticket: no line tells of the end, and no carrier."""
    people(day.database, 1)
    rings_in(day, number_of(1))
    day.dial.look(0)
    assert day.one(CallRow).state == "dialing", "the ticket is still good"
    with day.database.unit_of_work() as session:
        session.query(EntryRow).update({"valid_until": real_now() - timedelta(seconds=1)})
    Day(day.database, day.clock).dial.look(0)
    row = day.one(CallRow)
    assert (row.state, row.disposition) == ("ended", "no_conversation")
    assert row.ended_at is not None
    assert day.rows(ContactRow) == []


def test_a_talk_whose_line_died_is_settled_when_no_call_can_last_longer(day: Day) -> None:
    people(day.database, 1)
    entry, _ = rings_in(day, number_of(1))
    call = picks_up(day, entry)
    day.say(call, Answered(), Keys("9"))
    Day(day.database, day.clock).dial.look(0)
    assert day.one(CallRow).state != "ended", "the talk may go on"
    with day.database.unit_of_work() as session:
        session.query(EntryRow).update({"issued_at": real_now() - timedelta(hours=1)})
    Day(day.database, day.clock).dial.look(0)
    row = day.one(CallRow)
    assert (row.state, row.disposition) == ("ended", "opted_out")
    assert day.one(ConversationRow).ended_at is not None


def test_the_same_debtor_rings_in_twice_on_a_day(day: Day) -> None:
    people(day.database, 1)
    for n in range(2):
        call = picks_up(day, rings_in(day, number_of(1), f"PJSIP/trunk-{n}")[0])
        day.say(call, *PROVES)
        over(day, call)
    assert sorted(one.debtor_slot for one in day.rows(ContactRow)) == [101, 102]
    assert day.rows(AgreementRow) == []


def test_who_rings_in_while_we_ring_them_keeps_one_conversation_each(day: Day) -> None:
    people(day.database, 1)
    add_campaign(day.database, "spring")
    out = day.claim_one()
    call = picks_up(day, rings_in(day, number_of(1))[0])
    day.say(call, *PROVES)
    over(day, call)
    assert day.end(out, BUSY)
    ends = sorted((one.solicited, one.disposition) for one in day.rows(ContactRow))
    assert ends == [(False, "busy"), (True, "heard")]
    assert day.claim() == []


# -- a plan that stands ----------------------------------------------------------------------------------------------


def test_who_pays_by_a_plan_and_rings_in_moves_a_late_instalment_once(day: Day) -> None:
    with day.database.unit_of_work() as session:
        somebody(session, 1)
        plan(session, 1)
    entry, briefing = rings_in(day, number_of(1))
    assert briefing.instalment is not None
    first, last = briefing.instalment.moves[0], briefing.instalment.moves[-1]
    assert NOW.date() < first <= last <= DAYS[0] + timedelta(days=14)
    call = picks_up(day, entry)
    for n, heard in enumerate((*PROVES[:-1], *map(Keys, ("2", "2", "1")), HungUp())):
        day.talks.step(call, str(n), heard)
    over(day, call)
    with day.database.reading() as session:
        part = session.get(InstalmentRow, (briefing.instalment.agreement_id, 1))
        assert part is not None
        assert (part.due_on, part.moved_from) == (last, DAYS[0])
    _, again = rings_in(day, number_of(1), "PJSIP/trunk-2")
    assert again.instalment is not None
    assert again.instalment.moves == (), "one move is free"


def test_a_plan_with_another_creditor_is_not_told_of(day: Day) -> None:
    with day.database.unit_of_work() as session:
        somebody(session, 1)
        somebody(session, 2, creditor=2)
        other = plan(session, 2)
        other.debtor_id = 1
    assert rings_in(day, number_of(1))[1].instalment is None


def test_a_plan_that_is_paid_has_no_next_instalment(day: Day) -> None:
    with day.database.unit_of_work() as session:
        somebody(session, 1)
        plan(session, 1, state="kept")
    assert rings_in(day, number_of(1))[1].instalment is None


# -- somebody rings back ---------------------------------------------------------------------------------------------


def called(day: Day, debtor_id: int, days_ago: int, **over: object) -> None:
    """A call of ours that was not answered."""
    at = NOW - timedelta(days=days_ago)
    with day.database.unit_of_work() as session:
        row = {
            "debtor_id": debtor_id, "address": number_of(debtor_id), "channel": "voice", "zone": "Europe/Brussels",
            "local_date": at.date(), "debtor_slot": 1, "address_slot": 1, "begun_at": at, "ended_at": at,
            "disposition": "no_answer",
        }  # fmt: skip
        session.add(ContactRow(**{**row, **over}))


def test_who_rings_back_is_known_to_do_so(day: Day) -> None:
    people(day.database, 1)
    called(day, 1, 5)
    called(day, 1, 2)
    assert rings_in(day, number_of(1))[1].called_on == NOW.date() - timedelta(days=2)


def test_an_old_call_a_message_and_their_own_calls_are_nothing_to_ring_back_about(day: Day) -> None:
    people(day.database, 3)
    called(day, 1, 8)
    called(day, 2, 1, channel="sms")
    called(day, 3, 1, solicited=True)
    for n in (1, 2, 3):
        assert rings_in(day, number_of(n), f"PJSIP/trunk-{n}")[1].called_on is None


def test_where_two_creditors_call_nobody_says_which_call_it_was(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_debtor(session, 2, creditor=2)
        session.query(AccountRow).filter_by(id=2).update({"debtor_id": 1})
    called(day, 1, 1)
    assert rings_in(day, number_of(1))[1].called_on is None
