"""`beltoon why`: may this person be called, which rule says so, and when is the next opening."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from desk.cli import app
from desk.cli.output import AsJson, console, json_text, notes, print_json
from desk.errors import DeskError, unread
from desk.typed import instant
from desk.why_batch import Told, answers, verdict_on
from desk.wiring import campaign_clock, open_database, rules_book
from dialer.campaign_guard_store import full_days
from ledger.contact import Channel
from ledger.region import region_of
from schedules.campaign_call import ServedBy, Talks, who_talks
from schedules.campaign_store import campaign_named
from schedules.standing_store import debtor_id_of, standing_of
from schedules.verdict import Allowed
from schedules.why import why_document


def moment(text: str) -> datetime:
    """An instant with its zone, from ISO 8601. Raises `typer.BadParameter`."""
    found = instant(text)
    if isinstance(found, str):
        raise typer.BadParameter(f"at: {found}")
    return found


@app.command("why")
def why(
    debtor: Annotated[str | None, typer.Argument(help="The debtor, as the list names them.")] = None,
    at: Annotated[str | None, typer.Option(help="At this time (ISO 8601 with zone), past or future; else now.")] = None,
    campaign: Annotated[str | None, typer.Option(help="As this campaign would ask.")] = None,
    channel: Annotated[Channel, typer.Option(help="By what the person would be reached.")] = Channel.VOICE,
    batch: Annotated[
        str | None, typer.Option(help="Many questions: a file, or - for standard input, of JSON lines {debtor, at}.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """May this person be contacted, and which rule says so."""
    if (debtor is None) == (batch is None):
        raise typer.BadParameter("name one debtor, or many with --batch")
    asked = moment(at) if at is not None else None
    database = open_database()
    clock = campaign_clock(database)()
    now = asked or clock
    book = rules_book()
    with database.reading() as session:
        named = campaign_named(session, campaign) if campaign is not None else None
    if batch is not None or debtor is None:
        _warn(book.shipped.overdue(now.date()))
        lines = _lines(batch or "-")
        _many(answers(database, lines, now, rules=book, campaign=named, channel=channel, known_at=clock))
        return
    with database.reading() as session:
        standing = standing_of(session, debtor_id_of(session, debtor), now)
        law = book.at(session, now)
        full = full_days(session, named, now, now) if named is not None else frozenset()
    region = region_of(standing.country, standing.region, standing.postcode)
    _warn(book.shipped.overdue(now.date(), region.country if region is not None else None))
    told = Told(standing=standing, rules=law, full=full)
    verdict = verdict_on(told, channel, now, campaign=named, known_at=min(now, clock))
    document = why_document(standing, verdict, now)
    if as_json:
        print_json(document)
        return
    served_by = named.rules.served_by if named is not None else ServedBy.IVR
    console.print(_told(document), markup=False, highlight=False)
    if isinstance(verdict, Allowed) and channel is Channel.VOICE:
        band = law.bands.of(standing, now.astimezone(ZoneInfo(verdict.zone)).date())
        if (talks := who_talks(served_by, band.person_first)) is not Talks.MACHINE:
            console.print(_WHO_TALKS[talks], markup=False, highlight=False)


def _warn(warnings: Iterable[str]) -> None:
    """Of reviews of the law that are late, beside the answer."""
    for warning in warnings:
        notes.print(warning, markup=False, highlight=False)


#: Who talks, where it is not the machine alone.
_WHO_TALKS = {
    Talks.AGENT_FIRST: "Who talks: one of our people first, where one is free",
    Talks.AGENT: "Who talks: one of our people; called only while one who speaks their language is free",
}


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise DeskError(f"{name} can't be read: {unread(error)}") from error


def _many(documents: Iterator[dict[str, Any]]) -> None:
    """One line each. Exit code 1 when a line could not be answered."""
    failed = False
    for document in documents:
        failed |= "error" in document
        sys.stdout.write(json_text(document) + "\n")
    if failed:
        raise typer.Exit(1)


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
        lines.append(f"Next opening: {opening_told(document)}")
    return "\n".join(lines)


def opening_told(document: dict[str, Any]) -> str:
    """The next opening of an answer, by the person's own clock."""
    if document["next_opening"] is None:
        return "none by itself; a person or a payment must change something first"
    opening = datetime.fromisoformat(document["next_opening"])
    if document["zone"]:
        opening = opening.astimezone(ZoneInfo(document["zone"]))
    return f"{opening:%a %d %b %Y %H:%M} ({document['zone'] or 'UTC'})"
