"""Renders what is missing, ahead of the calls: a few threads, each prompt in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread

from voices.cache import PieceCache
from voices.errors import VoicesError
from voices.speech import Piece
from voices.synthesiser import Synthesiser


class Urgency(IntEnum):
    """What is rendered first."""

    #: Names of the people who are called next.
    NEXT = 0
    #: Names of people further on.
    LATER = 1
    #: What every call of a language shares.
    AHEAD = 2


#: Less urgent than anything that is queued.
_NEVER = len(Urgency)


@dataclass(frozen=True)
class Progress:
    """How far the work is, in pieces; what was there already doesn't count."""

    wanted: int
    done: int
    failed: int

    @property
    def over(self) -> bool:
        return self.done + self.failed == self.wanted


class Renderer:
    """A bounded pool. `want` is quick and may be repeated: a piece is rendered once, and sooner if it grows urgent."""

    def __init__(
        self,
        synthesiser: Synthesiser,
        cache: PieceCache,
        *,
        workers: int = 2,
        told: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        """`told` hears of every piece that is done or failed, in the threads of the pool."""
        self._synthesiser = synthesiser
        self._cache = cache
        self._told = told
        self._turn = count()
        self._queue: list[tuple[Urgency, int, Piece]] = []
        self._queued: dict[Piece, Urgency] = {}
        self._in_hand: set[Piece] = set()
        self._failed: dict[Piece, str] = {}
        self._wanted = self._done = 0
        self._stopping = False
        self._change = Condition()
        self._threads = [Thread(target=self._work, name=f"renderer-{n}", daemon=True) for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def want(self, pieces: Iterable[Piece], urgency: Urgency = Urgency.LATER) -> int:
        """Queue what is missing; answers how many pieces that is. What failed before is tried again."""
        with self._change:
            # Asked with the pool held still: a piece that is done in this moment is not wanted a second time.
            missing = self._cache.missing(pieces)
            for piece in missing:
                if piece in self._in_hand or self._queued.get(piece, _NEVER) <= urgency:
                    continue
                if piece not in self._queued and self._failed.pop(piece, None) is None:
                    self._wanted += 1
                self._queued[piece] = urgency
                heappush(self._queue, (urgency, next(self._turn), piece))
            self._change.notify_all()
        return len(missing)

    @property
    def progress(self) -> Progress:
        """How far the work is now."""
        with self._change:
            return self._progress()

    @property
    def failures(self) -> dict[Piece, str]:
        """What could not be rendered, and why. Its prompts stay `NotReady`."""
        with self._change:
            return dict(self._failed)

    def wait(self, timeout_s: float | None = None) -> Progress:
        """Wait until nothing is open, or the time is up."""
        with self._change:
            self._change.wait_for(lambda: not (self._queued or self._in_hand), timeout_s)
            return self._progress()

    def close(self) -> None:
        """Stop after the pieces in hand; what is queued stays missing."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _progress(self) -> Progress:
        return Progress(wanted=self._wanted, done=self._done, failed=len(self._failed))

    def _work(self) -> None:
        while (piece := self._next()) is not None:
            fault = self._render(piece)
            with self._change:
                self._in_hand.discard(piece)
                if fault is None:
                    self._done += 1
                else:
                    self._failed[piece] = fault
                progress = self._progress()
                self._change.notify_all()
            self._told(progress)

    def _next(self) -> Piece | None:
        with self._change:
            while True:
                self._change.wait_for(lambda: self._stopping or self._queue)
                if self._stopping:
                    return None
                urgency, _, piece = heappop(self._queue)
                # What became more urgent stands here twice; only the entry that it is queued with counts.
                if self._queued.get(piece) == urgency:
                    del self._queued[piece]
                    self._in_hand.add(piece)
                    return piece

    def _render(self, piece: Piece) -> str | None:
        try:
            self._cache.put(piece, self._synthesiser.render(piece.text, piece.voice))
        except (VoicesError, OSError) as fault:
            return str(fault)
        return None
