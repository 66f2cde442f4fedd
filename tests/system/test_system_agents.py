"""Agents at their own telephones: a person first for the very old, campaigns of agents, and callers who ask for one."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from heard import heard
from house import Debtor, Dialer, House, until

from phone import IncomingCall, Phone, sound
from phone.sound import strength

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

BRUNO = "+32477000001"
#: What the agent, and what a debtor says, in hertz; each for so long.
BRUNO_HZ, DEBTOR_HZ, MS = 500.0, 1000.0, 800
HEARD = 500.0


@dataclass(frozen=True)
class Elder(Debtor):
    """Somebody of 85."""

    def row(self, creditor: str) -> dict[str, str]:
        return super().row(creditor) | {"birth_date": "1941-03-02"}


@dataclass
class Room:
    """The telephones of one agent and of debtors, while a dialer runs."""

    house: House
    dialer: Dialer
    phone: Phone
    calls: dict[str, IncomingCall] = field(default_factory=dict)

    def state(self) -> str:
        (row,) = self.house.rows("SELECT state FROM agent WHERE name = 'Bruno'")
        return str(row["state"])

    async def stands(self, state: str) -> None:
        await until(lambda: self.state() == state, 30.0)

    async def talks_with(self, who: Debtor) -> None:
        """Agent and debtor each say something, and the other hears it."""
        await self.stands("talking")
        bruno, debtor = self.calls[BRUNO], self.calls[who.number]
        since = time.monotonic()
        await asyncio.gather(bruno.say(sound.tone(BRUNO_HZ, MS)), debtor.say(sound.tone(DEBTOR_HZ, MS)))
        await asyncio.sleep(0.3)
        assert strength(debtor.record(since), BRUNO_HZ) > HEARD
        assert strength(bruno.record(since), DEBTOR_HZ) > HEARD


@contextlib.asynccontextmanager
async def room(house: House, *people: Debtor) -> AsyncIterator[Room]:
    """Bruno is signed on; the debtors pick up when they are called."""
    here: Room | None = None

    async def bruno(call: IncomingCall) -> None:
        assert here is not None
        here.calls[BRUNO] = call
        await call.answer()
        await call.wait_for_voice()
        await call.press("1")

    async def debtor(call: IncomingCall) -> None:
        assert here is not None
        here.calls[call.number] = call
        await call.ring(1.5)
        await call.answer()

    numbers = {BRUNO: bruno} | {who.number: debtor for who in people}
    async with house.telephone(numbers) as phone, house.dialing() as dialer:
        here = Room(house, dialer, phone)
        await asyncio.to_thread(house.beltoon, "agent", "on", "Bruno")
        await until(lambda: here.state() not in ("off", "ringing"), 30.0)  # a campaign may have them at once
        yield here
        await asyncio.to_thread(house.beltoon, "agent", "off", "Bruno")
        await here.stands("off")
        assert dialer.errors() == []


@pytest.fixture(scope="module", autouse=True)
def bruno(house: House) -> None:
    house.beltoon("agent", "add", "Bruno", "--phone", BRUNO, "--language", "nl", "--wrap-up", "0")


async def test_who_is_85_hears_a_person_first_and_the_agent_heard_who_it_is(house: House) -> None:
    oma = Elder(6001)
    async with room(house, oma) as here:
        await house.hand_over("elders", [oma])
        await here.talks_with(oma)
        call = here.calls[oma.number]
        assert not heard(call.record(), "open.hello")
        await call.hang_up()
        await here.stands("ready")
        assert await house.settled(oma) == ["agent"]
        assert heard(here.calls[BRUNO].record(), "whisper.call")
    assert (await asyncio.to_thread(house.document, "why", oma.ref))["rule"] == "rest"


async def test_a_voicemail_that_the_agent_meets_is_told_by_a_key_and_is_no_talk(house: House) -> None:
    oma = Elder(6008)
    await asyncio.to_thread(house.beltoon, "agent", "change", "Bruno", "--wrap-up", "60")
    async with room(house, oma) as here:
        await house.hand_over("voicemail", [oma])
        await here.talks_with(oma)
        bruno = here.calls[BRUNO]
        await bruno.press("**")
        await here.stands("wrap_up")
        await until(lambda: heard(bruno.record(), "staff.who_was_it"), 15.0)
        await bruno.press("2")
        await until(lambda: heard(bruno.record(), "staff.noted"), 10.0)
        await asyncio.to_thread(house.beltoon, "agent", "pause", "Bruno")
        assert await house.settled(oma) == ["voicemail"]
    await asyncio.to_thread(house.beltoon, "agent", "change", "Bruno", "--wrap-up", "0")
    assert house.rows("SELECT next_step FROM attempt ORDER BY answered_at DESC LIMIT 1")[0]["next_step"] == "retry"


async def test_who_is_85_is_served_by_the_machine_while_the_agent_has_a_break(house: House) -> None:
    oma = Elder(6002)
    async with room(house, oma) as here:
        await asyncio.to_thread(house.beltoon, "agent", "pause", "Bruno")
        await here.stands("paused")
        await house.hand_over("pause", [oma])
        await until(lambda: oma.number in here.calls, 30.0)
        call = here.calls[oma.number]
        await call.wait_for_voice(20.0)
        await call.wait(2.5)
        await call.hang_up()
        assert await house.settled(oma) == ["no_conversation"]
    (first,) = house.rows("SELECT acts FROM turn WHERE n = 1 ORDER BY conversation_id DESC LIMIT 1")
    assert "open.hello" in first["acts"]


async def test_a_caller_who_asks_for_a_person_is_put_through_and_thanked_when_the_agent_is_done(house: House) -> None:
    jan = Debtor(6003)
    async with room(house, jan) as here:
        await house.hand_over("asks", [jan])
        await until(lambda: jan.number in here.calls, 30.0)
        call = here.calls[jan.number]
        await call.wait_for_voice(20.0)
        await call.press("0")
        await here.talks_with(jan)
        assert heard(here.calls[BRUNO].record(), "whisper.waits")
        await here.calls[BRUNO].press("**")
        await call.until_over(30.0)
        assert heard(call.record(), "agent.bye")
        await here.stands("ready")
        assert await house.settled(jan) == ["agent"]
    assert house.rows("SELECT state FROM agreement WHERE kind = 'person'")[-1]["state"] == "kept"


async def test_a_caller_whose_agent_is_lost_is_with_us_again_and_keeps_the_call_back(house: House) -> None:
    els = Debtor(6004)
    async with room(house, els) as here:
        await house.hand_over("lost", [els])
        await until(lambda: els.number in here.calls, 30.0)
        call = here.calls[els.number]
        await call.wait_for_voice(20.0)
        await call.press("0")
        await here.talks_with(els)
        await here.calls[BRUNO].hang_up()
        await here.stands("off")
        await call.wait(5.0)
        assert heard(call.record(), "agent.lost")
        await asyncio.to_thread(house.beltoon, "agent", "on", "Bruno")
        await here.talks_with(els)
        await call.hang_up()
        await here.stands("ready")
        assert await house.settled(els) == ["agent"]


async def test_a_campaign_of_agents_calls_one_at_a_time_and_nobody_without_one(house: House) -> None:
    ann, bob = Debtor(6005), Debtor(6006)
    await house.hand_over("by-people", [ann, bob], starts=False)
    await asyncio.to_thread(
        house.beltoon, "campaign", "create", "by-people", "--creditor", "Stroomdal by-people", "--served-by", "agents"
    )
    await asyncio.to_thread(house.beltoon, "campaign", "start", "by-people")
    async with room(house, ann, bob) as here:
        await here.stands("talking")
        first = ann if ann.number in here.calls else bob
        await here.talks_with(first)
        await asyncio.sleep(2.0)
        assert len([number for number in (ann.number, bob.number) if number in here.calls]) == 1
        await here.calls[first.number].hang_up()
        other = bob if first is ann else ann
        await until(lambda: other.number in here.calls, 40.0)
        await here.talks_with(other)
        await here.calls[other.number].hang_up()
        assert await house.settled(ann, bob) == ["agent", "agent"]


US = "+3225550100"
STRANGER = "+32470006999"


async def test_a_stranger_who_rings_us_is_put_through_too_and_the_call_is_written_up(house: House) -> None:
    async with room(house) as here:
        call = here.phone.ring(US, house.sip, caller_id=STRANGER)
        await call.connected()
        await call.wait_for_voice(20.0)
        await call.press("0")
        await here.stands("talking")
        await call.say(sound.tone(DEBTOR_HZ, MS))
        assert strength(here.calls[BRUNO].record(), DEBTOR_HZ) > HEARD
        await call.hang_up()
        await here.stands("ready")
        await until(lambda: house.live_calls() == 0, 20.0)
    (row,) = house.rows("SELECT disposition, state FROM call WHERE caller = ?", STRANGER)
    assert (row["disposition"], row["state"]) == ("agent", "ended")
    assert not heard(call.record(), "inbound.closed", nth=0)


async def test_a_dialer_that_is_killed_leaves_the_two_talking_and_the_next_one_writes_it_up(house: House) -> None:
    jan = Debtor(6007)
    calls: dict[str, IncomingCall] = {}

    async def bruno(call: IncomingCall) -> None:
        calls[BRUNO] = call
        await call.answer()
        await call.wait_for_voice()
        await call.press("1")

    async def debtor(call: IncomingCall) -> None:
        calls[call.number] = call
        await call.answer()

    async with house.telephone({BRUNO: bruno, jan.number: debtor}) as phone:
        async with house.dialing() as dialer:
            here = Room(house, dialer, phone, calls)
            await asyncio.to_thread(house.beltoon, "agent", "on", "Bruno")
            await here.stands("ready")
            await house.hand_over("killed", [jan])
            await until(lambda: jan.number in calls, 30.0)
            await calls[jan.number].wait_for_voice(20.0)
            await calls[jan.number].press("0")
            await here.talks_with(jan)
            await asyncio.to_thread(dialer.kill)
        assert not calls[jan.number].is_over
        async with house.dialing() as second:
            here = Room(house, second, phone, calls)
            await until(
                lambda: house.rows("SELECT owner FROM agent")[0]["owner"].startswith(f"dial-{second.process.pid}")
            )
            await here.talks_with(jan)
            await calls[jan.number].hang_up()
            await here.stands("ready")
            assert await house.settled(jan) == ["agent"]
            assert not calls[BRUNO].is_over
