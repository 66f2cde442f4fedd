"""`beltoon agreements`: promises, plans, disputes, call-backs, opt-outs and holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json
from desk.errors import NotFound
from desk.settings import read_settings
from desk.wiring import open_database, statement_shelf
from ledger.agreement_store import Agreement, Hold, agreements, debtor_id, holds
from ledger.phone import mask

_OPT_OUT = "opt_out"


agreements_app = typer.Typer(help="What was agreed, asked and stopped; and what we do about it.")
app.add_typer(agreements_app, name="agreements")


@agreements_app.callback(invoke_without_command=True)
def agreements_command(
    context: typer.Context,
    debtor: Annotated[str | None, typer.Option("--debtor", help="Only this debtor's, by the list's name.")] = None,
    as_json: AsJson = False,
) -> None:
    """What was agreed, asked and stopped."""
    if context.invoked_subcommand is not None:
        return
    settings = read_settings()
    database, shelf = open_database(settings), statement_shelf(settings)
    with database.reading() as session:
        only = None
        if debtor is not None and (only := debtor_id(session, debtor)) is None:
            raise NotFound(f"There is no debtor {debtor}; write the name that the list gives (column debtor)")
        agreed, stopped = agreements(session, only), holds(session, only)
    if as_json:
        print_json(
            {
                "agreements": [agreement_document(one, shelf.folder) for one in agreed],
                **stopped_document(stopped),
            }
        )
    else:
        _show(agreed, stopped, shelf.folder)


def _when(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def _statement(one: Agreement, folder: Path) -> dict[str, Any] | None:
    if one.statement is None and one.statement_deleted_at is None:
        return None
    file = str(folder / one.statement) if one.statement else None
    return {"file": file, "seconds": one.statement_seconds, "deleted_at": one.statement_deleted_at}


def agreement_document(one: Agreement, folder: Path) -> dict[str, Any]:
    """One agreement; `folder`: where what was said of disputes lies."""
    return {
        "id": one.id,
        "debtor": one.debtor,
        "kind": one.kind,
        "state": one.state,
        "amount": str(one.amount.decimal) if one.amount else None,
        "currency": one.amount.currency if one.amount else None,
        "due_on": _when(one.due_on),
        "from": _when(one.from_at),
        "until": _when(one.until_at),
        "owner": one.owner,
        "invoices": list(one.invoices),
        "instalments": [
            {"n": part.n, "due_on": _when(part.due_on), "amount": str(part.amount.decimal)} for part in one.instalments
        ],
        "statement": _statement(one, folder),
        "made_at": _when(one.made_at),
        "source": one.source,
        "noted_by": one.noted_by,
    }


def stopped_document(stopped: Sequence[Hold]) -> dict[str, Any]:
    """Opt-outs, and every other hold."""
    return {
        "opt_outs": [_opt_out(one) for one in stopped if one.kind == _OPT_OUT],
        "holds": [_hold(one) for one in stopped if one.kind != _OPT_OUT],
    }


def _opt_out(one: Hold) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": mask(one.number) if one.number else None,
        "debtor": one.debtor,
        "channel": one.channel,
        "from": _when(one.from_at),
        "via": one.via,
        "lifted_at": _when(one.lifted_at),
        "lifted_by": one.lifted_by,
        "lifted_why": one.lifted_why,
    }


def _hold(one: Hold) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "debtor": one.debtor,
        "number": mask(one.number) if one.number else None,
        "invoice": one.invoice,
        "channel": one.channel,
        "from": _when(one.from_at),
        "until": _when(one.until_at),
        "by": one.by,
        "via": one.via,
        "lifted_at": _when(one.lifted_at),
        "lifted_by": one.lifted_by,
        "lifted_why": one.lifted_why,
    }


def _show(agreed: list[Agreement], stopped: list[Hold], folder: Path) -> None:
    headings = ("id", "debtor", "kind", "state", "amount", "day", "invoices", "made")
    spoken = any(one.statement for one in agreed)
    told = counted(len(agreed), "agreement") + (f"; what was said lies in {folder}" if spoken else "")
    table = plain_table(*headings, wraps=("debtor", "invoices"), title="Agreements", caption=told)
    for one in agreed:
        day = _when(one.due_on) or (f"{one.from_at:%d %b %H:%M} UTC" if one.from_at else "")
        amount = str(one.amount) if one.amount else ""
        made = f"{one.made_at:%d %b}"
        bills = Text(", ".join(one.invoices))
        table.add_row(str(one.id), Text(one.debtor or ""), one.kind, one.state, amount, day, bills, made)
        for part in one.instalments:
            table.add_row("", "", f"  part {part.n}", "", str(part.amount), _when(part.due_on), "", "")
        if one.statement or one.statement_deleted_at:
            told_by = Text(one.statement or f"deleted {one.statement_deleted_at:.10}")
            table.add_row("", "", "  statement", "", f"{one.statement_seconds} s", "", told_by, "")
        if one.noted_by:
            table.add_row("", "", "  noted by", "", "", "", Text(one.noted_by), "")
    console.print(table)
    headings = ("id", "kind", "on", "channel", "since", "until", "by", "lifted")
    told = counted(len(stopped), "hold")
    table = plain_table(*headings, wraps=("on", "by"), title="\nOpt-outs and holds", caption=told)
    for hold in stopped:
        subject = mask(hold.number) if hold.number else hold.debtor or f"invoice {hold.invoice}"
        until = f"{hold.until_at:%Y-%m-%d}" if hold.until_at else ""
        lifted = f"{hold.lifted_at:%Y-%m-%d}" if hold.lifted_at else ""
        since = f"{hold.from_at:%Y-%m-%d}"
        cells = (hold.kind, Text(subject), hold.channel or "all", since, until, Text(_by(hold.via)), lifted)
        table.add_row(str(hold.id), *cells)
    console.print(table)


def _by(via: str) -> str:
    """A call by the beginning of its id; `--json` tells all of it."""
    return via[:13] if via.startswith("call ") else via
