"""The link to Asterisk's manager interface: every trap of panoramisk, closed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

import pytest

from ami_stage import CALM, HASTY, SECRET, USER, address_of, stage
from dialer import ami_link
from dialer.ami_link import AmiEvent, AmiLink, Down, Up
from dialer.carrier import LinkBack, LinkLost
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure, SignInRefused
from dialer.ports import pick_ports
from phone.ami_answers import late, never, refuse, status_of, success
from phone.ami_connection import AmiConnection
from phone.ami_server import AmiServer, Cut
from phone.ami_wire import Action
from phone.ports import open_tcp


async def told_by(link: AmiLink, kind: type[Down] | type[Up] | str, within: float = 3.0) -> None:
    """Read on until the link tells this. Raises TimeoutError."""
    async with asyncio.timeout(within):
        async for event in link.events():
            if (event.name == kind) if isinstance(event, AmiEvent) else (type(event) is kind):
                return


# -- signing in ------------------------------------------------------------------------------------------------------


async def test_a_wrong_secret_is_refused_in_words_that_do_not_hold_it(server: AmiServer) -> None:
    with pytest.raises(SignInRefused) as refused:
        await AmiLink(address_of(server, "a guess"), CALM).start()
    assert refused.value.permanent
    assert USER in str(refused.value)
    assert "a guess" not in str(refused.value)


async def test_a_closed_port_is_down() -> None:
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as server:
        server.shut()
        with pytest.raises(CarrierDown, match=f"Nobody answers at the AMI port 127.0.0.1:{server.port}"):
            await AmiLink(address_of(server), CALM).start()


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\xff" * 5000])
async def test_what_is_no_manager_interface_is_down(says: bytes) -> None:
    async def another_service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        with contextlib.suppress(ConnectionError):
            await reader.read(-1)
        writer.close()

    listener = await asyncio.start_server(another_service, sock=open_tcp("127.0.0.1"))
    port = listener.sockets[0].getsockname()[1]
    async with listener:
        with pytest.raises(CarrierDown, match="does not answer as Asterisk's AMI does"):
            await AmiLink(ami_link.AmiAddress("127.0.0.1", port, USER, SECRET), HASTY).start()


@pytest.mark.parametrize("reset", [False, True])
async def test_who_hangs_up_on_us_is_down(reset: bool) -> None:
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as server:
        server.cut_at("Login", Cut.BEFORE_ANSWERING, reset=reset)
        with pytest.raises(CarrierDown):
            await AmiLink(address_of(server), HASTY).start()


async def test_an_address_that_swallows_everything_is_down_without_a_cry(caplog: pytest.LogCaptureFixture) -> None:
    full = open_tcp("127.0.0.1")
    full.listen(0)
    port = full.getsockname()[1]
    waiting = [asyncio.ensure_future(asyncio.open_connection("127.0.0.1", port)) for _ in range(4)]
    await asyncio.sleep(0.05)
    with pytest.raises(CarrierDown):
        await AmiLink(ami_link.AmiAddress("127.0.0.1", port, USER, SECRET), HASTY).start()
    await asyncio.sleep(0.05)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    full.close()


async def test_nothing_is_sent_before_the_start_or_after_the_end(server: AmiServer) -> None:
    link = AmiLink(address_of(server), CALM)
    with pytest.raises(CarrierDown):
        await link.action("Ping")
    await link.start()
    await link.close()
    assert not link.up
    with pytest.raises(CarrierDown):
        await link.action("Ping")
    assert server.named("Ping") == []


# -- a link that only looks alive ------------------------------------------------------------------------------------


@pytest.mark.parametrize("half_open", [AmiServer.go_silent, AmiServer.go_deaf])
async def test_a_half_open_link_is_noticed_told_and_remade(
    server: AmiServer, half_open: Callable[[AmiServer], None]
) -> None:
    async with stage(server, HASTY) as here:
        half_open(server)
        began = asyncio.get_running_loop().time()
        await here.told.until(lambda event: isinstance(event, LinkLost), within=3.0)
        assert asyncio.get_running_loop().time() - began < HASTY.fresh + HASTY.ping + HASTY.answer + 0.5
        with pytest.raises(CarrierDown):
            await here.placed()
        server.recover()
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        await here.placed()


async def test_a_link_without_a_fresh_answer_is_not_up(server: AmiServer) -> None:
    link = AmiLink(address_of(server), ami_link.AmiTiming(ping=60.0, fresh=0.1))
    await link.start()
    assert link.up
    await asyncio.sleep(0.15)
    assert not link.up
    await link.action("Ping")
    assert link.up
    await link.close()


async def test_a_quiet_link_is_asked_again_and_again(server: AmiServer) -> None:
    link = AmiLink(address_of(server), HASTY)
    await link.start()
    await server.wait_for("Ping", 3, within=2.0)
    assert link.up
    await link.close()


async def test_it_waits_longer_each_time_before_it_tries_again(server: AmiServer) -> None:
    link = AmiLink(address_of(server), ami_link.AmiTiming(pauses=(0.05, 0.2)))
    await link.start()
    server.secret = "another"
    server.cut()
    await server.wait_for("Login", 5, within=3.0)
    first, *_, before, last = (login.at for login in server.named("Login")[1:])
    assert last - before > 0.15
    assert last - first < 1.5
    server.secret = SECRET
    await told_by(link, Up)  # the first one
    await told_by(link, Up)
    assert link.up
    await link.close()


async def test_an_end_while_it_tries_again_is_an_end(server: AmiServer) -> None:
    link = AmiLink(address_of(server), CALM)
    await link.start()
    server.shut()
    server.cut()
    await told_by(link, Down)
    await link.close()
    server.open()
    await asyncio.sleep(0.3)
    assert server.made == 1


# -- answers ---------------------------------------------------------------------------------------------------------


async def test_an_answer_that_never_comes_is_unsure_after_its_time(server: AmiServer) -> None:
    server.answers["hangup"] = never
    link = AmiLink(address_of(server), HASTY)
    await link.start()
    with pytest.raises(CarrierUnsure, match=r"did not answer Hangup within 0\.3 s"):
        await link.action("Hangup", Channel="x")
    await link.close()


async def test_an_answer_that_comes_too_late_is_forgotten(server: AmiServer) -> None:
    server.answers["hangup"] = late(0.4, success("Channel Hungup"))
    link = AmiLink(address_of(server), HASTY)
    await link.start()
    with pytest.raises(CarrierUnsure):
        await link.action("Hangup", Channel="x")
    await asyncio.sleep(0.2)
    assert (await link.action("Ping")).get("ping") == "Pong"
    await link.close()


async def test_a_refusal_comes_with_asterisks_words(link: AmiLink) -> None:
    with pytest.raises(CarrierRefused, match="Asterisk refused Hangup: No such channel"):
        await link.action("Hangup", Channel="x")


async def test_a_list_that_is_refused_is_refused_at_once(server: AmiServer, link: AmiLink) -> None:
    server.answers["status"] = refuse("Permission denied")
    async with asyncio.timeout(1):
        with pytest.raises(CarrierRefused):
            await link.listing("Status")


@pytest.mark.parametrize("channels", [0, 1, 500])
async def test_a_list_comes_whole(server: AmiServer, link: AmiLink, channels: int) -> None:
    server.answers["status"] = status_of([{"Channel": f"PJSIP/{n}", "Uniqueid": str(n)} for n in range(channels)])
    answers = await link.listing("Status")
    assert [m["uniqueid"] for m in answers if m.get("event") == "Status"] == [str(n) for n in range(channels)]


async def test_the_answer_of_an_originate_is_its_queueing_and_its_response_is_news(
    server: AmiServer, link: AmiLink
) -> None:
    answer = await link.action("Originate", ActionID="mine", Channel="PJSIP/1@trunk", Async="true")
    assert answer.message == "Originate successfully queued"
    events = link.events()
    await server.emit("OriginateResponse", ActionID="mine", Response="Failure", Reason="5")
    async with asyncio.timeout(2):
        async for event in events:
            if isinstance(event, AmiEvent) and event.name == "OriginateResponse":
                assert (event["ouractionid"], event["response"]) == ("mine", "Failure")
                break


async def test_an_originate_without_async_does_not_cut_the_link(server: AmiServer, link: AmiLink) -> None:
    await link.action("Originate", Channel="PJSIP/1@trunk")
    await link.action("Ping")
    assert server.made == 1


async def test_many_actions_at_once_each_get_their_own_answer(server: AmiServer, link: AmiLink) -> None:
    async def echo(connection: AmiConnection, action: Action) -> None:
        await asyncio.sleep(0.001 * (hash(action.id) % 20))
        await connection.respond(action, "Success", ("Message", action.first("Channel")))

    server.answers["hangup"] = echo
    answers = await asyncio.gather(*(link.action("Hangup", Channel=str(n)) for n in range(200)))
    assert [answer.message for answer in answers] == [str(n) for n in range(200)]
