"""The carrier on a link that breaks: who is still there, who was answered meanwhile, and whose end was never told."""

from __future__ import annotations

import asyncio

import pytest

from ami_stage import HASTY, order, stage
from dialer.carrier import Ended, LinkBack, PickedUp
from dialer.errors import CarrierRefused, CarrierUnsure
from phone.ami_answers import late, never, refuse, status_of
from phone.ami_connection import AmiConnection
from phone.ami_server import AmiServer
from phone.ami_wire import Action


async def test_after_a_cut_it_tells_who_is_still_there_and_who_was_answered_meanwhile(server: AmiServer) -> None:
    async with stage(server) as here:
        ringing, answered, gone = [await here.placed() for _ in range(3)]
        before_us = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
        states = {ringing: "5", answered: "6", before_us: "6", "1700000000.1": "6"}
        server.answers["status"] = status_of(
            [{"Channel": "PJSIP/x", "Uniqueid": one, "ChannelState": state} for one, state in states.items()]
        )
        server.cut()
        back = await here.told.until(lambda e: isinstance(e, LinkBack) and bool(e.alive))
        assert back == LinkBack(frozenset({ringing, answered, before_us}))
        await server.send_raw(b"".join(_hangup(one) for one in (ringing, answered, gone, before_us)))
        ends = {one: await here.told.end_of(one) for one in (ringing, answered, before_us)}
    assert {one: end.answered for one, end in ends.items()} == {ringing: False, answered: True, before_us: True}
    assert here.told.about(gone) == []


async def test_a_call_that_is_placed_while_it_asks_who_is_there_is_not_lost(server: AmiServer) -> None:
    async with stage(server) as here:
        server.answers["status"] = late(0.1, status_of([]))
        server.cut()
        await server.wait_for("Status", 2)
        attempt = await here.placed()
        back = await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        assert here.told.events[-1] == LinkBack(frozenset({attempt})), back
        await server.send_raw(_hangup(attempt))
        await here.told.end_of(attempt)


async def test_the_latest_orders_are_known_and_older_ones_take_no_memory(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialer.asterisk_carrier.KNOWN_ORDERS", 2)
    async with stage(server) as here:
        calls = [order("+32470000001") for _ in range(3)]
        for call in calls:
            await here.carrier.place(call)
        for call in calls[1:]:
            with pytest.raises(CarrierRefused):
                await here.carrier.place(call)
        await here.carrier.place(calls[0])


async def test_it_asks_again_when_asterisk_does_not_say_who_is_there(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialer.asterisk_carrier.AGAIN_SECONDS", 0.05)
    async with stage(server) as here:
        server.answers["status"] = refuse("Permission denied")
        server.cut()
        await server.wait_for("Status", 3)
        server.answers["status"] = status_of([])
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        assert here.told.events[-1] == LinkBack(frozenset())


async def test_an_originate_that_fails_before_a_channel_lives_has_an_end(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialer.asterisk_carrier.NO_CHANNEL_SECONDS", 0.05)
    async with stage(server) as here:
        attempts = {reason: await here.placed() for reason in ("0", "1", "5", "8", "many")}
        for reason, attempt in attempts.items():
            await server.emit(
                "OriginateResponse", ActionID=attempt, Response="Failure", Reason=reason, Uniqueid="<null>"
            )
        ends = {reason: (await here.told.end_of(attempt)).cause for reason, attempt in attempts.items()}
    assert ends == {"0": 0, "1": 19, "5": 17, "8": 34, "many": 0}


async def test_a_failure_that_is_told_of_a_live_call_does_not_end_it(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialer.asterisk_carrier.NO_CHANNEL_SECONDS", 0.05)
    async with stage(server) as here:
        attempt = await here.placed()
        await server.emit("Newstate", Uniqueid=attempt, ChannelState="6")
        await server.emit("OriginateResponse", ActionID=attempt, Response="Failure", Reason="0", Uniqueid=attempt)
        await asyncio.sleep(0.1)
        await server.send_raw(_hangup(attempt))
        assert (await here.told.end_of(attempt)).cause == 16


async def test_what_comes_late_is_not_told(server: AmiServer) -> None:
    async with stage(server) as here:
        attempt = await here.placed()
        for state in ("6", "5", "6", "4"):
            await server.emit("Newstate", Uniqueid=attempt, ChannelState=state)
        await server.send_raw(_hangup(attempt) * 2)
        await here.told.end_of(attempt)
        assert [type(event) for event in here.told.about(attempt)] == [PickedUp, Ended]


async def test_a_call_that_is_missing_once_has_not_ended(server: AmiServer) -> None:
    async with stage(server, sweep_seconds=0.05) as here:
        attempt = await here.placed()
        here_now, nobody = status_of([{"Uniqueid": attempt, "ChannelState": "5"}]), status_of([])
        asked = 0

        async def every_second_time(link: AmiConnection, action: Action) -> None:
            nonlocal asked
            asked += 1
            await (here_now if asked % 2 else nobody)(link, action)

        server.answers["status"] = every_second_time
        await server.wait_for("Status", 6)
        await server.send_raw(_hangup(attempt))
        assert not (await here.told.end_of(attempt)).lost


async def test_an_order_that_never_became_a_call_is_found_by_asking(server: AmiServer) -> None:
    async with stage(server, HASTY, sweep_seconds=0.1) as here:
        server.answers["originate"] = never
        call = order()
        with pytest.raises(CarrierUnsure):
            await here.carrier.place(call)
        end = await here.told.end_of(call.attempt)
    assert (end.lost, end.answered) == (True, False)


def _hangup(attempt: str) -> bytes:
    return f"Event: Hangup\r\nUniqueid: {attempt}\r\nCause: 16\r\n\r\n".encode()
