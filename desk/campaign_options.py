"""What people type about a campaign, as its rules hold it; the rules themselves check every value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.typed import hundredths, whole
from schedules.campaign import CampaignRules
from schedules.errors import BadCampaign, BadRules
from schedules.hours_text import days_from, hours_list

#: What takes an option back.
_NONE = "none"
_LISTS = ("countries", "languages", "bands", "stages")


def given(
    texts: Mapping[str, str | None],
    numbers: Mapping[str, float | None],
    window: Sequence[str] | None,
    daily_volume: str | None,
    audience: Sequence[str] | None,
) -> dict[str, Any]:
    """The changes, as a version's row holds them; who says `none` takes a rule back. Raises `BadCampaign`."""
    changes: dict[str, Any] = {
        key: None if value == _NONE else value for key, value in texts.items() if value is not None
    }
    changes |= {key: number for key, number in numbers.items() if number is not None}
    if daily_volume is not None:
        changes["daily_volume"] = None if daily_volume == _NONE else _whole("daily_volume", daily_volume)
    if window:
        changes["windows"] = None if list(window) == [_NONE] else _windows(window)
    if audience:
        changes["audience"] = None if list(audience) == [_NONE] else _audience(audience)
    return changes


def edited(rules: CampaignRules, changes: Mapping[str, Any]) -> CampaignRules:
    """The rules with these changes. Raises `BadCampaign`, naming the field."""
    return CampaignRules.read({**rules.stored(), **changes}, rules.name)


def told(value: Any) -> str:
    """A rule as people read it: `weekdays 17:00-18:00; sat closed`."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {told(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "closed"
    return str(value)


def _windows(pairs: Sequence[str]) -> dict[str, list[str]]:
    week: dict[str, list[str]] = {}
    for pair in pairs:
        days, equals, hours = pair.partition("=")
        if not equals:
            raise BadCampaign(f"windows: {pair[:40]!r} lacks its hours; write mon-fri=17:00-18:00")
        try:
            named = days_from(days)
        except BadRules as error:
            raise BadCampaign(f"windows, {error}") from error
        if twice := [day for day in named if day in week]:
            raise BadCampaign(f"windows, {twice[0]}: is named twice; write its hours once, with commas")
        week |= dict.fromkeys(named, hours_list(hours))
    return week


def _audience(pairs: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if name in ("min_open", "max_open"):
            found[f"{name}_minor"] = _cents(name, value)
        elif name == "stages":
            found[name] = [_whole(f"audience, {name}", one) for one in value.split(",")]
        elif name in _LISTS:
            found[name] = [one.strip() for one in value.split(",")]
        elif name in ("min_days_late", "max_days_late"):
            found[name] = _whole(f"audience, {name}", value)
        else:
            known = "min_open, max_open, min_days_late, max_days_late, countries, languages, bands or stages"
            raise BadCampaign(f"audience: {name[:40]!r} is no field of a filter; write {known}")
    return found


def _whole(name: str, text: str) -> int:
    if (found := whole(text)) is None:
        raise BadCampaign(f"{name}: {text[:20]!r} is no whole number")
    return found


def _cents(name: str, text: str) -> int:
    if (found := hundredths(text)) is None:
        raise BadCampaign(f"audience, {name}: {text[:20]!r} is no amount; write 50.00")
    return found
