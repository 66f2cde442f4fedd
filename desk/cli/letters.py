"""`beltoon letters`: who gets which letter, the list for hand-over, and the marking of letters as sent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import typer
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json, who
from desk.typed import day as typed_day
from desk.wiring import campaign_clock, ladder_books, open_database
from schedules.errors import BadLetter
from schedules.letter_list import Part
from schedules.letter_store import Addressed, letters, mark_sent
from schedules.task_store import HandOver, hand_overs

_WAYS = ("post", "email")


@app.command("letters")
def letters_command(
    campaign: Annotated[str, typer.Argument(help="The campaign's name.")],
    handover: Annotated[bool, typer.Option("--handover", help="What our people look at: the hand-over list.")] = False,
    sent: Annotated[str | None, typer.Option("--mark-sent", help="They left on this day, such as 2026-11-24.")] = None,
    by: Annotated[str, typer.Option("--by", help="How they left: post (registered too) or email.")] = "post",
    invoice: Annotated[list[str] | None, typer.Option("--invoice", help="Only about this invoice; repeatable.")] = None,
    costs_named: Annotated[
        bool, typer.Option("--costs-named", help="The first letters named the costs that this list tells.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Who gets which letter, plain or registered, with codes and reason; or note that they were sent."""
    sent_on = _day(sent)
    if by not in _WAYS:
        raise BadLetter(f"by: {by} is no way to send a letter; write post or email")
    if sent_on is None and (invoice or costs_named):
        raise BadLetter("mark-sent: give the day on which the letters left; --invoice and --costs-named go with it")
    if sent_on is not None and handover:
        raise BadLetter("handover: this list is only shown; leave --mark-sent or --handover out")
    database = open_database()
    now, books = campaign_clock(database)(), ladder_books(database)
    if handover:
        tasks = hand_overs(database, campaign, now, books)
        if as_json:
            print_json({"campaign": campaign, "tasks": [_task(one) for one in tasks]})
        else:
            _show_tasks(tasks)
        return
    listed = letters(database, campaign, now, books)
    if sent_on is not None:
        listed = mark_sent(database, listed, sent_on, by, now, who(), only=invoice or (), costs_named=costs_named)
    if as_json:
        marked = sent_on.isoformat() if sent_on else None
        print_json({"campaign": campaign, "marked_sent": marked, "letters": [_letter(one) for one in listed]})
    else:
        _show(listed, sent_on)


def _day(text: str | None) -> date | None:
    found = None if text is None else typed_day(text)
    if isinstance(found, str):
        raise BadLetter(f"mark-sent: {found}")
    return found


def _letter(one: Addressed) -> dict[str, Any]:
    return {
        "letter": one.letter.kind.value,
        "registered": one.letter.registered,
        "reason": one.letter.reason,
        **asdict(one.to),
        "invoices": [_invoice(one, part) for part in one.letter.parts],
    }


def _invoice(one: Addressed, part: Part) -> dict[str, Any]:
    invoice = part.bill.invoice
    return {
        "invoice": one.numbers[invoice.id],
        "due_on": invoice.due_on.isoformat(),
        "open": str(invoice.open.decimal),
        "costs": str(part.bill.costs.decimal),
        "currency": invoice.open.currency,
        "essential": part.bill.essential,
        "costs_to_name": str(part.costs.amount.decimal) if part.costs else None,
        "law": part.costs.law if part.costs else None,
    }


def _task(one: HandOver) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "debtor": one.debtor,
        "name": one.name,
        "creditor": one.creditor,
        "invoice": one.invoice,
        "open": str(one.open.decimal),
        "currency": one.open.currency,
        "why": one.why,
        "since": one.made_at.isoformat(),
    }


def _show(listed: list[Addressed], sent_on: date | None) -> None:
    told = counted(len(listed), "letter")
    told += f", noted as sent on {sent_on}" if sent_on else ""
    headings = ("debtor", "letter", "send", "codes", "invoices", "why")
    table = plain_table(*headings, wraps=("debtor", "invoices", "why"), title="Letters", caption=told)
    for one in listed:
        send = "registered" if one.letter.registered else "plain"
        codes = f"{one.to.call_code or '-'}/{one.to.secret_code or '-'}"
        whom = Text(f"{one.to.debtor} {one.to.name}")
        invoices = Text(", ".join(_told(one, part) for part in one.letter.parts))
        table.add_row(whom, one.letter.kind.value, send, codes, invoices, Text(one.letter.reason))
    console.print(table)


def _told(one: Addressed, part: Part) -> str:
    number = one.numbers[part.bill.invoice.id]
    return f"{number} ({part.bill.invoice.open}" + (f"; costs up to {part.costs.amount})" if part.costs else ")")


def _show_tasks(tasks: list[HandOver]) -> None:
    headings = ("kind", "debtor", "invoice", "open", "since", "why")
    told = f"{len(tasks)} to look at"
    table = plain_table(*headings, wraps=("debtor", "invoice", "why"), title="For our people", caption=told)
    for one in tasks:
        whom = Text(f"{one.debtor} {one.name}")
        table.add_row(one.kind, whom, Text(one.invoice), str(one.open), f"{one.made_at:%d %b}", Text(one.why))
    console.print(table)
