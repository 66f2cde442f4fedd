"""Piper as an optional engine, here with a program in its place that writes a tone as long as the text."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from voices.casting import voice_for
from voices.errors import SynthesisFailed
from voices.piper_synthesiser import PiperSynthesiser, voice_of, voices_in
from voices.testing import FakeSynthesiser

PROGRAM = """#!{python}
import math, sys
arguments = sys.argv[1:]
if "--help" in arguments:
    sys.exit(0)
text = sys.stdin.read().strip()
if "broken" in text:
    sys.exit(3)
assert text not in " ".join(arguments), "a text is never an argument"
scale = float(arguments[arguments.index("--length-scale") + 1])
samples = int(len(text) * 2000 * scale)
tone = (int(9000 * math.sin(n / 9)).to_bytes(2, "little", signed=True) for n in range(samples))
sys.stdout.buffer.write(b"".join(tone))
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "piper"
    file.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def a_voice(folder: Path, name: str, rate_hz: int = 22050) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(b"weights")
    (folder / f"{name}.onnx.json").write_text(json.dumps({"audio": {"sample_rate": rate_hz}}), encoding="utf-8")


def test_a_belgian_voice_speaks_belgian_dutch_and_another_dutch_one_does_where_there_is_none(tmp_path: Path) -> None:
    for name in ("nl_BE-nathalie-medium", "nl_NL-mls-low", "fr_FR-siwis-medium"):
        a_voice(tmp_path / "voices", name)
    (tmp_path / "voices" / "de_DE-without-its-description.onnx").write_bytes(b"weights")
    found = voices_in(tmp_path / "voices")
    chosen = {language: voice_of(language, found) for language in ("nl-BE", "nl-NL", "fr-BE", "de")}
    assert {language: file and file.stem for language, file in chosen.items()} == {
        "nl-BE": "nl_BE-nathalie-medium",
        "nl-NL": "nl_NL-mls-low",
        "fr-BE": "fr_FR-siwis-medium",
        "de": None,
    }


def test_it_speaks_whole_texts_slower_when_asked_and_leaves_other_languages_to_the_other_engine(
    tmp_path: Path, program: str
) -> None:
    a_voice(tmp_path / "voices", "en_US-joe-medium")
    other = FakeSynthesiser()
    piper = PiperSynthesiser(program, tmp_path / "voices", other)
    assert "en_US-joe-medium" in piper.engine and other.engine in piper.engine
    normal, slow = (piper.render("Hello there", voice_for("en", pace)) for pace in ("normal", "slow"))
    assert len(slow) > len(normal) * 1.2
    assert len(piper.render("Hello there, Ada", voice_for("en"))) > len(normal)
    piper.render("Goedendag", voice_for("nl-BE"))
    assert other.rendered == ["Goedendag"]


def test_what_it_can_not_speak_is_told(tmp_path: Path, program: str) -> None:
    with pytest.raises(SynthesisFailed, match="holds no Piper voice"):
        PiperSynthesiser(program, tmp_path / "nowhere", FakeSynthesiser())
    a_voice(tmp_path / "voices", "en_US-joe-medium")
    with pytest.raises(SynthesisFailed, match="not installed"):
        PiperSynthesiser(str(tmp_path / "none"), tmp_path / "voices", FakeSynthesiser())
    piper = PiperSynthesiser(program, tmp_path / "voices", FakeSynthesiser())
    for text in ("", "broken"):
        with pytest.raises(SynthesisFailed):
            piper.render(text, voice_for("en"))
    (tmp_path / "voices" / "en_US-joe-medium.onnx.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SynthesisFailed, match="sample rate"):
        piper.render("Hello", voice_for("en"))
