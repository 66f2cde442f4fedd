"""The line's keeper with a real process: what dies or hangs is started anew, what only stumbles is left alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from dialer.line_keeper import LineKeeper

BEATING = (sys.executable, str(Path(__file__).with_name("line_beating.py")))
#: Far longer than any of it takes on a busy machine.
LONG_SECONDS = 60.0


@contextlib.asynccontextmanager
async def keeping(*command: str) -> AsyncIterator[LineKeeper]:
    keeper = LineKeeper(dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)), command)
    await keeper.start()
    try:
        yield keeper
    finally:
        await keeper.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG_SECONDS):
        while not true():  # noqa: ASYNC110 (what another process does sets no event)
            await asyncio.sleep(0.02)


def started(keeper: LineKeeper) -> int:
    assert keeper.pid is not None
    return keeper.pid


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL], ids=["hangs", "dies"])
async def test_a_line_that_hangs_or_dies_is_ended_and_a_new_one_started(how: signal.Signals) -> None:
    async with keeping(*BEATING) as keeper:
        first = started(keeper)
        os.kill(first, how)
        await until(lambda: not keeper.ready)  # no new call is placed
        await until(lambda: keeper.ready)
        assert keeper.pid not in (None, first)
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)


async def test_a_line_that_stumbles_gets_no_new_call_for_a_moment_and_lives_on() -> None:
    async with keeping(*BEATING) as keeper:
        first = started(keeper)
        os.kill(first, signal.SIGSTOP)
        await until(lambda: not keeper.ready)
        os.kill(first, signal.SIGCONT)
        await until(lambda: keeper.ready)
        assert keeper.pid == first


async def test_a_line_that_listens_and_never_beats_is_ended() -> None:
    async with keeping(sys.executable, "-c", "import time; print('listening', flush=True); time.sleep(600)") as keeper:
        first = started(keeper)
        await until(lambda: keeper.pid not in (None, first))
        assert keeper.pid != first
