"""One clock of 20 ms for all calls, its beat spread over four slots: 200 calls do not send at one instant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from phone.sound import FRAME_MS

Tick = Callable[[], None]

SLOTS = 4
_SLOT_SECONDS = FRAME_MS / 1000 / SLOTS
#: A loop that stood still for longer does not make up for it: the missed frames are left out.
_MAKE_UP_SECONDS = 1.0


class Clock:
    """Calls every tick that joined once in 20 ms; when the loop was late, as often as was missed."""

    def __init__(self) -> None:
        self._slots: tuple[dict[Tick, None], ...] = tuple({} for _ in range(SLOTS))
        self._slot = 0
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, tick: Tick) -> None:
        """Beat with the others, in the slot that has the fewest."""
        self._enter(tick, min(self._slots, key=len))

    def join_now(self, tick: Tick) -> None:
        """Beat next in 15 to 20 ms: for one who has sent a frame this moment. May be asked again and again."""
        self.leave(tick)
        self._enter(tick, self._slots[self._slot - 1])

    def leave(self, tick: Tick) -> None:
        for slot in self._slots:
            slot.pop(tick, None)
        if self._timer and not any(self._slots):
            self._timer.cancel()
            self._timer = None

    def _enter(self, tick: Tick, slot: dict[Tick, None]) -> None:
        slot[tick] = None
        if self._timer is None:
            self._due = time.monotonic() + _SLOT_SECONDS
            self._timer = asyncio.get_running_loop().call_later(_SLOT_SECONDS, self._beat)

    def _beat(self) -> None:
        now = time.monotonic()
        self._due = max(self._due, now - _MAKE_UP_SECONDS)
        while self._due <= now:
            slot = self._slots[self._slot]
            self._slot = (self._slot + 1) % SLOTS
            self._due += _SLOT_SECONDS
            for tick in list(slot):
                tick()
        self._timer = None
        if any(self._slots):
            wait = max(self._due - time.monotonic(), 0.0)
            self._timer = asyncio.get_running_loop().call_later(wait, self._beat)
