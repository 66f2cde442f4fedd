"""People ring us, from a telephone that knows nothing of Beltoon."""

from __future__ import annotations

import asyncio

import pytest
from heard import heard
from house import Debtor, House
from talker import Talker

from phone import OutgoingCall, Phone

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

US = "+3225550100"
ELS, JAN = Debtor(5001), Debtor(5002)
#: On no list.
STRANGER = "+32470005999"


async def promises(phone: Phone, house: House, who: Debtor) -> OutgoingCall:
    """Ring in, and go the whole way to a promise."""
    call = phone.ring(US, house.sip, caller_id=who.number)
    await call.connected()
    await Talker(call, who.customer).promise()
    await call.wait(2.0)
    await call.hang_up()
    return call


async def opts_out(phone: Phone, house: House, number: str) -> OutgoingCall:
    call = phone.ring(US, house.sip, caller_id=number)
    await call.connected()
    await call.prompt_ended()
    await call.press("9")
    await call.prompt_ended()
    await call.hang_up()
    return call


async def asks_for_a_person(phone: Phone, house: House) -> OutgoingCall:
    call = phone.ring(US, house.sip, caller_id="anonymous")
    await call.connected()
    await call.wait_for_voice()
    await call.press("0")
    await call.prompt_ended()
    await call.hang_up()
    return call


async def test_whoever_rings_us_is_served_two_at_once_known_unknown_and_withheld(house: House) -> None:
    await house.hand_over("ringing-in", [ELS, JAN], starts=False)
    async with house.dialing() as dialer:
        async with house.telephone() as phone:
            els, jan, stranger, withheld = await asyncio.gather(
                promises(phone, house, ELS),
                promises(phone, house, JAN),
                opts_out(phone, house, STRANGER),
                asks_for_a_person(phone, house),
            )
        assert dialer.errors() == []
    calls = {(call["debtor"] or call["number"]): call for call in house.document("calls")["calls"]}
    assert {call["direction"] for call in calls.values()} == {"in"}
    assert len(calls) == 4
    for who, call in ((ELS, els), (JAN, jan)):
        assert heard(call.record(), "promise.done")
        assert calls[who.ref]["disposition"] == "promise"
        assert house.agreed(who) == ["promise"]
    assert house.document("why", ELS.ref)["rule"] == "promise"
    assert heard(stranger.record(), "inbound.unknown")
    (opted_out,) = house.rows("SELECT e164, kind, lifted_at FROM hold")
    assert (opted_out["e164"], opted_out["kind"], opted_out["lifted_at"]) == (STRANGER, "opt_out", None)
    assert calls[None]["disposition"] in ("person", "no_conversation")
    assert heard(withheld.record(), "agent.call_us")
    for call in (stranger, withheld):
        assert not heard(call.record(), "due.friendly")
        assert not heard(call.record(), "inbound.ask")


async def test_with_the_dialer_away_a_caller_hears_the_neutral_sentence(house: House) -> None:
    async with house.telephone() as phone:
        call = phone.ring(US, house.sip, caller_id=ELS.number)
        await call.connected()
        await call.wait(10.0)  # of a sentence in four languages the first is enough
        await call.hang_up()
    assert heard(call.record(), "fallback.inbound")
