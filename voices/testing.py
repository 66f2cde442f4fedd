"""A voice and ears for tests: instant, exact, and without an engine."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Collection, Mapping
from threading import Lock

import numpy as np

from voices.audio import FRAME_BYTES, RATE_HZ
from voices.casting import VOICE_IDS
from voices.ears import EarHealth, Event, Listening, Lost, Partial, Pause, SpeechBegan, Tell, Utterance
from voices.errors import SynthesisFailed
from voices.synthesiser import Voice

#: A tenth of full scale: about as loud as speech.
_AMPLITUDE = 3277


class FakeSynthesiser:
    """Speaks every text as a tone: the longer the text the longer the tone, and every text a little differently long.

    Keeps the port's promises: another text is another length, the same text the same bytes, blank texts and unknown
    voices raise. `failing` are texts that never succeed; `rendered` tells what was spoken, in order.
    """

    engine = "fake 1"

    def __init__(self, failing: Collection[str] = ()) -> None:
        self.failing = set(failing)
        self.rendered: list[str] = []
        self._lock = Lock()

    def render(self, text: str, voice: Voice) -> bytes:
        """A tone of 40 ms a character and a few samples that are the text's own. Raises `SynthesisFailed`."""
        if not text.strip() or text in self.failing or voice.id not in VOICE_IDS.values():
            raise SynthesisFailed("the fake was told to fail on this, or has nothing to say")
        with self._lock:
            self.rendered.append(text)
        own = int.from_bytes(hashlib.sha256(f"{voice.id}\0{text}".encode()).digest()[:2]) % 300
        samples = RATE_HZ * 40 * len(text) * 150 // (1000 * voice.rate_wpm) + own
        pitch_hz = 200 + own
        tone = np.sin(2 * np.pi * pitch_hz / RATE_HZ * np.arange(samples)) * _AMPLITUDE
        return bytes(tone.astype("<i2"))


#: A frame that carries a spoken text begins with these samples; they are no sound that anybody makes.
_SPOKEN = np.array([12345, -12345, 23456, -23456], "<i2").tobytes()
_CARRIED = FRAME_BYTES - len(_SPOKEN) - 1
#: Frames of silence after which an utterance has ended (0.6 s, 1.1 s when patient), as the port promises.
_END_FRAMES, _PATIENT_END_FRAMES = 30, 55
#: Frames of silence that are a pause (a third of a second).
_PAUSE_FRAMES = 17
#: Our own sound counts as echo for so many frames (400 ms).
_ECHO_FRAMES = 20


def spoken(text: str) -> bytes:
    """Sound that `FakeEars` hear as this text. It holds as it is, so no codec may lie between."""
    letters = text.encode()
    parts = [letters[n : n + _CARRIED] for n in range(0, len(letters), _CARRIED)] or [b""]
    return b"".join((_SPOKEN + bytes([len(part) % 256]) + part).ljust(FRAME_BYTES, b"\0") for part in parts)


class FakeEar:
    """Hears what `spoken` made, or what a test says by `says`."""

    def __init__(self, listening: Listening, tell: Tell, closed: Callable[[FakeEar], None]) -> None:
        self.listening = listening
        self._loop = asyncio.get_running_loop()
        self._tell, self._closed = tell, closed
        self._open = True
        self._said = b""
        self._began = False
        self._quiet = 0
        self._played: deque[bytes] = deque(maxlen=_ECHO_FRAMES)

    def feed(self, heard: bytes, played: bytes) -> None:
        """Take one frame of each."""
        if not self._open:
            return
        self._played.append(played)
        if heard.startswith(_SPOKEN) and heard not in self._played:
            start = len(_SPOKEN) + 1
            self._said += heard[start : start + heard[len(_SPOKEN)]]
            self._quiet = 0
            if not self._began:
                self._began = True
                self.event(SpeechBegan())
            return
        if not self._began:
            return
        self._quiet += 1
        if self._quiet == 1 and self._fitting():
            self.event(Partial(self._fitting()))
        if self._quiet == _PAUSE_FRAMES and self.listening.pauses:
            self.event(Pause(self._fitting()))
        if self._quiet == (_PATIENT_END_FRAMES if self.listening.patient else _END_FRAMES):
            self.event(Utterance(self._fitting()))
            self._said, self._began = b"", False

    def _fitting(self) -> str:
        text = self._said.decode(errors="replace").lower()
        return text if text in self.listening.grammar else ""

    def says(self, text: str, others: tuple[str, ...] = ()) -> None:
        """The caller speaks, without sound: all events of one utterance."""
        for event in (SpeechBegan(), Partial(text), Utterance(text, others)):
            self.event(event)

    def event(self, event: Event) -> None:
        """Tell this on the loop, unless the ear is closed by then. `Lost` closes it."""
        self._loop.call_soon(self._told, event)

    def _told(self, event: Event) -> None:
        if not self._open:
            return
        if isinstance(event, Lost):
            self.close()
        self._tell(event)

    def close(self) -> None:
        """Nothing is told from now on."""
        if self._open:
            self._open = False
            self._closed(self)


class FakeEars:
    """Ears for tests: instant, exact, and without an engine. `open_ears` are those that listen now, oldest first."""

    def __init__(self, languages: Collection[str] = ("nl", "fr", "de", "en"), most: int = 50) -> None:
        self.most = most
        self.open_ears: list[FakeEar] = []
        self._heard = frozenset(languages)
        self.languages: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Every language that was given can be heard."""
        self.languages = self._heard

    async def stop(self) -> None:
        """Close every ear."""
        for ear in tuple(self.open_ears):
            ear.close()
        self.languages = frozenset()

    @property
    def busy(self) -> int:
        """Ears that are open."""
        return len(self.open_ears)

    @property
    def health(self) -> Mapping[str, EarHealth]:
        """All is well."""
        return dict.fromkeys(sorted(self.languages), EarHealth.READY)

    def open(self, listening: Listening, tell: Tell) -> FakeEar | None:
        """An ear, or None where the language is unknown or all are busy."""
        if listening.tongue not in self.languages or self.busy >= self.most or not listening.grammar:
            return None
        ear = FakeEar(listening, tell, self.open_ears.remove)
        self.open_ears.append(ear)
        return ear
