"""The carrier on a link that breaks: who is still there, who was answered meanwhile, and whose end was never told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ami_stage import HASTY, SECRET, USER, order, stage
from dialer.carrier import LinkBack
from dialer.errors import CarrierUnsure
from dialer.ports import pick_ports
from phone.ami_answers import late, never, refuse, status_of
from phone.ami_server import AmiServer


@pytest.fixture
async def server() -> AsyncIterator[AmiServer]:
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as ami:
        yield ami


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
