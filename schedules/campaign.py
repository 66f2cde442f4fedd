"""A campaign: an effort to reach a group of debtors. Its rules are data, and every change is a new version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from schedules.audience import Audience
from schedules.campaign_call import Script, ServedBy, check_calls, told_stage
from schedules.errors import BadCampaign, BadRules
from schedules.hours_text import week_from, week_table
from schedules.row import Week

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
#: Ring at least four times and at most a minute.
_RING_SECONDS = range(15, 61)
_MOST_LINES = 1000
_LONGEST_NAME = 120
_MOST_CALLS_PER_SECOND = 1000.0
_MOST_A_DAY = 1_000_000


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
    #: Hours by weekday, narrower than ours; None: ours.
    windows: Week | None = None
    #: The first and the last day, both included, at the person's own place.
    start_on: date | None = None
    end_on: date | None = None
    #: Calls begun by ourselves in one local day at most; None: no such limit.
    daily_volume: int | None = None
    #: Whom it is about; None: whoever owes.
    audience: Audience | None = None
    #: What is said (`campaign_call.Script`), by whom, over which carrier.
    script: str = Script.BY_STAGE.value
    served_by: str = ServedBy.IVR.value
    carrier: str = "asterisk"
    #: Our number as the called see it, E.164; None: the one of the settings.
    caller_id: str | None = None
    #: The campaign's name, for reasons; no rule.
    name: str = field(default="", compare=False)

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
        volume = self.daily_volume
        if volume is not None and (type(volume) is not int or not 1 <= volume <= _MOST_A_DAY):
            raise BadCampaign(f"daily_volume: a whole number from 1 to {_MOST_A_DAY}")
        if self.start_on is not None and self.end_on is not None and self.end_on < self.start_on:
            raise BadCampaign("end_on: lies before start_on")
        if self.windows is not None and not any(self.windows):
            raise BadCampaign("windows: no day has hours; pause the campaign instead")
        check_calls(self.script, self.carrier, self.served_by, self.caller_id)
        if self.script == Script.FRIENDLY and self.hand_over_to is not None:
            raise BadCampaign(
                "script: friendly reads no last reminder, which hand_over_to is for; take one of the two back"
            )

    def told_stage(self, stage: int) -> int:
        """The stage in whose tone a call of this campaign speaks to somebody who stands at `stage`."""
        return told_stage(self.script, stage)

    @classmethod
    def read(cls, stored: Mapping[str, Any], name: str = "") -> CampaignRules:
        """From a version's row. Raises `BadCampaign`, naming the field."""
        if unknown := sorted(stored.keys() - cls.__dataclass_fields__.keys() | stored.keys() & {"name"}):
            raise BadCampaign(f"{unknown[0]}: is no rule of a campaign")
        values = {key: value for key, value in stored.items() if value is not None}
        for key in values.keys() & {"start_on", "end_on"}:
            values[key] = _day(key, values[key])
        if "windows" in values:
            values["windows"] = windows_from(values["windows"])
        if "audience" in values:
            values["audience"] = Audience.read(values["audience"])
        return cls(**values, name=name)

    def stored(self) -> dict[str, Any]:
        """As a version's row holds it."""
        return {
            "creditor": self.creditor,
            "lines": self.lines,
            "calls_per_second": self.calls_per_second,
            "ring_seconds": self.ring_seconds,
            "hand_over_to": self.hand_over_to,
            "windows": None if self.windows is None else week_table(self.windows),
            "start_on": None if self.start_on is None else self.start_on.isoformat(),
            "end_on": None if self.end_on is None else self.end_on.isoformat(),
            "daily_volume": self.daily_volume,
            "audience": None if self.audience is None else self.audience.stored(),
            "script": self.script,
            "served_by": self.served_by,
            "carrier": self.carrier,
            "caller_id": self.caller_id,
        }


def windows_from(given: Any) -> Week:
    """Hours by weekday, as a band has them. Raises `BadCampaign`, naming day and pair."""
    try:
        return week_from("windows", given)
    except BadRules as error:
        raise BadCampaign(str(error)) from error


def _day(name: str, text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadCampaign(f"{name}: a day, such as 2026-12-24") from error


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
