"""Agents in the books, on either engine: who they are, what is wanted of them, and what the wallboard shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from books import NOW, Day, add_campaign, add_debtor, number_of, people
from dialer.agent import AgentState, Wanted
from dialer.errors import BadAgent
from dialer.roster_store import (
    AgentChange,
    add_agent,
    agents,
    change_agent,
    in_a_debtors_hands,
    remove_agent,
    want,
)
from dialer.tables import AgentRow, CallRow
from dialer.wallboard import Wallboard
from dialer.wallboard_store import wallboard
from ivr.heard import Answered, Keys
from ivr.tables import ConversationRow, TransferRow
from ledger.database import Database
from ledger.tables import AgreementRow, PhoneRow

OURS = ("+3225550177",)


def typed(n: int = 0, languages: Sequence[str] = ("nl",), **over: Any) -> AgentChange:
    return AgentChange(phone=f"+32 477 00 00 {n:02}", languages=languages, **over)


def add(database: Database, *names: str) -> None:
    with database.unit_of_work() as session:
        for n, name in enumerate(names):
            add_agent(session, name, typed(n), OURS, NOW)


def stand(database: Database, name: str, state: AgentState, **over: Any) -> None:
    """As the dialer moves it."""
    with database.unit_of_work() as session:
        session.execute(update(AgentRow).where(AgentRow.name == name).values(state=state.value, **over))


def wanted(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {one.name: one.wanted.value for one in agents(session)}


def board(database: Database) -> Wallboard:
    with database.reading() as session:
        return wallboard(session)


def test_an_agent_begins_signed_off_with_what_was_typed(database: Database) -> None:
    with database.unit_of_work() as session:
        made = add_agent(session, "Bruno", typed(1, ("fr", "nl"), wrap_up_seconds=0), OURS, NOW)
    assert (made.phone, made.languages, made.wrap_up) == ("+32477000001", ("nl", "fr"), timedelta(0))
    assert (made.wanted, made.state, made.since) == (Wanted.OFF, AgentState.OFF, NOW)
    with database.reading() as session:
        assert agents(session) == [made]


@pytest.mark.parametrize(
    ("name", "phone", "told"),
    [
        ("Bruno", "+32477000009", "name: Bruno is taken"),
        ("bruno", "+32477000009", "name: Bruno is taken"),
        ("Chiara", "+32477000000", "phone: .* telephone of Bruno"),
        ("Chiara", number_of(1), "phone: .* debtor D-1 "),
        ("Chiara", "+3225550100", "phone: .* call from or are called on"),
        ("Chiara", OURS[0], "phone: .* call from or are called on"),
    ],
)
def test_a_name_or_telephone_that_is_anothers_is_refused(database: Database, name: str, phone: str, told: str) -> None:
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    add(database, "Bruno")
    with pytest.raises(BadAgent, match=told), database.unit_of_work() as session:
        add_agent(session, name, AgentChange(phone=phone, languages=("nl",)), OURS, NOW)
    assert wanted(database) == {"Bruno": "off"}


def test_a_number_that_was_a_debtors_and_is_no_more_may_be_an_agents(database: Database) -> None:
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        session.execute(update(PhoneRow).values(until_at=NOW))
        add_agent(session, "Bruno", AgentChange(phone=number_of(1), languages=("nl",)), OURS, NOW)
    assert wanted(database) == {"Bruno": "off"}


def test_what_is_wanted_holds_for_all_that_are_named_or_for_none(database: Database) -> None:
    add(database, "Bruno", "Chiara")
    with database.unit_of_work() as session:
        assert [one.wanted for one in want(session, ("Chiara", "Bruno", "Chiara"), Wanted.ON)] == [Wanted.ON] * 2
    with pytest.raises(BadAgent, match="no agent 'Ada'; there are: Bruno, Chiara"), database.unit_of_work() as session:
        want(session, ("Bruno", "Ada"), Wanted.OFF)
    assert wanted(database) == {"Bruno": "on", "Chiara": "on"}


def test_a_break_is_for_who_is_signed_on(database: Database) -> None:
    add(database, "Bruno", "Chiara")
    with database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.ON)
    with pytest.raises(BadAgent, match="Chiara is signed off"), database.unit_of_work() as session:
        want(session, ("Bruno", "Chiara"), Wanted.PAUSE)
    assert wanted(database) == {"Bruno": "on", "Chiara": "off"}
    with database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.PAUSE)
        want(session, ("Bruno",), Wanted.PAUSE)
    assert wanted(database) == {"Bruno": "pause", "Chiara": "off"}


def test_nobody_signs_on_by_a_telephone_that_has_become_a_debtors(database: Database) -> None:
    add(database, "Bruno", "Chiara")
    with database.unit_of_work() as session:
        add_debtor(session, 1, e164="+32477000000")
    with pytest.raises(BadAgent, match=r"phone: Bruno .* debtor D-1 "), database.unit_of_work() as session:
        want(session, ("Chiara", "Bruno"), Wanted.ON)
    assert wanted(database) == {"Bruno": "off", "Chiara": "off"}
    with database.unit_of_work() as session:
        assert in_a_debtors_hands(session) == ["Bruno"]
        want(session, ("Bruno",), Wanted.OFF)


def test_a_telephone_changes_only_while_no_line_to_the_old_one_is_held(database: Database) -> None:
    add(database, "Bruno")
    stand(database, "Bruno", AgentState.READY)
    with pytest.raises(BadAgent, match="phone: Bruno is on the line"), database.unit_of_work() as session:
        change_agent(session, "Bruno", typed(5), OURS)
    with database.unit_of_work() as session:
        changed = change_agent(session, "Bruno", AgentChange(languages=("de",), wrap_up_seconds=45), OURS)
    assert (changed.phone, changed.languages, changed.wrap_up) == ("+32477000000", ("de",), timedelta(seconds=45))
    stand(database, "Bruno", AgentState.OFF)
    with database.unit_of_work() as session:
        assert change_agent(session, "Bruno", typed(5), OURS).phone == "+32477000005"
    with pytest.raises(BadAgent, match="change: nothing"), database.unit_of_work() as session:
        change_agent(session, "Bruno", AgentChange(), OURS)


@pytest.mark.parametrize("state", [one for one in AgentState if one is not AgentState.OFF])
def test_an_agent_whose_line_is_held_or_rings_stays_in_the_books(database: Database, state: AgentState) -> None:
    add(database, "Bruno")
    stand(database, "Bruno", state)
    with pytest.raises(BadAgent, match="name: Bruno is on the line"), database.unit_of_work() as session:
        remove_agent(session, "Bruno")
    stand(database, "Bruno", AgentState.OFF)
    with database.unit_of_work() as session:
        remove_agent(session, "Bruno")
    assert wanted(database) == {}
    with pytest.raises(BadAgent, match="there are none yet"), database.unit_of_work() as session:
        remove_agent(session, "Bruno")


def test_the_machine_calls_nobody_of_a_campaign_that_is_served_by_agents(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(day.database, served_by="agents")
    assert day.claim() == []


# -- the wallboard --------------------------------------------------------------------------------------------------


def test_the_wallboard_shows_whom_an_agent_talks_with_about_what_and_what_was_recorded(day: Day) -> None:
    people(day.database, 2)
    add(day.database, "Bruno", "Chiara")
    mine, other = sorted(day.claim(), key=lambda one: one.debtor_id)
    for one in (mine, other):
        day.answer(one)
        promise = ("1", "1", "2000", f"{one.debtor_id:04d}", "2", "1", "1", "1")
        day.say(one.attempt, Answered(), *map(Keys, promise))
    stand(day.database, "Bruno", AgentState.TALKING, call_uuid=mine.attempt, wanted="on")
    found = board(day.database)
    talk = found.posts[0].talk
    assert talk is not None and talk.whom is not None
    assert (talk.whom.name, talk.whom.language, talk.whom.stage) == ("Els Banssens", "nl", 1)
    assert str(talk.whom.open) == "120.00 EUR"
    assert talk.proved
    with day.database.unit_of_work() as session:
        session.execute(update(ConversationRow).values(verified_at=None))
    assert board(day.database).posts[0].talk == replace(talk, proved=False)
    (words,) = talk.recorded
    assert re.fullmatch(r"promise 120\.00 EUR by 2026-\d\d-\d\d", words)
    assert found.posts[1].talk is None
    assert (found.counts.busy, found.counts.free, found.counts.wanted_on) == (1, 0, 1)


def test_a_call_that_is_not_briefed_yet_shows_nobody(database: Database) -> None:
    add(database, "Bruno")
    stand(database, "Bruno", AgentState.RESERVED, call_uuid="no-such-call")
    talk = board(database).posts[0].talk
    assert talk is not None
    assert (talk.call, talk.whom, talk.recorded) == ("no-such-call", None, ())


def test_the_wallboard_shows_what_a_caller_asked_for_whom_nobody_knows(database: Database) -> None:
    add(database, "Bruno")
    with database.unit_of_work() as session:
        told = {"carrier": "asterisk", "direction": "in", "state": "talking", "briefing": {}, "begun_at": NOW}
        session.add(CallRow(uuid="stranger", carrier_ref="stranger", **told))
        for key in ("stranger:3:person", "stranger-2:3:person"):
            session.add(AgreementRow(source_key=key, kind="person", detail={}, made_at=NOW))
    stand(database, "Bruno", AgentState.TALKING, call_uuid="stranger")
    talk = board(database).posts[0].talk
    assert talk is not None
    assert talk.recorded == ("person",)


def test_the_wallboard_shows_who_waits_and_nobody_else(day: Day) -> None:
    people(day.database, 1)
    call = day.claim_one()
    with day.database.unit_of_work() as session:
        for n, (state, why) in enumerate((("over", "person"), ("waiting", "person"))):
            asked = {"call_id": call.attempt, "turn": n, "language": "nl", "asked_at": NOW}
            session.add(TransferRow(why=why, state=state, **asked))
        stranger = {"call_id": "x", "turn": 1, "language": "fr", "asked_at": NOW}
        session.add(TransferRow(why="crisis", state="waiting", **stranger))
        session.add(TransferRow(why="person", state="joined", agent="Bruno", **stranger | {"call_id": "y"}))
    waits = [(one.waiting.why, one.waiting.language, one.name) for one in board(day.database).waiting]
    assert waits == [("crisis", "fr", ""), ("person", "nl", "Els Banssens")]
