"""The wait for an answer, as a place asks it."""

from __future__ import annotations

from functools import cache

from ivr.act import Ask, Expect
from ivr.intent import Wants
from ivr.place import Place
from ivr.script import SCRIPT, choices_of, way_heard
from ivr.talk import Talk

#: Somebody who listens slowly also answers slowly.
_SLOW_PATIENCE = 1.4


def ask_of(talk: Talk, place: Place, pace: str) -> Ask:
    """The wait for an answer; longer where the person listens slowly."""
    patience_s = round(place.patience_s * (_SLOW_PATIENCE if pace == "slow" else 1.0), 1)
    wants = wants_of(talk, place) if talk.state.speech else None
    if place.statement:
        choices = "".join(sorted({*place.fixed, "*"}))
        return Ask(Expect.STATEMENT, choices=choices, patience_s=patience_s)
    if place.digits is None:
        choices = choices_of(place)
        return Ask(Expect.MENU, choices=choices, patience_s=patience_s, binding=place.binding, wants=wants)
    digits = place.digits(talk)
    return Ask(Expect.DIGITS, digits=digits, fewer=place.fewer, patience_s=patience_s, wants=wants)


@cache
def all_wants() -> tuple[Wants, ...]:
    """What the questions of the script can want, each once; one digit stands for any number of them."""
    return tuple(dict.fromkeys(_wants(place, 0 if place.digits is None else 1) for place in SCRIPT.values()))


def wants_of(talk: Talk, place: Place) -> Wants:
    """What this question wants in words, beside what may be said at any moment."""
    return _wants(place, 0 if place.digits is None else place.digits(talk))


def _wants(place: Place, digits: int) -> Wants:
    return Wants(
        yes_no=way_heard(place, "yes") is not None and not place.several,
        binds=place.binding,
        date="date" in place.ways,
        amount="amount" in place.ways,
        digits=digits,
        kind=next((kind for kind in ("paid", "dispute") if kind in place.ways), ""),
        options=place.options,
    )
