"""What happened to everyone: values for tables and for the JSON document of `beltoon demo`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class RefusalShown:
    """Why somebody was not called."""

    reason: str
    rule: str
    source: str | None
    next_opening: datetime | None


@dataclass(frozen=True, kw_only=True)
class PersonShown:
    """One debtor at the end of the rehearsal."""

    debtor: str
    name: str
    language: str
    #: How the last call to this person ended; None: none was made.
    disposition: str | None
    #: The kind of the last agreement that was made.
    agreement: str | None
    calls: int
    rang_in: int
    placed_at: datetime | None
    answered_at: datetime | None
    first_audio_ms: int | None
    cause: int | None
    #: Only for those who were not called.
    refusal: RefusalShown | None


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The sums, and whether they agree with the network's own log."""

    debtors: int
    called: int
    calls: int
    calls_in: int
    answered: int
    not_called: int
    dispositions: dict[str, int]
    agreements: dict[str, int]
    #: p95 of the first audible sound, milliseconds.
    first_audio_p95_ms: int | None
    #: None: the network is not our town, there is nothing to compare with.
    agrees_with_town: bool | None
    town: dict[str, int] | None


def totals(people: Sequence[PersonShown], answered: int, calls_in: int, town: dict[str, int] | None) -> Totals:
    """Count. The town counts the same calls: those that reached it must be those that we placed."""
    audio = sorted(p.first_audio_ms for p in people if p.first_audio_ms is not None)
    calls = sum(p.calls for p in people)
    return Totals(
        debtors=len(people),
        called=sum(p.calls > 0 for p in people),
        calls=calls,
        calls_in=calls_in,
        answered=answered,
        not_called=sum(p.calls == 0 for p in people),
        dispositions=dict(sorted(Counter(p.disposition for p in people if p.disposition).items())),
        agreements=dict(sorted(Counter(p.agreement for p in people if p.agreement).items())),
        first_audio_p95_ms=audio[min(len(audio) - 1, len(audio) * 95 // 100)] if audio else None,
        agrees_with_town=None if town is None else town == {"calls": calls, "answered": answered, "calls_in": calls_in},
        town=town,
    )


def document(people: Sequence[PersonShown], sums: Totals) -> dict[str, Any]:
    """The stable JSON document; what is absent is null."""
    return {
        "debtors": [
            {
                "debtor": one.debtor,
                "name": one.name,
                "disposition": one.disposition,
                "agreement": one.agreement,
                "placed_at": _iso(one.placed_at),
                "answered_at": _iso(one.answered_at),
                "first_audio_ms": one.first_audio_ms,
                "hangup_cause": one.cause,
                "calls": one.calls,
                "rang_in": one.rang_in,
                "refusal": None
                if one.refusal is None
                else {
                    "reason": one.refusal.reason,
                    "rule": one.refusal.rule,
                    "source": one.refusal.source,
                    "next_opening": _iso(one.refusal.next_opening),
                },
            }
            for one in people
        ],
        "totals": {name: getattr(sums, name) for name in Totals.__dataclass_fields__},
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")
