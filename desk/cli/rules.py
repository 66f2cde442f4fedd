"""`beltoon rules`: export, check and apply the rules of this house."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from desk.cli import app
from desk.cli.output import AsJson, bar, console, counted, notes, plain_table, print_json, who
from desk.cli.why import moment
from desk.rules_apply import Change, read_file, save, weigh
from desk.rules_effect import effect_document
from desk.wiring import campaign_clock, open_database, rules_book
from schedules.rules_store import version_at
from schedules.rules_text import document_text

rules_app = typer.Typer(help="Rules of this house: windows, bands, caps and the ladder.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")

File = Annotated[str, typer.Argument(help="A document of rules (TOML), or - for standard input.")]
Note = Annotated[str | None, typer.Option(help="Why, for those who read the versions later.")]


@rules_app.command("export")
def export(
    at: Annotated[str | None, typer.Option(help="As they held at this time (ISO 8601 with zone); else now.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the rules of this house as a document that can be edited and applied again."""
    database = open_database()
    asked = moment(at) if at is not None else campaign_clock(database)()
    book = rules_book()
    with database.reading() as session:
        version, rules = version_at(session, asked), book.at(session, asked)
    document = version.document if version is not None else {}
    if as_json:
        print_json(
            {
                "version": version.n if version else None,
                "from": version.from_at.isoformat() if version else None,
                "by": version.by if version else None,
                "note": version.note if version else None,
                "law_version": rules.version,
                "document": document,
            }
        )
        return
    sys.stdout.write(document_text(rules, book.shipped, document))


@rules_app.command("check")
def check(file: File, as_json: AsJson = False) -> None:
    """Say what is wrong with a document, or what it would do. Nothing is saved."""
    decide(lambda: read_file(file), as_json, save_it=False)


@rules_app.command("apply")
def apply(file: File, note: Note = None, as_json: AsJson = False) -> None:
    """Save a document as the next version: it holds for the next call at once."""
    decide(lambda: read_file(file), as_json, save_it=True, note=note)


def decide(document: Callable[[], Mapping[str, Any]], as_json: bool, *, save_it: bool, note: str | None = None) -> None:
    """Check a document, show what it does, and save it if that is asked."""
    database, book = open_database(), rules_book()
    now = campaign_clock(database)()
    with bar("asking about people") as tell:
        change = weigh(database, book, document(), now, tell)
    told: dict[str, Any] = {"warnings": list(change.warnings), "effect": effect_document(change.effect)}
    if not as_json:
        show(change)
    if not save_it:
        told |= {"version": None, "woken": None}
    else:
        with bar("waking people") as tell:
            version, woken = save(database, book, change, now, who(), note, tell)
        told |= {"version": version.n, "woken": woken}
        if not as_json:
            console.print(
                f"Saved as version {version.n}: the next call goes by it. {counted(woken, 'person is', 'people are')}"
                " looked at earlier."
            )
    if as_json:
        print_json(told)


def show(change: Change) -> None:
    """What a change would do, as a table."""
    for warning in change.warnings:
        notes.print(f"Note: {warning}", markup=False, highlight=False)
    found = change.effect
    everybody = f"{counted(found.total, 'person', 'people')} of the running campaigns"
    asked = f"{found.looked_at} of {everybody} were asked about: at most {found.margin_percent} % of them off"
    table = plain_table(
        "band", "country", "people", "now", "then", "week", "then", "gained", "lost",
        title="Who may be called: now and within 7 days, by the rules that hold and by these",
        caption=asked if found.margin_percent else f"{everybody}, all asked about",
    )  # fmt: skip
    for line in effect_document(found)["lines"]:
        table.add_row(*map(str, line.values()))
    console.print(table)
