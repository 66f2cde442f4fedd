"""`beltoon calls`: every call with its attempt and how it ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, print_json
from desk.errors import NotFound
from desk.wiring import open_database
from dialer.calls_store import ListedCall, campaign_id, listed_calls
from ledger.phone import mask


@app.command("calls")
def calls_command(
    campaign: Annotated[str | None, typer.Option("--campaign", help="Only this campaign's calls.")] = None,
    as_json: AsJson = False,
) -> None:
    """Attempts and dispositions: which calls were made and received, and how each ended."""
    database = open_database()
    with database.reading() as session:
        only = None
        if campaign is not None and (only := campaign_id(session, campaign)) is None:
            raise NotFound(f"There is no campaign {campaign}; beltoon campaign list shows those that there are")
        calls = listed_calls(session, only)
    if as_json:
        print_json({"calls": [_document(call) for call in calls]})
    else:
        _show(calls)


def _document(call: ListedCall) -> dict[str, Any]:
    found = asdict(call) | {"number": mask(call.number) if call.number else None}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _show(calls: list[ListedCall]) -> None:
    table = Table(caption=f"{len(calls)} calls")
    for heading in ("placed", "debtor", "number", "answered", "cause", "disposition", "next", "when"):
        table.add_column(heading)
    for call in calls:
        table.add_row(
            f"{call.placed_at:%Y-%m-%d %H:%M:%S}Z",
            Text(call.debtor or ""),
            ("→ " if call.direction == "out" else "← ") + (mask(call.number) if call.number else "withheld"),
            f"{call.answered_at:%H:%M:%S}" if call.answered_at else "",
            str(call.cause or ""),
            call.disposition or "",
            call.next_step or "",
            f"{call.next_at:%Y-%m-%d %H:%M}Z" if call.next_at else "",
        )
    console.print(table)
