"""Our words as sound beside the text: rendered, cached and cast as on the line, then played or kept as a WAV."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from desk.errors import CannotPlay
from dialer.sounds import Speaker
from ivr.act import Act, Say
from voices.audio import RATE_HZ, silence
from voices.cache import PieceCache
from voices.errors import SynthesisFailed
from voices.renderer import Renderer, Urgency
from voices.speech import Piece, pieces

#: Programs that play a WAV file and end with it, in the order in which we look, and what makes them quiet about it.
PLAYERS: dict[str, tuple[str, ...]] = {
    "paplay": (),
    "aplay": ("-q",),
    "play": ("-q",),
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "error"),
}
#: The caller's turn, in the WAV of a whole call.
TURN_MS = 1000


class Loud:
    """Says acts aloud, one after the other, to everything that takes sound."""

    def __init__(self, renderer: Renderer, cache: PieceCache, *takes: Callable[[bytes], None]) -> None:
        self._renderer = renderer
        self._speaker = Speaker(cache, renderer)
        self._takes = takes

    def say(self, acts: tuple[Act, ...], language: str) -> None:
        """Render what is missing, and hand the sound on. Raises `SynthesisFailed` with the engine's reason."""
        strips = [pieces(act.spoken, act.language or language, act.pace) for act in acts if isinstance(act, Say)]
        if not strips:
            return
        self._renderer.want([item for strip in strips for item in strip if isinstance(item, Piece)], Urgency.NEXT)
        self._renderer.wait()
        if failures := self._renderer.failures:
            raise SynthesisFailed(f"our words can't be spoken: {next(iter(failures.values()))}")
        sound, _ = self._speaker.sound(acts, language)
        for take in self._takes:
            take(sound)


def find_player() -> tuple[str, ...]:
    """The first player of this machine. Raises `CannotPlay` where there is none, with how to get one."""
    for name, options in PLAYERS.items():
        if (program := shutil.which(name)) is not None:
            return (program, *options)
    raise CannotPlay(
        f"No player of sound was found ({', '.join(PLAYERS)}): install one (apt install alsa-utils brings aplay),"
        " or write the call to a file with --wav FILE"
    )


def play(player: tuple[str, ...], sound: bytes) -> None:
    """Play it to its end. Raises `CannotPlay` with the player's reason."""
    with TemporaryDirectory(prefix="beltoon-") as folder:  # for its owner alone
        file = Path(folder) / "words.wav"
        file.write_bytes(as_wav(sound))
        try:
            done = subprocess.run(
                [*player, str(file)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                check=False,
            )  # fmt: skip
        except OSError as error:
            raise CannotPlay(f"{player[0]} can't be started: {error.strerror}") from error
    if done.returncode:
        told = done.stderr.decode(errors="replace").split("\n")
        why = next((line.strip() for line in told if line.strip()), f"it ended with {done.returncode}")
        raise CannotPlay(f"{player[0]} could not play: {why}; write the call to a file with --wav FILE")


def as_wav(sound: bytes) -> bytes:
    """The telephone's sound as a WAV file's bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE_HZ)
        writer.writeframes(sound)
    return file.getvalue()


class WavFile:
    """A whole call as one file, which appears when the call is over."""

    def __init__(self, path: Path) -> None:
        """Raises `CannotPlay` at once where the file can't be written. A call that breaks off leaves nothing."""
        if path.is_dir():
            raise CannotPlay(f"--wav: {path} is a folder; name a file")
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._turns: list[bytes] = []
        self._write(b"")
        self._part.unlink()

    def add(self, sound: bytes) -> None:
        """Our words of one turn."""
        self._turns.append(sound)

    def close(self) -> None:
        """The call is over. Raises `CannotPlay` where the disk is full."""
        self._write(as_wav(silence(TURN_MS).join(self._turns)))
        self._part.replace(self._path)

    def _write(self, content: bytes) -> None:
        """For its owner alone: names are spoken in it."""
        try:
            with os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
        except OSError as error:
            self._part.unlink(missing_ok=True)
            raise CannotPlay(f"--wav: {self._path} can't be written: {error.strerror}") from error
