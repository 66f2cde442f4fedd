"""`beltoon dial` is asked to stop: kindly once, and at once when it is asked again."""

from __future__ import annotations

import asyncio
import signal

import pytest
from cast import Cast, hangs_up_at_once, listens, never_answers, nobody_was_called_twice
from house import Debtor, House, until
from talker import BINDS_AFTER_S, Talker

from phone import IncomingCall

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


async def test_ctrl_c_places_no_new_call_and_lets_a_conversation_come_to_its_promise(house: House) -> None:
    talks, waits = Debtor(8001), Debtor(8002)
    in_talk, stopped = asyncio.Event(), asyncio.Event()

    async def promises_after_the_stop(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("promise.check")
        in_talk.set()
        await stopped.wait()
        await call.wait(BINDS_AFTER_S)
        await talker.press("1")
        await talker.next_prompt()
        await call.wait(2.0)
        await call.hang_up()

    cast = Cast((talks, promises_after_the_stop), (waits, hangs_up_at_once))
    async with house.telephone(cast) as phone:
        async with house.dialing(DIAL__LINES="1") as dialer:
            await house.hand_over("one-line", [talks, waits])
            await until(in_talk.is_set)
            dialer.press(signal.SIGINT)
            await asyncio.sleep(0.5)
            stopped.set()
            assert await asyncio.to_thread(dialer.ended, 60.0) == 0
            assert dialer.errors() == []
        assert house.processes() == []
        assert phone.log.times_called() == {talks.number: 1}
        assert house.dispositions(talks, waits) == ["promise", None]
        assert cast.heard(talks, "promise.done")
        assert house.agreed(talks) == ["promise"]
        async with house.dialing():  # whoever was not called then is called by the next
            assert await house.settled(waits) == ["no_conversation"]
        assert phone.log.times_called() == {talks.number: 1, waits.number: 1}


async def test_asked_twice_it_says_goodbye_and_leaves_no_process_and_no_half_written_call(house: House) -> None:
    at_the_menu, at_the_door, rings_on = Debtor(8101), Debtor(8102), Debtor(8103)
    cast = Cast((at_the_menu, listens("menu.main")), (at_the_door, listens("open.ask")), (rings_on, never_answers))
    async with house.telephone(cast) as phone, house.dialing() as dialer:
        await house.hand_over("goodbye", [at_the_menu, at_the_door, rings_on])
        await until(lambda: len(cast.calls) == 3)
        query = "SELECT 1 FROM conversation v JOIN debtor d ON d.id = v.debtor_id WHERE d.ref = ? AND v.verified_at"
        await until(lambda: bool(house.rows(query, at_the_menu.ref)))
        dialer.press(signal.SIGTERM)
        await asyncio.sleep(0.3)
        dialer.press(signal.SIGINT)
        assert await asyncio.to_thread(dialer.ended, 40.0) == 0
        nobody_was_called_twice(phone, house)
        assert dialer.errors() == []
    for who in (at_the_menu, at_the_door):
        assert cast.heard(who, "trouble.time_up")
        assert cast.of(who).log.ended_by == "them"
    assert cast.of(rings_on).log.ended_by == "them"
    assert house.dispositions(at_the_menu, at_the_door, rings_on) == ["heard", "no_conversation", "cancelled"]
    assert house.live_calls() == 0
    assert house.processes() == []
