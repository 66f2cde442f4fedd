"""The end of a call on the line, whoever brings it: nobody who picked up hears a dead line, nobody two goodbyes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asterisk_calls import (
    LINE_HZ,
    Ending,
    Line,
    Watched,
    call_ada,
    picks_up,
    resets,
    says_goodbye,
    sends_nonsense,
    watching,
)
from asterisk_fixture import DUTCH_HZ, INBOUND_HZ, SENTENCE_MS, OurAsteriskPair
from phone import IncomingCall

pytestmark = pytest.mark.asterisk


@pytest.fixture
async def watched(our_asterisk: OurAsteriskPair) -> AsyncIterator[Watched]:
    async with watching(our_asterisk) as watched:
        yield watched


async def test_our_goodbye_ends_the_call_and_no_sentence_follows(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    errors = len([line for line in our_asterisk.log() if "ERROR" in line])
    async with Line(says_goodbye).listening(our_asterisk.ports.audiosocket):
        seen = await call_ada(our_asterisk, watched)
    assert seen.tones == set()
    assert seen.record.ended_by == "them"
    assert not watched.line_lost(seen.call)
    assert len([line for line in our_asterisk.log() if "ERROR" in line]) == errors


async def test_the_callers_own_end_is_no_failure_of_the_line(our_asterisk: OurAsteriskPair, watched: Watched) -> None:
    async def hangs_up(call: IncomingCall) -> None:
        await call.answer()
        await call.wait(0.2)
        await call.hang_up()

    async with Line().listening(our_asterisk.ports.audiosocket) as line:
        seen = await call_ada(our_asterisk, watched, hangs_up)
        await asyncio.sleep(0.2)
    assert seen.record.ended_by == "us"
    assert not watched.line_lost(seen.call)
    assert line.ended == 1


async def test_a_hangup_that_we_order_is_no_failure_of_the_line(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with Line().listening(our_asterisk.ports.audiosocket) as line, our_asterisk.trunk_phone(lambda _: picks_up):
        call = await watched.place()
        await line.opened()
        await watched.link.action("Hangup", Channel=call, Cause="16")
        await watched.hangup_of(call)
        await asyncio.sleep(0.1)
    assert not watched.line_lost(call)


async def test_the_longest_time_of_a_call_ends_it_without_a_sentence(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with Line().listening(our_asterisk.ports.audiosocket):
        seen = await call_ada(our_asterisk, watched, LONGEST="1")
    assert 0.9 < seen.seconds < 2.5
    assert seen.tones == set()
    assert not watched.line_lost(seen.call)


@pytest.mark.parametrize("ending", [resets, sends_nonsense])
async def test_a_line_that_breaks_in_mid_call_leaves_a_sentence_in_the_callers_language(
    our_asterisk: OurAsteriskPair, watched: Watched, ending: Ending
) -> None:
    async with Line(ending).listening(our_asterisk.ports.audiosocket):
        seen = await call_ada(our_asterisk, watched)
    assert seen.tones == {DUTCH_HZ}
    assert watched.line_lost(seen.call)


@pytest.mark.parametrize(
    ("language", "hz"), [("nl-BE", DUTCH_HZ), ("inbound", INBOUND_HZ), ("", INBOUND_HZ), ("tlh", INBOUND_HZ)]
)
async def test_a_line_that_is_away_leaves_a_sentence_and_is_told(
    our_asterisk: OurAsteriskPair, watched: Watched, language: str, hz: float
) -> None:
    seen = await call_ada(our_asterisk, watched, FALLBACK=language)
    assert seen.tones == {hz}
    assert seen.seconds > SENTENCE_MS / 1000
    assert watched.line_lost(seen.call)


async def test_a_caller_may_hang_up_over_the_sentence(our_asterisk: OurAsteriskPair, watched: Watched) -> None:
    async def hangs_up(call: IncomingCall) -> None:
        await call.answer()
        await call.wait_for_voice(2.0)
        await call.hang_up()

    seen = await call_ada(our_asterisk, watched, hangs_up)
    assert seen.record.ended_by == "us"
    assert watched.line_lost(seen.call)


@contextlib.asynccontextmanager
async def line_process(port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The line's own server, in a process that may die."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("line_alone.py")), str(port),
        stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )  # fmt: skip
    assert child.stdout is not None
    try:
        assert await asyncio.wait_for(child.stdout.readline(), 10) == b"listening\n"
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def ticket(first: str) -> str:
    """A ticket by which `line_alone` knows what to do."""
    return first + str(uuid.uuid4())[1:]


async def test_a_line_whose_process_is_killed_leaves_a_sentence_to_its_callers(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with line_process(our_asterisk.ports.audiosocket) as line:

        async def hears_us_and_then_we_die(call: IncomingCall) -> None:
            await call.answer()
            await call.wait_for_voice(3.0)
            await call.wait(0.1)
            line.kill()

        seen = await call_ada(our_asterisk, watched, hears_us_and_then_we_die, UUID=ticket("1"))
    assert seen.tones == {LINE_HZ, DUTCH_HZ}
    assert watched.line_lost(seen.call)


async def test_the_lines_own_goodbye_is_heard_whole_and_no_sentence_follows(
    our_asterisk: OurAsteriskPair, watched: Watched
) -> None:
    async with line_process(our_asterisk.ports.audiosocket):
        seen = await call_ada(our_asterisk, watched, UUID=ticket("0"))
    assert seen.tones == {LINE_HZ}
    assert seen.audible >= 24  # of 25
    assert not watched.line_lost(seen.call)
