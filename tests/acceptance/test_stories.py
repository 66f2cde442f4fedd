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

#: Ends that a conversation by keypad can have; the others are the line's, or need speech.
ENDS = {
    *(Disposition.PAY, Disposition.PROMISE, Disposition.PLAN, Disposition.PLAN_REQUEST, Disposition.DISPUTE),
    *(Disposition.COPY_REQUESTED, Disposition.ALREADY_PAID, Disposition.HARDSHIP, Disposition.HEARD),
    *(Disposition.NOTHING_OPEN, Disposition.CALLBACK, Disposition.PERSON, Disposition.OPTED_OUT),
    *(Disposition.WRONG_NUMBER, Disposition.NOT_AT_HOME, Disposition.DECEASED, Disposition.REPRESENTATIVE),
    *(Disposition.COMPLAINT, Disposition.IDENTITY_FAILED, Disposition.NO_CONVERSATION, Disposition.VOICEMAIL),
}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_it_goes_as_it_is_written(path: Path) -> None:
    played = rehearse(path)
    assert played.script.startswith(played.story.title)
    assert played.script.count("CALLER") == len(played.story.lines)


def test_the_stories_show_every_way_out() -> None:
    assert {read_story(path).disposition for path in STORIES} == {end.value for end in ENDS}


def test_the_stories_speak_every_language() -> None:
    assert {read_story(path).briefing.language for path in STORIES} == set(LANGUAGES)


def test_a_play_is_written_in_the_storys_language() -> None:
    play = rehearse(next(path for path in STORIES if path.stem == "promise_by_keypad")).script
    assert "WE: U betaalt € 85,50 op vrijdag 27 november. Klopt dat?" in play
    assert "The call ends: promise." in play


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
