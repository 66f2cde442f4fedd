"""`beltoon rehearse`: a dialogue in the terminal without a telephone, played from a file or talked by hand."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from desk.by_hand import talk_by_hand
from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json
from desk.errors import CannotPlay, NotFound
from desk.loud import Loud, WavFile, find_player, play
from desk.settings import read_settings
from desk.wiring import renderer
from ivr.in_print import act_in_print
from ivr.rehearse import Rehearsal, Scene, rehearse
from ivr.story import a_call_with_ada, read_story
from voices.catalogue import LANGUAGES

#: Makes a scene's words heard; without sound it does nothing.
Aloud = Callable[[Scene], None]


@app.command("rehearse")
def rehearse_command(
    story: Annotated[Path | None, typer.Argument(help="A file such as tests/stories/promise_by_keypad.toml.")] = None,
    talk: Annotated[
        bool, typer.Option("--talk", help="Type keys or sentences yourself; of the story, only who.")
    ] = False,
    language: Annotated[str | None, typer.Option(help=f"Speak another language: {', '.join(LANGUAGES)}.")] = None,
    speak: Annotated[bool, typer.Option("--speak", help="Our words are heard, too.")] = False,
    wav: Annotated[Path | None, typer.Option(metavar="FILE", help="Write our words of the call to a WAV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play a story as a play script, or talk by hand; a story that goes otherwise than written is shown, exit 1."""
    if not (story or talk):
        raise typer.BadParameter("name a story's file, or talk yourself with --talk", param_hint="STORY")
    if story is not None and not story.is_file():
        raise NotFound(f"There is no story {story}; name a file such as tests/stories/promise_by_keypad.toml")
    if language is not None and language not in LANGUAGES:
        raise NotFound(f"--language: we don't speak {language}; we speak {', '.join(LANGUAGES)}")
    # With --json a person who talks reads along on standard error; a story is in the document.
    page = console if not as_json else notes if talk else Console(quiet=True)
    with _aloud(speak, wav) as aloud:
        if talk or story is None:
            played = _talked(story, language, page, aloud)
        else:
            played = _played(story, language, page, aloud)
    if as_json:
        told = {"story": played.title, "play": played.script, "disposition": played.stage.disposition.value}
        print_json(told | {"records": list(played.records), "noted": list(played.noted)})
        return
    _show(page, "", *played.end)


def _played(story: Path, language: str | None, page: Console, aloud: Aloud) -> Rehearsal:
    """The whole story is played before its first word is shown: one that goes otherwise shows only where."""
    played = rehearse(story, language)
    _show(page, played.title, "")
    for scene in played.scenes:
        _show(page, *scene.page)
        aloud(scene)
    return played


def _talked(story: Path | None, language: str | None, page: Console, aloud: Aloud) -> Rehearsal:
    told = read_story(story, language) if story else None
    briefing = told.briefing if told else a_call_with_ada(language)
    at_terminal = sys.stdin.isatty()

    def show(scene: Scene) -> None:
        # At a terminal the person sees what they typed.
        ours = [f"        {act_in_print(act, scene.stage.language)}" for act in scene.stage.acts]
        _show(page, *(ours if at_terminal else scene.page))
        aloud(scene)

    title = f"By hand: {told.title if told else briefing.full_name}"
    return talk_by_hand(title, briefing, _reader(at_terminal), lambda line: _show(page, line), show)


def _reader(at_terminal: bool) -> Callable[[], str | None]:
    if not at_terminal and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # whatever comes through a pipe is at worst not understood

    def read() -> str | None:
        try:
            return input("> ") if at_terminal else sys.stdin.readline() or None
        except (EOFError, KeyboardInterrupt):
            return None

    return read


@contextlib.contextmanager
def _aloud(speak: bool, wav: Path | None) -> Iterator[Aloud]:
    """What says a scene's words; a WAV file appears when the call went to its end."""
    if not speak and wav is None:
        yield lambda scene: None
        return
    file = WavFile(wav) if wav else None
    takes = [file.add] if file else []
    if speak:
        try:
            player = find_player()
            takes.append(lambda sound: play(player, sound))
        except CannotPlay as lacking:
            if file is None:
                raise
            notes.print(f"{lacking}: only the file is written.", markup=False, highlight=False)
    loud = Loud(*renderer(read_settings()), *takes)
    yield lambda scene: loud.say(scene.stage.acts, scene.stage.language)
    if file:
        file.close()


def _show(page: Console, *lines: str) -> None:
    for line in lines:
        ours = line.strip().startswith("WE")
        page.print(line, markup=False, highlight=False, soft_wrap=True, style="green" if ours else "")
