"""The AudioSocket client of the tests against the barest server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone.audiosocket import DTMF, HANGUP, SLIN, FrameReader, frame, introduction
from phone.audiosocket_client import AudioSocketClient
from phone.bare_echo_server import BareEchoServer, bare_echo_server
from phone.clock import Clock
from phone.sound import strength, tone


@given(
    st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=400)), max_size=10),
    st.lists(st.integers(1, 50), min_size=1),
)
def test_frames_are_the_same_however_the_stream_is_cut(frames: list[tuple[int, bytes]], cuts: list[int]) -> None:
    stream, reader, heard = b"".join(frame(kind, payload) for kind, payload in frames), FrameReader(), []
    while stream:
        for size in cuts:
            heard += reader.feed(stream[:size])
            stream = stream[size:]
    assert heard == frames


@pytest.fixture
async def server() -> AsyncIterator[BareEchoServer]:
    state, listening = await bare_echo_server(tone(440, 300), tone(1000, 300))
    yield state
    listening.close()


async def test_the_prompt_comes_at_once_and_the_next_one_after_a_key(server: BareEchoServer) -> None:
    entry = uuid4()
    async with await AudioSocketClient.connect("127.0.0.1", server.port) as line:
        line.introduce(entry)
        line.start()
        await line.wait_for_voice()
        await asyncio.sleep(0.1)
        first = line.record()
        pressed = line.press("5")
        voice = await line.wait_for_voice(since=pressed)
        await line.wait_for_quiet(100)
        second = line.record(since=voice)
    assert strength(first, 440) > 4000 > 500 > strength(first, 1000)
    assert strength(second, 1000) > 2000 > 500 > strength(second, 440)
    assert (server.entries, server.keys) == ([entry.bytes], ["5"])


async def test_frames_keep_coming_in_silence_too(server: BareEchoServer) -> None:
    async with await AudioSocketClient.connect("127.0.0.1", server.port) as line:
        line.introduce(uuid4())
        await asyncio.sleep(0.6)
        heard = line.reception()
    assert heard.packets >= 25


async def test_a_hangup_frame_closes_the_line(server: BareEchoServer) -> None:
    async with await AudioSocketClient.connect("127.0.0.1", server.port) as line:
        line.send_hangup_frame()
        await line.closed()
        assert not line.was_reset


async def test_nothing_said_nothing_heard_and_a_reset_is_survived(server: BareEchoServer) -> None:
    silent = await AudioSocketClient.connect("127.0.0.1", server.port)
    await asyncio.sleep(0.1)
    silent.send_raw(introduction(uuid4())[:10])
    silent.reset()
    await silent.closed()
    async with await AudioSocketClient.connect("127.0.0.1", server.port) as line:
        line.introduce(uuid4())
        await line.wait_for_voice()
    assert silent.reception().packets == 0
    assert len(server.entries) == 1


async def test_what_the_client_says_is_framed_and_paced() -> None:
    heard: list[tuple[int, bytes]] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        while data := await reader.read(1000):
            heard.extend(frames.feed(data))
        writer.close()

    listening = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    clock = Clock()
    async with await AudioSocketClient.connect("127.0.0.1", port, clock) as line:
        line.introduce(uuid4())
        line.start()
        line.say(tone(440, 50))
        await asyncio.sleep(0.2)
        line.press("1#")
        line.send_raw(frame(HANGUP))
        await asyncio.sleep(0.05)
    listening.close()
    sounds = [payload for kind, payload in heard if kind == SLIN]
    assert heard[0][0] == 1
    assert b"".join(sounds[:3]) == tone(440, 60)[:800] + bytes(160)
    assert len(sounds) >= 7
    assert [payload for kind, payload in heard if kind == DTMF] == [b"1", b"#"]
    assert (HANGUP, b"") in heard
