"""`beltoon calls`: every call with its attempt and how it ended."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from desk.cli import app
from desk.cli.output import AsJson, console, counted, plain_table, print_json
from desk.errors import NotFound
from desk.wiring import open_database
from dialer.calls_store import ListedCall, campaign_id, listed_calls
from dialer.who_ended import WhoEnded
from ledger.phone import mask

#: How a call ended, for people.
_ENDED = {
    WhoEnded.US: "we said goodbye",
    WhoEnded.THEM: "they hung up",
    WhoEnded.LINE: "our line broke",
    WhoEnded.TAKEN_BACK: "we took it back",
}


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


def _cause(call: ListedCall) -> str:
    """`16, we said goodbye, with Bruno`."""
    number = None if call.cause is None else str(call.cause)
    words = None if call.ended_by is None else _ENDED[call.ended_by]
    agent = None if call.agent is None else f"with {call.agent}"
    return ", ".join(part for part in (number, words, agent) if part)


def _show(calls: list[ListedCall]) -> None:
    headings = ("placed (UTC)", "debtor", "number", "cause", "outcome", "next", "when (UTC)")
    table = plain_table(*headings, wraps=("debtor", "cause"), caption=counted(len(calls), "call"))
    for call in calls:
        table.add_row(
            f"{call.placed_at:%d %b %H:%M}",
            Text(call.debtor or ""),
            ("→ " if call.direction == "out" else "← ") + (mask(call.number) if call.number else "withheld"),
            _cause(call),
            call.disposition or "",
            call.next_step or "",
            f"{call.next_at:%d %b %H:%M}" if call.next_at else "",
        )
    console.print(table)
