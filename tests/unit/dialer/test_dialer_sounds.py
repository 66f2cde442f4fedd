"""What is said as the sound of one call: where its question begins, and what is quiet before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dialer.sounds import SPARED_MS, Speaker
from ivr.act import Say
from ivr.testing import a_briefing, after
from voices.audio import silence
from voices.cache import PieceCache
from voices.renderer import Renderer
from voices.speech import LEAD_MS
from voices.testing import FakeSynthesiser


@pytest.fixture
def speaker(tmp_path: Path) -> Iterator[Speaker]:
    voice = FakeSynthesiser()
    cache = PieceCache(tmp_path, voice.engine)
    renderer = Renderer(voice, cache, workers=1)
    yield Speaker(cache, renderer)
    renderer.close()


def test_a_question_alone_counts_from_its_beginning(speaker: Speaker) -> None:
    ask = [act for act in after(a_briefing(), "*").acts if isinstance(act, Say)]
    sound, begins = speaker.sound(tuple(ask), "nl-BE")
    assert begins == 0 and sound


def test_where_a_person_speaks_first_our_words_wait_and_nothing_said_before_them_answers_us(speaker: Speaker) -> None:
    """Somebody picks up and says their name: that is no answer to words that they have not heard."""
    first = after(a_briefing(agents=True, person_first=True))
    sound, begins = speaker.sound(first.acts, "nl-BE")
    assert begins == LEAD_MS - SPARED_MS
    quiet = silence(begins)
    assert sound.startswith(quiet) and sound.strip(b"\0")


def test_what_says_nothing_has_no_sound(speaker: Speaker) -> None:
    assert speaker.sound((), "nl-BE") == (b"", 0)
