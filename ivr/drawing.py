"""The picture of a conversation, drawn from the script's own table, so that it stays true."""

from __future__ import annotations

from ivr.place import BACK, Place, Way
from ivr.script import SCRIPT
from ivr.state import GONE, START

#: How a way's key is written at its arrow.
_KEYS = {
    "answered": "",
    "digits": "digits: ",
    "silence": "silence: ",
    "noise": "anything else: ",
    "hangup": "",
    "recorded": "in words: ",
    "lost": "",
    "date": "in words: ",
    "amount": "in words: ",
    "dispute": "in words: ",
    "paid": "in words: ",
    "deceased": "in words: ",
}


def drawing() -> str:
    """A Mermaid state diagram: every place, what it asks, and where each answer leads.

    The fixed keys (0, 5, 8, 9, `*`, `#`) hold in nearly every menu and are told in the heading instead of drawn.
    """
    lines = [
        "stateDiagram-v2",
        "    direction TB",
        "    %% In menus: 0 a person, 9 stop, 5 another moment, 8 something else, * again, # back.",
        "    %% Hanging up, a payment that comes in and the end of our time lead to the end from everywhere.",
    ]
    lines += [
        f"    {_node(place.name)} : {_text(place)}" for place in SCRIPT.values() if place.name not in (START, GONE)
    ]
    for place in SCRIPT.values():
        for key, way in place.ways.items():
            lines += [f"    {_node(place.name)} --> {_node(target)} : {_label(key, way)}" for target in way.to]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def _node(name: str) -> str:
    if name in (START, GONE):
        return "[*]"
    return "back" if name == BACK else _merged(name).replace(".", "_")


def _merged(name: str) -> str:
    """The factors of identity are asked in one way: one place of the picture stands for all of them."""
    if name.startswith("id.have."):
        return "id.have"
    return name if name == "id.failed" or not name.startswith("id.") else "id.digits"


def _text(place: Place) -> str:
    marks = [mark for mark, holds in (("binds", place.binding), ("never stored", place.secret)) if holds]
    return _merged(place.name) + (f" ({', '.join(marks)})" if marks else "")


def _label(key: str, way: Way) -> str:
    label = way.label.replace(":", ",")
    return f"{_KEYS.get(key, f'{key} ')}{label}"
