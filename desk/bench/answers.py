"""How soon a yes or a no is an answer: taken at its first pause where nothing can turn it round, or heard to its
end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from desk.bench.callers import AFTER_MS, CALLERS, spoken
from desk.bench.report import AtMost, Row, share_of
from desk.bench.telephone import told
from dialer.line_port import Moved
from dialer.question_ear import QuestionEar
from ivr.act import Ask, Expect
from ivr.heard import Heard, Words
from ivr.intent import Wants
from voices.casting import VOICE_IDS
from voices.child_ears import ChildEars
from voices.ears import Ears
from voices.engines import Engine

Tell = Callable[[str], None]
#: What is said: sayings that are settled as they stand.
SAID = {
    "nl": ("ja", "jawel", "neen"),
    "fr": ("oui", "exact", "pas du tout"),
    "de": ("ja", "genau", "nein danke"),
    "en": ("yes", "yes it is", "no it isn't"),
}
_ROUNDS = 4
_GOAL = AtMost(700.0)
#: They begin one after the other (s).
_APART = 0.23
_ANY_DAY = date(2026, 11, 24)


@dataclass
class Answerer:
    """Hears the same question again and again, answers it, and notes when the line had the answer."""

    ears: Ears
    asked: Moved
    sounds: Sequence[bytes]
    begins_after: float = 0.0
    waits_ms: list[float] = field(default_factory=list)
    _ended_at: float | None = None

    async def speak(self) -> None:
        """All sounds, frame by frame, each to a newly opened question."""
        await asyncio.sleep(self.begins_after)
        loop = asyncio.get_running_loop()
        ear = QuestionEar(self.ears, loop.time)
        due = loop.time()
        for sound in self.sounds:
            ear.listen(self.asked, loop.time(), lambda: None, self._said)
            self._ended_at = None
            due = await spoken(sound, ear.feed, due, self._ended)
        ear.close()

    def _ended(self, at: float) -> None:
        self._ended_at = at

    def _said(self, heard: Heard) -> None:
        if isinstance(heard, Words) and self._ended_at is not None:
            self.waits_ms.append(1000 * (asyncio.get_running_loop().time() - self._ended_at))
            self._ended_at = None


def answer_rows(engine: Engine, tell: Tell) -> list[Row]:
    """Waits with one engine in its own process; the baseline is the same words at a question that binds."""
    tell(f"{CALLERS} callers who say yes or no, {engine.name}")
    return asyncio.run(_measured(engine))


async def _measured(engine: Engine) -> list[Row]:
    language = next(one for one in VOICE_IDS if one[:2] == engine.language)
    sounds = [told(text, VOICE_IDS[language], after_ms=AFTER_MS) for text in SAID[engine.language]] * _ROUNDS
    ears = ChildEars(lambda: [engine], CALLERS)
    await ears.start()
    try:
        waits = [await _waits(ears, language, sounds, binding) for binding in (False, True)]
    finally:
        await ears.stop()
    note = f"{len(waits[0])} and {len(waits[1])} of {CALLERS * len(sounds)} understood; our answer takes a tick or two"
    return [
        Row(
            name=f"end of speech to a settled answer {label}, {engine.name}", ours=share_of(waits[0], share),
            baseline=share_of(waits[1], share), unit="ms", goal=_GOAL if label == "p95" else None, note=note,
        )
        for label, share in (("p50", 0.5), ("p95", 0.95))
    ]  # fmt: skip


async def _waits(ears: Ears, language: str, sounds: Sequence[bytes], binding: bool) -> list[float]:
    ask = Ask(Expect.MENU, choices="12", binding=binding, wants=Wants(yes_no=True))
    asked = Moved("bench", b"", ask, 0, language, _ANY_DAY)
    callers = [
        Answerer(ears, asked, [*sounds[n % 3 :], *sounds[: n % 3]], begins_after=n * _APART) for n in range(CALLERS)
    ]
    await asyncio.gather(*[caller.speak() for caller in callers])
    return [ms for caller in callers for ms in caller.waits_ms]
