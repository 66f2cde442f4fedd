"""Vosk behind our port: a grammar for each question, and the model's own token for all that is not in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from vosk import KaldiRecognizer, Model, SetLogLevel

from voices.audio import RATE_HZ
from voices.errors import CannotHear
from voices.models.found import is_model
from voices.recogniser import Pieces, Reading, fitting, vosk_reading

#: Models call the word that stands for every other word by one of these names.
_UNKNOWN = ("[unk]", "<unk>", "<UNK>", "<SPOKEN_NOISE>")
#: Readings of one utterance that are asked for; their scores have no measure, so only their order is used.
_READINGS = 3
#: Kaldi writes its warnings to standard error; a missing word is among them, and we look for those ourselves.
_SILENT = -2


class VoskRecogniser:
    """A Vosk model from a folder. `Model(lang=…)` is never used: it downloads unchecked."""

    parallel = True
    whole = False

    def __init__(self, folder: Path) -> None:
        """Loads the model, which takes a second or two. Raises `CannotHear` where the folder holds none."""
        SetLogLevel(_SILENT)
        if not is_model(folder):
            raise CannotHear(f"{folder} holds no Vosk model (no am/final.mdl)")
        try:
            self._model = Model(model_path=str(folder))
        except Exception as fault:
            raise CannotHear(f"Vosk can't load the model in {folder}: {fault}") from fault
        self.name = f"vosk {folder.name}"

    @cached_property
    def unknown_token(self) -> str:
        """What this model hears in place of a word that is not in the grammar; empty where it has no such word."""
        return next((token for token in _UNKNOWN if self._knows(token)), "")

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        """Those that are no words of the model. Vosk itself would only leave them out, silently."""
        return frozenset(word for word in words if not self._knows(word))

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> VoskStream:
        """A recogniser with this grammar. Raises `CannotHear` where the model takes none (a big one)."""
        token = [self.unknown_token] if self.unknown_token else []
        try:
            engine = KaldiRecognizer(self._model, RATE_HZ, json.dumps([*phrases, *token], ensure_ascii=False))
        except Exception as fault:
            raise CannotHear(f"{self.name} takes no grammar: {fault}") from fault
        engine.SetMaxAlternatives(_READINGS)
        return VoskStream(engine, self.unknown_token)

    def _knows(self, word: str) -> bool:
        return self._model.vosk_model_find_word(word) >= 0


class VoskStream:
    """One utterance."""

    def __init__(self, engine: KaldiRecognizer, unknown: str) -> None:
        self._engine, self._unknown = engine, unknown
        self._pieces = Pieces()

    def feed(self, pcm: bytes) -> str | None:
        """What it may be so far."""
        if self._engine.AcceptWaveform(pcm):
            self._pieces.ended(_reading(self._engine.Result(), self._unknown))
            return self._pieces.so_far("")
        partial = str(json.loads(self._engine.PartialResult()).get("partial", ""))
        return self._pieces.so_far(fitting(partial, self._unknown))

    def end(self) -> Reading:
        """The whole utterance."""
        return self._pieces.whole(_reading(self._engine.FinalResult(), self._unknown))


def _reading(told: str, unknown: str) -> Reading:
    return vosk_reading(json.loads(told), unknown)
