"""`beltoon rehearse --talk`: a whole call at the keyboard, on a pipe as at a terminal; and our words as sound."""

from __future__ import annotations

import importlib
import json
import os
import pty
import select
import stat
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from desk import cli
from desk.by_hand import talk_by_hand, whom_to_play
from desk.cli import main
from desk.errors import CannotPlay
from desk.loud import TURN_MS, Loud, WavFile, find_player, play
from ivr.act import Say
from ivr.rehearse import Rehearsal, Scene
from ivr.testing import a_briefing
from voices.audio import duration_ms
from voices.cache import PieceCache
from voices.errors import SynthesisFailed
from voices.renderer import Renderer
from voices.testing import FakeSynthesiser

STORIES = Path(__file__).resolve().parents[2] / "stories"


def by_hand(*lines: str) -> tuple[Rehearsal, list[str]]:
    """A call with Ada in which these lines are typed, and then nothing more."""
    waiting = iter(lines)
    told: list[str] = []
    played = talk_by_hand(
        "By hand", a_briefing(language="en"), lambda: next(waiting, None), told.append, lambda scene: None
    )
    return played, told


def said(scene: Scene) -> str:
    return " ".join(act.spoken.key for act in scene.stage.acts if isinstance(act, Say))


# -- the call -------------------------------------------------------------------------------------------------------


def test_a_call_by_keys_is_made_by_hand() -> None:
    played, _ = by_hand("1", "1", "9000", "4417", "1", "1", "1")
    assert played.stage.disposition == "pay"
    assert said(played.scenes[-1]) == "sum.done bye"
    assert played.records == ("IdentityPassed", "AmountHeard", "PaymentDetailsGiven")


def test_a_sentence_is_understood_as_on_the_line() -> None:
    played, _ = by_hand("yes", "stop")
    assert [scene.does for scene in played.scenes[:3]] == [
        "answers, and words are heard",
        "says: yes -> yes",
        "says: stop -> stop",
    ]
    assert played.stage.disposition == "opted_out"


def test_who_talks_is_told_whom_they_play_and_what_proves_it() -> None:
    assert by_hand()[1][1].startswith("You are Ada Peeters. What proves it: postcode 9000, customer 4417,")
    assert whom_to_play(a_briefing(full_name="", factors=())) == "You are a caller whom we don't know."


def test_the_end_of_what_is_typed_hangs_up() -> None:
    played, _ = by_hand()
    assert played.scenes[-1].does == "hangs up"
    assert played.stage.over


def test_hanging_up_noise_and_silence_can_be_done() -> None:
    played, _ = by_hand("/noise", "", "/hang up", "1")
    assert [said(scene) for scene in played.scenes[1:]] == ["speech.not_1 open.ask", "silence.2 open.ask", ""]


def test_a_deed_that_there_is_not_is_named_and_the_question_stays() -> None:
    played, told = by_hand("/dance", "1")
    assert told[2].startswith("There is no /dance. Type keys")
    assert [said(scene) for scene in played.scenes[1:2]] == ["free.ask"]


def test_where_no_words_are_heard_any_more_it_says_so() -> None:
    played, told = by_hand("/keys only", "yes", "1")
    assert told[2:] == ["No words are heard on this call any more: type keys."]
    assert said(played.scenes[2]) == "free.ask"


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No player of sound anywhere, and a cache of its own."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("BELTOON_VOICE__CACHE", str(tmp_path / "cache"))
    return tmp_path


def run(*words: str, typed: str | bytes = "") -> Result:
    importlib.import_module("desk.cli.rehearse")
    return CliRunner().invoke(cli.app, ["rehearse", *words], input=typed)


def test_on_a_pipe_it_shows_the_call_and_what_would_be_recorded() -> None:
    shown = run("--talk", "--language", "en", typed="1\nyes\n9000 4417\n1\n1\n\n").stdout
    assert "WE: The amount is" not in shown
    assert "CALLER  (says: yes -> yes)" in shown
    assert "… one of 0 1 2 3 4 5 8 9 # *; or anything in words" in shown
    assert "The call ends: pay. Noted: IdentityPassed, AmountHeard, PaymentDetailsGiven." in shown
    assert "PaymentDetailsGiven: amount 85.50 EUR, invoices 1, by message -> message confirm.pay by sms" in shown


def test_the_person_of_a_story_can_be_talked_to_in_another_language() -> None:
    shown = json.loads(run("--talk", str(STORIES / "rings_in.toml"), "--language", "de", "--json").stdout)
    assert shown["story"].startswith("By hand: ")
    assert "WE: Guten Tag. Hier ist Lumo." in shown["play"] or "WE: Guten Tag." in shown["play"]
    assert shown["disposition"] == "no_conversation"
    assert shown["records"] == shown["noted"] == []


def test_bytes_that_are_no_text_are_at_worst_not_understood() -> None:
    shown = run("--talk", typed=b"\xff\xfe\x00\n" + b"1" * 1000 + b"\n")
    assert shown.exit_code == 0
    assert "not understood" in shown.stdout
    assert "The call ends: no_conversation." in shown.stdout


def test_at_a_terminal_what_was_typed_stands_once_and_its_end_hangs_up() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "desk", "rehearse", "--talk", "--language", "en"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as call:
        os.close(theirs)
        shown = until(ours, "> ")
        os.write(ours, b"/dance\n")
        shown += until(ours, "> ")
        os.write(ours, b"\x04")
        shown += until(ours, "Noted: nothing.")
        assert call.wait(timeout=30) == 0
    os.close(ours)
    assert shown.count("/dance") == 2  # as it was typed, and in our answer
    assert "CALLER" not in shown


def until(terminal: int, sign: str) -> str:
    """What a terminal shows, up to this sign."""
    shown = ""
    while sign not in shown:
        assert select.select([terminal], [], [], 30)[0], shown
        shown += os.read(terminal, 4096).decode()
    return shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["tests/stories/none.toml"], "There is no story tests/stories/none.toml; name a file"),
        (["--talk", "--language", "it"], "--language: we don't speak it; we speak nl-BE"),
        (["--talk", "--speak"], r"No player of sound was found (paplay, aplay, play, ffplay): install one"),
        (["--talk", "--wav", "no/such/folder/call.wav"], "--wav: no/such/folder/call.wav can't be written: No such"),
        (["--talk", "--wav", "/"], "--wav: / is a folder; name a file"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    words: list[str], why: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["beltoon", "rehearse", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"beltoon: {why}")
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_without_a_story_and_without_talking_there_is_nothing_to_do() -> None:
    assert run().exit_code == 2


# -- our words as sound ---------------------------------------------------------------------------------------------


def a_program(home: Path, name: str, does: str) -> None:
    program = home / "bin" / name
    program.write_text(f"#!{sys.executable}\nimport pathlib, shutil, sys\nhome = pathlib.Path({str(home)!r})\n{does}\n")
    program.chmod(0o755)


KEEPS = "shutil.copy(sys.argv[-1], home / f'{len(list(home.glob(\"*.wav\")))}.wav')"


def test_the_first_player_that_is_found_plays_and_leaves_nothing_behind(home: Path) -> None:
    a_program(home, "play", KEEPS)
    a_program(home, "aplay", KEEPS)
    player = find_player()
    assert player == (str(home / "bin" / "aplay"), "-q")
    play(player, b"\x01\x00" * 800)
    with wave.open(str(home / "0.wav")) as heard:
        assert (heard.getframerate(), heard.getnchannels(), heard.getsampwidth(), heard.getnframes()) == (
            8000,
            1,
            2,
            800,
        )


def test_a_player_that_fails_gives_its_reason_in_one_line(home: Path) -> None:
    a_program(home, "paplay", "sys.exit('Connection failure: Connection refused\\nand more')")
    with pytest.raises(
        CannotPlay, match="paplay could not play: Connection failure: Connection refused; write"
    ) as told:
        play(find_player(), b"")
    assert "\n" not in str(told.value)


#: The program `espeak-ng` as far as we use it: its version, and a second of tone for whatever it is told.
SPEAKS = """
if "--version" in sys.argv:
    print("eSpeak NG text-to-speech: 1.51  Data at: /nowhere")
else:
    with open(home / "spoken", "a") as spoken:
        spoken.write(sys.stdin.read().strip() + "\\n")
    header = bytearray(44)
    header[0:4], header[24:28] = b"RIFF", (22050).to_bytes(4, "little")
    sys.stdout.buffer.write(header + b"\\x00\\x10\\x00\\xf0" * 11025)
"""


@pytest.fixture
def voice(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A voice of our own; the file of what it spoke."""
    monkeypatch.setenv("BELTOON_VOICE__ENGINE", "espeak")
    a_program(home, "espeak-ng", SPEAKS)
    return home / "spoken"


def test_a_story_is_heard_turn_by_turn(home: Path, voice: Path) -> None:
    a_program(home, "ffplay", KEEPS)
    shown = run(str(STORIES / "wrong_number.toml"), "--speak", "--language", "en")
    assert shown.exit_code == 0, shown.output
    assert len(list(home.glob("*.wav"))) == 3
    assert "This is a computer voice." in voice.read_text().splitlines()
    assert "The call ends: wrong_number." in shown.stdout


def test_a_whole_call_becomes_one_file_for_its_owner_alone(home: Path, voice: Path) -> None:
    file = home / "call.wav"
    shown = run("--talk", "--speak", "--wav", str(file), typed="1\n")
    assert shown.exit_code == 0, shown.output
    assert "only the file is written" in shown.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with wave.open(str(file)) as kept:
        assert kept.getnframes() > 8 * TURN_MS
    assert sorted(os.listdir(home)) == ["bin", "cache", "call.wav", "spoken"]


def test_the_turns_of_a_file_stand_a_second_apart(tmp_path: Path) -> None:
    file = WavFile(tmp_path / "call.wav")
    file.add(b"\x01\x00" * 80)
    file.add(b"\x01\x00" * 80)
    assert not (tmp_path / "call.wav").exists()
    file.close()
    with wave.open(str(tmp_path / "call.wav")) as kept:
        assert duration_ms(kept.readframes(kept.getnframes())) == TURN_MS + 20


def test_words_that_cannot_be_rendered_end_it_with_the_reason(tmp_path: Path) -> None:
    scene = by_hand()[0].scenes[0]
    voice = FakeSynthesiser(failing=["Hello."])
    cache = PieceCache(tmp_path, voice.engine)
    with pytest.raises(SynthesisFailed, match="our words can't be spoken: the fake was told to fail"):
        Loud(Renderer(voice, cache), cache, lambda sound: None).say(scene.stage.acts, "en")
