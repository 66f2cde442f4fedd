"""What people type about a creditor's policy, as the books hold it; `schedules.policy` checks every value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.typed import hundredths, whole
from schedules.errors import BadRules
from schedules.ladder import Ladder

#: What takes a field back, so that the house's own holds again.
_NONE = "none"
_AMOUNTS = {"plan_least": "plan_least_minor", "part_paid": "part_paid_minor"}
_YES_NO = {"yes": True, "no": False}


def changed(policy: Mapping[str, Any], pairs: Sequence[str], ladder: Ladder) -> dict[str, Any]:
    """A policy with these fields changed (`second_reminder=20`, `part_paid=5.00`). Raises `BadRules`."""
    steps = [step.name for step in ladder.steps]
    found, days = dict(policy), dict(policy.get("ladder") or {})
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadRules(f"{pair[:40]!r}: lacks its value; write second_reminder=20")
        if name in steps:
            _put(days, name, None if value == _NONE else _whole(name, value))
        else:
            key, read = _field(name, value, steps)
            _put(found, key, read)
    _put(found, "ladder", days or None)
    return found


def typed(policy: Mapping[str, Any]) -> dict[str, str]:
    """A policy as it is typed, for people: `{"part_paid": "5.00"}`."""
    told = {name: str(days) for name, days in (policy.get("ladder") or {}).items()}
    for name, key in _AMOUNTS.items():
        if key in policy:
            told[name] = f"{policy[key] / 100:.2f}"
    if "plan_most" in policy:
        told["plan_most"] = str(policy["plan_most"])
    if "essential" in policy:
        told["essential"] = "yes" if policy["essential"] else "no"
    if "vat_not_deductible_bp" in policy:
        told["vat_not_deductible"] = f"{policy['vat_not_deductible_bp'] / 100:.2f}"
    return told


def _field(name: str, value: str, steps: Sequence[str]) -> tuple[str, Any]:
    gone = value == _NONE
    if name in _AMOUNTS:
        return _AMOUNTS[name], None if gone else _hundredths(name, value)
    if name == "plan_most":
        return name, None if gone else _whole(name, value)
    if name == "vat_not_deductible":
        return "vat_not_deductible_bp", None if gone else _hundredths(name, value)
    if name == "essential":
        if not gone and value not in _YES_NO:
            raise BadRules(f"essential: {value[:20]!r} says neither; write yes or no")
        return name, None if gone else _YES_NO[value]
    known = ", ".join([*steps, *_AMOUNTS, "plan_most", "essential", "vat_not_deductible"])
    raise BadRules(f"{name[:40]}: is nothing that a creditor decides; write {known}")


def _put(found: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        found.pop(key, None)
    else:
        found[key] = value


def _whole(name: str, text: str) -> int:
    if (found := whole(text)) is None:
        raise BadRules(f"{name}: {text[:20]!r} is no whole number")
    return found


def _hundredths(name: str, text: str) -> int:
    if (found := hundredths(text)) is None:
        raise BadRules(f"{name}: {text[:20]!r} can't be read; write it as 5.00")
    return found
