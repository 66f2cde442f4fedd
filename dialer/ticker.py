"""One clock for all calls: a wheel of four spokes, 5 ms apart, so that each call is served every 20 ms.

A clock of its own per call costs twice the processor and jitters more; Asterisk does not pace AudioSocket, so the
jitter of this clock is what the debtor hears.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

#: Spokes of the wheel, and seconds between two.
SPOKES, SPOKE_SECONDS = 4, 0.005
#: Ticks whose lateness is remembered: five seconds.
KEPT = 1000


class Ticked(Protocol):
    """Whatever wants a tick every 20 ms."""

    def tick(self, now: float) -> None:
        """Send one frame. `now` is the loop's time in seconds."""
        ...


class Ticker:
    """The wheel. Remembers how late its last ticks were."""

    def __init__(self) -> None:
        self._spokes: list[set[Ticked]] = [set() for _ in range(SPOKES)]
        self._lags: deque[float] = deque(maxlen=KEPT)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to turn."""
        self._task = asyncio.create_task(self._turn())

    async def stop(self) -> None:
        """Stand still."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def add(self, call: Ticked) -> None:
        """Serve this call from now on, on the emptiest spoke."""
        min(self._spokes, key=len).add(call)

    def remove(self, call: Ticked) -> None:
        """Serve it no more."""
        for spoke in self._spokes:
            spoke.discard(call)

    def lag_p99_ms(self) -> float:
        """How late one tick in a hundred was, in milliseconds, over the last five seconds."""
        if len(self._lags) < KEPT // 2:  # just started: one stumble says nothing yet
            return 0.0
        ordered = sorted(self._lags)
        return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        due, n = loop.time(), 0
        while True:
            due += SPOKE_SECONDS
            pause = due - loop.time()
            await asyncio.sleep(max(0.0, pause))
            now = loop.time()
            self._lags.append(now - due)
            if now - due > 0.5:  # the machine slept: don't send a flood to make up for it
                due = now
            for call in tuple(self._spokes[n]):
                call.tick(now)
            n = (n + 1) % SPOKES
