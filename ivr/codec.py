"""What was heard, said and remembered as JSON and back, exactly: for the conversation's row and a call's briefing.

A value becomes its fields beside `is`, its class's name; only the classes listed here are ever made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from types import UnionType
from typing import Any, cast, get_args

from ivr import act, briefing, heard, intent, record, state
from ivr.act import Act
from ivr.briefing import Briefing
from ivr.heard import Heard
from ivr.state import State
from ledger.money import Money
from voices import prompt

Json = dict[str, Any]


def _members(union: object) -> tuple[type, ...]:
    return get_args(union) if isinstance(union, UnionType) else ()


#: Every class that may be written down, by its name.
CLASSES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        *_members(heard.Heard),
        *_members(act.Act),
        *_members(record.Record),
        *(briefing.Briefing, briefing.Factor, briefing.OpenInvoice, briefing.PlanOffer, briefing.Opening),
        *(briefing.FinalNotice, briefing.DueInstalment, state.State, Money, intent.Wants),
        *(prompt.Name, prompt.Digits, prompt.Phone, prompt.Count, prompt.Ordinal, prompt.Choice, prompt.Sentences),
        prompt.Spoken,
    )
}
_ENUMS: dict[str, type[StrEnum]] = {e.__name__: e for e in (act.Expect, prompt.PromptClass, state.Proof)}
#: The fields of each, asked for once: a briefing is written down for every call.
_FIELDS: dict[type, tuple[str, ...]] = {
    cls: tuple(field.name for field in fields(cls)) for cls in CLASSES.values() if is_dataclass(cls)
}
_PLAIN = frozenset({type(None), bool, int, float, str})
_MOMENTS: dict[str, type[date] | type[time]] = {"datetime": datetime, "date": date, "time": time}


def to_json(value: object) -> Any:
    """A value as JSON can hold it. Raises `TypeError` for a class that is not listed."""
    kind = type(value)  # a briefing holds hundreds of values, and each call has one: the exact class is asked first
    if kind in _PLAIN:
        return value
    if kind is date:
        return {"is": "date", "value": str(value)}
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if kind in _FIELDS:
        found: dict[str, Any] = {"is": kind.__name__}
        for name in _FIELDS[kind]:
            inner = getattr(value, name)
            found[name] = inner if type(inner) in _PLAIN else to_json(inner)
        return found
    match value:
        case datetime() | time():
            return {"is": kind.__name__, "value": value.isoformat()}
        case StrEnum():
            return {"is": kind.__name__, "value": value.value}
        case Mapping():
            return {"is": "mapping", "value": {str(key): to_json(item) for key, item in value.items()}}
    raise TypeError(f"{kind.__name__} can't be written down; list it in ivr.codec")


def from_json(json: Any) -> Any:
    """The value that `to_json` wrote. Raises `KeyError` for a class that is not listed."""
    if isinstance(json, list):
        return tuple(from_json(item) for item in json)
    if not isinstance(json, dict):
        return json
    name = json["is"]
    if name == "mapping":
        return {key: from_json(item) for key, item in json["value"].items()}
    if name in _MOMENTS:
        return _MOMENTS[name].fromisoformat(json["value"])
    if name in _ENUMS:
        return _ENUMS[name](json["value"])
    return CLASSES[name](**{key: from_json(item) for key, item in json.items() if key != "is"})


def briefing_to_json(value: Briefing) -> Json:
    """For `call.briefing`."""
    return cast(Json, to_json(value))


def briefing_from_json(json: Json) -> Briefing:
    """The briefing that was stored with a call."""
    return cast(Briefing, from_json(json))


def state_to_json(value: State) -> Json:
    """For `conversation.state`."""
    return cast(Json, to_json(value))


def state_from_json(json: Json) -> State:
    """Where a conversation stands."""
    return cast(State, from_json(json))


def heard_to_json(value: Heard, secret: bool, choices: str) -> Json:
    """For `turn.heard`: never digits of identity, nor keys that answered nothing (they might be such digits).

    Of words the intent and what was understood of a day or an amount; digits that were said never."""
    if isinstance(value, heard.Words):
        kept = tuple(slot for slot in value.slots if slot[0] != "digits" and not secret)
        return cast(Json, to_json(heard.Words(value.intent, kept)))
    if isinstance(value, heard.Keys) and value.keys not in ("*", "#"):
        meant = not secret and (not choices or (len(value.keys) == 1 and value.keys in choices))
        if not meant:
            return {"is": "Keys", "keys": "redacted"}
    return cast(Json, to_json(value))


def acts_to_json(acts: tuple[Act, ...]) -> list[Json]:
    """For `turn.acts`: prompts by key, with what filled them."""
    return cast(list[Json], to_json(acts))


def acts_from_json(json: list[Json]) -> tuple[Act, ...]:
    """The acts that were stored for a turn."""
    return cast(tuple[Act, ...], from_json(json))
