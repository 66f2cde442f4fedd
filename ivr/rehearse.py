"""Plays a story without telephone and database, and writes it down like a play, in the story's own language."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from ivr.act import Act, Ask, Expect, HangUp, Say
from ivr.errors import StoryDiffers
from ivr.outcome import disposition_of
from ivr.state import State, fresh
from ivr.story import Story, read_story
from ivr.turn import take_turn
from ledger.contact import Disposition
from voices.spoken import in_writing


@dataclass(frozen=True)
class Rehearsal:
    """A story as it went."""

    story: Story
    #: Line by line: who does and says what.
    play: tuple[str, ...]
    disposition: Disposition
    #: The names of what was noted, in order.
    records: tuple[str, ...]
    state: State

    @property
    def script(self) -> str:
        """The whole play under its title."""
        noted = ", ".join(self.records) or "nothing"
        end = f"The call ends: {self.disposition}. Noted: {noted}."
        return "\n".join([self.story.title, "", *self.play, "", end]) + "\n"


def rehearse(path: Path) -> Rehearsal:
    """Play a story's file. Raises `BadStory`, or `StoryDiffers` with the difference, line by line."""
    return perform(read_story(path))


def perform(story: Story) -> Rehearsal:
    """Play a story to its end. Raises `StoryDiffers` where it goes otherwise than it was written."""
    state = fresh(story.briefing)
    expected: list[str] = []
    happened: list[str] = []
    play: list[str] = []
    records: list[str] = []
    for line in story.lines:
        turn = take_turn(story.briefing, state, line.heard)
        state = turn.state
        records += [type(record).__name__ for record in turn.records]
        said = " ".join(act.spoken.key for act in turn.acts if isinstance(act, Say))
        expected.append(f"{line.does}: {' '.join(line.we_say)}")
        happened.append(f"{line.does}: {said}")
        play.append(f"CALLER  ({line.does})")
        play += [f"        {_written(act, story.briefing.language)}" for act in turn.acts]
    disposition = disposition_of(state)
    expected += [f"disposition: {story.disposition}", f"records: {' '.join(story.records)}"]
    happened += [f"disposition: {disposition}", f"records: {' '.join(_telling(records))}"]
    if expected != happened:
        difference = difflib.unified_diff(expected, happened, "as written", "as it went", lineterm="", n=1)
        raise StoryDiffers(f"{story.title} went otherwise:\n" + "\n".join(difference))
    return Rehearsal(story, tuple(play), disposition, tuple(records), state)


def _telling(records: list[str]) -> list[str]:
    """The records that a story names: proof and what was heard go without saying."""
    return [name for name in records if name not in ("IdentityPassed", "AmountHeard")]


def _written(act: Act, language: str) -> str:
    match act:
        case Say(spoken=spoken, pace=pace):
            slowly = " (slowly)" if pace == "slow" else ""
            return f"WE{slowly}: {in_writing(spoken, language)}"
        case Ask(expect=Expect.DIGITS, digits=digits):
            return f"… {digits} digits, or * again, or #"
        case Ask(expect=Expect.STATEMENT):
            return "… in their own words, recorded"
        case Ask(choices=choices):
            return f"… one of {' '.join(choices)}"
        case HangUp():
            return "The line is closed."
