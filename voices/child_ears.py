"""Ears whose engines live in processes of their own, one for each language, started when somebody needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog

from voices.ear_keeper import EarKeeper
from voices.ears import Ear, EarHealth, Listening, Tell
from voices.engines import Engine

log = structlog.get_logger(__name__)

#: Ears that may be open before an engine has measured this machine.
UNMEASURED = 8
#: The phrases of one question, in all; a longer list is a mistake of ours (bytes).
LONGEST_PHRASES = 64_000


class ChildEars:
    """All ears of a line. Used on the loop alone."""

    def __init__(self, found: Callable[[], Sequence[Engine]], streams: int | None = None) -> None:
        """`found` looks for engines, at most one a language; `streams` sets what would else be measured."""
        self._found = found
        self._streams = streams
        self._keepers: dict[str, EarKeeper] = {}

    async def start(self) -> None:
        """Look for engines."""
        self._keepers = {engine.language: EarKeeper(engine) for engine in self._found()}

    async def stop(self) -> None:
        """End every engine."""
        for keeper in self._keepers.values():
            await keeper.stop()
        self._keepers = {}

    @property
    def languages(self) -> frozenset[str]:
        """Those with an engine that works, or has not been needed yet."""
        return frozenset(language for language, keeper in self._keepers.items() if keeper.usable)

    @property
    def busy(self) -> int:
        """Ears that are open."""
        return sum(len(keeper.ears) for keeper in self._keepers.values())

    @property
    def most(self) -> int:
        """As set, else the least that an engine in use has measured."""
        measured = [keeper.most for keeper in self._keepers.values() if keeper.most is not None]
        return self._streams or min(measured, default=UNMEASURED)

    @property
    def health(self) -> Mapping[str, EarHealth]:
        """By language."""
        return {language: keeper.health for language, keeper in sorted(self._keepers.items())}

    @property
    def pids(self) -> Mapping[str, int]:
        """The process of each engine that runs, by language: for whoever measures them."""
        pids = ((language, keeper.pid) for language, keeper in self._keepers.items())
        return {language: pid for language, pid in pids if pid is not None}

    def open(self, listening: Listening, tell: Tell) -> Ear | None:
        """An ear, or None: no engine, all busy, or phrases that can't be listened for."""
        keeper = self._keepers.get(listening.tongue)
        if keeper is None or not keeper.usable or self.busy >= self.most:
            return None
        if not listening.grammar or sum(map(len, listening.phrases)) > LONGEST_PHRASES:
            log.error("ears_phrases_refused", language=listening.language, phrases=len(listening.phrases))
            return None
        return keeper.open(listening, tell)
