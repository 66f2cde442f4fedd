"""Our words as sound beside the text: rendered, cached and cast as on the line, then played or kept as a WAV."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

from desk.errors import CannotPlay
from dialer.sounds import Speaker
from ivr.act import Act, Say
from voices.audio import silence
from voices.cache import PieceCache
from voices.errors import SynthesisFailed
from voices.renderer import Renderer, Urgency
from voices.speech import Piece, pieces
from voices.wav import PART, write_wav

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
        write_wav(file, sound)
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


class WavFile:
    """A whole call as one file, which appears when the call is over."""

    def __init__(self, path: Path) -> None:
        """Raises `CannotPlay` at once where the file can't be written. A call that breaks off leaves nothing."""
        if path.is_dir():
            raise CannotPlay(f"--wav: {path} is a folder; name a file")
        self._path = path
        self._turns: list[bytes] = []
        with self._written(), NamedTemporaryFile(prefix=f"{path.stem}-", suffix=PART, dir=path.parent):
            pass  # it can be: what was made for the question is gone again

    def add(self, sound: bytes) -> None:
        """Our words of one turn."""
        self._turns.append(sound)

    def close(self) -> None:
        """The call is over. Raises `CannotPlay` where the disk is full."""
        with self._written():
            write_wav(self._path, silence(TURN_MS).join(self._turns))

    @contextlib.contextmanager
    def _written(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CannotPlay(f"--wav: {self._path} can't be written: {error.strerror}") from error
