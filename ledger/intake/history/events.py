"""Rows of contacts, wishes and letters. Pure: cells and what the books know give values, or findings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.contact import Channel, Disposition
from ledger.intake.amount import read_amount
from ledger.intake.finding import BadCell, Findings
from ledger.intake.history.cells import (
    read_bill,
    read_coming_day,
    read_debtor,
    read_e164,
    read_past,
    read_past_day,
    read_word,
    zones_of,
)
from ledger.intake.history.fact import Books, Fact
from ledger.intake.words import read_flag, read_letter_kind

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def check_contact(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """One try to reach somebody, as a row of `contact` without its slots."""
    who = found.read("debtor", read_debtor, cells["debtor"], books)
    begun = found.read("at", read_past, cells["at"], now)
    ended = found.read("ended_at", read_past, cells["ended_at"], now) if cells["ended_at"] else begun
    channel = found.read("channel", read_word, cells["channel"], tuple(Channel))
    # A number written as at home is read by where its debtor lives.
    address = found.read("address", _address, cells["address"], channel, who.country, who.ref) if who else None
    disposition = None
    if cells["disposition"] or channel == Channel.VOICE:
        disposition = found.read("disposition", read_word, cells["disposition"], tuple(Disposition))
    flags = {name: found.read(name, read_flag, cells[name]) for name in ("talked", "right_party", "solicited")}
    if begun and ended and ended < begun:
        found.refuse("ended_at", "lies before at", "correct one of the two")
    if flags["right_party"] and not flags["talked"]:
        found.refuse("talked", "says no, but right_party says yes", "who was proved has spoken: write yes")
    if found.errors or who is None or begun is None or address is None:
        return None
    zone = zones_of(who, address if channel in (Channel.VOICE, Channel.SMS) else None)[0]
    values = {
        "debtor": who.ref, "address": address, "channel": channel, "zone": zone,
        "local_date": begun.astimezone(ZoneInfo(zone)).date(), "begun_at": begun, "ended_at": ended,
        "disposition": disposition, **flags,
    }  # fmt: skip
    return Fact(line, (who.ref,), values)


def _address(text: str, channel: str | None, country: str | None, debtor: str) -> str:
    if channel == Channel.POST:
        return text or f"post:{debtor}"
    if channel == Channel.EMAIL:
        if not _EMAIL.fullmatch(text):
            raise BadCell("is no e-mail address", "write the address to which it was sent")
        return text
    if not text:
        raise BadCell("is empty", "write the number that was called")
    return read_e164(text, country)


def check_wish(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """What somebody asked for, as a row of `wish`."""
    who = found.read("debtor", read_debtor, cells["debtor"], books)
    said = found.read("at", read_past, cells["at"], now)
    kind = found.read("kind", read_word, cells["kind"], ("hours", "not_before", "channel", "number"))
    on_record = found.read("on_record", read_flag, cells["on_record"])
    if not cells["via"]:
        found.refuse("via", "is empty", "write where it was said, so that it can be found")
    value = _wished(kind, cells, who.country if who else None, found) if kind else {}
    if kind and not value and not found.errors:
        found.refuse("kind", f"{kind} says nothing", "fill the columns of this kind of wish (docs/import.md)")
    if found.errors or who is None or said is None:
        return None
    values = {
        "debtor": who.ref, "kind": kind, "value": value, "on_record": on_record, "via": cells["via"], "from_at": said,
    }  # fmt: skip
    return Fact(line, (who.ref,), values)


def _wished(kind: str, cells: Mapping[str, str], country: str | None, found: Findings) -> dict[str, Any]:
    if kind == "number":
        return {"e164": found.read("number", read_e164, cells["number"], country)}
    if kind == "channel":
        words = cells["channels"].replace(",", " ").split()
        return {"channels": [found.read("channels", read_word, one, tuple(Channel)) for one in words]} if words else {}
    start = found.read("from_time", _time, cells["from_time"]) if cells["from_time"] else None
    if kind == "not_before":
        day = found.read("date", read_coming_day, cells["date"]) if cells["date"] else None
        return {name: value for name, value in (("date", day and day.isoformat()), ("time", start)) if value}
    end = found.read("to_time", _time, cells["to_time"]) if cells["to_time"] else None
    if (start is None) != (end is None):
        found.refuse("to_time" if start else "from_time", "is missing", "from_time and to_time go together")
    if start and end and start >= end:
        found.refuse("to_time", "is not after from_time", "correct one of the two")
    words = cells["days"].replace(",", " ").split()
    days = [found.read("days", read_word, one, _WEEKDAYS) for one in words]
    return ({"days": days} if days else {}) | ({"from": start, "to": end} if start and end else {})


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise BadCell(f"“{text}” is no time of day", "write it as 18:00")
    return text


def check_letter(cells: Mapping[str, str], line: int, books: Books, now: datetime, found: Findings) -> Fact | None:
    """The first written reminder of an invoice, as columns of `invoice`."""
    bill = found.read("invoice", read_bill, cells["invoice"], cells["creditor"], books)
    sent = found.read("sent_on", read_past_day, cells["sent_on"], now)
    by = found.read("by", read_letter_kind, cells["by"])
    costs = found.read("costs", read_amount, cells["costs"], bill.currency) if cells["costs"] and bill else None
    if found.errors or bill is None or sent is None:
        return None
    if bill.first_letter_sent_on not in (None, sent):
        found.warn("sent_on", f"the letter left on {bill.first_letter_sent_on} according to the books; that stays")
    if sent < bill.issued_on:
        found.warn("sent_on", f"{sent} lies before the invoice's own date {bill.issued_on}")
    values = {
        "creditor": cells["creditor"], "invoice": cells["invoice"], "first_letter_sent_on": sent, "first_letter_by": by,
        "costs_in_letter_minor": costs,
    }  # fmt: skip
    return Fact(line, (bill.debtor,), values)
