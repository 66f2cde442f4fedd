"""What is made of an engine's readings; the answers were recorded from Vosk 0.3.45 and a vosk-server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voices.engines import Engine, engines
from voices.errors import CannotHear
from voices.essential import essential_words
from voices.hearing import usable
from voices.recogniser import Pieces, Reading, fitting, vosk_reading

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("vosk_answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_answer_is_read_as_it_was_meant(name: str) -> None:
    case = RECORDED[name]
    assert vosk_reading(case["answer"], case["unknown"]) == Reading(case["text"], tuple(case["others"]))


@pytest.mark.parametrize(
    ("text", "left"),
    [("yes", "yes"), ("[unk]", ""), ("", ""), ("[unk] yes", "yes"), ("[unk] [unk] yes", ""), ("i [unk] pay", "i pay")],
)
def test_what_is_mostly_unknown_fits_nothing(text: str, left: str) -> None:
    assert fitting(text, "[unk]") == left


def test_pieces_between_pauses_are_one_utterance() -> None:
    pieces = Pieces()
    assert pieces.so_far("") is None
    pieces.ended(Reading("four two"))
    pieces.ended(Reading(""))
    assert pieces.so_far("three") == "four two three"
    assert pieces.whole(Reading("three one", ("three",))) == Reading("four two three one")


class Lacking:
    """Knows every word but one."""

    name = "lacking"
    parallel = True

    def unknown(self, words: list[str]) -> frozenset[str]:
        return frozenset(words) & {"not"}

    def open(self, phrases: object) -> Any:
        raise AssertionError


def test_a_phrase_with_a_missing_word_is_left_out_whole_or_it_would_mean_its_opposite() -> None:
    left, missing = usable(Lacking(), ("that is right", "that is not right"))  # type: ignore[arg-type]
    assert left == ("that is right",)
    assert missing == {"not"}
    with pytest.raises(CannotHear):
        usable(Lacking(), ("not", " "))  # type: ignore[arg-type]


def test_every_language_that_we_speak_has_its_yes_no_and_ten_digits() -> None:
    assert all(len(set(essential_words(language))) == 12 for language in ("nl", "fr", "de", "en"))


def test_nobody_is_heard_by_an_engine_that_guesses_unless_the_house_chose_it(tmp_path: Path) -> None:
    assert engines(tmp_path, {}) == ()
    assert [engine.name for engine in engines(tmp_path, {}, pocketsphinx=True)] == ["pocketsphinx"]


def test_a_model_goes_before_pocketsphinx_and_a_server_before_a_model(tmp_path: Path) -> None:
    def heard(**servers: str) -> dict[str, str]:
        found: tuple[Engine, ...] = engines(tmp_path, servers, pocketsphinx=True)
        return {engine.language: engine.name for engine in found}

    assert heard() == {"en": "pocketsphinx"}
    dutch = "vosk-model-nl-spraakherkenning-0.6-lgraph"
    for name in ("vosk-model-small-en-us-0.15", "vosk-model-en-us-0.22-lgraph", dutch):
        for file in ("am/final.mdl", "graph/HCLr.fst"):
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).touch()
    assert heard() == {"en": "vosk vosk-model-small-en-us-0.15"}, "the Dutch one is not for business"
    assert heard(en="ws://ears:2700", fr="ws://ears:2701") == {
        "en": "vosk-server ws://ears:2700",
        "fr": "vosk-server ws://ears:2701",
    }
