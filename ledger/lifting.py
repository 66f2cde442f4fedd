"""May one of our people lift this hold? Pure.

What a person said on record (an opt-out) is lifted only by their own word; what an open agreement stopped ends with
it; the quiet days after a crisis are never cut short, and nobody makes a minor older by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.ending import ELSEWHERE, name_of
from ledger.errors import BadAnswer

OPT_OUT, WRONG_NUMBER, MINOR, CRISIS = "opt_out", "wrong_number", "minor", "crisis"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A hold as it is found."""

    id: int
    kind: str
    #: Exclusive; None: until a person lifts it.
    until_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    #: The open agreement that made it, by kind and id; None: it stands by itself.
    agreement: tuple[str, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What one of our people says beside the reason."""

    #: The person asked for calls again.
    asked_by_them: bool = False
    #: Whose number it is after all, as lists name the debtor.
    number_of: str | None = None


def check_lift(one: Held, said: Said, now: datetime) -> None:
    """Raises `BadAnswer` where it may not be lifted like this."""
    name = one.kind.replace("_", " ")
    if one.lifted_at is not None:
        raise BadAnswer(f"hold: {one.id} was lifted on {one.lifted_at:%Y-%m-%d} by {one.lifted_by}; once is enough")
    if one.until_at is not None and one.until_at <= now:
        raise BadAnswer(f"hold: {one.id} ended by itself on {one.until_at:%Y-%m-%d}")
    if one.agreement is not None:
        kind, id_ = one.agreement
        end = ELSEWHERE.get(kind, "end it: `beltoon agreements end {id} --why TEXT`").format(id=id_)
        raise BadAnswer(f"hold: {one.id} belongs to {name_of(kind)} {id_}, which is open; {end}")
    if one.kind == MINOR:
        raise BadAnswer(f"hold: {one.id} is there because of the person's age; correct the birth date in the list")
    if one.kind == CRISIS and one.until_at is not None:
        raise BadAnswer(
            f"hold: {one.id} is the quiet after a crisis, until {one.until_at:%Y-%m-%d}; it is not cut short"
        )
    if said.asked_by_them and one.kind != OPT_OUT:
        raise BadAnswer(f"asked-by-them: hold {one.id} is {name}, and no opt-out; leave it out")
    if said.number_of is not None and one.kind != WRONG_NUMBER:
        raise BadAnswer(f"number-of: hold {one.id} is {name}, and no wrong number; leave it out")
    if one.kind == OPT_OUT and not said.asked_by_them:
        raise BadAnswer(
            f"asked-by-them: hold {one.id} is an opt-out; only who asked for it may ask for calls again:"
            " say so with --asked-by-them"
        )
    if one.kind == WRONG_NUMBER and said.number_of is None:
        raise BadAnswer(f"number-of: somebody at the number of hold {one.id} said that it is wrong; name whose it is")
