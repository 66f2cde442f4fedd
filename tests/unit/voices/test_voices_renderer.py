"""Rendering ahead of the calls."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from voices.cache import PieceCache
from voices.casting import voice_for
from voices.errors import SynthesisFailed
from voices.renderer import Progress, Renderer, Urgency
from voices.speech import Kind, Piece, ahead
from voices.synthesiser import Voice
from voices.testing import FakeSynthesiser


def piece(text: str) -> Piece:
    return Piece(text, voice_for("nl-BE"), Kind.NAME)


class Held(FakeSynthesiser):
    """Speaks nothing until it is let go, so that a queue can form."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = Event(), Event()

    def render(self, text: str, voice: Voice) -> bytes:
        self.begun.set()
        self.go.wait(10)
        return super().render(text, voice)


@pytest.fixture
def cache(tmp_path: Path) -> PieceCache:
    return PieceCache(tmp_path, FakeSynthesiser.engine)


def test_everything_wanted_is_rendered_once_and_told(cache: PieceCache) -> None:
    voice, told = FakeSynthesiser(), list[Progress]()
    renderer = Renderer(voice, cache, workers=3, told=told.append)
    wanted = list(ahead("en"))
    assert renderer.want(wanted, Urgency.AHEAD) == len(wanted)
    renderer.want(wanted, Urgency.AHEAD)
    assert renderer.wait(30) == Progress(wanted=len(wanted), done=len(wanted), failed=0)
    renderer.close()
    assert cache.missing(wanted) == ()
    assert len(voice.rendered) == len(wanted)
    assert len(told) == len(wanted)
    assert all(cache.get(one) == voice.render(one.text, one.voice) for one in wanted)


def test_what_is_there_already_is_not_rendered_again(cache: PieceCache) -> None:
    cache.put(piece("Jan"), b"\0\0")
    renderer = Renderer(FakeSynthesiser(), cache)
    assert renderer.want([piece("Jan")]) == 0
    assert renderer.wait(5).over
    renderer.close()


def test_the_names_of_the_next_people_come_first(cache: PieceCache) -> None:
    voice = Held()
    renderer = Renderer(voice, cache, workers=1)
    renderer.want([piece("in hand")], Urgency.AHEAD)
    voice.begun.wait(10)
    renderer.want([piece("shared one"), piece("shared two")], Urgency.AHEAD)
    renderer.want([piece("later")], Urgency.LATER)
    renderer.want([piece("next")], Urgency.NEXT)
    renderer.want([piece("shared two")], Urgency.NEXT)
    voice.go.set()
    assert renderer.wait(10).done == 5
    renderer.close()
    assert voice.rendered == ["in hand", "next", "shared two", "later", "shared one"]


def test_a_failure_is_told_stays_missing_and_is_tried_again_when_wanted_again(cache: PieceCache) -> None:
    voice = FakeSynthesiser(failing=["Jan"])
    renderer = Renderer(voice, cache)
    renderer.want([piece("Jan"), piece("An")])
    assert renderer.wait(10) == Progress(wanted=2, done=1, failed=1)
    assert list(renderer.failures) == [piece("Jan")]
    assert cache.missing([piece("Jan")]) == (piece("Jan"),)
    voice.failing.clear()
    renderer.want([piece("Jan")])
    assert renderer.wait(10) == Progress(wanted=2, done=2, failed=0)
    assert renderer.failures == {}
    renderer.close()


def test_closing_ends_after_the_piece_in_hand(cache: PieceCache) -> None:
    voice = Held()
    renderer = Renderer(voice, cache, workers=1)
    renderer.want([piece("in hand"), piece("queued")])
    voice.begun.wait(10)
    voice.go.set()
    renderer.close()
    assert voice.rendered[0] == "in hand"
    assert not renderer.progress.over or voice.rendered == ["in hand", "queued"]


def test_the_fake_refuses_what_a_real_voice_refuses() -> None:
    with pytest.raises(SynthesisFailed):
        FakeSynthesiser().render("   ", voice_for("de"))
