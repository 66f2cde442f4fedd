"""The floor on the real books, on either engine: agents are rung, kept for calls and joined; a switchboard without
telephones does as it is told, and its orders are the oracle."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from books import HUNG_UP, NO_ANSWER, NOW, Day, Hand, add_campaign, add_debtor, number_of
from dialer.agent import AgentState, PersonFirst, Wanted
from dialer.claim import Claimed
from dialer.floor import Floor, FloorTerms
from dialer.floor_ear import SETTLED
from dialer.floor_store import FloorBooks
from dialer.roster_store import AgentChange, add_agent, want
from dialer.station_store import seen
from dialer.tables import AgentRow, AttemptRow, CallRow, EntryRow
from dialer.testing_floor import FakeSwitchboard
from dialer.wallboard_store import wallboard
from dialer.whisper import Told
from ivr.heard import AgentGone, Answered, Keys, Silence
from ivr.tables import ConversationRow, TransferRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.run_store import set_clock_offset
from ledger.tables import AgreementRow, ContactRow, DebtorRow, HoldRow, PhoneRow
from schedules.law_file import shipped_rules
from schedules.rules_store import RulesBook

OWNER = "dial-1"
BRUNO, CHIARA = "+32477000001", "+32477000002"
#: 85 years old: a person first.
ELDER = date(1941, 3, 2)
PATIENCE_SECONDS = 15.0


class NoWhispers:
    """No folder of sounds."""

    def __init__(self) -> None:
        self.made_for: list[tuple[str, bool]] = []
        self.takes_seconds = 0.0

    def made(self, told: Told, call: str, *, waits: bool) -> str:
        self.made_for.append((call, waits))
        time.sleep(self.takes_seconds)
        return f"whisper-{call}"

    def forget(self, call: str) -> None:
        """Nothing was kept."""


class Stage:
    """A floor at work."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.board = FakeSwitchboard()
        self.whispers = NoWhispers()
        self.books = books = FloorBooks(day.database, day.clock, RulesBook(shipped_rules()), OWNER, timedelta(hours=1))
        terms = FloorTerms(caller_id="+3225550100", longest_seconds=3600)
        self.floor = Floor(books, self.board, self.whispers, terms)  # type: ignore[arg-type]

    def agent(self, name: str) -> AgentRow:
        row: AgentRow = self.day.one(AgentRow, name=name)
        return row

    def state(self, name: str) -> str:
        return self.agent(name).state

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        for _ in range(int(PATIENCE_SECONDS / 0.05)):
            if await asyncio.to_thread(holds):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"it never came to it: {what}; {[vars(row) for row in self.day.rows(AgentRow)]}")

    async def until_state(self, name: str, state: AgentState) -> str:
        """Their line, once they stand so."""
        await self.until(lambda: self.state(name) == state, f"{name} is {state}")
        return self.agent(name).leg or ""

    def transfer(self, call: str) -> TransferRow:
        row: TransferRow = self.day.rows(TransferRow, call_id=call)[-1]
        return row

    def picks_up(self, one: Claimed) -> str:
        """The debtor picks up and hears our first words; the call."""
        self.day.answer(one)
        self.board.callers.add(one.attempt)
        self.day.say(one.attempt, Answered())
        return one.attempt

    async def joined(self, name: str, call: str) -> str:
        """The agent's line, once the two talk."""
        await self.until(lambda: self.transfer(call).state == "joined", "they talk")
        return await self.until_state(name, AgentState.TALKING)


@pytest.fixture
def day(database: Database) -> Iterator[Day]:
    one = Day(database, Hand())
    with database.unit_of_work() as session:
        set_clock_offset(session, NOW - real_now())
    yield one
    one.close()


@pytest.fixture
async def stage(day: Day) -> AsyncIterator[Stage]:
    async with on_stage(day) as stage:
        yield stage


@contextlib.asynccontextmanager
async def on_stage(day: Day) -> AsyncIterator[Stage]:
    one = Stage(day)

    async def alive() -> None:
        while True:
            await asyncio.to_thread(seen, day.database, OWNER, "dial", {}, real_now())
            await asyncio.sleep(1)

    beating, serving = asyncio.create_task(alive()), asyncio.create_task(one.floor.run())
    try:
        yield one
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await one.floor.close()
        beating.cancel()


def sign_on(session: Session, name: str, phone: str, *languages: str, wrap_up: int = 0) -> None:
    typed = AgentChange(phone=phone, languages=languages or ("nl",), wrap_up_seconds=wrap_up)
    add_agent(session, name, typed, (), real_now())
    want(session, (name,), Wanted.ON)


async def on_floor(stage: Stage, name: str = "Bruno", phone: str = BRUNO, *languages: str, wrap_up: int = 0) -> str:
    """An agent who signs on; their line."""
    with stage.day.database.unit_of_work() as session:
        sign_on(session, name, phone, *languages, wrap_up=wrap_up)
    return await stage.until_state(name, AgentState.READY)


def elders(day: Day, count: int = 1, **campaign: Any) -> None:
    with day.database.unit_of_work() as session:
        for n in range(1, count + 1):
            add_debtor(session, n, birth_date=ELDER)
    add_campaign(day.database, **campaign)


# -- signing on and off ---------------------------------------------------------------------------------------------


async def test_who_signs_on_is_rung_once_and_their_line_is_held_until_they_sign_off(stage: Stage) -> None:
    leg = await on_floor(stage)
    assert [(order.leg, order.e164, order.sentence) for order in stage.board.rung] == [(leg, BRUNO, "agent-nl-BE")]
    with stage.day.database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.OFF)
    await stage.until_state("Bruno", AgentState.OFF)
    assert stage.board.lines == {}
    assert (stage.agent("Bruno").leg, stage.agent("Bruno").owner) == (None, None)


async def test_a_telephone_that_nobody_answers_is_not_rung_again_and_again(stage: Stage) -> None:
    stage.board.away.add(BRUNO)
    with stage.day.database.unit_of_work() as session:
        sign_on(session, "Bruno", BRUNO)
    await stage.until(lambda: stage.agent("Bruno").wanted == "off", "Bruno is signed off")
    await asyncio.sleep(1.5)
    assert len(stage.board.rung) == 1


async def test_a_telephone_that_became_a_debtors_is_not_rung(stage: Stage) -> None:
    with stage.day.database.unit_of_work() as session:
        sign_on(session, "Bruno", number_of(1))
        add_debtor(session, 1)
        sign_on(session, "Chiara", CHIARA)
    await stage.until_state("Chiara", AgentState.READY)
    assert [order.e164 for order in stage.board.rung] == [CHIARA]


async def test_a_break_keeps_the_line_and_takes_no_call(stage: Stage) -> None:
    leg = await on_floor(stage)
    with stage.day.database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.PAUSE)
    await stage.until_state("Bruno", AgentState.PAUSED)
    elders(stage.day)
    assert stage.day.briefing(stage.day.claim_one().attempt).person_first is False
    with stage.day.database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.ON)
    assert await stage.until_state("Bruno", AgentState.READY) == leg


# -- a person first -------------------------------------------------------------------------------------------------


async def test_who_is_eighty_is_kept_an_agent_who_hears_their_name_while_it_rings(stage: Stage) -> None:
    leg = await on_floor(stage)
    elders(stage.day)
    (found,) = stage.day.dial.next_up(5)
    assert found.person_first is PersonFirst.IF_FREE
    one = stage.day.claim_one()
    assert (stage.state("Bruno"), stage.agent("Bruno").call_uuid) == ("reserved", one.attempt)
    assert stage.day.briefing(one.attempt).person_first
    await stage.until(lambda: stage.board.whispered, "Bruno hears who it is")
    assert stage.board.whispered == [(leg, f"whisper-{one.attempt}")]


async def test_where_nobody_is_free_the_machine_calls_them(stage: Stage) -> None:
    elders(stage.day)
    one = stage.day.claim_one()
    briefing = stage.day.briefing(one.attempt)
    assert (briefing.person_first, briefing.agents) == (False, False)


async def test_nobody_who_speaks_another_language_is_kept_for_them(stage: Stage) -> None:
    await on_floor(stage, "Bruno", BRUNO, "fr")
    elders(stage.day)
    assert not stage.day.briefing(stage.day.claim_one().attempt).person_first
    assert stage.state("Bruno") == "ready"


async def test_who_is_seventy_hears_the_machine_though_an_agent_is_free(stage: Stage) -> None:
    await on_floor(stage)
    with stage.day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(stage.day.database)
    briefing = stage.day.briefing(stage.day.claim_one().attempt)
    assert (briefing.person_first, briefing.agents) == (False, True)
    assert stage.state("Bruno") == "ready"


async def test_a_debtor_of_eighty_who_picks_up_talks_with_the_agent_and_nothing_else_is_agreed(stage: Stage) -> None:
    leg = await on_floor(stage)
    elders(stage.day)
    one = stage.day.claim_one()
    call = stage.picks_up(one)
    assert await stage.joined("Bruno", call) == leg
    (join,) = stage.board.joins
    assert (join.leg, join.channel) == (leg, call)
    tickets = {row.uuid: row.way for row in stage.day.rows(EntryRow, call_uuid=call)}
    assert (tickets[join.back_done], tickets[join.back_lost]) == ("done", "lost")
    stage.board.caller_hangs_up(call)
    await stage.until_state("Bruno", AgentState.READY)
    assert stage.day.end(one, HUNG_UP)
    contact = stage.day.one(ContactRow)
    assert (contact.disposition, contact.talked, contact.right_party) == ("agent", True, True)
    assert stage.day.one(AttemptRow).next_step == "none"
    assert stage.day.claim() == []
    assert stage.transfer(call).result == "gone"


async def test_a_call_that_nobody_answers_frees_the_agent(stage: Stage) -> None:
    await on_floor(stage)
    elders(stage.day)
    one = stage.day.claim_one()
    assert stage.day.end(one, NO_ANSWER)
    await stage.until_state("Bruno", AgentState.READY)
    assert stage.agent("Bruno").call_uuid is None
    assert stage.day.one(ContactRow).disposition == "no_answer"


async def test_an_agent_who_vanishes_before_the_join_leaves_the_debtor_to_another(stage: Stage) -> None:
    leg = await on_floor(stage)
    elders(stage.day)
    one = stage.day.claim_one()
    stage.board.agent_hangs_up(leg)
    await stage.until_state("Bruno", AgentState.OFF)
    other = await on_floor(stage, "Chiara", CHIARA)
    call = stage.picks_up(one)
    assert await stage.joined("Chiara", call) == other


async def test_a_name_that_is_rendered_late_takes_nobody_out_of_a_talk(stage: Stage) -> None:
    stage.whispers.takes_seconds = 1.0
    await on_floor(stage)
    elders(stage.day)
    call = stage.picks_up(stage.day.claim_one())
    await stage.joined("Bruno", call)
    await asyncio.sleep(1.5)
    assert stage.board.whispered == []


async def test_an_agent_for_whom_nobody_waits_any_more_is_free_though_the_call_goes_on(stage: Stage) -> None:
    await on_floor(stage)
    elders(stage.day)
    stage.board.cut()  # the join never comes
    await asyncio.sleep(0.2)
    call = stage.picks_up(stage.day.claim_one())
    stage.day.say(call, Silence())
    assert stage.transfer(call).result == "none"
    await stage.until_state("Bruno", AgentState.READY)
    assert stage.day.one(ConversationRow).ended_at is None


# -- what the agent says of it --------------------------------------------------------------------------------------


async def wraps_up(stage: Stage) -> tuple[Claimed, str]:
    """Bruno has talked with whoever picked up at a debtor of eighty, and may still say who it was; his line."""
    leg = await on_floor(stage, wrap_up=600)
    elders(stage.day)
    one = stage.day.claim_one()
    call = stage.picks_up(one)
    await stage.joined("Bruno", call)
    stage.board.caller_hangs_up(call)
    await stage.until_state("Bruno", AgentState.WRAP_UP)
    assert stage.day.end(one, HUNG_UP)  # its line is free for the next call
    return one, leg


async def noted(stage: Stage, word: str) -> None:
    """The agent's word stands in the books."""
    await stage.until(lambda: stage.day.one(TransferRow).said == word, f"{word} is noted")


async def written_up(stage: Stage) -> ContactRow:
    """Bruno takes a break, which ends his wrap-up; what the call has come to."""
    with stage.day.database.unit_of_work() as session:
        want(session, ("Bruno",), Wanted.PAUSE)
    await stage.until(lambda: stage.day.one(CallRow).state == "ended", "the call is written up")
    contact: ContactRow = stage.day.one(ContactRow)
    return contact


async def test_a_voicemail_that_an_agent_met_is_no_talk_and_is_tried_again(stage: Stage) -> None:
    _, leg = await wraps_up(stage)
    stage.board.agent_presses(leg, "2")
    await noted(stage, "voicemail")
    assert stage.day.one(CallRow).state != "ended"  # they may think better of it
    with stage.day.database.reading() as session:
        (post,) = wallboard(session).posts
    assert post.talk and post.talk.whom
    assert (post.talk.said, post.talk.whom.debtor) == ("voicemail", stage.day.one(DebtorRow).ref)
    contact = await written_up(stage)
    assert (contact.disposition, contact.talked, contact.right_party) == ("voicemail", False, False)
    assert stage.day.one(AttemptRow).next_step == "retry"


async def test_a_wrong_number_that_an_agent_met_is_never_called_again(stage: Stage) -> None:
    _, leg = await wraps_up(stage)
    stage.board.agent_presses(leg, "2")
    stage.board.agent_presses(leg, "4")  # the later word counts
    await noted(stage, "wrong_number")
    contact = await written_up(stage)
    assert (contact.disposition, contact.right_party) == ("wrong_number", False)
    assert stage.day.one(HoldRow).kind == "wrong_number"
    assert stage.day.one(HoldRow).e164 == number_of(1)
    assert stage.day.one(PhoneRow).until_at is not None


async def test_who_tells_an_agent_to_stop_is_not_called_again(stage: Stage) -> None:
    _, leg = await wraps_up(stage)
    stage.board.agent_presses(leg, "5")
    await noted(stage, "stop")
    contact = await written_up(stage)
    assert (contact.disposition, contact.talked) == ("opted_out", True)
    assert (stage.day.one(HoldRow).kind, stage.day.one(HoldRow).channel) == ("opt_out", "voice")


async def test_somebody_else_who_picked_up_is_left_in_peace_for_two_days(stage: Stage) -> None:
    _, leg = await wraps_up(stage)
    stage.board.agent_presses(leg, "3")
    await noted(stage, "not_at_home")
    contact = await written_up(stage)
    assert (contact.disposition, contact.right_party) == ("not_at_home", False)
    assert stage.day.one(AttemptRow).next_at >= NOW + timedelta(days=1)


async def test_an_agent_who_says_nothing_has_talked_and_one_who_hangs_up_in_the_wrap_up_too(stage: Stage) -> None:
    _, leg = await wraps_up(stage)
    stage.board.agent_hangs_up(leg)
    await stage.until(lambda: stage.day.one(CallRow).state == "ended", "the call is written up")
    contact = stage.day.one(ContactRow)
    assert (contact.disposition, contact.talked, contact.right_party) == ("agent", True, True)


async def test_a_key_on_a_line_that_has_nothing_to_say_says_nothing(stage: Stage) -> None:
    one, leg = await wraps_up(stage)
    assert (await written_up(stage)).disposition == "agent"
    await stage.until_state("Bruno", AgentState.PAUSED)
    stage.board.agent_presses(leg, "4")
    await asyncio.sleep(0.2)
    assert stage.transfer(one.attempt).said is None
    assert stage.day.rows(HoldRow) == []


async def test_a_dialer_that_ends_in_a_wrap_up_writes_the_call_up(day: Day) -> None:
    async with on_stage(day) as stage:
        _, leg = await wraps_up(stage)
        stage.board.agent_presses(leg, "2")
        await noted(stage, "voicemail")
    assert (day.one(CallRow).state, day.one(CallRow).disposition) == ("ended", "voicemail")


# -- a campaign of agents -------------------------------------------------------------------------------------------


async def test_a_campaign_of_agents_calls_one_person_for_each_agent_who_is_free(stage: Stage) -> None:
    with stage.day.database.unit_of_work() as session:
        for n in range(1, 5):
            add_debtor(session, n)
    add_campaign(stage.day.database, served_by="agents")
    assert stage.day.claim() == []
    stage.day.clock.pass_(minutes=2)
    await on_floor(stage)
    await on_floor(stage, "Chiara", CHIARA)
    claimed = stage.day.claim()
    assert len(claimed) == 2
    assert {stage.agent(name).call_uuid for name in ("Bruno", "Chiara")} == {one.attempt for one in claimed}
    assert all(stage.day.briefing(one.attempt).person_first for one in claimed)
    stage.day.end(claimed[0], NO_ANSWER)
    await stage.until(lambda: len(stage.day.rows(AgentRow, state="ready")) == 1, "one is free again")
    stage.day.clock.pass_(minutes=2)
    assert len(stage.day.claim()) == 1


# -- who waits on the line ------------------------------------------------------------------------------------------


async def asks_for_a_person(stage: Stage) -> tuple[Claimed, str]:
    """A debtor of seventy presses 0."""
    with stage.day.database.unit_of_work() as session:
        add_debtor(session, 1)
    add_campaign(stage.day.database)
    one = stage.day.claim_one()
    call = stage.picks_up(one)
    stage.day.say(call, Keys("0"))
    return one, call


async def test_who_asks_for_a_person_is_joined_with_one_and_needs_no_call_back(stage: Stage) -> None:
    leg = await on_floor(stage)
    one, call = await asks_for_a_person(stage)
    await stage.joined("Bruno", call)
    assert stage.board.joins[0].whisper == f"whisper-{call}"
    assert stage.whispers.made_for == [(call, True)]
    stage.board.caller_hangs_up(call)
    await stage.until_state("Bruno", AgentState.READY)
    assert stage.day.end(one, HUNG_UP)
    assert stage.day.one(AgreementRow, kind="person").state == "kept"
    assert stage.day.one(CallRow).disposition == "agent"
    assert stage.day.one(ConversationRow).ended_at is not None
    assert leg in stage.board.lines


async def test_a_line_to_an_agent_that_breaks_leaves_the_call_back_standing(stage: Stage) -> None:
    leg = await on_floor(stage)
    _, call = await asks_for_a_person(stage)
    await stage.joined("Bruno", call)
    stage.board.agent_hangs_up(leg)
    await stage.until_state("Bruno", AgentState.OFF)
    assert stage.agent("Bruno").wanted == "off"
    stage.day.say(call, AgentGone("lost"))
    assert stage.day.one(AgreementRow, kind="person").state == "open"
    assert stage.transfer(call).state == "waiting"
    other = await on_floor(stage, "Chiara", CHIARA)
    assert await stage.joined("Chiara", call) == other


async def test_a_caller_of_another_asterisk_is_left_to_its_own_dialer(stage: Stage) -> None:
    await on_floor(stage)
    _, call = await asks_for_a_person(stage)
    stage.board.callers.clear()
    await stage.until_state("Bruno", AgentState.READY)
    await asyncio.sleep(0.5)
    assert stage.board.joins == []
    assert stage.transfer(call).state in ("waiting", "joined")


async def test_a_join_that_failed_is_tried_again_and_a_caller_who_went_is_written_up(
    stage: Stage,
) -> None:
    leg = await on_floor(stage)
    stage.board.fails = True
    one, call = await asks_for_a_person(stage)
    await stage.until(lambda: len(stage.board.joins) >= 2, "it is tried again")
    stage.board.fails = False
    assert await stage.joined("Bruno", call) == leg
    stage.board.caller_hangs_up(call)
    await stage.until(lambda: stage.transfer(call).result == "gone", "he has gone")
    assert stage.day.end(one, HUNG_UP)


async def test_an_order_of_which_nobody_knows_is_taken_back_when_the_switchboard_says_so(stage: Stage) -> None:
    leg = await on_floor(stage)
    stage.board.loses = True
    _, call = await asks_for_a_person(stage)
    await stage.until(lambda: len(stage.board.joins) == 1, "it was tried")
    assert (stage.state("Bruno"), stage.transfer(call).state) == ("reserved", "taken")
    stage.board.loses = False
    stage.books.reconcile(await stage.board.held())
    assert await stage.joined("Bruno", call) == leg


# -- bad days -------------------------------------------------------------------------------------------------------


async def test_what_happened_while_the_link_was_cut_is_seen_when_it_is_back(stage: Stage) -> None:
    gone, stays = await on_floor(stage), await on_floor(stage, "Chiara", CHIARA)
    stage.board.cut()
    stage.board.agent_hangs_up(gone)
    await asyncio.sleep(0.2)
    stage.board.mend()
    await stage.until_state("Bruno", AgentState.OFF)
    assert await stage.until_state("Chiara", AgentState.READY) == stays


async def test_a_dialer_that_comes_after_a_dead_one_goes_on_with_its_agents(day: Day, tmp_path: Path) -> None:
    async with on_stage(day) as first:
        leg = await on_floor(first)
        lines = dict(first.board.lines)
        with day.database.unit_of_work() as session:  # as if it had died: nothing of it is signed off
            session.execute(update(AgentRow).values(owner="dial-dead"))
    assert day.one(AgentRow).leg == leg
    second = Stage(day)
    second.board.lines = lines
    serving = asyncio.create_task(second.floor.run())
    await second.until(lambda: second.agent("Bruno").owner == OWNER, "Bruno is ours")
    assert await second.until_state("Bruno", AgentState.READY) == leg
    assert second.board.rung == []
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await second.floor.close()


async def test_who_was_to_be_put_through_by_a_dead_dialer_waits_for_the_next(stage: Stage) -> None:
    leg = await on_floor(stage)
    stage.board.loses = True
    _, call = await asks_for_a_person(stage)
    await stage.until(lambda: len(stage.board.joins) == 1, "it was tried")
    stage.board.loses = False
    with stage.day.database.unit_of_work() as session:
        session.execute(update(AgentRow).values(owner="dial-dead"))
    stage.books.reconcile(await stage.board.held())
    assert await stage.joined("Bruno", call) == leg


async def test_what_was_asked_before_a_join_ends_no_talk(stage: Stage) -> None:
    leg = await on_floor(stage)
    before = await stage.board.held()
    _, call = await asks_for_a_person(stage)
    await stage.joined("Bruno", call)
    stage.books.reconcile(before, SETTLED)
    assert stage.state("Bruno") == "talking"
    stage.books.reconcile(before)
    assert (stage.state("Bruno"), stage.agent("Bruno").leg) == ("wrap_up", leg)


async def test_a_line_that_is_nobodys_is_hung_up(day: Day) -> None:
    stage = Stage(day)
    stage.board.holds("agent-stray", BRUNO)
    serving = asyncio.create_task(stage.floor.run())
    await stage.until(lambda: not stage.board.lines, "the stray line is ended")
    assert day.rows(AgentRow) == [] == stage.board.rung
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await stage.floor.close()
