"""When a statement is over, what of it is kept, and what the conversation hears of it."""

from __future__ import annotations

import stat
import wave
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.statement import AFTER_S, LONGEST_S, QUIET_S, Progress, Statement
from dialer.statement_shelf import StatementShelf
from ivr.act import Ask, Expect
from ivr.heard import Heard, Keys, Recorded, Silence
from phone.sound import tone
from voices.audio import FRAME_BYTES, FRAME_MS, SILENCE, duration_ms

PATIENCE_S = 8.0
ASK = Ask(Expect.STATEMENT, choices="*09", patience_s=PATIENCE_S)
VOICE, HISS, NOTHING = 3000.0, 150.0, 0.0


def heard(*stretches: tuple[float, float]) -> Progress:
    """Seconds of a loudness, one after another."""
    progress = Progress()
    for seconds, loudness in stretches:
        for _ in range(round(seconds * 1000 / FRAME_MS)):
            progress = progress.hear(loudness)
    return progress


def over_after(stretches: Iterable[tuple[float, float]], patience_s: float = PATIENCE_S) -> float | None:
    """After how many seconds it is over; None: not yet."""
    progress = Progress()
    for seconds, loudness in stretches:
        for _ in range(round(seconds * 1000 / FRAME_MS)):
            progress = progress.hear(loudness)
            if progress.over(patience_s):
                return round(progress.passed, 2)
    return None


def test_it_is_over_after_three_quiet_seconds_behind_what_was_said() -> None:
    assert over_after([(1, NOTHING), (5, VOICE), (60, NOTHING)]) == pytest.approx(6 + QUIET_S, abs=0.05)


def test_a_pause_for_breath_does_not_end_it() -> None:
    assert over_after([(1, NOTHING), (2, VOICE), (2.9, NOTHING), (2, VOICE), (2.9, NOTHING)]) is None


def test_with_nothing_said_it_is_over_when_patience_is() -> None:
    assert over_after([(60, NOTHING)]) == pytest.approx(PATIENCE_S, abs=0.05)
    assert over_after([(60, NOTHING)], patience_s=11.2) == pytest.approx(11.2, abs=0.05)


def test_who_begins_late_is_still_heard() -> None:
    assert over_after([(7.5, NOTHING), (5, VOICE)]) is None


def test_nobody_is_recorded_for_longer_than_a_minute() -> None:
    assert over_after([(1, NOTHING), *[(2, VOICE), (0.5, NOTHING)] * 40]) == pytest.approx(LONGEST_S, abs=0.05)


def test_a_click_is_no_voice() -> None:
    assert not heard((1, NOTHING), (0.1, VOICE)).spoke
    assert over_after([(1, NOTHING), (0.1, VOICE), (60, NOTHING)]) == pytest.approx(PATIENCE_S, abs=0.05)


def test_a_line_that_hisses_is_no_voice_and_a_voice_over_it_is() -> None:
    assert over_after([(60, HISS)]) == pytest.approx(PATIENCE_S, abs=0.05)
    assert over_after([(1, HISS), (4, VOICE), (60, HISS)]) == pytest.approx(5 + QUIET_S, abs=0.05)


def test_of_who_hangs_up_only_more_than_a_beginning_is_kept() -> None:
    assert not heard((1, NOTHING), (1.5, VOICE)).worth_keeping
    assert heard((1, NOTHING), (1, VOICE), (0.5, NOTHING), (1, VOICE)).worth_keeping
    assert not heard((10, NOTHING)).worth_keeping


@given(st.lists(st.tuples(st.floats(0.02, 4), st.sampled_from([NOTHING, HISS, VOICE])), max_size=40))
def test_it_always_ends_and_never_before_anybody_could_have_spoken(stretches: list[tuple[float, float]]) -> None:
    ended = over_after([*stretches, (LONGEST_S, NOTHING)])
    assert ended is not None
    assert QUIET_S <= ended <= LONGEST_S + 0.05


class Kept:
    """Keeps what it is given, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.pcm: list[bytes] = []
        self._error = error

    async def statement(self, call: str, pcm: bytes) -> str | None:
        if self._error:
            raise self._error
        self.pcm.append(pcm)
        return "a.wav"


def spoken(*pcm: bytes, opened: bool = True) -> Statement:
    """A statement that has heard this."""
    statement = Statement(ASK, 0.0)
    if opened:
        statement.open(0.0)
    sound = b"".join(pcm)
    for at in range(0, len(sound), FRAME_BYTES):
        statement.feed(sound[at : at + FRAME_BYTES])
    return statement


SECOND = SILENCE * 50
WORDS = tone(600, 4000)


async def test_the_silence_that_ended_it_is_not_kept() -> None:
    kept = Kept()
    heard = await spoken(SECOND, WORDS, SECOND * 3).handed_in(kept, "call")
    (pcm,) = kept.pcm
    assert duration_ms(pcm) == pytest.approx(5000 + AFTER_S * 1000, abs=2 * FRAME_MS)
    assert heard == Recorded("a.wav", round(duration_ms(pcm) / 1000))


async def test_what_is_said_over_our_words_is_not_recorded() -> None:
    kept = Kept()
    assert await spoken(SECOND, WORDS, opened=False).handed_in(kept, "call") == Silence()
    assert kept.pcm == []


@pytest.mark.parametrize(
    ("key", "with_words", "without"),
    [
        ("", "", Silence()),
        ("#", "", Silence()),
        ("7", "", Silence()),
        ("0", "0", Keys("0")),
        ("9", "9", Keys("9")),
        ("*", "", Keys("*")),
    ],
)
async def test_any_key_ends_it_and_those_that_lead_somewhere_do(key: str, with_words: str, without: Heard) -> None:
    heard = await spoken(SECOND, WORDS).handed_in(Kept(), "call", key)
    assert isinstance(heard, Recorded) and (heard.name, heard.key) == ("a.wav", with_words)
    assert await spoken(SECOND).handed_in(Kept(), "call", key) == without


async def test_whatever_breaks_while_it_is_kept_is_told_and_raises_nothing() -> None:
    heard = await spoken(SECOND, WORDS).handed_in(Kept(OSError("full")), "call", "0")
    assert isinstance(heard, Recorded) and (heard.name, heard.key) == ("", "0")


def test_a_line_on_which_no_sound_comes_in_ends_it_too() -> None:
    statement = spoken(SECOND)
    assert not statement.over(10.0)
    assert statement.over(LONGEST_S + QUIET_S + 1)


def test_it_lies_as_a_wav_file_for_our_eyes_alone_under_a_name_that_tells_nothing(tmp_path: Path) -> None:
    shelf = StatementShelf(tmp_path / "statements")
    names = {shelf.keep(WORDS), shelf.keep(WORDS)}
    assert len(names) == 2
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    for name in names:
        path = shelf.folder / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
            assert file.readframes(file.getnframes()) == WORDS
    assert shelf.lying().keys() == names
    for name in names:
        shelf.remove(name)
        shelf.remove(name)
    assert shelf.lying() == {}


def test_half_a_file_is_never_left_under_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = StatementShelf(tmp_path / "statements")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        shelf.keep(WORDS)
    assert shelf.lying() == {}


def test_a_folder_that_is_none_is_found_out_before_anybody_speaks(tmp_path: Path) -> None:
    shelf = StatementShelf(tmp_path / "statements")
    assert shelf.usable, "it is made when it is needed"
    shelf.folder.write_text("no folder")
    assert not shelf.usable
    with pytest.raises(OSError, match="exists"):
        shelf.keep(WORDS)


def test_a_name_can_never_point_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.wav").write_bytes(b"x")
    StatementShelf(tmp_path / "statements").remove("../mine.wav")
    assert (tmp_path / "mine.wav").exists()
