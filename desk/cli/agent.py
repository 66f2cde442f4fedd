"""`beltoon agent`: our people who talk with debtors, what is wanted of them, and the floor as it is now."""

from __future__ import annotations

import contextlib
from time import sleep
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.live import Live

from desk.cli import app
from desk.cli.agent_shown import agent_document, agents_table, floor_document, floor_tables
from desk.cli.output import AsJson, console, print_json
from desk.settings import Settings, read_settings
from desk.wiring import campaign_clock, open_database
from dialer.agent import Agent, AgentState, Wanted
from dialer.agent_check import LANGUAGES, LONGEST_WRAP_UP
from dialer.roster_store import AgentChange, add_agent, agents, change_agent, remove_agent, want
from dialer.station_store import names_of
from dialer.wallboard_store import wallboard
from ledger.clock import real_now
from ledger.phone import mask

agent_app = typer.Typer(help="Our people who talk with debtors by telephone.", no_args_is_help=True)
app.add_typer(agent_app, name="agent")

Name = Annotated[str, typer.Argument(help="The agent's name: letters, digits, dashes, points; 40 at most.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="One agent or several.")]
_PHONE = typer.Option(help="Their own telephone with its country, as '+32 470 12 34 56'. Never a debtor's.")
_LANGUAGE = typer.Option(help=f"What they speak, once for each: {', '.join(LANGUAGES)}.")
_WRAP_UP = typer.Option(
    metavar="SECONDS",
    help=f"A moment after each talk, 0 to {LONGEST_WRAP_UP.total_seconds():.0f} s; else"
    f" {Agent.wrap_up.total_seconds():.0f}.",
)
WrapUp = Annotated[int | None, _WRAP_UP]
#: A live floor is drawn anew so often.
_REDRAW_SECONDS = 1.0


@agent_app.command("add")
def add(
    name: Name,
    phone: Annotated[str, _PHONE],
    language: Annotated[list[str], _LANGUAGE],
    wrap_up: WrapUp = None,
    as_json: AsJson = False,
) -> None:
    """A new agent, signed off until `agent on`."""
    settings = read_settings()
    typed = AgentChange(phone=phone, languages=language, wrap_up_seconds=wrap_up)
    with open_database(settings).unit_of_work() as session:
        made = add_agent(session, name, typed, _ours(settings), real_now())
    _tell([made], as_json, f"{made.name} is an agent ({mask(made.phone)}); sign on: beltoon agent on {made.name}")


@agent_app.command("change")
def change(
    name: Name,
    phone: Annotated[str | None, _PHONE] = None,
    language: Annotated[list[str] | None, _LANGUAGE] = None,
    wrap_up: WrapUp = None,
    as_json: AsJson = False,
) -> None:
    """Another telephone (only while signed off), other languages, or another moment after each talk."""
    settings = read_settings()
    typed = AgentChange(phone=phone, languages=language or None, wrap_up_seconds=wrap_up)
    with open_database(settings).unit_of_work() as session:
        one = change_agent(session, name, typed, _ours(settings))
    spoken, seconds = ", ".join(one.languages), one.wrap_up.total_seconds()
    _tell([one], as_json, f"{one.name}: {mask(one.phone)}, speaks {spoken}, wrap-up {seconds:.0f} s")


@agent_app.command("on")
def on(names: Names, as_json: AsJson = False) -> None:
    """Sign on, or come back from a break: their telephone rings, and its line is held between talks."""
    _want(names, Wanted.ON, as_json)


@agent_app.command("pause")
def pause(names: Names, as_json: AsJson = False) -> None:
    """A break: the line is held, and no call comes. A talk goes on to its end first."""
    _want(names, Wanted.PAUSE, as_json)


@agent_app.command("off")
def off(names: Names, as_json: AsJson = False) -> None:
    """Sign off: the line is given back. A talk goes on to its end first."""
    _want(names, Wanted.OFF, as_json)


@agent_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every agent, with what is wanted of them and where they stand."""
    with open_database().reading() as session:
        found = agents(session)
    if as_json:
        print_json({"agents": [agent_document(one) for one in found]})
    else:
        console.print(agents_table(found))


@agent_app.command("floor")
def floor(
    watch: Annotated[bool, typer.Option("--watch", help="Drawn anew each second, until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """Who talks with whom, who is free, who waits, and what was recorded so far."""
    if watch and as_json:
        raise typer.BadParameter("--watch is for people; ask for --json once")
    database = open_database()
    clock = campaign_clock(database)

    def drawn() -> RenderableType:
        with database.reading() as session:
            board = wallboard(session)
        return floor_tables(board, real_now(), clock())

    if as_json:
        with database.reading() as session:
            print_json(floor_document(wallboard(session), real_now()))
    elif not watch:
        console.print(drawn())
    else:
        with Live(drawn(), console=console, auto_refresh=False) as live, contextlib.suppress(KeyboardInterrupt):
            while True:
                sleep(_REDRAW_SECONDS)
                live.update(drawn(), refresh=True)


@agent_app.command("remove")
def remove(name: Name, as_json: AsJson = False) -> None:
    """Take an agent out of the books; only while no line to them is held."""
    with open_database().unit_of_work() as session:
        remove_agent(session, name)
    if as_json:
        print_json({"removed": name})
    else:
        console.print(f"{name} is no agent any more.", markup=False, highlight=False)


def _want(names: list[str], wanted: Wanted, as_json: bool) -> None:
    database = open_database()
    with database.unit_of_work() as session:
        found = want(session, names, wanted)
    with database.reading() as session:
        dialing = bool(names_of(session, "dial", real_now()))
    _tell(found, as_json, *(_follows(one, dialing) for one in found))


def _follows(one: Agent, dialing: bool) -> str:
    """What comes of it, in one sentence."""
    if one.state is AgentState.OFF:
        if one.wanted is Wanted.OFF:
            return f"{one.name} is signed off."
        when = "now" if dialing else "when beltoon dial runs"
        return f"{one.name}: {mask(one.phone)} rings {when}."
    after = " when the talk is over" if one.state is AgentState.TALKING else ""
    says = {Wanted.ON: "takes calls", Wanted.PAUSE: "has a break", Wanted.OFF: "signs off"}
    return f"{one.name} {says[one.wanted]}{after if one.wanted is not Wanted.ON else ''}."


def _tell(found: list[Agent], as_json: bool, *lines: str) -> None:
    if as_json:
        print_json({"agents": [agent_document(one) for one in found]})
        return
    for line in lines:
        console.print(line, markup=False, highlight=False)


def _ours(settings: Settings) -> tuple[str, ...]:
    return (settings.trunk.caller_id,) if settings.trunk.caller_id else ()
