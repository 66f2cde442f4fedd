"""PocketSphinx behind our port: English, with the model that its package ships, so that a rehearsal hears everywhere.

A grammar alone takes nearly every sentence for one of its phrases, whatever the scores say. So each utterance is heard
twice, while it lasts and once more as a whole, with the channel's mean taken out in two ways: where the two readings
differ, it fits nothing. That was measured to take fewer wrongly (6 to 10 of 14 strange sentences instead of 13), and to
cost one right answer in ten; what binds is confirmed by a second yes or by a key all the same. A decoder has a
dictionary of the phrases' words alone: 5 MB and 7 ms instead of 28 MB and 100 ms.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import numpy as np
import soxr
from pocketsphinx import Decoder, get_model_path

from voices.audio import RATE_HZ
from voices.errors import CannotHear
from voices.recogniser import Reading, readings

#: The model was trained on sound of this rate.
_MODEL_HZ = 16000
_ACOUSTIC, _DICTIONARY = "en-us/en-us", "en-us/cmudict-en-us.dict"
#: Further ways to pronounce a word are written word(2), word(3).
_VARIANT = re.compile(r"\(\d+\)$")
#: What the grammar's own signs are not.
_WORD = re.compile(r"[a-z']+")
#: The mean cepstrum of speech on a telephone (300 to 3400 Hz, G.711), measured: without it a first word is not heard.
_TELEPHONE_MEAN = "52.1,25.3,-66.4,27.8,-29.3,-32.5,14.0,-45.1,-6.4,-4.9,-33.5,6.6,-20.7"
#: Some 64 dB below full scale (of 32768).
_HISS = 20.0
Samples = np.ndarray[tuple[int], np.dtype[np.int16]]
#: Readings of one utterance that are looked at; many differ in their pauses only.
_READINGS = 12


class PocketSphinxRecogniser:
    """American English."""

    #: Measured: two threads take as long as one.
    parallel = False
    whole = True

    def __init__(self) -> None:
        """Reads the dictionary. Raises `CannotHear` where the package came without its model."""
        self._acoustic = get_model_path(_ACOUSTIC)
        try:
            lines = Path(get_model_path(_DICTIONARY)).read_text(encoding="utf-8").splitlines()
        except OSError as fault:
            raise CannotHear(f"PocketSphinx came without its English model: {fault.strerror}") from fault
        self._spoken: dict[str, str] = {}
        for line in lines:
            word = _VARIANT.sub("", line.partition(" ")[0])
            self._spoken[word] = f"{self._spoken.get(word, '')}{line}\n"
        self.name = f"pocketsphinx {version('pocketsphinx')}"

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        """Those that its dictionary lacks."""
        return frozenset(word for word in words if word not in self._spoken or not _WORD.fullmatch(word))

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> PocketSphinxStream:
        """A decoder with these phrases as its grammar."""
        words = sorted({word for phrase in (*phrases, *repeated) for word in phrase.split()})
        with tempfile.NamedTemporaryFile("w", prefix="beltoon-words-", suffix=".dict", encoding="utf-8") as file:
            file.writelines(self._spoken[word] for word in words)
            file.flush()
            try:
                decoder = Decoder(hmm=self._acoustic, dict=file.name, lm=None, loglevel="FATAL")
                decoder.add_jsgf_string("question", _grammar(phrases, repeated))
                decoder.activate_search("question")
            except (RuntimeError, ValueError) as fault:
                raise CannotHear(f"{self.name} takes no such grammar: {fault}") from fault
        return PocketSphinxStream(decoder)


def _grammar(phrases: Sequence[str], repeated: Sequence[str]) -> str:
    ways = [*phrases, *([f"({' | '.join(repeated)})+"] if repeated else [])]
    return f"#JSGF V1.0;\ngrammar question;\npublic <question> = {' | '.join(ways)};\n"


class PocketSphinxStream:
    """One utterance."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._wider = soxr.ResampleStream(RATE_HZ, _MODEL_HZ, 1, dtype="int16")
        self._sound = bytearray()
        self._hiss = np.random.default_rng(1)
        decoder.set_cmn(_TELEPHONE_MEAN)
        decoder.start_utt()

    def feed(self, pcm: bytes) -> str | None:
        """The best way through the grammar so far."""
        self._take(self._wider.resample_chunk(self._hissing(pcm)).tobytes())
        return self._best() or None

    def end(self) -> Reading:
        """The best ways through the whole, if both ways of hearing agree on the first."""
        self._take(self._wider.resample_chunk(np.empty(0, np.int16), last=True).tobytes())
        self._decoder.end_utt()
        first = self._best()
        self._decoder.start_utt()
        self._decoder.process_raw(bytes(self._sound), False, True)
        self._decoder.end_utt()
        second = self._best()
        if first != second:
            return Reading("", tuple(text for text in (second, first) if text))
        others = (one.hypstr or "" for one in islice(self._decoder.nbest(), _READINGS) if one) if second else ()
        return readings([second, *others], "")

    def _hissing(self, pcm: bytes) -> Samples:
        """The same with a hiss as on any line: on digital silence the engine's measure of loudness is lost."""
        samples = np.frombuffer(pcm, "<i2")
        hiss = self._hiss.normal(0, _HISS, len(samples))
        return np.clip(samples + hiss, -32768, 32767).astype(np.int16)

    def _best(self) -> str:
        found = self._decoder.hyp()
        return (found.hypstr or "") if found is not None else ""

    def _take(self, pcm: bytes) -> None:
        if pcm:
            self._sound += pcm
            self._decoder.process_raw(pcm, False, False)
