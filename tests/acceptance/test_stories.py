"""Every story goes as it is written, and together they show every way out, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import BadStory, StoryDiffers
from ivr.rehearse import rehearse
from ivr.story import read_story
from ledger.contact import Disposition
from voices.catalogue import LANGUAGES

STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.toml"))

#: Ends that a conversation can have; the others are the line's.
ENDS = {
    *(Disposition.PAY, Disposition.PROMISE, Disposition.PLAN, Disposition.PLAN_REQUEST, Disposition.DISPUTE),
    *(Disposition.COPY_REQUESTED, Disposition.ALREADY_PAID, Disposition.HARDSHIP, Disposition.HEARD),
    *(Disposition.NOTHING_OPEN, Disposition.CALLBACK, Disposition.PERSON, Disposition.OPTED_OUT),
    *(Disposition.WRONG_NUMBER, Disposition.NOT_AT_HOME, Disposition.DECEASED, Disposition.REPRESENTATIVE),
    *(
        Disposition.CRISIS,
        Disposition.COMPLAINT,
        Disposition.IDENTITY_FAILED,
        Disposition.NO_CONVERSATION,
        Disposition.VOICEMAIL,
    ),
}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_it_goes_as_it_is_written(path: Path) -> None:
    played = rehearse(path)
    assert played.script.startswith(played.title)
    assert played.script.count("CALLER") == len(played.scenes)


def test_the_stories_show_every_way_out() -> None:
    assert {read_story(path).disposition for path in STORIES} == {end.value for end in ENDS}


def test_the_stories_speak_every_language() -> None:
    assert {read_story(path).briefing.language for path in STORIES} == set(LANGUAGES)


def test_a_play_is_written_in_the_storys_language() -> None:
    play = rehearse(next(path for path in STORIES if path.stem == "promise_by_keypad")).script
    assert "WE: U betaalt € 85,50 op vrijdag 27 november. Klopt dat?" in play
    assert "The call ends: promise." in play


def test_a_story_is_played_in_any_language() -> None:
    path = next(path for path in STORIES if path.stem == "promise_by_keypad")
    plays = {language: rehearse(path, language).script for language in LANGUAGES}
    assert "WE: Vous payez 85,50 € le vendredi 27 novembre. C'est juste ?" in plays["fr-FR"]
    assert "Frau Peeters" in plays["de"]


def test_a_play_tells_what_would_be_in_the_books() -> None:
    end = rehearse(next(path for path in STORIES if path.stem == "deceased_confirmed")).end
    assert end[1:] == (
        "  DeceasedReported: answer_by 2026-12-01 -> agreement deceased;"
        " hold deceased on the person (every channel, until a person lifts it)",
    )


def test_a_language_that_was_changed_in_the_call_is_the_one_that_is_written() -> None:
    play = rehearse(next(path for path in STORIES if path.stem == "language_by_key")).script
    for offer in ("Nederlands: druk op de 1.", "Français : appuyez sur le 2.", "Deutsch: drücken Sie die 3."):
        assert offer in play
    assert "WE: Ich möchte mit Ada Peeters sprechen." in play


# -- words ----------------------------------------------------------------------------------------------------------


def spoken(tmp_path: Path, *lines: str, disposition: str = "no_conversation", records: str = "") -> Path:
    talk = "".join(
        f"    {line},\n" for line in ('["answers, and words are heard", "open.hello speech.may open.ask"]', *lines)
    )
    noted = ", ".join(f'"{name}"' for name in records.split())
    story = tmp_path / "story.toml"
    story.write_text(f'title = "Words"\ndisposition = "{disposition}"\nrecords = [{noted}]\ntalk = [\n{talk}]\n')
    return story


def test_a_sentence_is_understood_by_the_open_question(tmp_path: Path) -> None:
    story = spoken(
        tmp_path, '["says: stop", "stop.done"]', '["hangs up", ""]', disposition="opted_out", records="OptedOut"
    )
    assert "CALLER  (says: stop -> stop)" in rehearse(story).script


def test_a_sentence_that_nobody_understands_is_a_noise(tmp_path: Path) -> None:
    story = spoken(tmp_path, '["says: kwak kwak bloem", "speech.not_1 open.ask"]')
    assert "CALLER  (says: kwak kwak bloem -> not understood)" in rehearse(story).script


def test_what_was_understood_may_be_given_with_its_slots(tmp_path: Path) -> None:
    story = spoken(tmp_path, '["means: language language=de", "speech.may open.ask"]')
    assert "WE: Ich möchte mit Ada Peeters sprechen." in rehearse(story).script


def test_words_where_none_are_heard_are_a_bad_story(tmp_path: Path) -> None:
    for line, why in (("keys only", "no words are heard"), ("hangs up", "the call is over")):
        said = "speech.keys open.ask" if line == "keys only" else ""
        with pytest.raises(BadStory, match=why):
            rehearse(spoken(tmp_path, f'["{line}", "{said}"]', '["says: stop", "stop.done"]'))


def test_a_story_that_goes_otherwise_shows_the_difference(tmp_path: Path) -> None:
    told = next(path for path in STORIES if path.stem == "wrong_number").read_text()
    story = tmp_path / "story.toml"
    story.write_text(told.replace("wrong.done", "bye"))
    with pytest.raises(StoryDiffers, match=r"-1: bye\n\+1: wrong.done"):
        rehearse(story)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "is no story"),
        ('title = "x"', "lacks 'talk'"),
        ('title = "x"\ndisposition = "pay"\ntalk = [["sings", ""]]', "can't 'sings'"),
        ('title = "x"\ndisposition = "pay"\ntalk = [["says:", ""]]', "can't 'says:'"),
        (
            'title = "x"\ndisposition = "pay"\ntalk = [["means: dancing", ""]]',
            "mean 'dancing'; there are: crisis, representative",
        ),
        ('title = "x"\ndisposition = "pay"\ntalk = [["means:", ""]]', "mean ''"),
        (
            'title = "x"\ndisposition = "pay"\ntalk = [["means: dispute amount", ""]]',
            "'amount' are no slots of dispute",
        ),
        ('title = "x"\ndisposition = "pay"\ntalk = []\n[briefing]\nshoe = 42', "no shoe"),
        ('title = "x"\ndisposition = "pay"\ntalk = []\n[briefing]\nlanguage = "it"', "speak it"),
    ],
)
def test_a_bad_story_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    story = tmp_path / "story.toml"
    story.write_text(text)
    with pytest.raises(BadStory, match=why) as refused:
        rehearse(story)
    assert "\n" not in str(refused.value)


def test_a_story_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadStory, match=r"none\.toml"):
        rehearse(tmp_path / "none.toml")
