"""`beltoon campaign`: create, edit, start, pause, finish, list and show."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from desk.campaign_options import edited, told
from desk.cli import app
from desk.cli.campaign_typed import TypedRules, takes_rules
from desk.cli.output import AsJson, bar, console, counted, notes, plain_table, print_json, who
from desk.settings import Settings, read_settings
from desk.wiring import campaign_clock, open_database, rules_book
from dialer.roster_store import agents
from ledger.database import Database
from schedules.campaign import Campaign, CampaignRules
from schedules.campaign_call import ServedBy, check_ours
from schedules.campaign_check import check_campaign
from schedules.campaign_store import (
    all_campaigns,
    callback_number_of,
    campaign_named,
    change_campaign,
    check_nothing_owed,
    count_candidates,
    create_campaign,
    fill_candidates,
    move_campaign,
)
from schedules.wake_store import wake_after_edit

campaign_app = typer.Typer(help="Campaigns: an effort to reach a group of debtors.", no_args_is_help=True)
app.add_typer(campaign_app, name="campaign")

Name = Annotated[str, typer.Argument(help="The campaign's name: letters, digits, points, dashes, underscores.")]


@campaign_app.command("create")
@takes_rules
def create(name: Name, typed: TypedRules, as_json: AsJson = False) -> None:
    """Make a campaign; it does not call before it is started."""
    settings = read_settings()
    dial = settings.dial
    first = CampaignRules(
        lines=dial.lines, calls_per_second=dial.calls_per_second, ring_seconds=round(dial.ring_seconds)
    )
    rules = edited(first, typed.changes())
    database = open_database()
    now = campaign_clock(database)()
    with database.unit_of_work() as session:
        check_campaign(rules_book().now(session), rules, now.date())
        _check_number(session, settings, rules)
        create_campaign(session, name, rules, now, who())
    fill_candidates(database, name, now)
    _tell(database, name, as_json)


@campaign_app.command("edit")
@takes_rules
def edit(name: Name, typed: TypedRules, as_json: AsJson = False) -> None:
    """Change what a campaign says: a new version, which holds for the next call. What is not named stays."""
    settings = read_settings()
    database, book = open_database(settings), rules_book()
    now = campaign_clock(database)()
    changes = typed.changes()
    with database.unit_of_work() as session:
        before = campaign_named(session, name)
        rules = edited(before.rules, changes)
        held = book.now(session)
        check_campaign(held, rules, now.date())
        _check_number(session, settings, rules)
        change_campaign(session, name, rules, now, who())
    fill_candidates(database, name, now)
    with bar("waking people") as tell:
        wake_after_edit(database, before, rules, held, now, tell)
    _tell(database, name, as_json)


@campaign_app.command("start")
def start(name: Name, as_json: AsJson = False) -> None:
    """Let a campaign call; who came into the books since it was made is taken in."""
    _move(name, "start", as_json)


@campaign_app.command("pause")
def pause(name: Name, as_json: AsJson = False) -> None:
    """No new calls; conversations run to their end."""
    _move(name, "pause", as_json)


@campaign_app.command("finish")
def finish(name: Name, as_json: AsJson = False) -> None:
    """End a campaign for good; conversations run to their end. Refused while it owes somebody a call-back."""
    _move(name, "finish", as_json)


@campaign_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every campaign."""
    database = open_database()
    with database.reading() as session:
        found = [(one, count_candidates(session, one.id)) for one in all_campaigns(session)]
    if as_json:
        print_json({"campaigns": [_document(one, debtors) for one, debtors in found]})
        return
    headings = ("name", "state", "debtors", "creditor", "lines", "calls", "shows", "days")
    table = plain_table(*headings, wraps=("name", "creditor", "calls", "days"), caption=counted(len(found), "campaign"))
    for one, debtors in found:
        rules = one.rules
        days = f"{rules.start_on or ''} - {rules.end_on or ''}" if rules.start_on or rules.end_on else ""
        calls = f"{rules.calls_per_second:g} a second, {rules.script}, {rules.served_by}, {rules.carrier}"
        shows = rules.caller_id or "our own"
        whose = Text(rules.creditor or "every")
        table.add_row(one.name, one.state.value, str(debtors), whose, str(rules.lines), calls, shows, days)
    console.print(table)


@campaign_app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """One campaign with its rules."""
    _tell(open_database(), name, as_json)


def _move(name: str, move: str, as_json: bool) -> None:
    settings = read_settings()
    database = open_database(settings)
    now = campaign_clock(database)()
    with database.unit_of_work() as session:
        if move == "start":
            rules = campaign_named(session, name).rules
            _check_number(session, settings, rules)
        if move == "finish":
            check_nothing_owed(session, campaign_named(session, name), now)
        move_campaign(session, name, move, now, who())
    if move == "start":
        fill_candidates(database, name, now)
    _tell(database, name, as_json)


def _check_number(session: Any, settings: Settings, rules: CampaignRules) -> None:
    """Raises `BadCampaign` where the number that the called would see is none of ours."""
    check_ours(rules.caller_id, (settings.trunk.caller_id, callback_number_of(session, rules.creditor)))


def _tell(database: Database, name: str, as_json: bool) -> None:
    with database.reading() as session:
        one = campaign_named(session, name)
        debtors = count_candidates(session, one.id)
        unserved = one.rules.served_by == ServedBy.AGENTS and not agents(session)
    if as_json:
        print_json(_document(one, debtors))
        return
    if unserved:
        notes.print("no agents yet: beltoon agent add; nobody of this campaign is called before one is signed on")
    rules = one.rules
    whose = f"of {rules.creditor}" if rules.creditor else "of every creditor"
    console.print(
        f"Campaign {one.name} is {one.state.value}: {counted(debtors, 'debtor')} {whose},"
        f" {counted(rules.lines, 'line')}, {rules.calls_per_second:g} calls a second,"
        f" rings {rules.ring_seconds} s (version {one.version}).",
        markup=False,
        highlight=False,
    )
    named = (
        "script", "served_by", "carrier", "caller_id", "hand_over_to", "windows", "start_on", "end_on", "daily_volume",
        "audience",
    )  # fmt: skip
    for key, value in rules.stored().items():
        if key in named and value is not None:
            console.print(f"  {key}: {told(value)}", markup=False, highlight=False)


def _document(one: Campaign, debtors: int) -> dict[str, Any]:
    return {
        "campaign": one.name,
        "state": one.state.value,
        "debtors": debtors,
        **one.rules.stored(),
        "version": one.version,
        "made_at": one.made_at.isoformat(),
    }
