"""`beltoon campaign`: create, start, pause, list and show."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, print_json, who
from desk.settings import read_settings
from desk.wiring import campaign_clock, open_database
from ledger.database import Database
from schedules.campaign import Campaign, CampaignRules
from schedules.campaign_store import (
    all_campaigns,
    campaign_named,
    count_candidates,
    create_campaign,
    fill_candidates,
    move_campaign,
)

campaign_app = typer.Typer(help="Campaigns: an effort to reach a group of debtors.", no_args_is_help=True)
app.add_typer(campaign_app, name="campaign")

Name = Annotated[str, typer.Argument(help="The campaign's name: letters, digits, points, dashes, underscores.")]


@campaign_app.command("create")
def create(
    name: Name,
    creditor: Annotated[str | None, typer.Option(help="Only this creditor's invoices; else everybody's.")] = None,
    lines: Annotated[int | None, typer.Option(help="Calls at one time at most.")] = None,
    cps: Annotated[float | None, typer.Option(help="New calls a second at most.")] = None,
    hand_over_to: Annotated[
        str | None, typer.Option(help="Who really gets the invoices after the last reminder; else it is not read.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a campaign; it does not call before it is started."""
    dial = read_settings().dial
    rules = CampaignRules(
        creditor=creditor,
        lines=dial.lines if lines is None else lines,
        calls_per_second=dial.calls_per_second if cps is None else cps,
        ring_seconds=round(dial.ring_seconds),
        hand_over_to=hand_over_to,
    )
    database = open_database()
    now = campaign_clock(database)()
    with database.unit_of_work() as session:
        create_campaign(session, name, rules, now, who())
    fill_candidates(database, name, now)
    _tell(database, name, as_json)


@campaign_app.command("start")
def start(name: Name, as_json: AsJson = False) -> None:
    """Let a campaign call; who came into the books since it was made is taken in."""
    _move(name, "start", as_json)


@campaign_app.command("pause")
def pause(name: Name, as_json: AsJson = False) -> None:
    """No new calls; conversations run to their end."""
    _move(name, "pause", as_json)


@campaign_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every campaign."""
    database = open_database()
    with database.reading() as session:
        found = [(one, count_candidates(session, one.id)) for one in all_campaigns(session)]
    if as_json:
        print_json({"campaigns": [_document(one, debtors) for one, debtors in found]})
        return
    table = Table(caption=f"{len(found)} campaigns")
    for heading in ("name", "state", "debtors", "creditor", "lines", "calls a second", "made"):
        table.add_column(heading)
    for one, debtors in found:
        rules = one.rules
        made = f"{one.made_at:%Y-%m-%d %H:%M}Z"
        creditor = Text(rules.creditor or "every")
        table.add_row(
            one.name, one.state.value, str(debtors), creditor, str(rules.lines), f"{rules.calls_per_second:g}", made
        )
    console.print(table)


@campaign_app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """One campaign with its rules."""
    _tell(open_database(), name, as_json)


def _move(name: str, move: str, as_json: bool) -> None:
    database = open_database()
    now = campaign_clock(database)()
    with database.unit_of_work() as session:
        move_campaign(session, name, move, now, who())
    if move == "start":
        fill_candidates(database, name, now)
    _tell(database, name, as_json)


def _tell(database: Database, name: str, as_json: bool) -> None:
    with database.reading() as session:
        one = campaign_named(session, name)
        debtors = count_candidates(session, one.id)
    if as_json:
        print_json(_document(one, debtors))
        return
    rules = one.rules
    whose = f"of {rules.creditor}" if rules.creditor else "of every creditor"
    console.print(
        f"Campaign {one.name} is {one.state.value}: {debtors} debtors {whose}, {rules.lines} lines,"
        f" {rules.calls_per_second:g} calls a second, rings {rules.ring_seconds} s (version {one.version}).",
        markup=False,
        highlight=False,
    )


def _document(one: Campaign, debtors: int) -> dict[str, Any]:
    return {
        "campaign": one.name,
        "state": one.state.value,
        "debtors": debtors,
        **one.rules.stored(),
        "version": one.version,
        "made_at": one.made_at.isoformat(),
    }
