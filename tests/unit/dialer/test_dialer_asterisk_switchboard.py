"""The switchboard on a scripted Asterisk: what it tells where Asterisk does not answer as it should."""

from __future__ import annotations

import asyncio

import pytest

from ami_stage import CALM, address_of
from dialer.ami_link import AmiLink
from dialer.asterisk_switchboard import AsteriskSwitchboard
from dialer.errors import CarrierRefused
from dialer.switchboard import BoardBack, BoardEvent, RingAgent, Stand, new_leg
from phone.ami_answers import refuse, status_of
from phone.ami_server import AmiServer


async def test_an_asterisk_that_does_not_say_what_it_holds_is_asked_until_it_does(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialer.asterisk_switchboard.AGAIN_SECONDS", 0.05)
    server.answers["status"] = refuse("Permission denied")
    link, leg, told = AmiLink(address_of(server), CALM), new_leg(), list[BoardEvent]()
    await link.start()
    events = AsteriskSwitchboard(link).events()

    async def hear() -> None:
        told.append(await anext(events))

    hearing = asyncio.create_task(hear())
    await asyncio.sleep(0.2)
    assert told == []
    server.answers["status"] = status_of([{"Uniqueid": leg, "Context": "agent"}])
    async with asyncio.timeout(3):
        await hearing
    assert told == [BoardBack({leg: Stand.FLOOR})]
    await link.close()


@pytest.mark.parametrize(
    "over", [{"e164": "+3225550900&PJSIP/1900"}, {"leg": "agent-1"}, {"sentence": "x,System(rm)"}, {"e164": "112"}]
)
async def test_what_may_not_leave_is_refused_before_a_byte_does(server: AmiServer, over: dict[str, str]) -> None:
    link = AmiLink(address_of(server), CALM)
    await link.start()
    order = {"leg": new_leg(), "e164": "+3225550900", "sentence": "nl-BE"} | over
    with pytest.raises(CarrierRefused):
        await AsteriskSwitchboard(link).ring(RingAgent(caller_id=None, ring_seconds=15, **order))
    await link.close()
    assert server.named("Originate") == []
