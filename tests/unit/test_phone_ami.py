"""The stand-in for Asterisk's manager interface, seen by a client of plain sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from phone.ami_answers import late, never, refuse, status_of, success
from phone.ami_server import Action, AmiConnection, AmiServer, Cut
from phone.ami_wire import GARBAGE, huge_line, parse_fields, render

SECRET = "between us"


class Client:
    """Writes text, reads messages."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, server: AmiServer) -> Client:
        client = cls(*await asyncio.open_connection("127.0.0.1", server.port, limit=1 << 25))
        assert (await client.reader.readline()).startswith(b"Asterisk Call Manager/")
        return client

    async def log_in(self, secret: str = SECRET) -> dict[str, str]:
        return await self.ask("Login", Username="dialer", Secret=secret)

    def write(self, action: str, **fields: str) -> None:
        self.writer.write(render([("Action", action), ("ActionID", f"id-{action}"), *fields.items()]))

    async def ask(self, action: str, **fields: str) -> dict[str, str]:
        self.write(action, **fields)
        return await self.read()

    async def read(self) -> dict[str, str]:
        raw = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        return dict(parse_fields(raw.decode("utf-8", "replace")))


@pytest.fixture
async def server() -> AsyncIterator[AmiServer]:
    async with AmiServer("dialer", SECRET) as ami:
        yield ami


@pytest.fixture
async def client(server: AmiServer) -> AsyncIterator[Client]:
    client = await Client.connect(server)
    await client.log_in()
    await client.read()
    yield client
    client.writer.close()


async def test_a_login_is_accepted_and_the_server_says_that_it_is_booted(server: AmiServer) -> None:
    client = await Client.connect(server)
    assert await client.log_in() == {
        "Response": "Success",
        "ActionID": "id-Login",
        "Message": "Authentication accepted",
    }
    assert (await client.read())["Event"] == "FullyBooted"
    client.writer.close()


async def test_a_wrong_secret_is_refused_and_the_link_closed(server: AmiServer) -> None:
    client = await Client.connect(server)
    assert (await client.log_in("guess"))["Message"] == "Authentication failed"
    assert await client.reader.read() == b""


async def test_nothing_is_done_before_the_login(server: AmiServer) -> None:
    client = await Client.connect(server)
    assert (await client.ask("Ping"))["Message"] == "Permission denied"
    client.writer.close()


async def test_every_action_is_kept_with_its_fields_in_order(server: AmiServer, client: Client) -> None:
    client.writer.write(b"Action: Originate\r\nVariable: A=1\r\nChannel: PJSIP/100@pstn\r\nVariable: B=2\r\n\r\n")
    assert (await client.read())["Message"] == "Originate successfully queued"
    sent = server.named("originate")[0]
    assert (sent.first("channel"), sent.all("Variable"), sent.connection) == ("PJSIP/100@pstn", ["A=1", "B=2"], 1)


async def test_an_injected_line_is_seen_as_asterisk_would_see_it(server: AmiServer, client: Client) -> None:
    client.write("Originate", Channel="PJSIP/1@pstn", CallerID="Eve\r\n\r\nAction: Command\r\nCommand: core stop now")
    await server.wait_for("Command")
    assert [action.name for action in server.actions] == ["Login", "Originate", "Command"]


async def test_an_action_split_at_every_byte_is_one_action(server: AmiServer, client: Client) -> None:
    for byte in render([("Action", "Ping"), ("ActionID", "7")]):
        client.writer.write(bytes([byte]))
        await client.writer.drain()
        await asyncio.sleep(0)
    assert (await client.read())["Ping"] == "Pong"
    assert len(server.named("Ping")) == 1


async def test_answers_follow_the_script_and_late_ones_hold_nobody_up(server: AmiServer, client: Client) -> None:
    server.answers["originate"] = late(0.1, success("Originate successfully queued"))
    server.answers["hangup"] = refuse("No such channel")
    server.answers["status"] = status_of([{"Channel": "PJSIP/1", "Uniqueid": "a"}])
    server.answers["setvar"] = never
    client.write("Originate", Channel="PJSIP/1@pstn")
    client.write("Setvar")
    assert (await client.ask("Hangup"))["Message"] == "No such channel"
    assert (await client.ask("Status"))["EventList"] == "start"
    assert [(await client.read()).get(key) for key in ("Uniqueid", "ListItems")] == ["a", "1"]
    assert (await client.read())["ActionID"] == "id-Originate"


async def test_an_answer_may_tell_a_whole_life(server: AmiServer, client: Client) -> None:
    async def rings_and_is_busy(link: AmiConnection, action: Action) -> None:
        await link.respond(action, "Success", ("Message", "Originate successfully queued"))
        await link.send((("Event", "Newstate"), ("ChannelStateDesc", "Ringing")))
        await server.emit("Hangup", Uniqueid=action.first("ChannelId"), Cause="17")

    server.answers["originate"] = rings_and_is_busy
    await client.ask("Originate", Channel="PJSIP/1@pstn", ChannelId="mine")
    assert (await client.read())["ChannelStateDesc"] == "Ringing"
    assert await client.read() == {"Event": "Hangup", "Uniqueid": "mine", "Cause": "17"}


@pytest.mark.parametrize(
    ("when", "read", "answered"),
    [(Cut.BEFORE_READING, 0, False), (Cut.BEFORE_ANSWERING, 1, False), (Cut.AFTER_ANSWERING, 1, True)],
)
async def test_the_link_is_cut_at_the_chosen_point(
    server: AmiServer, client: Client, when: Cut, read: int, answered: bool
) -> None:
    server.cut_at("Originate", when)
    client.write("Ping")
    client.write("Originate", Channel="PJSIP/1@pstn")
    assert (await client.read())["Ping"] == "Pong"
    try:
        rest = await asyncio.wait_for(client.reader.read(), 5)
    except ConnectionResetError:
        rest = b""
    assert len(server.named("Originate")) == read
    assert (b"successfully queued" in rest) is answered


async def test_after_a_cut_the_next_connection_is_served(server: AmiServer, client: Client) -> None:
    server.cut_at("Originate", Cut.BEFORE_ANSWERING)
    client.write("Originate", Channel="PJSIP/1@pstn")
    await asyncio.wait_for(client.reader.read(), 5)
    again = await Client.connect(server)
    await again.log_in()
    await again.read()
    assert (await again.ask("Originate", Channel="PJSIP/1@pstn"))["Response"] == "Success"
    assert [action.connection for action in server.named("Originate")] == [1, 2]
    again.writer.close()


async def test_who_connects_to_a_shut_server_is_refused_until_it_opens_again(server: AmiServer, client: Client) -> None:
    server.shut()
    with pytest.raises(ConnectionRefusedError):
        await Client.connect(server)
    assert (await client.ask("Ping"))["Ping"] == "Pong"
    server.open()
    (await Client.connect(server)).writer.close()


@pytest.mark.parametrize(("half_open", "read"), [(AmiServer.go_silent, 1), (AmiServer.go_deaf, 0)])
async def test_a_half_open_link_stays_up_and_says_nothing(
    server: AmiServer, client: Client, half_open: Callable[[AmiServer], None], read: int
) -> None:
    half_open(server)
    client.write("Ping")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.reader.read(1), 0.1)
    assert len(server.named("Ping")) == read
    server.recover()
    assert (await client.ask("Ping"))["Ping"] == "Pong"


@pytest.mark.parametrize("piece", [0, 1])
async def test_garbage_reaches_the_client_byte_by_byte_if_wished(server: AmiServer, client: Client, piece: int) -> None:
    everything = b"".join(GARBAGE.values())
    await server.send_raw(everything, piece)
    assert await client.reader.readexactly(len(everything)) == everything


async def test_a_line_of_megabytes_can_be_sent(server: AmiServer, client: Client) -> None:
    sending = asyncio.create_task(server.send_raw(huge_line(20)))
    assert len(await client.reader.readuntil(b"\r\n\r\n")) > 20_000_000
    await sending


async def test_lines_may_end_without_a_carriage_return() -> None:
    async with AmiServer("dialer", SECRET, line_end="\n") as ami:
        client = await Client.connect(ami)
        client.write("Ping")
        assert (
            await client.reader.readuntil(b"\n\n")
            == b"Response: Error\nActionID: id-Ping\nMessage: Permission denied\n\n"
        )
        client.writer.close()


async def test_a_script_that_fails_is_reported() -> None:
    async def broken(_link: AmiConnection, _action: Action) -> None:
        raise KeyError("a mistake of the test")

    with pytest.raises(ExceptionGroup) as failures:
        async with AmiServer("dialer", SECRET, {"Ping": broken}) as ami:
            client = await Client.connect(ami)
            await client.log_in()
            client.write("Ping")
            await ami.wait_for("Ping")
            await asyncio.sleep(0.05)
            client.writer.close()
    assert isinstance(failures.value.exceptions[0], KeyError)
