"""The stable document that `beltoon why` gives: may this person be contacted, and which rule says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.contact import Channel
from ledger.phone import mask
from schedules.standing import Standing
from schedules.verdict import Allowed, Verdict


def why_document(standing: Standing, verdict: Verdict, at: datetime) -> dict[str, Any]:
    """A verdict as one JSON document. Times are ISO 8601 in the person's zone; the number is masked."""
    told = {
        "debtor": standing.ref,
        "at": _clock(at, verdict.zone),
        "verdict": "allowed" if isinstance(verdict, Allowed) else "refused",
        "channel": str(verdict.channel),
        "number": mask(verdict.number) if verdict.number else None,
    }
    if isinstance(verdict, Allowed):
        return told | {
            "reason": _until(verdict),
            "rule": None,
            "source": None,
            "confidence": None,
            "zone": verdict.zone,
            "next_opening": _clock(at, verdict.zone),
            "all": [],
        }
    opening = verdict.next_opening
    return told | {
        "reason": verdict.reason,
        "rule": verdict.rule,
        "source": verdict.source,
        "confidence": verdict.confidence,
        "zone": verdict.zone,
        "next_opening": None if opening is None else _clock(opening, verdict.zone),
        "all": list(verdict.all),
    }


def _until(verdict: Allowed) -> str:
    """Till when, in words; a letter knows no hours."""
    if verdict.channel is Channel.POST:
        return "May be written to at any hour"
    ends = verdict.dial_by.astimezone(ZoneInfo(verdict.zone))
    asked = ", as the person asked" if verdict.callback_id is not None else ""
    return f"May be contacted until {ends:%H:%M:%S}{asked}"


def _clock(moment: datetime, zone: str | None) -> str:
    return (moment.astimezone(ZoneInfo(zone)) if zone else moment).isoformat()
