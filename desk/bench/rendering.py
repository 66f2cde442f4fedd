"""What speaking costs: sound rendered a second beside the bare program, and how much of a talk is in the cache."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import date, timedelta

from desk.bench.report import AtLeast, Row
from ledger.money import Money
from voices.audio import duration_ms
from voices.casting import voice_for
from voices.catalogue import LANGUAGES
from voices.prompt import Slot, Spoken
from voices.pyttsx3_synthesiser import Pyttsx3Synthesiser
from voices.speech import Piece, ahead, pieces

Tell = Callable[[str], None]
_PROMPTS = 12
_TALKS = 200


def rendering(tell: Tell) -> list[Row]:
    """Both figures, in Dutch."""
    tell("rendering prompts")
    voice = voice_for("nl-BE")
    texts = [piece.text for piece in ahead("nl-BE", ("normal",)) if len(piece.text) > 40][:_PROMPTS]
    synthesiser = Pyttsx3Synthesiser()
    synthesiser.render(texts[0], voice)  # its loudness is measured once
    begun = time.perf_counter()
    seconds = sum(duration_ms(synthesiser.render(text, voice)) for text in texts) / 1000
    ours = (time.perf_counter() - begun) / seconds
    begun = time.perf_counter()
    for text in texts:
        command = ["espeak-ng", "-v", voice.id, "-s", str(voice.rate_wpm), "--stdin", "--stdout"]
        subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    bare = (time.perf_counter() - begun) / seconds
    return [
        Row(
            name="time to render a second of sound", ours=1000 * ours, baseline=1000 * bare, unit="ms",
            note="ours is a process of pyttsx3 for each prompt, checked and brought to 8 kHz; bare: espeak-ng",
        ),
        Row(
            name="pieces of a promise found in the cache", ours=100 * hits(), baseline=None, unit="%",
            goal=AtLeast(99.0), note=f"{_TALKS} amounts and days a language; only names are rendered for a person",
        ),
    ]  # fmt: skip


def hits() -> float:
    """The share of a promise's pieces that are rendered ahead of every call."""
    found = wanted = 0
    for language in LANGUAGES:
        cached = set(ahead(language, ("normal",)))
        for n in range(_TALKS):
            slots: dict[str, Slot] = {"amount": Money(1995 + 1733 * n), "date": date(2026, 12, 1) + timedelta(days=n)}
            strip = [item for item in pieces(Spoken("promise.check", slots), language) if isinstance(item, Piece)]
            wanted += len(strip)
            found += sum(piece in cached for piece in strip)
    return found / wanted
