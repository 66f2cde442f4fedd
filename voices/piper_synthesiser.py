"""The `piper` program behind our port: neural voices, for whoever installs it and fetches voices (an optional engine).

Piper is free software under the GPL: it runs as a program of its own and is no part of ours. A voice is a file such as
`nl_BE-nathalie-medium.onnx` with its `.onnx.json` beside it. A language without a voice keeps the other engine's.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from voices.casting import PACES
from voices.child import run
from voices.errors import SynthesisFailed
from voices.mastering import Samples, to_telephone
from voices.once_synthesiser import OnceSynthesiser
from voices.synthesiser import Synthesiser, Voice


def voices_in(folder: Path) -> dict[str, Path]:
    """The voice files of a folder by their locale (`nl_BE`), the first by name of each. No folder: none."""
    found: dict[str, Path] = {}
    for file in sorted(folder.glob("*.onnx")) if folder.is_dir() else ():
        if file.with_name(f"{file.name}.json").is_file():
            found.setdefault(file.name.partition("-")[0], file)
    return found


def voice_of(language: str, found: dict[str, Path]) -> Path | None:
    """The voice for nl-BE: a Belgian one, else any Dutch one; None: there is none."""
    exact = found.get(language.replace("-", "_"))
    return exact or next((file for locale, file in sorted(found.items()) if locale[:2] == language[:2]), None)


class PiperSynthesiser(OnceSynthesiser):
    """Speaks with Piper where it has a voice, else with `otherwise`. Safe among threads: each prompt is a process."""

    def __init__(self, program: str, folder: Path, otherwise: Synthesiser) -> None:
        """Raises `SynthesisFailed` where the folder has no voice, or the program does not run."""
        self._program = program
        self._voices = voices_in(folder)
        self._otherwise = otherwise
        if not self._voices:
            raise SynthesisFailed(f"{folder} holds no Piper voice; put files such as nl_BE-nathalie-medium.onnx there")
        run("piper", [self._program, "--help"], "")
        names = ",".join(f"{file.stem}:{file.stat().st_size}" for _, file in sorted(self._voices.items()))
        super().__init__(f"piper {names} + {otherwise.engine}")

    def render(self, text: str, voice: Voice) -> bytes:
        """8 kHz sound of `text`, whole. Raises `SynthesisFailed` after three tries."""
        if voice_of(voice.language, self._voices) is None:
            return self._otherwise.render(text, voice)
        return super().render(text, voice)

    def _once(self, text: str, voice: Voice) -> Samples:
        file = voice_of(voice.language, self._voices)
        assert file is not None  # noqa: S101
        rate_hz = _rate_of(file)
        slower = PACES["normal"] / voice.rate_wpm
        command = [self._program, "-m", str(file), "--output-raw", "--length-scale", f"{slower:.2f}"]
        raw = run("piper", command, " ".join(text.split()) + "\n")
        if len(raw) < 2:
            raise SynthesisFailed("piper wrote no sound")
        return to_telephone(np.frombuffer(raw[: len(raw) // 2 * 2], "<i2"), rate_hz)


def _rate_of(file: Path) -> int:
    """Hz, as the voice's own description says."""
    try:
        return int(json.loads(file.with_name(f"{file.name}.json").read_text(encoding="utf-8"))["audio"]["sample_rate"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SynthesisFailed(f"{file.name}.json does not say the voice's sample rate") from error
