"""`beltoon creditor`: list, show, and the policy of one creditor, checked and set."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json, who
from desk.cli.rules import Note
from desk.policy_options import changed, typed
from desk.wiring import campaign_clock, open_database, rules_book
from schedules.day import Terms
from schedules.errors import BadRules
from schedules.ladder_file import shipped_ladder
from schedules.policy import call_days, check_policy, own_call_days
from schedules.policy_store import CreditorTold, creditor_of, creditors, save_policy
from schedules.wake_store import wake_after_policy

creditor_app = typer.Typer(help="Creditors, and what each of them decides for itself.", no_args_is_help=True)
app.add_typer(creditor_app, name="creditor")

Name = Annotated[str, typer.Argument(help="The creditor's name, as in the list.")]
Fields = Annotated[
    list[str],
    typer.Argument(
        help="What it decides, as second_reminder=20, plan_most=4, plan_least=25.00, part_paid=5.00, essential=yes or"
        " vat_not_deductible=21.00; none takes one back.",
        metavar="FIELD=VALUE",
    ),
]
_LONGEST_NOTE = 200


@creditor_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Every creditor, with what it decides for itself."""
    database, book = open_database(), rules_book()
    today = campaign_clock(database)().date()
    with database.reading() as session:
        found, terms = creditors(session), book.now(session).terms(None, today)
    if as_json:
        print_json({"creditors": [_document(one, terms) for one in found]})
        return
    headings = ("creditor", "role", "calls", "policy")
    table = plain_table(*headings, wraps=("creditor", "policy"), caption=counted(len(found), "creditor"))
    for one in found:
        said = ", ".join(f"{name}={value}" for name, value in typed(one.policy).items())
        day = _calls_from(one, terms)
        begins = "after the letter" if day is None else f"day {day}"
        table.add_row(Text(one.name), one.role, begins, said or "as the house has it")
    console.print(table)


@creditor_app.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """One creditor, with what it decides for itself."""
    database, book = open_database(), rules_book()
    today = campaign_clock(database)().date()
    with database.reading() as session:
        _tell(creditor_of(session, name), book.now(session).terms(None, today), as_json, saved=False)


@creditor_app.command("check")
def check(name: Name, fields: Fields, as_json: AsJson = False) -> None:
    """Say what is wrong with a change of a creditor's policy, or what it would be then. Nothing is saved."""
    _decide(name, fields, as_json, save_it=False)


@creditor_app.command("set")
def set_(name: Name, fields: Fields, note: Note = None, as_json: AsJson = False) -> None:
    """Save a creditor's policy with these fields changed: a new version, which holds for the next call at once."""
    _decide(name, fields, as_json, save_it=True, note=note)


def _decide(name: str, fields: list[str], as_json: bool, *, save_it: bool, note: str | None = None) -> None:
    if note is not None and len(note) > _LONGEST_NOTE:
        raise BadRules(f"note: at most {_LONGEST_NOTE} letters")
    database, book, ladder = open_database(), rules_book(), shipped_ladder().ladder
    now = campaign_clock(database)()
    with database.unit_of_work() if save_it else database.reading() as session:
        before, terms = creditor_of(session, name), book.now(session).terms(None, now.date())
        policy = changed(before.policy, fields, ladder)
        check_policy(policy, ladder, terms)
        after = replace(before, policy=policy)
        if save_it:
            after = save_policy(session, before, policy, now, who(), note)
    if save_it:
        wake_after_policy(database, after.id, now)
    _tell(after, terms, as_json, saved=save_it)


def _tell(one: CreditorTold, terms: Terms, as_json: bool, *, saved: bool) -> None:
    if as_json:
        print_json({**_document(one, terms), "saved": saved})
        return
    if (day := _calls_from(one, terms)) is None:
        calls = "is called for as a collector, after the first letter's term"
    else:
        calls = f"calls from day {day} after the due date"
    told = f"{one.name} ({one.role}, version {one.version}) {calls}."
    console.print(told, markup=False, highlight=False)
    for name, value in typed(one.policy).items():
        console.print(f"  {name}={value}", markup=False, highlight=False)


def _calls_from(one: CreditorTold, terms: Terms) -> int | None:
    """None: for a collector the term of the first letter counts, and no step of the ladder."""
    return None if one.role == "collector" else call_days(own_call_days(one.policy), terms.ladder_call_days)


def _document(one: CreditorTold, terms: Terms) -> dict[str, Any]:
    return {
        "creditor": one.name,
        "sender": one.sender,
        "role": one.role,
        "callback_number": one.callback_number,
        "policy": dict(one.policy),
        "version": one.version,
        "calls_from_day": _calls_from(one, terms),
    }
