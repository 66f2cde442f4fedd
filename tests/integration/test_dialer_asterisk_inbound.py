"""Calls that come in to a real Asterisk of ours: asked for by FastAGI, answered by the line or a neutral sentence."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import pytest

from asterisk_calls import Line, tones_in, watching
from asterisk_fixture import DUTCH_HZ, INBOUND_HZ, OurAsteriskPair
from dialer.fastagi import Answer, CallIn, FastAgiServer, Ticket
from phone import CallRefused, Credentials, OutgoingCall, Phone

pytestmark = pytest.mark.asterisk

ADA, US = "+3225550101", "+3225550142"
ENTRY = "11111111-2222-4333-8444-555555555555"


class Reception:
    """Answers every call so; remembers what was asked."""

    def __init__(self, ticket: Ticket | None) -> None:
        self._ticket = ticket
        self.asked: list[CallIn] = []

    async def answer(self, call: CallIn) -> Ticket | None:
        self.asked.append(call)
        return self._ticket


@contextlib.asynccontextmanager
async def reception(our: OurAsteriskPair, answer: Answer) -> AsyncIterator[None]:
    server = FastAgiServer(answer)
    await server.start("127.0.0.1", our.ports.agi)
    try:
        yield
    finally:
        await server.close()


async def hears_to_the_end(call: OutgoingCall, within: float = 5.0) -> frozenset[float]:
    await call.connected(within)
    over = await call.until_over(within)
    assert over.ended_by == "them"
    return tones_in(call.record())


async def test_a_caller_reaches_the_line_with_the_ticket_that_we_gave(our_asterisk: OurAsteriskPair) -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"))
    async with (
        reception(our_asterisk, desk.answer),
        Line().listening(our_asterisk.ports.audiosocket) as line,
        our_asterisk.trunk_phone() as phone,
    ):
        call = phone.ring(US, our_asterisk.sip, caller_id=ADA)
        await call.connected()
        assert await line.opened() == ENTRY
        await call.hang_up()
    (asked,) = desk.asked
    assert (asked.called, asked.caller) == (US, ADA)
    assert asked.channel


async def test_it_rings_while_we_look_who_calls(our_asterisk: OurAsteriskPair) -> None:
    looked = asyncio.Event()

    async def slowly(_: CallIn) -> Ticket | None:
        await looked.wait()
        return None

    async with reception(our_asterisk, slowly), our_asterisk.trunk_phone() as phone:
        call = phone.ring(US, our_asterisk.sip, caller_id=ADA)
        await asyncio.sleep(0.3)
        assert call.rings
        assert call.log.answered is None
        looked.set()
        assert await hears_to_the_end(call) == {INBOUND_HZ}


async def test_nobody_at_the_reception_leaves_the_neutral_sentence(our_asterisk: OurAsteriskPair) -> None:
    async with our_asterisk.trunk_phone() as phone:
        assert await hears_to_the_end(phone.ring(US, our_asterisk.sip, caller_id=ADA)) == {INBOUND_HZ}


async def test_a_reception_that_never_answers_leaves_the_neutral_sentence(our_asterisk: OurAsteriskPair) -> None:
    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(says_nothing, "127.0.0.1", our_asterisk.ports.agi)
    async with server, our_asterisk.trunk_phone() as phone:
        assert await hears_to_the_end(phone.ring(US, our_asterisk.sip, caller_id=ADA), 12.0) == {INBOUND_HZ}


async def test_a_ticket_into_a_line_that_is_away_leaves_the_sentence_in_the_callers_language(
    our_asterisk: OurAsteriskPair,
) -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"))
    async with (
        watching(our_asterisk) as watched,
        reception(our_asterisk, desk.answer),
        our_asterisk.trunk_phone() as phone,
    ):
        assert await hears_to_the_end(phone.ring(US, our_asterisk.sip, caller_id=ADA)) == {DUTCH_HZ}
        assert watched.line_lost(desk.asked[0].channel)


@pytest.mark.parametrize(
    "caller",
    [
        "anonymous",
        "Robert'); DROP TABLE call;--",
        "+3225550101&PJSIP/+4416&",
        "1)${SHELL(touch${IFS}/tmp/x)}",
        "${EXTEN}",
        "1,2),System(id",
        "x" * 200,
        "0" * 60,
        "٣٢٢٥٥٥",
    ],
)
async def test_a_hostile_caller_number_reaches_us_as_digits_or_as_nothing(
    our_asterisk: OurAsteriskPair, caller: str
) -> None:
    desk = Reception(None)
    async with reception(our_asterisk, desk.answer), our_asterisk.trunk_phone() as phone:
        escaped = "".join(c if c.isascii() and c.isalnum() else f"%{b:02X}" for c in caller for b in c.encode())
        call = phone.ring(US, our_asterisk.sip, caller_id=escaped)
        await call.connected()
        await call.hang_up()
    assert [asked.called for asked in desk.asked] == [US]
    assert re.fullmatch(r"[+0-9]{0,20}", desk.asked[0].caller)


@pytest.mark.parametrize(
    "number", ["+32&PJSIP/1@trunk", "+32;tag=1", "+32${SHELL(id)}", "0032),System(id", "+32\\,1", "12|34"]
)
async def test_a_hostile_called_number_reaches_us_as_digits_or_is_unknown(
    our_asterisk: OurAsteriskPair, number: str
) -> None:
    desk = Reception(None)
    async with reception(our_asterisk, desk.answer), our_asterisk.trunk_phone() as phone:
        escaped = "".join(c if c.isalnum() or c == "+" else f"%{ord(c):02X}" for c in number)
        call = phone.ring(escaped, our_asterisk.sip, caller_id=ADA)
        try:
            await call.connected()
        except CallRefused as refused:
            assert (refused.status, desk.asked) == (404, [])
        else:
            await call.hang_up()
            (asked,) = desk.asked
            assert re.fullmatch(r"[+0-9]{1,20}", asked.called)


@pytest.mark.parametrize("number", ["s", "sales", "T", "in", "h", "%24%7BEXTEN%7D"])
async def test_what_is_no_number_is_not_answered(our_asterisk: OurAsteriskPair, number: str) -> None:
    async with our_asterisk.trunk_phone() as phone:
        with pytest.raises(CallRefused) as refused:
            await phone.ring(number, our_asterisk.sip, caller_id=ADA).connected()
    assert refused.value.status == 404


async def test_a_stranger_may_neither_call_nor_sign_in(our_asterisk: OurAsteriskPair) -> None:
    desk = Reception(Ticket(ENTRY))
    async with reception(our_asterisk, desk.answer), Phone(host="127.0.0.2") as stranger:
        for number in (US, "trunk", "s"):
            for caller in (ADA, "trunk", "anonymous"):
                with pytest.raises(CallRefused) as refused:
                    await stranger.ring(number, our_asterisk.sip, caller_id=caller).connected()
                assert refused.value.status in (401, 403, 404)
        with pytest.raises(CallRefused):
            await stranger.register(our_asterisk.sip, Credentials("trunk", "guess"))
    assert desk.asked == []
