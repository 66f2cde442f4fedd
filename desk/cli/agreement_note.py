"""`beltoon agreements note`: what one of our people agreed with a debtor is written down, as a call would have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from desk.cli.agreements import agreement_document, agreements_app, stopped_document
from desk.cli.output import AsJson, console, print_json
from desk.settings import read_settings
from desk.wiring import campaign_clock, open_database, rules, statement_shelf
from dialer.note_store import Taken, preview, take
from ivr.dispute import DEPARTMENTS
from ivr.notes.note import KINDS, Note, author, token
from ledger.agreement_store import Agreement, Hold
from ledger.phone import mask

_KIND = typer.Argument(metavar="KIND", help=f"{', '.join(KINDS)}.")
_INVOICE = typer.Option("--invoice", metavar="NUMBER", help="About this invoice, once for each; else all that are due.")
_PROBLEM = typer.Option("--kind", help=f"dispute: what is wrong: {', '.join(DEPARTMENTS)}.")
_AT = typer.Option("--at", help="callback: when, as 2026-11-25T10:30 by the person's own clock.")
_TOKEN = typer.Option("--token", help="A word of yours: what bears it is written once, however often it is sent.")


@agreements_app.command("note")
def note_command(
    debtor: Annotated[str, typer.Argument(help="The debtor, as the list names them.")],
    what: Annotated[str, _KIND],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who agreed it with the person.")],
    invoice: Annotated[list[str] | None, _INVOICE] = None,
    creditor: Annotated[str | None, typer.Option("--creditor", help="Whose invoices, where several are owed.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="promise: the day of payment.")] = None,
    amount: Annotated[str | None, typer.Option("--amount", help="promise: how much; else all of it.")] = None,
    instalments: Annotated[int | None, typer.Option("--instalments", help="plan: in so many parts.")] = None,
    monthly: Annotated[str | None, typer.Option("--monthly", help="plan: so much a month.")] = None,
    first: Annotated[str | None, typer.Option("--first", help="plan: day of the first part.")] = None,
    kind: Annotated[str | None, _PROBLEM] = None,
    when: Annotated[str | None, typer.Option("--when", help="paid: the day on which it was paid.")] = None,
    at: Annotated[str | None, _AT] = None,
    person: Annotated[bool, typer.Option("--person", help="callback: one of our people calls.")] = False,
    number: Annotated[str | None, typer.Option("--number", help="Which of the person's telephone numbers.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="stop: each of their numbers.")] = False,
    mark: Annotated[str | None, _TOKEN] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write down what was agreed: the same limits, holds and words in writing as on a call, at once."""
    note = Note(
        what=what, invoice=tuple(invoice or ()), creditor=creditor, on=on, amount=amount, instalments=instalments,
        monthly=monthly, first=first, kind=kind, when=when, at=at, person=person, number=number, everything=everything,
    )  # fmt: skip
    who, once = author(by), None if mark is None else token(mark)
    settings = read_settings()
    database = open_database(settings)
    now, law = campaign_clock(database)(), rules(database)
    with database.unit_of_work() as session:
        if dry_run:
            taken = preview(session, debtor, note, who, now, law, token=once)
        else:
            taken = take(session, debtor, note, who, now, law, token=once)
    if as_json:
        print_json({"debtor": debtor, **_document(taken, statement_shelf(settings).folder, written=not dry_run)})
        return
    began = "It was noted before, and is not written again" if taken.already else f"Noted by {who} for {debtor}"
    told = [f"{began if taken.already or not dry_run else 'Nothing is written; this would be'}:", *_lines(taken)]
    for line in told:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _document(taken: Taken, folder: Path, *, written: bool) -> dict[str, Any]:
    made = [agreement_document(one, folder) for one in taken.agreements]
    stopped = stopped_document(taken.holds)
    if not (written or taken.already):  # what was only tried has no id
        made, stopped = _without_id(made), {name: _without_id(some) for name, some in stopped.items()}
    return {
        "written": written and not taken.already,
        "already": taken.already,
        "agreements": made,
        **stopped,
        "withdrawn": [one.id for one in taken.withdrawn],
        "messages": [{"template": template, "channel": channel} for template, channel in taken.messages],
    }


def _without_id(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one | {"id": None} for one in some]


def _lines(taken: Taken) -> Iterator[str]:
    for one in taken.agreements:
        yield from _agreement(one, ZoneInfo(taken.zone or "UTC"))
    for hold in taken.holds:
        yield _hold(hold)
    for _, channel in taken.messages:
        yield f"  confirmed in writing, by {channel}"
    for one in taken.withdrawn:
        yield f"  in place of {one.kind.replace('_', ' ')} {one.id}"


def _agreement(one: Agreement, zone: ZoneInfo) -> Iterator[str]:
    told = [one.kind.replace("_", " ")]
    if one.kind == "plan_request":
        told.append("outside the creditor's policy, so one of us answers (beltoon agreements answer)")
    told += [str(one.amount)] if one.amount else []
    told += [f"{'on' if one.kind == 'promise' else 'our answer by'} {one.due_on}"] if one.due_on else []
    if one.from_at and one.until_at:
        opens, ends = one.from_at.astimezone(zone), one.until_at.astimezone(zone)
        told.append(f"{opens:%a %d %b %Y %H:%M}-{ends:%H:%M} ({zone})")
    told += [f"invoice {', '.join(one.invoices)}"] if one.invoices else []
    yield "  " + "; ".join(told)
    for part in one.instalments:
        yield f"    part {part.n}: {part.amount} on {part.due_on}"


def _hold(one: Hold) -> str:
    subject = mask(one.number) if one.number else f"invoice {one.invoice}" if one.invoice else "the person"
    until = f"until {one.until_at:%Y-%m-%d}" if one.until_at else "until one of us lifts it"
    return f"  {one.kind.replace('_', ' ')}: no contact with {subject} ({one.channel or 'any channel'}) {until}"
