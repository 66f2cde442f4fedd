"""The script as one table: every place by its name. The picture in the documentation is drawn from it.

By key and by word. The fixed keys hold in every menu that names them: 0 a person, 9 stop, 5 another moment,
8 something else, `*` again, `#` back. While digits are typed only `*` and `#` are commands.
"""

from __future__ import annotations

from ivr import (
    closing,
    crisis,
    dispute,
    due,
    hardship,
    identity,
    instalment,
    language,
    later,
    meant,
    opening,
    other,
    paying,
    person,
    plan,
    promise,
    statement,
    stop,
    waiting,
    which,
)
from ivr.place import Place, Way, way
from ivr.state import GONE

#: Goes into every conversation's row; raised when the table or its deeds change.
SCRIPT_VERSION = "spoken-5"

_ROOMS = (opening, identity, due, instalment, paying, promise, plan, dispute, which, statement, hardship, later, person,
          waiting, stop, other, language, meant, crisis, closing)  # fmt: skip

#: Every place, in the order of a conversation.
SCRIPT: dict[str, Place] = {place.name: place for room in _ROOMS for place in room.PLACES}

#: What the fixed keys do wherever a place allows them.
FIXED: dict[str, Way] = {
    "0": way("a person", *person.PUT_THROUGH, do=person.person),
    "5": way("another moment", "later.ask", GONE, do=later.later),
    "8": way("something else", "other.ask", "other.self", do=other.other),
    "9": way("stop", "stop.done", "inbound.unknown", GONE, do=stop.stop),
}


def ways_of(place: Place) -> dict[str, Way]:
    """All ways out of a place, its own before the fixed keys."""
    return {**{key: FIXED[key] for key in place.fixed}, **place.ways}


def way_heard(place: Place, intent: str) -> Way | None:
    """The place's own way of an intent; None: it has none."""
    return next((way for way in place.ways.values() if intent in way.hears), None)


def choices_of(place: Place) -> str:
    """The keys that mean something in a menu."""
    return "".join(sorted({key for key in ways_of(place) if len(key) == 1} | {"*", "#"}))
