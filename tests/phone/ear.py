"""What was heard, packet by packet: when it came, how loud it was, and what is missing."""

from __future__ import annotations

import asyncio
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from phone.sound import AUDIBLE, FRAME_MS


@dataclass(frozen=True)
class Packet:
    """One piece of sound that came in."""

    #: Monotonic second of its arrival.
    at: float
    #: Its place in all that was sent.
    sequence: int
    #: Mean magnitude of its samples, as 16-bit values.
    level: int
    #: As it was coded; empty when the ear keeps no sound.
    payload: bytes

    @property
    def audible(self) -> bool:
        return self.level >= AUDIBLE


@dataclass(frozen=True)
class Reception:
    """How well a stretch of sound came through. A gap is the time from one packet to the next, in milliseconds."""

    packets: int
    #: By sequence number.
    lost: int
    duplicated: int
    reordered: int
    p50_gap_ms: float
    p99_gap_ms: float
    longest_gap_ms: float
    #: Mean distance of the gaps from 20 ms.
    jitter_ms: float


class Ear:
    """Listens to one call. Kept in columns, so that hundreds of calls of many minutes fit in memory."""

    def __init__(self, decode: Callable[[bytes], bytes], keep_sound: bool = True) -> None:
        self.decode = decode
        self._keep = keep_sound
        self._at, self._sequences, self._levels = array("d"), array("q"), array("H")
        self._payloads: list[bytes] = []
        self._voiced = array("d")
        self._waiting: list[asyncio.Future[None]] = []

    def hear(self, at: float, sequence: int, level: int, payload: bytes) -> None:
        """Take a packet in."""
        at = max(at, self._at[-1]) if self._at else at
        self._at.append(at)
        self._sequences.append(sequence)
        self._levels.append(level)
        if self._keep:
            self._payloads.append(payload)
        if level >= AUDIBLE:
            self._voiced.append(at)
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_result(None)
            self._waiting.clear()

    def since(self, t: float) -> list[Packet]:
        """Every packet from an instant on."""
        first = bisect_left(self._at, t)
        return [
            Packet(self._at[n], self._sequences[n], self._levels[n], self._payloads[n] if self._keep else b"")
            for n in range(first, len(self._at))
        ]

    def pcm(self, since: float = 0.0) -> bytes:
        """All that was heard from an instant on, in the order of arrival."""
        return self.decode(b"".join(self._payloads[bisect_left(self._at, since) :]))

    def first_voice(self, since: float) -> float | None:
        """When the first audible packet from an instant on came in."""
        n = bisect_left(self._voiced, since)
        return self._voiced[n] if n < len(self._voiced) else None

    def last_voice(self, since: float) -> float | None:
        """When the last audible packet came in, if that was not before an instant."""
        return self._voiced[-1] if self._voiced and self._voiced[-1] >= since else None

    async def voice(self, since: float) -> float:
        """Wait for the first audible packet from an instant on; it may have come already."""
        while (at := self.first_voice(since)) is None:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting
        return at

    async def quiet(self, ms: int, since: float) -> float:
        """Wait until nothing audible came for so long (no packets at all is quiet too); when the voice stopped."""
        looked_again = False
        while True:
            last = self.last_voice(since) or since
            left = last + ms / 1000 - time.monotonic()
            if left <= 0 and looked_again:
                return last
            # A loop that was late may not have read yet what the kernel holds: so it looks twice.
            looked_again = left <= 0
            await asyncio.sleep(max(left, 0.005))

    def reception(self, since: float = 0.0, until: float = float("inf")) -> Reception:
        """Losses and gaps of a stretch of the call."""
        first, end = bisect_left(self._at, since), bisect_right(self._at, until)
        at, sequences = self._at[first:end], self._sequences[first:end]
        gaps = sorted((b - a) * 1000 for a, b in pairwise(at))
        unique = set(sequences)
        return Reception(
            packets=len(at),
            lost=max(unique) - min(unique) + 1 - len(unique) if unique else 0,
            duplicated=len(at) - len(unique),
            reordered=sum(b < a for a, b in pairwise(sequences)),
            p50_gap_ms=_share(gaps, 0.50),
            p99_gap_ms=_share(gaps, 0.99),
            longest_gap_ms=_share(gaps, 1.0),
            jitter_ms=sum(abs(gap - FRAME_MS) for gap in gaps) / len(gaps) if gaps else 0.0,
        )


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
