"""What the recogniser is given of a caller: each utterance once, and once more only where they go on after a pause."""

from __future__ import annotations

from collections.abc import Iterable

from voices.ears import Event, Pause, SpeechBegan, Utterance
from voices.endpoint import END_MS, FRAME_MS, PAUSE_MS
from voices.hearing import Hearing
from voices.recogniser import Reading
from voices.voice_activity import FRAME_SAMPLES

SPEECH, NOTHING = 0.9, 0.05
PAUSE, END = PAUSE_MS // FRAME_MS, -(-END_MS // FRAME_MS)


class Voices:
    """A network that finds speech in these frames."""

    def __init__(self, chances: Iterable[float]) -> None:
        self._chances = iter(chances)

    def hear(self, samples: object) -> float:
        return next(self._chances)


class Counting:
    """An engine whose words are how many frames it was given."""

    def __init__(self) -> None:
        self.streams: list[Counting.Stream] = []

    class Stream:
        fed = 0
        ended = False

        def feed(self, pcm: bytes) -> str | None:
            assert not self.ended
            self.fed += len(pcm) // (2 * FRAME_SAMPLES)
            return None

        def end(self) -> Reading:
            self.ended = True
            return Reading(str(self.fed))

    def open(self) -> Counting.Stream:
        self.streams.append(self.Stream())
        return self.streams[-1]


def heard(chances: list[float], *, pauses: bool) -> tuple[list[Event], Counting]:
    engine = Counting()
    hearing = Hearing(Voices(chances), engine.open, patient=False, pauses=pauses)  # type: ignore[arg-type]
    frame = bytes(2 * FRAME_SAMPLES)
    return [event for _ in chances for event in hearing.feed(frame, frame)], engine


SAID = [SPEECH] * 10


def test_at_a_pause_it_is_read_once_and_the_silence_after_it_costs_nothing() -> None:
    events, engine = heard(SAID + [NOTHING] * 40, pauses=True)
    text = str(10 + PAUSE)
    assert events == [SpeechBegan(), Pause(text), Utterance(text)]
    assert len(engine.streams) == 1


def test_who_goes_on_is_heard_once_more_from_the_beginning() -> None:
    events, engine = heard(SAID + [NOTHING] * (PAUSE + 2) + SAID + [NOTHING] * 40, pauses=True)
    whole = 10 + PAUSE + 2 + 10
    assert events == [
        SpeechBegan(),
        Pause(str(10 + PAUSE)),
        Pause(str(whole + PAUSE)),
        Utterance(str(whole + PAUSE)),
    ]
    assert len(engine.streams) == 2


def test_where_no_pause_is_asked_for_it_is_read_at_its_end() -> None:
    events, engine = heard(SAID + [NOTHING] * (PAUSE + 2) + SAID + [NOTHING] * 40, pauses=False)
    assert events == [SpeechBegan(), Utterance(str(10 + PAUSE + 2 + 10 + END))]
    assert len(engine.streams) == 1


def test_the_next_utterance_begins_anew() -> None:
    events, engine = heard((SAID + [NOTHING] * 40) * 2, pauses=True)
    assert [type(event) for event in events] == [SpeechBegan, Pause, Utterance] * 2
    assert len(engine.streams) == 2
