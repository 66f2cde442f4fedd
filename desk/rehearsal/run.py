"""One rehearsal from the empty stage to the last table."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from desk import wiring
from desk.errors import DeskError
from desk.hearing import heard_in_words
from desk.rehearsal import store
from desk.rehearsal.listening import listening
from desk.rehearsal.play import BRUSSELS, WAVES, Interrupted, play
from desk.rehearsal.result import PersonShown, Totals, totals
from desk.rehearsal.screen import Screen
from desk.rehearsal.stage import Softphone, Stage
from desk.rehearsal.town_log import counted, town_calls
from desk.settings import Settings
from dialer.files import docker_folder
from dialer.names_store import languages_ahead, names_ahead
from ledger.database import Database
from ledger.intake.importing import import_list
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, fill_candidates, move_campaign
from voices.renderer import Urgency
from voices.speech import names

#: The campaign of a rehearsal.
CAMPAIGN = CampaignRules(lines=20, calls_per_second=5.0)
#: Whose place a softphone takes: the person in the town's list with this reference.
SOFTPHONE_DEBTOR = "D-1001"
#: People whose names are rendered before the first call.
MOST_NAMES = 500
#: How long we wait for a softphone to register.
REGISTER_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a rehearsal went."""

    people: list[PersonShown]
    totals: Totals
    #: False: broken off by Ctrl-C.
    whole: bool
    database: Path


def run(
    settings: Settings, stage: Stage, interrupted: Interrupted, out: Console, people: Path | None, *, ring_me: bool
) -> Ended:
    """Set the stage, import, call, count. Raises `DeskError`, `DialerError`, `LedgerError` with one line."""
    people = people or docker_folder("town") / "debtors.csv"
    rows = _rows_of(people, SOFTPHONE_DEBTOR) if ring_me else []
    if ring_me:
        people = stage.home / "softphone.csv"
        _write(people, rows)
    stage.voices = listening(settings, stage.home, ring_me=ring_me)
    database = stage.open_books(WAVES[0])
    _hand_over(database, people, out)
    out.print(f"  heard in words: {heard_in_words(stage.voices)}", markup=False)
    _build(settings, stage, database, out, ring_me=_number(rows) if ring_me else None)
    if ring_me:
        assert stage.softphone is not None  # noqa: S101
        _invite(stage, stage.softphone, rows[0], out, interrupted)
    _names(settings, database)
    stage.set_clock(WAVES[0])
    stage.start_dialer()
    with Screen(out) as screen:
        whole = play(stage, interrupted, screen.show)
    if whole:
        stage.stop_dialer()
        stage.dialer_ended(30)
    town = counted(town_calls(stage.town_folder)) if stage.has_town else None
    with database.reading() as session:
        shown = store.people(session, wiring.campaign_clock(database)(), BRUSSELS, wiring.rules(database))
        sums = totals(shown, store.answered_calls(session), store.calls_in(session), town)
    return Ended(people=shown, totals=sums, whole=whole, database=stage.home.resolve() / "beltoon.db")


def _build(settings: Settings, stage: Stage, database: Database, out: Console, *, ring_me: str | None) -> None:
    """Both Asterisks start while the voices are rendered, in the languages that these people speak."""
    render, cache = wiring.renderer(settings)
    with database.reading() as session:
        wiring.want_ahead(render, languages_ahead(session, WAVES[0], MOST_NAMES))
    stage.build(render, cache, ring_me)
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, console=out) as bar:
        task = bar.add_task("rendering the voices", total=None)
        wiring.until_rendered(render, lambda done, wanted: bar.update(task, completed=done, total=wanted))
    failures = render.failures
    render.close()
    if failures:
        raise DeskError(f"{len(failures)} prompts could not be spoken: {next(iter(failures.values()))}")


def _hand_over(database: Database, people: Path, out: Console) -> None:
    """The list becomes people and invoices, and a campaign that runs."""
    report = import_list(database, people, WAVES[0])
    if report.errors:
        first = report.errors[0]
        raise DeskError(f"{people}: {len(report.errors)} rows are wrong; the first: {first}")
    out.print(f"  {report.debtors} people and {report.invoices} invoices imported")
    with database.unit_of_work() as session:
        create_campaign(session, "rehearsal", CAMPAIGN, WAVES[0], "rehearsal")
        move_campaign(session, "rehearsal", "start", WAVES[0], "rehearsal")
    fill_candidates(database, "rehearsal", WAVES[0])


def _names(settings: Settings, database: Database) -> None:
    """Everybody's name is sound before the first call, so that the calls begin together."""
    render, _ = wiring.renderer(settings)
    with database.reading() as session:
        for language, texts in names_ahead(session, WAVES[0], MOST_NAMES):
            render.want(names(texts, language, ("normal",)), Urgency.NEXT)
    wiring.until_rendered(render, lambda _done, _wanted: None)
    render.close()


def _rows_of(people: Path, debtor: str) -> list[dict[str, str]]:
    with people.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row.get("debtor") == debtor]
    if not rows:
        raise DeskError(f"{people} has no person {debtor}, whose place the softphone takes")
    return rows


def _number(rows: list[dict[str, str]]) -> str:
    return "+32" + rows[0]["phone_1"].replace(" ", "").lstrip("0")


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _invite(
    stage: Stage,
    phone: Softphone,
    row: dict[str, str],
    out: Console,
    interrupted: Interrupted,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Say how to register, and wait until somebody has. Raises `DeskError` when nobody does."""
    digits = "".join(c for c in row["customer_no"] if c.isdigit())[-4:]
    out.print(
        "\nRegister a softphone at the town:"
        f"\n  server   {phone.host}:{phone.port} (UDP)\n  user     {phone.user}\n  password {phone.secret}"
        f"\nYou are then {row['name']}: postcode {row['postcode']}, customer number ending in {digits}."
        "\nYour telephone rings as soon as it is registered."
    )
    deadline = time.monotonic() + REGISTER_SECONDS
    while time.monotonic() < deadline and not interrupted.presses:
        if stage.registered():
            return
        sleep(1.0)
    raise DeskError("No softphone registered at the town; nothing was called")
