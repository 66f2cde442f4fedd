"""What Asterisk, or somebody in its place, may send on a bad day: the good Hangup behind it in the packet counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog

from ami_stage import CALM, HASTY, SECRET, USER, Stage, address_of, stage
from dialer.ami_link import AmiLink
from dialer.carrier import CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, Ringing
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.ports import pick_ports
from phone.ami_answers import never, refuse, success
from phone.ami_connection import AmiConnection
from phone.ami_server import AmiServer
from phone.ami_wire import GARBAGE, Action, huge_line

#: The attempt's uuid stands for this.
OURS = b"@OURS@"
GOOD_HANGUP = b"Event: Hangup\r\nUniqueid: @OURS@\r\nCause: 17\r\n\r\n"
RINGS, UP = (
    b"Event: Newstate\r\nUniqueid: @OURS@\r\nChannelState: 5\r\n\r\n",
    b"Event: Newstate\r\nUniqueid: @OURS@\r\nChannelState: 6\r\n\r\n",
)
MANY = b"".join(b"X-Header-%d: value\r\n" % n for n in range(100_000))

#: Number in the list, what it is, the bytes, and what is told before the end ("r": it rings, "u": it is picked up).
BAD: list[tuple[int, str, bytes, str]] = [
    (1, "no space after the colon", b"Event:Newstate\r\nUniqueid:@OURS@\r\nChannelState:5\r\n\r\n", "r"),
    (2, "bare line feeds", RINGS.replace(b"\r", b"") + UP.replace(b"\r", b""), "ru"),
    (3, "an end of one carriage return", RINGS[:-4] + b"\r\n\n" + UP, "ru"),
    (4, "two names", b"Event: Newstate\r\nEvent: Hangup\r\nUniqueid: garbage\r\nCause: 16\r\n\r\n", ""),
    (5, "two ids", b"Event: Newstate\r\nUniqueid: garbage\r\nUniqueid: @OURS@\r\nChannelState: 5\r\n\r\n", "r"),
    (7, "not UTF-8", RINGS[:-2] + b"CallerIDName: Zo\xeb \xff\xfe\xc3\r\n\r\n", "r"),
    (8, "a zero byte in a value", b"Event: Hangup\r\nUniqueid: @OURS@\x00\r\nCause: 16\r\n\r\n" + RINGS, "r"),
    (9, "a line of 20 MB", huge_line(20), ""),
    (10, "100,000 headers", b"Event: Newstate\r\n" + MANY + b"\r\n", ""),
    (12, "1,000 events", b"Event: Newstate\r\nUniqueid: other\r\nChannelState: 6\r\n\r\n" * 1000 + RINGS, "r"),
    (15, "a hangup of nobody's", b"Event: Hangup\r\nUniqueid: 1700000000.1\r\nCause: 16\r\n\r\n", ""),
    (17, "a failure after an answer", UP + b"Event: OriginateResponse\r\nActionID: @OURS@\r\nResponse: Failure\r\n"
     b"Uniqueid: @OURS@\r\nReason: 0\r\n\r\n", "u"),
    (18, "a success without a channel", b"Event: OriginateResponse\r\nActionID: @OURS@\r\nResponse: Success\r\n"
     b"Uniqueid: \r\nReason: 0\r\n\r\n", ""),
    (19, "an answer to somebody else", b"Response: Success\r\nActionID: another/1\r\nMessage: Hello\r\n\r\n", ""),
    (20, "an answer to nobody", b"Response: Error\r\nMessage: Missing action in request\r\n\r\n", ""),
    (22, "a number used anew", b"Event: Hangup\r\nUniqueid: 17.1\r\nCause: 16\r\n\r\n"
     b"Event: Newchannel\r\nUniqueid: 17.1\r\nChannelState: 0\r\n\r\n", ""),
    (23, "a forged answer", b"Event: UserEvent\r\nUserEvent: OriginateResponse\r\nActionID: @OURS@\r\n"
     b"Response: Failure\r\nReason: 5\r\nUniqueid: 17.2\r\n\r\n", ""),
    (28, "times of another age", RINGS[:-2] + b"Timestamp: -62135596800.0\r\n\r\n"
     + UP[:-2] + b"Timestamp: 99999999999999999999.9\r\n\r\n", "ru"),
    (29, "an event without a name", b"Event: \r\nUniqueid: @OURS@\r\nCause: 16\r\n\r\n", ""),
    (29, "an event with nothing behind its colon", b"Event:\r\nUniqueid: @OURS@\r\nCause: 16\r\n\r\n", ""),
    (30, "escaped line ends", b"Event: Newstate\r\nUniqueid: other%0d%0aUniqueid: @OURS@%0d%0a\r\nChannelState: 6\r\n"
     b"Result: a%0d%0aUniqueid: @OURS@\r\n\r\n" + RINGS, "r"),
    *[(0, name, data, "") for name, data in GARBAGE.items()],
]  # fmt: skip


@pytest.fixture
async def here(server: AmiServer) -> AsyncIterator[Stage]:
    async with stage(server) as here:
        yield here


def of(attempt: str, data: bytes) -> bytes:
    return data.replace(OURS, attempt.encode())


def words(attempt: str, told: str) -> list[CarrierEvent]:
    return [Ringing(attempt) if letter == "r" else PickedUp(attempt) for letter in told]


@pytest.mark.parametrize(("number", "name", "data", "told"), BAD, ids=[f"{n} {name}" for n, name, _, _ in BAD])
async def test_the_good_hangup_behind_it_counts(here: Stage, number: int, name: str, data: bytes, told: str) -> None:
    attempt = await here.placed()
    await here.server.send_raw(of(attempt, data + GOOD_HANGUP))
    end = await here.told.end_of(attempt)
    assert end.cause == 17
    assert here.told.about(attempt)[:-1] == words(attempt, told)
    assert here.server.made == 1, "the link was remade"


async def test_4_what_is_unreadable_is_counted_and_told_without_its_words(here: Stage) -> None:
    attempt = await here.placed()
    with structlog.testing.capture_logs() as logs:
        await here.server.send_raw(of(attempt, huge_line(2) + GOOD_HANGUP))
        await here.told.end_of(attempt)
    assert [entry["event"] for entry in logs] == ["ami_message_dropped"]
    assert all(len(str(entry)) < 200 for entry in logs)


@pytest.mark.parametrize("at", range(1, 14))
async def test_6_a_letter_split_over_two_packets_is_whole(server: AmiServer, at: int) -> None:
    text = "Zoë Ίρις 王 🙂"
    event = b"Event: NewCallerid\r\nCallerIDName: " + text.encode() + b"\r\n\r\n"
    start = event.index(b"Zo") + 1
    link = AmiLink(address_of(server), CALM)
    await link.start()
    events = link.events()
    await server.send_raw(event[: start + at])
    await asyncio.sleep(0.01)
    await server.send_raw(event[start + at :])
    async with asyncio.timeout(2):
        async for told in events:
            if getattr(told, "name", "") == "NewCallerid":
                assert told["calleridname"] == text  # type: ignore[index]
                break
    await link.close()


async def test_11_a_message_may_come_byte_by_byte(here: Stage) -> None:
    attempt = await here.placed()
    await here.server.send_raw(of(attempt, RINGS + UP + GARBAGE["not UTF-8"] + GOOD_HANGUP), piece=1)
    await here.told.end_of(attempt)
    assert here.told.about(attempt)[:-1] == words(attempt, "ru")


async def test_13_and_14_a_hangup_that_comes_first_or_twice_ends_the_call_once(here: Stage) -> None:
    attempt, other = await here.placed(), await here.placed()
    late = b"Event: Newchannel\r\nUniqueid: @OURS@\r\nChannelState: 0\r\n\r\n" + RINGS + UP + GOOD_HANGUP
    await here.server.send_raw(of(attempt, GOOD_HANGUP + late) + of(other, GOOD_HANGUP))
    await here.told.end_of(other)
    assert [type(event) for event in here.told.about(attempt)] == [Ended]


async def test_16_a_call_whose_hangup_never_comes_is_found_by_asking(server: AmiServer) -> None:
    async with stage(server, sweep_seconds=0.05) as here:
        attempt = await here.placed()
        await here.server.send_raw(of(attempt, UP))
        end = await here.told.end_of(attempt)
    assert (end.lost, end.answered, end.cause) == (True, True, 0)


async def test_21_an_order_that_is_refused_was_surely_not_placed(here: Stage) -> None:
    here.server.answers["originate"] = refuse("Extension does not exist.")
    with pytest.raises(CarrierRefused, match="Extension does not exist"):
        await here.placed()
    here.server.answers["originate"] = success("Originate successfully queued")
    await here.server.send_raw(of(attempt := await here.placed(), GOOD_HANGUP))
    await here.told.end_of(attempt)


async def test_20_an_order_whose_answer_names_nobody_is_unsure(server: AmiServer) -> None:
    async def nameless(link: AmiConnection, action: Action) -> None:
        await link.send((("Response", "Success"), ("Message", "Originate successfully queued")))

    async with stage(server, HASTY) as here:
        here.server.answers["originate"] = nameless
        with pytest.raises(CarrierUnsure):
            await here.placed()
        here.server.answers["originate"] = success("Originate successfully queued")
        await here.server.send_raw(of(attempt := await here.placed(), GOOD_HANGUP))
        await here.told.end_of(attempt)


async def test_24_a_shutdown_that_leaves_the_link_open_is_a_lost_link(server: AmiServer) -> None:
    async with stage(server) as here:
        await here.server.emit("Shutdown", Shutdown="Cleanly", Restart="False")
        await here.told.until(lambda event: isinstance(event, LinkLost))
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        await here.server.send_raw(of(attempt := await here.placed(), GOOD_HANGUP))
        await here.told.end_of(attempt)
        assert here.told.count(LinkLost) == 1


@pytest.mark.parametrize("banner", [b"", b"Asterisk Call Manager/99.9.9-beta\r\n", b"Welcome\r\n", b"\r\n\r\n\xff\r\n"])
async def test_25_the_banner_may_be_new_or_missing(banner: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phone.ami_server.BANNER", banner)
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as server, stage(server) as here:
        await here.server.send_raw(of(attempt := await here.placed(), GOOD_HANGUP))
        await here.told.end_of(attempt)
        assert here.told.count(LinkLost) == 0


async def test_26_who_is_signed_in_but_never_booted_counts_as_down() -> None:
    async with AmiServer(USER, SECRET, fully_booted=False) as server:
        with pytest.raises(CarrierDown, match="does not answer as Asterisk's AMI does"):
            await AmiLink(address_of(server), HASTY).start()


@pytest.mark.parametrize(
    ("cause", "read"),
    [
        (b"0", 0),
        (b"999", 0),
        (b"abc", 0),
        (b"", 0),
        (b"-1", 0),
        (b"1.5", 0),
        ("١٧".encode(), 0),
        (b"17", 17),
        (b"9" * 500, 0),
    ],
)
async def test_27_a_cause_is_a_number_of_the_network_or_none(here: Stage, cause: bytes, read: int) -> None:
    attempt = await here.placed()
    await here.server.send_raw(of(attempt, GOOD_HANGUP.replace(b"17", cause)))
    assert (await here.told.end_of(attempt)).cause == read


async def test_27_a_cause_may_be_absent(here: Stage) -> None:
    attempt = await here.placed()
    await here.server.send_raw(of(attempt, b"Event: Hangup\r\nUniqueid: @OURS@\r\n\r\n"))
    assert (await here.told.end_of(attempt)).cause == 0


async def test_an_answer_that_never_comes_keeps_nobody_waiting(server: AmiServer) -> None:
    async with stage(server, HASTY) as here:
        server.answers["hangup"] = never
        with pytest.raises(CarrierUnsure):
            await here.carrier.hang_up(await here.placed())
