"""AudioSocket's frames, however they are split on their way; and how a connection ends."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from typing import cast

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from dialer.audiosocket import (
    HANGUP,
    KIND_AUDIO,
    LONGEST_PAYLOAD,
    BrokenFrame,
    Frame,
    FrameReader,
    ends_in_a_goodbye,
    ends_in_a_reset,
    entry_of,
    frame,
    key_of,
)

FRAMES = st.lists(st.builds(Frame, st.integers(0, 255), st.binary(max_size=700)), max_size=12)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


@given(FRAMES, st.lists(st.integers(0, 10_000), max_size=30))
def test_any_split_of_any_frames_gives_the_same_frames(frames: list[Frame], cuts: list[int]) -> None:
    reader = FrameReader()
    data = b"".join(frame(one.kind, one.payload) for one in frames)
    assert [one for piece in pieces(data, cuts) for one in reader.feed(piece)] == frames


@given(FRAMES, st.integers(0, 10_000))
def test_half_a_frame_waits_for_its_other_half(frames: list[Frame], cut: int) -> None:
    reader = FrameReader()
    data = b"".join(frame(one.kind, one.payload) for one in frames) + frame(KIND_AUDIO, bytes(320))
    keeps = len(data) - 323 + cut % 323
    assert reader.feed(data[:keeps]) == frames
    assert reader.feed(data[keeps:]) == [Frame(KIND_AUDIO, bytes(320))]


def test_a_frame_of_nothing_is_a_frame() -> None:
    assert FrameReader().feed(HANGUP * 2) == [Frame(0, b""), Frame(0, b"")]


@pytest.mark.parametrize("length", [LONGEST_PAYLOAD + 1, 0xFFFF])
@given(cuts=st.lists(st.integers(0, 100), max_size=3))
def test_a_length_that_no_telephone_sends_breaks_the_connection_before_it_is_waited_for(
    length: int, cuts: list[int]
) -> None:
    reader = FrameReader()
    with pytest.raises(BrokenFrame, match=str(length)):
        for piece in pieces(bytes((0x10, length >> 8, length & 0xFF)) + b"ten bytes.", cuts):
            reader.feed(piece)


def test_the_longest_payload_still_counts() -> None:
    assert len(FrameReader().feed(frame(KIND_AUDIO, bytes(LONGEST_PAYLOAD)))) == 1


@given(st.binary(max_size=4000))
def test_nonsense_is_frames_or_broken_and_nothing_else(data: bytes) -> None:
    try:
        frames = FrameReader().feed(data)
    except BrokenFrame:
        return
    assert sum(3 + len(one.payload) for one in frames) <= len(data)


@given(st.uuids())
def test_a_ticket_is_a_uuid_of_16_bytes(ticket: uuid.UUID) -> None:
    assert entry_of(ticket.bytes) == str(ticket)


@pytest.mark.parametrize("length", [0, 1, 15, 17, 36, 4096])
def test_a_ticket_of_another_length_is_broken(length: int) -> None:
    with pytest.raises(BrokenFrame):
        entry_of(bytes(length))


@pytest.mark.parametrize("key", "0123456789*#ABCD")
def test_a_key_is_what_a_telephone_has(key: str) -> None:
    assert key_of(key.encode()) == key


@given(st.binary(max_size=3))
def test_anything_else_is_no_key(payload: bytes) -> None:
    known = len(payload) == 1 and chr(payload[0]) in "0123456789*#ABCD"
    assert (key_of(payload) is not None) == known


@pytest.mark.parametrize("payload", [b"", b"12", b"G", b"a", b"\x00", b"\xff", b"\x01", "١".encode()])
def test_what_is_no_key(payload: bytes) -> None:
    assert key_of(payload) is None


Way = Callable[[asyncio.Transport], None]


def just_closed(transport: asyncio.Transport) -> None:
    ends_in_a_reset(transport)
    transport.close()


def cut(transport: asyncio.Transport) -> None:
    ends_in_a_reset(transport)
    transport.abort()


def goodbye(transport: asyncio.Transport) -> None:
    ends_in_a_reset(transport)
    ends_in_a_goodbye(transport)
    transport.write(HANGUP)
    transport.close()


async def what_the_other_side_reads(way: Way) -> bytes | None:
    """What it got, or None for a reset."""

    class Server(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            loop = asyncio.get_running_loop()
            loop.call_later(0.02, way, cast(asyncio.Transport, transport))

    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await reader.read(-1)
        except ConnectionResetError:
            return None
        finally:
            writer.close()
    finally:
        server.close()


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize(("way", "read"), [(just_closed, None), (cut, None), (goodbye, HANGUP)])
def test_a_connection_ends_in_a_reset_unless_we_said_goodbye(
    loop: Callable[[], asyncio.AbstractEventLoop], way: Way, read: bytes | None
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(what_the_other_side_reads(way)) == read
