"""How the people of a bench were heard, as the conversations wrote it down."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.tables import TurnRow


def heard_kinds(session: Session) -> Counter[str]:
    """How many turns heard each kind of thing (`Words`, `Noise`, `KeysOnly` …); `deaf`: calls in which words could not
    be heard from the beginning."""
    found: Counter[str] = Counter()
    for heard in session.scalars(select(TurnRow.heard)):
        found[str(heard["is"])] += 1
        found["deaf"] += heard["is"] == "Answered" and not heard["speech"]
    return found
