"""`beltoon bench speech`: what hearing and speaking cost, and how well English is heard, beside the bare engines.

Callers are espeak's voices over a telephone's channel. That tells how figures move, never how well people are heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desk.bench.answers import answer_rows
from desk.bench.callers import AFTER_MS, engine_rows
from desk.bench.hearing import accuracy, activity, bare_rows
from desk.bench.rendering import rendering
from desk.bench.report import Row
from desk.bench.sentences import COMMANDS
from desk.bench.telephone import told
from voices.casting import VOICE_IDS
from voices.engines import Engine
from voices.essential import essential_words

Tell = Callable[[str], None]
#: So many phrases are said while waits are measured.
_SAID = 6


def speech(engines: Sequence[Engine], tell: Tell) -> list[Row]:
    """Every row."""
    found = activity(tell)
    for engine in engines:
        voice = next(voice for language, voice in VOICE_IDS.items() if language[:2] == engine.language)
        phrases = tuple(p for p, _ in COMMANDS) if engine.language == "en" else essential_words(engine.language)
        sounds = [told(phrase, voice, after_ms=AFTER_MS) for phrase in phrases[:_SAID]]
        found += engine_rows(engine, phrases, sounds, tell)
        found += answer_rows(engine, tell)
    return [*found, *bare_rows(tell), *accuracy(tell), *rendering(tell)]
