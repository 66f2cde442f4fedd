"""What may never leave over a link, or stay in it: control characters, endless lines, secrets in a log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

import pytest
import structlog

from ami_stage import CALM, HASTY, NUMBER, SECRET, USER, address_of, order, stage
from dialer import ami_link
from dialer.ami_link import AmiLink, Down
from dialer.ami_protocol import GuardedProtocol
from dialer.carrier import LinkBack
from dialer.errors import CarrierRefused, CarrierUnsure, SignInRefused
from phone.ami_server import AmiServer, Cut

CONTROLS = [*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0)), "\u2028", "\u2029", "\ud800"]
PLACES: list[Callable[[str], str]] = [
    lambda c: f"{c}+3225550101",
    lambda c: f"+32255{c}50101",
    lambda c: f"+3225550101{c}",
]
Sending = Callable[[AmiLink, str], Awaitable[object]]
WAYS: dict[str, Sending] = {
    "an action": lambda link, text: link.action(text),
    "a header's name": lambda link, text: link.action("Ping", **{text: "x"}),
    "a header": lambda link, text: link.action("Originate", CallerID=text),
    "one header of many": lambda link, text: link.action("Originate", Variable=["A=1", text, "B=2"]),
    "a list": lambda link, text: link.listing("Status", Channel=text),
}


@pytest.mark.parametrize("way", WAYS)
async def test_no_control_character_leaves(server: AmiServer, link: AmiLink, way: str) -> None:
    for control in CONTROLS:
        for place in PLACES:
            with pytest.raises(CarrierRefused, match="holds a control character"):
                await WAYS[way](link, place(control))
    await link.action("Ping")
    assert [action.name for action in server.actions] == ["Login", "Ping"]


@pytest.mark.parametrize("field", ["attempt", "e164", "entry", "caller_id", "fallback"])
async def test_no_control_character_leaves_in_an_order(server: AmiServer, field: str) -> None:
    async with stage(server) as here:
        good = {"attempt": "00000000-0000-4000-8000-00000000000", "entry": "00000000-0000-4000-8000-00000000000"}
        for control in CONTROLS:
            for place in PLACES:
                value = place(control).replace("+3225550101", good.get(field, "+3225550101"))
                call = order(**({field: value} if field != "e164" else {}), number=value if field == "e164" else NUMBER)
                with pytest.raises(CarrierRefused):
                    await here.carrier.place(call)
        await here.link.action("Ping")
    assert server.named("Originate") == []


@pytest.mark.parametrize("field", ["user", "secret"])
async def test_no_control_character_leaves_in_a_sign_in(server: AmiServer, field: str) -> None:
    given = {"user": USER, "secret": SECRET, field: "x\r\n\r\nAction: Command\r\nCommand: core stop now"}
    with pytest.raises(CarrierRefused) as refused:
        await AmiLink(ami_link.AmiAddress("127.0.0.1", server.port, **given), CALM).start()
    assert "core stop" not in str(refused.value)
    assert server.actions == []


@pytest.mark.parametrize(
    ("value", "leaves"), [("x" * 900, True), ("x" * 1000, False), ("é" * 500, False), ("x" * 10**6, False)]
)
async def test_no_line_leaves_that_asterisk_would_throw_away(
    server: AmiServer, link: AmiLink, value: str, leaves: bool
) -> None:
    with contextlib.nullcontext() if leaves else pytest.raises(CarrierRefused, match="too long"):
        await link.action("Originate", Channel="PJSIP/1@trunk", CallerID=value)
    assert len(server.named("Originate")) == leaves


class Manager:
    """In place of panoramisk's: remembers, and fails as often as it is told to."""

    def __init__(self, fails_at_each: int = 1_000_000) -> None:
        self.seen: list[str] = []
        self._fails_at_each = fails_at_each

    def dispatch(self, message: object) -> None:
        self.seen.append(str(message))
        if len(self.seen) % self._fails_at_each == 0:
            raise RuntimeError("a handler that fails")


class Transport(asyncio.Transport):
    """In place of a socket's: must stay open."""

    def close(self) -> None:
        raise AssertionError("the link was cut")

    abort = close


def protocol_for(manager: Manager) -> GuardedProtocol:
    protocol = GuardedProtocol()
    protocol.connection_made(Transport())
    protocol.factory = manager
    return protocol


async def test_an_exception_while_a_message_is_handled_costs_that_message_alone() -> None:
    manager = Manager(fails_at_each=2)
    protocol = protocol_for(manager)
    protocol.data_received(b"".join(b"Event: Hangup\r\nUniqueid: %d\r\n\r\n" % n for n in range(10)))
    assert len(manager.seen) == 10
    assert protocol.poisoned == 5


@pytest.mark.parametrize("piece", [1 << 30, 1 << 16, 4097])
async def test_a_message_that_is_too_long_costs_itself_alone(piece: int) -> None:
    manager = Manager()
    protocol = protocol_for(manager)
    long, good = b"Event: A\r\n" + b"x: y\r\n" * 250_000, b"Event: Hangup\r\nUniqueid: 1\r\n\r\n"
    data = good + long + b"\r\n" + good + long + b"\r\n" + good
    for at in range(0, len(data), piece):
        protocol.data_received(data[at : at + piece])
    assert len(manager.seen) == 3
    assert protocol.poisoned == 2


async def test_events_that_nobody_reads_cost_the_link_and_not_the_memory(
    server: AmiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ami_link, "MOST_EVENTS", 100)
    link = AmiLink(address_of(server), CALM)
    await link.start()
    events = link.events()
    await server.send_raw(b"Event: Newstate\r\nUniqueid: x\r\n\r\n" * 200)
    async with asyncio.timeout(3):
        async for event in events:
            if isinstance(event, Down):
                break
    await server.wait_for("Login", 2)
    await link.close()
    assert server.made == 2


async def test_no_secret_and_no_number_reaches_a_log(server: AmiServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        with pytest.raises(SignInRefused):
            await AmiLink(address_of(server, "a guess"), CALM).start()
        async with stage(server, HASTY) as here:
            server.cut_at("Originate", Cut.BEFORE_ANSWERING, reset=True)
            with pytest.raises(CarrierUnsure):
                await here.carrier.place(order(caller_id="+3225550199"))
            await here.told.until(lambda _: here.told.count(LinkBack) == 2)
            await server.send_raw(
                f"Event: Hangup\r\nCallerIDNum: {NUMBER}\r\n".encode() + b"x: y\r\n" * 300_000 + b"\r\n"
            )
            with pytest.raises(CarrierRefused):
                await here.carrier.place(order("+32255501&0"))
            server.secret = "another"
            server.cut()
            await server.wait_for("Login", 5)
            server.secret = SECRET
            await here.told.until(lambda _: here.told.count(LinkBack) == 3)
    text = "".join(map(str, logs)) + caplog.text
    assert len(logs) > 3
    for private in (SECRET, "a guess", "another", NUMBER[1:], "3225550199", "32255501"):
        assert private not in text


def test_an_address_hides_its_secret() -> None:
    address = ami_link.AmiAddress("127.0.0.1", 5038, USER, SECRET)
    assert SECRET not in f"{address} {address!r}"
