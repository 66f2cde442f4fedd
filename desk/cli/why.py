"""`beltoon why`: may this person be called, which rule says so, and when is the next opening."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from desk.cli import app
from desk.cli.output import AsJson, console, notes, print_json
from desk.wiring import campaign_clock, open_database
from ledger.contact import Channel
from schedules.campaign_store import campaign_named
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing_store import debtor_id_of, standing_of
from schedules.why import why_document


def moment(text: str) -> datetime:
    """An instant with its zone, from ISO 8601. Raises `typer.BadParameter`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no time; write 2026-11-24T10:30:00+01:00") from error
    if found.tzinfo is None:
        raise typer.BadParameter(f"{text} lacks its zone; write 2026-11-24T10:30:00+01:00")
    return found


@app.command("why")
def why(
    debtor: Annotated[str, typer.Argument(help="The debtor, as the list names them.")],
    at: Annotated[str | None, typer.Option(help="At this time (ISO 8601 with zone), past or future; else now.")] = None,
    campaign: Annotated[str | None, typer.Option(help="As this campaign would ask.")] = None,
    channel: Annotated[Channel, typer.Option(help="By what the person would be reached.")] = Channel.VOICE,
    as_json: AsJson = False,
) -> None:
    """May this person be contacted, and which rule says so."""
    asked = moment(at) if at is not None else None
    database = open_database()
    now = asked or campaign_clock(database)()
    with database.reading() as session:
        rules = campaign_named(session, campaign).rules if campaign is not None else None
        standing = standing_of(session, debtor_id_of(session, debtor), now)
    law = shipped_rules()
    for warning in law.overdue(now.date()):
        notes.print(warning, markup=False, highlight=False)
    verdict = may_contact(standing, channel, now, rules=law, campaign=rules)
    document = why_document(standing, verdict, now)
    if as_json:
        print_json(document)
        return
    console.print(_told(document), markup=False, highlight=False)


def _told(document: dict[str, Any]) -> str:
    """The document as people read it."""
    lines = [f"{document['verdict'].capitalize()}: {document['reason']}"]
    if document["rule"] is not None:
        source = document["source"] or "the books"
        sure = f" ({document['confidence']})" if document["confidence"] else ""
        lines.append(f"Rule {document['rule']}; source: {source}{sure}")
        others = [rule for rule in document["all"] if rule != document["rule"]]
        if others:
            lines.append(f"Refused by itself also by: {', '.join(others)}")
        lines.append(f"Next opening: {_when(document)}")
    return "\n".join(lines)


def _when(document: dict[str, Any]) -> str:
    if document["next_opening"] is None:
        return "none by itself; a person or a payment must change something first"
    opening = datetime.fromisoformat(document["next_opening"])
    if document["zone"]:
        opening = opening.astimezone(ZoneInfo(document["zone"]))
    return f"{opening:%a %d %b %Y %H:%M} ({document['zone'] or 'UTC'})"
