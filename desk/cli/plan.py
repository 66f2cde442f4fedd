"""`beltoon plan`: who is next in a campaign and why, or the load of a day hour by hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.bar import Bar
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json
from desk.cli.why import moment
from desk.typed import day as typed_day
from desk.wiring import campaign_clock, open_database, rules_book
from dialer.prospect_store import stages_on_call
from ledger.phone import mask
from schedules.campaign import Campaign
from schedules.campaign_call import Talks, who_talks
from schedules.campaign_store import campaign_named
from schedules.choice import Chosen
from schedules.plan_store import DayLoad, Line, load_of, next_in_line
from schedules.rules import Rules

#: How wide an hour's bar is at most.
_BAR = 30


@app.command("plan")
def plan(
    campaign: Annotated[str, typer.Argument(help="The campaign's name.")],
    at: Annotated[str | None, typer.Option(help="As it will be at this time (ISO 8601 with zone); else now.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many people.")] = 20,
    day: Annotated[str | None, typer.Option(help="The load of this day (2026-12-28), hour by hour.")] = None,
    as_json: AsJson = False,
) -> None:
    """Who is next, in order and why; with --day how many may be called in which hours. It changes nothing."""
    if at is not None and day is not None:
        raise typer.BadParameter("--at asks for a moment and --day for a day; give one of them")
    asked = moment(at) if at is not None else None
    whole = _day(day) if day is not None else None
    database = open_database()
    clock = campaign_clock(database)()
    now = asked or clock
    with database.reading() as session:
        found, law = campaign_named(session, campaign), rules_book().now(session)
        if whole is not None:
            load = load_of(session, found, law, whole, clock)
            shown = _load_document(campaign, load)
        else:
            line = next_in_line(session, found, law, now, limit, min(now, clock))
            stages = stages_on_call(session, found, law, line.people, now)
            talks = [_talks(found, law, one, now) for one in line.people]
            shown = _line_document(campaign, line, stages, talks, now)
    if as_json:
        print_json(shown)
    elif whole is not None:
        _show_load(load)
    else:
        _show_line(shown)


def _day(text: str) -> date:
    found = typed_day(text)
    if isinstance(found, str):
        raise typer.BadParameter(f"day: {found}")
    return found


def _talks(campaign: Campaign, law: Rules, one: Chosen, at: datetime) -> Talks:
    band = law.bands.of(one.standing, at.astimezone(ZoneInfo(one.verdict.zone)).date())
    return who_talks(campaign.rules.served_by, band.person_first)


def _line_document(
    campaign: str, line: Line, stages: Mapping[int, int], talks: Sequence[Talks], at: datetime
) -> dict[str, Any]:
    told = zip(line.people, talks, strict=True)
    people = [_person(n, one, stages[one.candidate.id], who) for n, (one, who) in enumerate(told, start=1)]
    return {"campaign": campaign, "at": at.isoformat(), "people": people, "more": line.more}


def _person(n: int, one: Chosen, stage: int, talks: Talks) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "place": n,
        "debtor": one.standing.ref,
        "channel": str(verdict.channel),
        "number": mask(verdict.number) if verdict.number else None,
        "window_until": verdict.closes_at.astimezone(ZoneInfo(verdict.zone)).isoformat(),
        "zone": verdict.zone,
        "stage": stage,
        "talks": talks.value,
        "reason": one.rank.reason,
    }


def _show_line(document: dict[str, Any]) -> None:
    people = document["people"]
    if not people:
        told = "Nobody may be called then; beltoon why tells of each person which rule says so."
        console.print(told, markup=False, highlight=False)
        return
    more = "; others stand behind them" if document["more"] else ""
    told = counted(len(people), "person", "people") + more
    headings = ("", "debtor", "channel", "number", "until", "stage", "talks", "because")
    table = plain_table(
        *headings, wraps=("debtor", "talks", "because"), caption=counted(len(people), "person", "people") + more
    )
    for one in people:
        until = f"{datetime.fromisoformat(one['window_until']):%H:%M}"
        place, stage, number = str(one["place"]), str(one["stage"]), one["number"] or ""
        whom, reason = Text(one["debtor"]), Text(one["reason"])
        table.add_row(place, whom, one["channel"], number, until, stage, one["talks"], reason)
    console.print(table)


def _load_document(campaign: str, load: DayLoad) -> dict[str, Any]:
    tz = ZoneInfo(load.zone)
    return {
        "campaign": campaign,
        "day": load.day.isoformat(),
        "zone": load.zone,
        "people": load.people,
        "looked_at": load.looked_at,
        "margin_percent": load.margin_percent,
        "hours": [
            {"from": one.begins_at.astimezone(tz).isoformat(), "open": round(one.open), "calls": round(one.calls)}
            for one in load.hours
        ],
        "windows": [{"hours": one.hours, "zone": one.zone, "people": round(one.people)} for one in load.windows],
    }


def _show_load(load: DayLoad) -> None:
    tz = ZoneInfo(load.zone)
    most = max((one.open for one in load.hours), default=0.0)
    hours = plain_table(
        "hour", "may be called", "", "calls", title=f"{load.day:%a %d %b %Y}, by the clock of {load.zone}"
    )
    for one in load.hours:
        if one.open:
            bar = Bar(max(most, 1), 0, one.open, width=_BAR)
            hours.add_row(f"{one.begins_at.astimezone(tz):%H:%M}", str(round(one.open)), bar, str(round(one.calls)))
    if most:
        console.print(hours)
    else:
        console.print(f"Nobody may be called on {load.day:%a %d %b %Y}.", markup=False, highlight=False)
    sample = f", reckoned from {load.looked_at} of them: at most {load.margin_percent} % of them off"
    caption = counted(load.people, "person", "people") + (sample if load.margin_percent else ", all looked at")
    windows = plain_table("waits for", "zone", "people", wraps=("waits for",), caption=caption)
    for window in load.windows:
        windows.add_row(window.hours or "another day", window.zone, str(round(window.people)))
    console.print(windows)
