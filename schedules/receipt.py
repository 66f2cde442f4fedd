"""What is kept of a verdict, so that each call made, and each not made, can be shown with its rule and source."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger.contact import Channel
from schedules.rules import Rules
from schedules.verdict import Allowed, Verdict

#: Longest texts that a receipt holds.
_TEXT, _ZONE = 200, 64


def receipt_fields(
    verdict: Verdict, debtor_id: int, channel: Channel, asked_at: datetime, rules: Rules
) -> dict[str, Any]:
    """The fields of a `ReceiptRow`, all but the contact's id and the version of the texts."""
    if isinstance(verdict, Allowed):
        said = {
            "verdict": "allowed",
            "rule": None,
            "value": f"until {verdict.closes_at.isoformat()}",
            "source": f"agreement {verdict.callback_id}" if verdict.callback_id is not None else None,
            "zone": ", ".join(verdict.zones)[:_ZONE] or None,
        }
    else:
        said = {
            "verdict": "refused",
            "rule": verdict.rule,
            "value": _cut(verdict.value),
            "source": _cut(verdict.source),
            "zone": _cut(verdict.zone, _ZONE),
        }
    return {
        "debtor_id": debtor_id,
        "asked_at": asked_at,
        "channel": channel.value,
        "law_version": rules.version,
        **said,
    }


def _cut(text: str | None, length: int = _TEXT) -> str | None:
    return None if text is None else text[:length]
