"""`beltoon window`: the hours of a band, shown, checked and set; the short form of `beltoon rules` for one window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from desk.cli import app
from desk.cli.output import AsJson, console, plain_table, print_json
from desk.cli.rules import Note, decide
from desk.wiring import campaign_clock, open_database, rules_book
from ledger.interval import intersection
from schedules.errors import BadRules
from schedules.hours_text import days_from, hours_list, hours_table
from schedules.row import KINDS_OF_DAY, said
from schedules.rules import Rules
from schedules.rules_check import open_hours
from schedules.rules_store import newest_version
from schedules.rules_text import band_table

window_app = typer.Typer(help="Calling windows: the hours of a band on a day.", no_args_is_help=True)
app.add_typer(window_app, name="window")

_WEEK = KINDS_OF_DAY[:7]
Band = Annotated[str, typer.Argument(help="The band's key, such as adult or senior.")]
Days = Annotated[str, typer.Argument(help="Days: weekdays, mon-fri, sat, or mon,wed.")]
Hours = Annotated[str, typer.Argument(help="Hours such as 10:00-12:00,14:00-17:00; none closes the day.")]
Second = Annotated[bool, typer.Option("--every-second", help="Of a band whose tries take turns: the second turn.")]


@window_app.command("show")
def show(as_json: AsJson = False) -> None:
    """Every band on every day in every country, after all cuts of country and law."""
    database, book = open_database(), rules_book()
    today = campaign_clock(database)().date()
    with database.reading() as session:
        rules = book.now(session)
    lines: list[dict[str, Any]] = [
        {"band": band.key, "turn": turn, "country": country, "days": [
            {"day": day, "hours": hours_table(intersection(week[n], open_hours(rules, profile, day, today)))}
            for n, day in enumerate(_WEEK)
        ]}
        for band in rules.bands.bands
        for turn, week in enumerate(band.turns, 1)
        for country, profile in sorted(rules.profiles.items())
    ]  # fmt: skip
    if as_json:
        print_json({"law_version": rules.version, "windows": lines})
        return
    table = plain_table("band", "country", "days", "hours", caption=f"Rules {rules.version}; holidays are closed")
    for line in lines:
        for days, hours in _alike(line["days"]):
            band = f"{line['band']}, second turn" if line["turn"] > 1 else line["band"]
            table.add_row(band, line["country"], days, hours)
    console.print(table)


@window_app.command("check")
def check(band: Band, days: Days, hours: Hours, every_second: Second = False, as_json: AsJson = False) -> None:
    """Say what is wrong with a window, or what it would do. Nothing is saved."""
    _decide(band, days, hours, every_second, as_json, save_it=False)


@window_app.command("set")
def set_(
    band: Band, days: Days, hours: Hours, every_second: Second = False, note: Note = None, as_json: AsJson = False
) -> None:
    """Save the rules of this house with this one window changed: it holds for the next call at once."""
    _decide(band, days, hours, every_second, as_json, save_it=True, note=note)


def _decide(
    band: str, days: str, hours: str, second: bool, as_json: bool, *, save_it: bool, note: str | None = None
) -> None:
    database, book = open_database(), rules_book()
    with database.reading() as session:
        version, rules = newest_version(session), book.now(session)
    document = version.document if version is not None else {}
    changed = with_window(document, rules, band, _days(days), hours_list(hours), second=second)
    decide(lambda: changed, as_json, save_it=save_it, note=note)


def _days(text: str) -> list[str]:
    try:
        return days_from(text)
    except BadRules as error:
        raise BadRules(f"days: {error}") from None


def with_window(
    document: Mapping[str, Any], rules: Rules, key: str, days: list[str], hours: list[str], *, second: bool
) -> dict[str, Any]:
    """A document with the hours of one band changed on some days. Raises `BadRules` where there is no such band."""
    bands = [band_table(one) for one in rules.bands.bands]
    found = next((one for one in bands if one["key"] == key), None)
    if found is None:
        raise BadRules(f"band: there is no {key}; write {', '.join(one['key'] for one in bands)}")
    turn = "every_second" if second else "hours"
    if turn not in found:
        raise BadRules(f"band {key}: its tries take no turns; leave --every-second out")
    week = dict(found[turn])
    if "weekdays" in week:
        week = dict.fromkeys(_WEEK[:5], week["weekdays"]) | {k: v for k, v in week.items() if k != "weekdays"}
    found[turn] = week | dict.fromkeys(days, hours)
    return {**document, "band": bands}


def _alike(days: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Neighbouring days with the same hours as one."""
    start = 0
    for n, one in enumerate(days):
        if n + 1 == len(days) or days[n + 1]["hours"] != one["hours"]:
            first, last = days[start]["day"], one["day"]
            yield (first if start == n else f"{first}-{last}"), ", ".join(one["hours"]) or said(())
            start = n + 1
