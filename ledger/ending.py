"""How people end what was agreed or asked: a row for each kind, and the decision. Pure.

What binds a person's peace ends by what it is: a request is served, a question answered, a report withdrawn. What
payments judge (a promise, a plan) is never called kept by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.errors import BadAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How one kind of agreement may be ended by hand."""

    #: The state that it ends in where nothing is said; None: it has to be said.
    usual: str | None
    #: Other states of the ledger that it may end in.
    others: tuple[str, ...] = ()
    #: Ended as kept it was a talk with the person, so that the rest after a talk begins.
    is_talk: bool = False
    #: Ended as kept it leaves the quiet that it began until its own day.
    quiet_stays: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that may be said."""
        return self.others if self.usual is None else (self.usual, *self.others)


#: By `ledger.tables.AgreementRow.kind`. Deceased: who has died stays in peace, so only a report in error is ended, and
#: where a slip would hurt most nothing is usual. Already paid, withdrawn: no payment was found, and the person knows.
#: Copy, kept: sent; the days to look at it go on.
ENDINGS = {
    "dispute": Ending(usual="kept", others=("withdrawn",)),
    "complaint": Ending(usual="kept", others=("withdrawn",)),
    "hardship": Ending(usual="kept", others=("withdrawn",)),
    "representative": Ending(usual=None, others=("kept", "withdrawn")),
    "deceased": Ending(usual=None, others=("withdrawn",)),
    "already_paid": Ending(usual="withdrawn", others=("kept",)),
    "copy": Ending(usual="kept", others=("withdrawn",), quiet_stays=True),
    "letter": Ending(usual="kept", others=("withdrawn",)),
    "person": Ending(usual="kept", others=("withdrawn",), is_talk=True),
    "callback": Ending(usual="kept", others=("withdrawn",), is_talk=True),
    "promise": Ending(usual="withdrawn"),
    "plan": Ending(usual=None, others=("broken", "withdrawn")),
}
#: What has a command of its own.
ELSEWHERE = {
    "plan_request": "answer it: `beltoon agreements answer {id} accept` or `refuse`",
    "crisis": "call the person, then `beltoon agreements called {id}`",
}
#: How people call it, where the kind alone is no name.
_NAMES = {
    "person": "request for a person", "callback": "call-back", "copy": "request for a copy",
    "letter": "request for a letter", "already_paid": "claim of a payment", "deceased": "report of a death",
    "representative": "report of a representative", "plan_request": "plan request",
}  # fmt: skip
#: The hold that an agreement makes, where it has another name than the agreement.
_HOLD_OF = {"representative": "mediation", "copy": "invoice_hold"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An agreement as it is found."""

    id: int
    kind: str
    state: str
    ended_on: date | None = None
    #: Call-back: `machine` or `person`.
    owner: str | None = None
    #: Promise: the day of payment.
    due_on: date | None = None
    #: Plan with instalments: is one late?
    late: bool | None = None

    @property
    def of_a_person(self) -> bool:
        """Is it a call that only one of our people can make?"""
        return self.kind == "person" or (self.kind == "callback" and self.owner == "person")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What one of our people says of the end."""

    #: None: the usual one.
    state: str | None = None
    #: They talked with the person.
    talked: bool = False
    #: They called, and did not reach the person.
    not_reached: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What becomes of it."""

    #: `open`: it stays, and the try alone is noted.
    state: str
    talked: bool
    quiet_stays: bool


def name_of(kind: str) -> str:
    """How people call an agreement of this kind."""
    return _NAMES.get(kind, kind)


def decided(one: Standing, asked: Asked, today: date) -> Decided:
    """How it ends. Raises `BadAnswer` with the field that can't be: an end is given once, and only one that fits."""
    name = name_of(one.kind)
    ending = ENDINGS.get(one.kind)
    if ending is None:
        instead = ELSEWHERE.get(one.kind, "no command ends it").format(id=one.id)
        raise BadAnswer(f"id: agreement {one.id} is a {name}, which is not ended like this; {instead}")
    if one.state != "open":
        when = f" on {one.ended_on}" if one.ended_on else ""
        raise BadAnswer(f"id: {name} {one.id} was ended{when} ({one.state}); an agreement ends once")
    if asked.not_reached:
        return _tried(one, asked, name)
    state = asked.state or ending.usual
    if state is None:
        raise BadAnswer(f"as: say how {name} {one.id} ends: {' or '.join(ending.states)}")
    if state not in ending.states:
        raise BadAnswer(f"as: a {name} ends as {' or '.join(ending.states)}, not as {asked.state!r:.40}")
    if one.kind == "promise" and one.due_on is not None and one.due_on < today:
        raise BadAnswer(f"id: the day of promise {one.id} is over ({one.due_on}); payments tell whether it was kept")
    if one.kind == "plan" and state == "broken" and one.late is False:
        raise BadAnswer(f"as: no instalment of plan {one.id} is late; a plan that is paid as agreed is not broken")
    kept = state == "kept"
    return Decided(
        state=state, talked=asked.talked or (ending.is_talk and kept), quiet_stays=ending.quiet_stays and kept
    )


def _tried(one: Standing, asked: Asked, name: str) -> Decided:
    if not one.of_a_person:
        raise BadAnswer(f"not-reached: nobody of us has to call about {name} {one.id}; leave it out")
    if asked.talked or asked.state is not None:
        raise BadAnswer("not-reached: who was not reached did not talk, and nothing ended; leave --as and --talked out")
    return Decided(state="open", talked=False, quiet_stays=True)


def own_hold(source_key: str, kind: str) -> tuple[str, str]:
    """Kind of the holds that an agreement made itself, and how their `source_key` begins (`ivr.cause.Cause.key`)."""
    made = _HOLD_OF.get(kind, kind)
    stem = source_key.removesuffix(f":{kind}") if made != kind else source_key
    return made, f"{stem}:{made}:" if made != kind else f"{stem}:"
