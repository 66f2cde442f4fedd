"""A campaign: an effort to reach a group of debtors. Its rules are data, and every change is a new version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from schedules.errors import BadCampaign

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
#: Ring at least four times and at most a minute.
_RING_SECONDS = range(15, 61)
_MOST_LINES = 1000
_LONGEST_NAME = 120
_MOST_CALLS_PER_SECOND = 1000.0


class CampaignState(StrEnum):
    """Where a campaign is in its life."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"


#: What a supervisor may do, and where it leads.
CAMPAIGN_MOVES: Mapping[str, Mapping[CampaignState, CampaignState]] = {
    "start": {
        CampaignState.DRAFT: CampaignState.RUNNING,
        CampaignState.PAUSED: CampaignState.RUNNING,
        CampaignState.RUNNING: CampaignState.RUNNING,
    },
    "pause": {CampaignState.RUNNING: CampaignState.PAUSED, CampaignState.PAUSED: CampaignState.PAUSED},
    "finish": {
        CampaignState.DRAFT: CampaignState.FINISHED,
        CampaignState.RUNNING: CampaignState.FINISHED,
        CampaignState.PAUSED: CampaignState.FINISHED,
    },
}


def moved(name: str, state: CampaignState, move: str) -> CampaignState:
    """The state after a move. Raises `BadCampaign` where that can't be."""
    try:
        return CAMPAIGN_MOVES[move][state]
    except KeyError:
        raise BadCampaign(f"The campaign {name} is {state.value}; it can't {move}") from None


def check_name(name: str) -> str:
    """The name, if it may be one: letters, digits, point, dash, underscore; at most 64. Raises `BadCampaign`."""
    if not _NAME.fullmatch(name):
        raise BadCampaign(
            "A campaign's name is 1 to 64 letters, digits, points, dashes or underscores and begins with a letter or"
            " digit; for example winter-reminders"
        )
    return name


@dataclass(frozen=True, kw_only=True)
class CampaignRules:
    """What a version of a campaign says."""

    #: Only this creditor's invoices; None: every creditor's.
    creditor: str | None = None
    #: Calls in flight at most.
    lines: int = 20
    #: New calls a second at most.
    calls_per_second: float = 5.0
    #: How long it may ring.
    ring_seconds: int = 25
    #: Who really gets the invoices after the last reminder, as it is spoken; None: the last reminder is not read.
    hand_over_to: str | None = None

    def __post_init__(self) -> None:
        if self.creditor is not None and not self.creditor.strip():
            raise BadCampaign("creditor: give its name, or leave it out for every creditor")
        if self.hand_over_to is not None and not 0 < len(self.hand_over_to.strip()) <= _LONGEST_NAME:
            raise BadCampaign(f"hand_over_to: a name of at most {_LONGEST_NAME} characters, or leave it out")
        if isinstance(self.lines, bool) or not isinstance(self.lines, int) or not 1 <= self.lines <= _MOST_LINES:
            raise BadCampaign(f"lines: a whole number from 1 to {_MOST_LINES}")
        rate = self.calls_per_second
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 < rate <= _MOST_CALLS_PER_SECOND:
            raise BadCampaign(f"calls_per_second: a number above 0, at most {_MOST_CALLS_PER_SECOND:g}")
        ring = self.ring_seconds
        if isinstance(ring, bool) or not isinstance(ring, int) or ring not in _RING_SECONDS:
            raise BadCampaign(f"ring_seconds: from {_RING_SECONDS.start} to {_RING_SECONDS.stop - 1} seconds")

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> CampaignRules:
        """From a version's row. Raises `BadCampaign`, naming the field."""
        if unknown := sorted(stored.keys() - cls.__dataclass_fields__.keys()):
            raise BadCampaign(f"{unknown[0]}: is no rule of a campaign")
        return cls(**stored)

    def stored(self) -> dict[str, Any]:
        """As a version's row holds it."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign as it is now."""

    id: int
    name: str
    state: CampaignState
    made_at: datetime
    #: The version that holds now; an attempt names it.
    version_id: int
    version: int
    rules: CampaignRules
