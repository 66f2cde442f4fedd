"""The beat by which the line's process tells its keeper that it works: a short word on the pipe between them.

No database is needed on either side, so books that are away are never taken for a line that hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
from collections.abc import Callable

#: The line's first word, when calls can be answered, and each that follows.
LISTENING, BEAT = b"listening\n", b"beat\n"
#: A beat each second. With six busy programs on two cores no beat came more than 20 ms late.
BEAT_SECONDS = 1.0
#: After so many silent seconds in a row no new call is placed (one is a beat that comes a little late), and after so
#: many the line is ended. The loop that beats is the one that sends each caller a frame every 20 ms: while it is
#: silent for seconds nobody hears a word from us, so that a longer patience would be patience with dead air.
MISSED_PAUSES, MISSED_ENDS = 2, 5


async def beats(alive: Callable[[], bool], pipe: int) -> None:
    """Write a beat each second from the running loop, as long as `alive` says that the rest works too. Never waits
    for whoever should read it."""
    while True:
        if alive() and select.select([], [pipe], [], 0)[1]:
            with contextlib.suppress(OSError):  # nobody reads: our parent is gone, and we are told so otherwise
                os.write(pipe, BEAT)
        await asyncio.sleep(BEAT_SECONDS)


async def heard(pipe: asyncio.StreamReader, missed: Callable[[int], None]) -> bool:
    """Follow the beats until they end. True: the pipe was closed. False: it was silent for too long.

    `missed` hears how many seconds in a row were silent, 0 at each beat. A second is counted only if we waited it out
    ourselves: when the whole machine stood still, it is one second and not a minute.
    """
    silent = 0
    while silent < MISSED_ENDS:
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                if not await pipe.readline():
                    return True
            silent = 0
        except TimeoutError:
            silent += 1
        missed(silent)
    return False
