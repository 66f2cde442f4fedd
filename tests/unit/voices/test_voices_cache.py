"""Rendered pieces on disk."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voices.cache import PieceCache
from voices.casting import voice_for
from voices.speech import Kind, Piece

GOODBYE = Piece("Fijne dag.", voice_for("nl-BE"), Kind.FIXED)
SOUND = b"\x01\x02" * 800


def test_what_is_put_is_found_again_by_another_process(tmp_path: Path) -> None:
    PieceCache(tmp_path, "fake 1").put(GOODBYE, SOUND)
    assert PieceCache(tmp_path, "fake 1").get(GOODBYE) == SOUND


@pytest.mark.parametrize(
    "other",
    [
        Piece("Fijne dag!", voice_for("nl-BE"), Kind.FIXED),
        Piece("Fijne dag.", voice_for("nl-BE", "slow"), Kind.FIXED),
        Piece("Fijne dag.", voice_for("de"), Kind.FIXED),
    ],
)
def test_another_text_rate_or_voice_is_another_piece(tmp_path: Path, other: Piece) -> None:
    cache = PieceCache(tmp_path, "fake 1")
    cache.put(GOODBYE, SOUND)
    assert cache.get(other) is None


def test_another_engine_has_its_own_sound(tmp_path: Path) -> None:
    PieceCache(tmp_path, "fake 1").put(GOODBYE, SOUND)
    assert PieceCache(tmp_path, "fake 2").get(GOODBYE) is None


def test_two_dutches_share_a_voice_and_what_is_said_alike(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path, "fake 1")
    cache.put(GOODBYE, SOUND)
    assert cache.missing([Piece("Fijne dag.", voice_for("nl-NL"), Kind.FIXED)]) == ()


def test_a_damaged_or_empty_file_counts_as_missing_and_is_removed(tmp_path: Path) -> None:
    for damage in (b"", b"abcd", b"\x00\x00\x00\x00" + SOUND):
        cache = PieceCache(tmp_path, "fake 1")
        cache.put(GOODBYE, SOUND)
        cache.path(GOODBYE).write_bytes(damage)
        again = PieceCache(tmp_path, "fake 1")
        assert again.get(GOODBYE) is None
        assert again.missing([GOODBYE, GOODBYE]) == (GOODBYE,)


def test_a_file_is_for_its_owner_alone_and_its_name_tells_nothing(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path / "voices", "fake 1")
    cache.put(GOODBYE, SOUND)
    path = cache.path(GOODBYE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "dag" not in str(path.relative_to(tmp_path)).lower()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def test_memory_is_bounded_and_the_disk_still_has_it_all(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path, "fake 1", memory_bytes=len(SOUND) * 2)
    numbers = [Piece(f"nummer {n}", voice_for("nl-BE"), Kind.WORD) for n in range(10)]
    for n, piece in enumerate(numbers):
        cache.put(piece, SOUND + bytes([n, n]))
    # The oldest is no longer in memory: without its file it is gone, while the newest still sounds.
    cache.path(numbers[0]).unlink()
    cache.path(numbers[9]).unlink()
    assert cache.get(numbers[0]) is None
    assert cache.get(numbers[9]) == SOUND + bytes([9, 9])
    assert all(cache.get(piece) == SOUND + bytes([n, n]) for n, piece in list(enumerate(numbers))[1:9])


def test_threads_that_write_and_read_at_once_never_see_half_a_sound(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path, "fake 1", memory_bytes=0)

    def turn(n: int) -> bytes | None:
        cache.put(GOODBYE, SOUND)
        return cache.get(GOODBYE)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(turn, range(200))) == {SOUND}
