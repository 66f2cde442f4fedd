"""`beltoon demo`: a campaign rehearsed in the town, on a real Asterisk."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from desk import wiring
from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json
from desk.rehearsal import store
from desk.rehearsal.play import BRUSSELS, WAVES, Interrupted, play
from desk.rehearsal.result import document, totals
from desk.rehearsal.screen import Screen, people_table, refused_table, totals_panel
from desk.rehearsal.stage import Stage
from desk.rehearsal.town_log import counted, town_calls
from desk.settings import Settings, read_settings
from dialer.files import docker_folder
from ledger.intake.importing import import_list
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, fill_candidates, move_campaign

LINES = 20
#: The languages of the town's people.
LANGUAGES = ("nl-BE", "nl-NL", "fr-BE", "fr-FR", "de", "en")


@app.command("demo")
def demo_command(
    as_json: AsJson = False,
    ring_me: Annotated[
        bool, typer.Option("--ring-me", help="Call a softphone of yours, registered at the town.")
    ] = False,
    people: Annotated[Path | None, typer.Option(help="Another list of debtors.")] = None,
) -> None:
    """Rehearse a campaign in the town: real calls, real speech, nobody is disturbed."""
    settings = read_settings()
    out = notes if as_json else console
    stage = Stage(settings, lambda what: out.print(f"  {what} …"))
    interrupted = Interrupted()
    earlier = {sign: signal.signal(sign, lambda *_: interrupted.press()) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        ended = _run(settings, stage, interrupted, people or docker_folder("town") / "debtors.csv", as_json)
    finally:
        stage.strike()
        for sign, handler in earlier.items():
            signal.signal(sign, handler)
    if not ended:
        raise typer.Exit(130)


def _run(settings: Settings, stage: Stage, interrupted: Interrupted, people: Path, as_json: bool) -> bool:
    out = notes if as_json else console
    render, cache = wiring.renderer(settings)
    with Progress(
        TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), console=out
    ) as bar:
        task = bar.add_task("rendering the voices", total=None)
        wiring.render_ahead(render, LANGUAGES, lambda done, wanted: bar.update(task, completed=done, total=wanted))
    stage.build(render, cache)
    render.close()
    database = stage.open_books(WAVES[0])
    clock = wiring.campaign_clock(database)
    report = import_list(database, people, clock())
    out.print(f"  {report.debtors} people and {report.invoices} invoices imported")
    with database.unit_of_work() as session:
        create_campaign(session, "rehearsal", CampaignRules(lines=LINES, calls_per_second=5.0), clock(), "demo")
        move_campaign(session, "rehearsal", "start", clock(), "demo")
    fill_candidates(database, "rehearsal", clock())
    stage.set_clock(WAVES[0])
    stage.start_dialer()
    with Screen(out, report.debtors) as screen:
        ended = play(stage, interrupted, screen.show)
    if ended:
        stage.stop_dialer()
        stage.dialer_ended(30)
    town = counted(town_calls(stage.town_folder)) if stage.has_town else None
    with database.reading() as session:
        shown = store.people(session, wiring.campaign_clock(database)(), BRUSSELS, wiring.rules())
        sums = totals(shown, store.answered_calls(session), store.calls_in(session), town)
    if as_json:
        print_json(document(shown, sums))
    else:
        for part in (people_table(shown), refused_table(shown), totals_panel(sums)):
            console.print(part)
        console.print(f"The books of this rehearsal: {stage.home.resolve() / 'beltoon.db'}")
    return ended
