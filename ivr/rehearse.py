"""Plays a story without telephone and database, and writes it down like a play, in the language of the call."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from ivr.act import Say
from ivr.errors import BadStory, StoryDiffers
from ivr.heard import Heard
from ivr.in_print import act_in_print, heard_in_print, record_in_print
from ivr.stage import Stage, empty_stage
from ivr.story import Line, Said, Story, read_story


@dataclass(frozen=True)
class Scene:
    """One exchange: what the caller did, and how things stood after our answer."""

    does: str
    stage: Stage

    @property
    def page(self) -> tuple[str, ...]:
        """As lines of a play."""
        ours = (f"        {act_in_print(act, self.stage.language)}" for act in self.stage.acts)
        return (f"CALLER  ({self.does})", *ours)


@dataclass(frozen=True)
class Rehearsal:
    """A call as it went."""

    title: str
    scenes: tuple[Scene, ...]
    #: How things stood at the end.
    stage: Stage

    @property
    def records(self) -> tuple[str, ...]:
        """The names of what was noted, in order."""
        return tuple(type(record).__name__ for record in self.stage.records)

    @property
    def noted(self) -> tuple[str, ...]:
        """What would have been recorded, and what it makes."""
        return tuple(record_in_print(record, self.stage.briefing) for record in self.stage.records)

    @property
    def script(self) -> str:
        """The whole play under its title."""
        play = (line for scene in self.scenes for line in scene.page)
        return "\n".join([self.title, "", *play, "", *self.end]) + "\n"

    @property
    def end(self) -> tuple[str, ...]:
        """How it ended, and what would be in the books."""
        ended = f"The call ends: {self.stage.disposition}. Noted: {', '.join(self.records) or 'nothing'}."
        return (ended, *(f"  {line}" for line in self.noted))


def rehearse(path: Path, language: str | None = None) -> Rehearsal:
    """Play a story's file, in its own language or another.

    Raises `BadStory`, or `StoryDiffers` with the difference, line by line.
    """
    return perform(read_story(path, language))


def perform(story: Story) -> Rehearsal:
    """Play a story to its end. Raises `StoryDiffers` where it goes otherwise than it was written."""
    stage = empty_stage(story.briefing)
    expected: list[str] = []
    happened: list[str] = []
    scenes: list[Scene] = []
    for line in story.lines:
        heard, does = _heard(line, stage, story)
        stage = stage.hears(heard)
        said = " ".join(act.spoken.key for act in stage.acts if isinstance(act, Say))
        expected.append(f"{line.does}: {' '.join(line.we_say)}")
        happened.append(f"{line.does}: {said}")
        scenes.append(Scene(does, stage))
    played = Rehearsal(story.title, tuple(scenes), stage)
    expected += [f"disposition: {story.disposition}", f"records: {' '.join(story.records)}"]
    happened += [f"disposition: {stage.disposition}", f"records: {' '.join(_telling(played.records))}"]
    if expected != happened:
        difference = difflib.unified_diff(expected, happened, "as written", "as it went", lineterm="", n=1)
        raise StoryDiffers(f"{story.title} went otherwise:\n" + "\n".join(difference))
    return played


def _heard(line: Line, stage: Stage, story: Story) -> tuple[Heard, str]:
    """What a line makes us hear, and how the play tells it."""
    if not isinstance(line.heard, Said):
        return line.heard, line.does
    # Played in another language than it was written in, the caller still speaks the story's own.
    understood = stage.understands(line.heard.sentence, stage.state.language or story.language)
    if understood is None:
        why = "the call is over" if stage.over else "no words are heard there"
        raise BadStory(f"{story.title}: {line.does!r}, and {why}; begin with 'answers, and words are heard'")
    return understood, f"{line.does} -> {heard_in_print(understood)}"


def _telling(records: tuple[str, ...]) -> list[str]:
    """The records that a story names: proof and what was heard go without saying."""
    return [name for name in records if name not in ("IdentityPassed", "AmountHeard")]
