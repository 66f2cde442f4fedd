"""`beltoon rehearse STORY`: a dialogue played in the terminal, without a telephone."""

from __future__ import annotations

from pathlib import Path

from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from desk.errors import NotFound
from ivr.outcome import disposition_of
from ivr.rehearse import rehearse


@app.command("rehearse")
def rehearse_command(story: Path, as_json: AsJson = False) -> None:
    """Play a story (a TOML file) as a play script; a line that goes otherwise than written is shown, exit 1."""
    if not story.is_file():
        raise NotFound(f"There is no story {story}; name a file such as tests/stories/promise_by_keypad.toml")
    played = rehearse(story)
    if as_json:
        disposition = disposition_of(played.state).value
        print_json({"story": played.story.title, "play": played.script, "disposition": disposition})
        return
    for line in played.script.splitlines():
        ours = line.strip().startswith("WE")
        console.print(line, markup=False, highlight=False, style="green" if ours else "")
