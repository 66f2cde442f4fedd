"""Whom a campaign is about: a filter that is data. It only leaves people out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from schedules.errors import BadCampaign
from schedules.stage import NO_OWN_DAYS, OwnDays, stage_on

_LARGEST = 1_000_000_000
#: What each list may hold, and how it is said.
_LISTS = {
    "countries": (re.compile("[A-Z]{2}", re.ASCII), "ISO 3166 codes in capitals, such as BE"),
    "languages": (re.compile("nl|fr|de|en"), "nl, fr, de or en"),
    "bands": (re.compile("[a-z][a-z0-9_]{0,23}", re.ASCII), "keys of bands, such as adult"),
}


def stage_of(days_late: int, own: OwnDays = NO_OWN_DAYS) -> int:
    """1 friendly, 2 firm, 3 last: who was not reminded yet begins with a friendly word."""
    return max(1, stage_on(days_late, own))


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Each field that is set must fit a person; what is left out fits everybody."""

    #: What is open in all, in cents (of one currency), both included.
    min_open_minor: int | None = None
    max_open_minor: int | None = None
    #: Days since the oldest open invoice was due, both included.
    min_days_late: int | None = None
    max_days_late: int | None = None
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    #: 1 friendly, 2 firm, 3 last: where the oldest open invoice stands on the ladder of its creditor.
    stages: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name in ("open_minor", "days_late"):
            least, most = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            for side, value in (("min", least), ("max", most)):
                if value is not None and (type(value) is not int or not 0 <= value <= _LARGEST):
                    raise BadCampaign(f"audience, {side}_{name}: a whole number from 0 to {_LARGEST}")
            if least is not None and most is not None and most < least:
                raise BadCampaign(f"audience, max_{name}: lies below min_{name}")
        for name, (fits, told) in _LISTS.items():
            values = getattr(self, name)
            if not all(isinstance(one, str) and fits.fullmatch(one) for one in values):
                raise BadCampaign(f"audience, {name}: {told}")
        if not all(type(one) is int and 1 <= one <= 3 for one in self.stages):
            raise BadCampaign("audience, stages: 1 (friendly), 2 (firm) or 3 (last)")

    @classmethod
    def read(cls, stored: Any) -> Audience:
        """From a version's row. Raises `BadCampaign`, naming the field."""
        if not isinstance(stored, Mapping):
            raise BadCampaign("audience: fields and their values")
        if unknown := sorted(stored.keys() - cls.__dataclass_fields__.keys()):
            raise BadCampaign(f"audience, {unknown[0]}: is no field of a filter")
        lists = {*_LISTS, "stages"}
        if wrong := [name for name in lists & stored.keys() if not isinstance(stored[name], list | tuple)]:
            raise BadCampaign(f"audience, {wrong[0]}: a list")
        values: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in stored.items()}
        return cls(**values)

    def stored(self) -> dict[str, Any]:
        """As a version's row holds it: only what is set."""
        found = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}
