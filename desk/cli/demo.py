"""`beltoon demo`: a campaign rehearsed in the town, on a real Asterisk."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json
from desk.hearing import models_folder
from desk.rehearsal.errand import Errand, wanted
from desk.rehearsal.play import Interrupted
from desk.rehearsal.result import document
from desk.rehearsal.run import run
from desk.rehearsal.screen import people_table, refused_table, totals_panel
from desk.rehearsal.stage import Stage
from desk.settings import read_settings

RingMe = Annotated[bool, typer.Option("--ring-me", help="Call a softphone of yours, registered at the town.")]
People = Annotated[Path | None, typer.Option(help="Another list of debtors than the town's own.")]
GetModels = Annotated[bool, typer.Option("--get-models", help="Fetch models of speech meanwhile, where that can be.")]


@app.command("demo")
def demo_command(
    as_json: AsJson = False, ring_me: RingMe = False, people: People = None, get_models: GetModels = False
) -> None:
    """Rehearse a campaign in the town: real calls, real speech, nobody is disturbed.

    Ctrl-C: no new call, conversations run on. Again: goodbye now. Exit 1 when the books and the town's own log differ.
    """
    out = notes if as_json else console
    settings = read_settings()
    errand = Errand(
        wanted(settings.voices) if get_models else (),
        models_folder(settings.voices),
        lambda line: out.print(f"  {line}", markup=False),
    )
    errand.begin()
    stage = Stage(settings, lambda what: out.print(f"  {what} …"))
    interrupted = Interrupted()
    earlier = {sign: signal.signal(sign, lambda *_: interrupted.press()) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        ended = run(settings, stage, interrupted, out, people, ring_me=ring_me)
    finally:
        stage.strike()
        errand.end()
        for sign, handler in earlier.items():
            signal.signal(sign, handler)
    if as_json:
        print_json(document(ended.people, ended.totals))
    else:
        for part in (people_table(ended.people), refused_table(ended.people), totals_panel(ended.totals)):
            console.print(part)
        console.print(f"The books of this rehearsal: {ended.database}")
    if not ended.whole:
        raise typer.Exit(130)
    if ended.totals.agrees_with_town is False:
        raise typer.Exit(1)
