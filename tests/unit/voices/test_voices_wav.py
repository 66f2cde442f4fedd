"""Sound as a file: whole or not at all, and for its owner alone."""

from __future__ import annotations

import stat
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.wav import write_wav

WORDS = b"\x01\x00" * 800


def frames(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        return file.readframes(file.getnframes())


@given(st.binary(max_size=400).map(lambda sound: sound[: len(sound) // 2 * 2]))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, sound: bytes) -> None:
    file = tmp_path_factory.mktemp("sound") / "words.wav"
    write_wav(file, sound)
    assert frames(file) == sound


def test_it_takes_the_place_of_what_others_could_read(tmp_path: Path) -> None:
    file = tmp_path / "words.wav"
    file.write_bytes(b"old")
    file.chmod(0o644)
    write_wav(file, WORDS)
    assert frames(file) == WORDS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["words.wav"]


def test_on_a_full_disk_the_old_file_stays_and_nothing_is_left_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words.wav"
    write_wav(file, WORDS)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_wav(file, WORDS + WORDS)
    assert frames(file) == WORDS
    assert [path.name for path in tmp_path.iterdir()] == ["words.wav"]
