"""Proof of identity: two factors of different groups, judged together; every failure ends in a way.

Typed or said, digits are judged at once and never kept. A wrong pair does not tell which was wrong: both
are asked in every try. A birthday counts only beside a number from our letter, an address never beside an address.
"""

from __future__ import annotations

from collections.abc import Callable

from ivr.briefing import Briefing, Factor
from ivr.closing import gone_with
from ivr.due import AFTER_PROOF, what_is_open
from ivr.later import later
from ivr.opening import first_question
from ivr.other import remembered
from ivr.place import Deed, Place, way
from ivr.record import IdentityFailed, IdentityPassed, LetterAsked
from ivr.state import GONE, Proof, State
from ivr.talk import Talk

#: Seconds to look for each number; a letter must be found first.
PATIENCE_S = {
    "postcode": 8.0,
    "house_number": 8.0,
    "customer": 12.0,
    "invoice": 12.0,
    "secret_code": 12.0,
    "birth_day": 8.0,
}
#: The question "do you have … at hand?" for each factor.
HAVE = {kind: "id.other" if kind == "secret_code" else f"id.other_{kind}" for kind in PATIENCE_S}


def pairs(one: Factor, two: Factor) -> bool:
    """May these two prove together who somebody is?"""
    groups = {one.group, two.group}
    return len(groups) == 2 and ("birth" not in groups or "letter" in groups)


def next_factor(briefing: Briefing, state: State) -> Factor | None:
    """The next factor to ask in this try, in the briefing's order; None: no pair is left that could prove anything."""
    at_hand = [f for f in briefing.factors if f.kind not in state.refused]
    if state.given:
        first = next(f for f in briefing.factors if f.kind == state.given[0][0])
        return next((f for f in at_hand if pairs(first, f)), None)
    return next((f for f in at_hand if any(pairs(f, other) for other in at_hand)), None)


def begin(talk: Talk) -> Talk:
    """Why we ask, and the first factor; nothing is asked of somebody whose tries of today are used up."""
    talk = talk.with_(given=())
    if not tries_left(talk) or next_factor(talk.briefing, talk.state) is None:
        return failed(talk)
    return ask_next(talk.say("id.why"))


def ask_next(talk: Talk) -> Talk:
    """The next factor, or the way out where none is left."""
    factor = next_factor(talk.briefing, talk.state)
    return failed(talk) if factor is None else talk.go(f"id.{factor.kind}")


def failed(talk: Talk) -> Talk:
    """No proof on this call: a person, a letter with a new code, or our number."""
    return talk.with_(given=()).mark("identity_failed").go("id.failed")


def tries_left(talk: Talk) -> bool:
    """One more pair may be tried, on this call and today."""
    return talk.state.tries < talk.briefing.tries_left


def typed(kind: str) -> Deed:
    """An entry of a factor: keep only whether it was right; after the second, judge."""

    def deed(talk: Talk) -> Talk:
        factor = next(f for f in talk.briefing.factors if f.kind == kind)
        talk = talk.with_(given=(*talk.state.given, (kind, talk.typed in factor.answers)))
        return _judged(talk) if len(talk.state.given) == 2 else ask_next(talk)

    return deed


def _judged(talk: Talk) -> Talk:
    given = talk.state.given
    talk = talk.with_(given=())
    if all(right for _, right in given):
        talk = talk.with_(proof=Proof.PROVED).note(IdentityPassed(kinds=tuple(kind for kind, _ in given)))
        return what_is_open(remembered(talk).say("id.done"))
    talk = talk.with_(tries=talk.state.tries + 1)
    talk = talk.note(IdentityFailed(nth=talk.state.tries))
    return ask_next(talk.say("id.wrong")) if tries_left(talk) else failed(talk)


def without(kind: str) -> Deed:
    """ "I don't have it": offer another factor by name, or the way out."""

    def deed(talk: Talk) -> Talk:
        talk = talk.with_(refused=(*talk.state.refused, kind))
        factor = next_factor(talk.briefing, talk.state)
        return failed(talk) if factor is None else talk.go(f"id.have.{factor.kind}")

    return deed


def found(talk: Talk) -> Talk:
    """Back: the last thing that was not at hand is."""
    *rest, last = talk.state.refused
    return talk.with_(refused=tuple(rest)).go(f"id.{last}")


def letter(talk: Talk) -> Talk:
    """A letter with a new code, asked for once."""
    if LetterAsked.__name__ not in talk.state.facts:
        talk = talk.note(LetterAsked())
    return talk.part("id.letter", "bye")


def _digits_of(kind: str) -> Callable[[Talk], int]:
    return lambda talk: next(f.digits for f in talk.briefing.factors if f.kind == kind)


#: "I can't find your letter" speaks of the number that is asked, and not yet of an invoice that never came; so does
#: "I am not at home", where the number stands in a letter.
_NOT_HERE = {
    kind: ("no", "invoice_missing", "not_home")
    if kind in ("customer", "invoice", "secret_code")
    else ("no", "invoice_missing")
    for kind in PATIENCE_S
}
_ASKED = tuple(f"id.{kind}" for kind in PATIENCE_S)
_HAVE = tuple(f"id.have.{kind}" for kind in PATIENCE_S)

PLACES = (
    Place(
        name="free.ask",
        asks=("free.ask",),
        ways={
            "1": way("yes", *_ASKED, "id.failed", do=begin, hears=("yes",)),
            "2": way("rather later", "later.ask", GONE, do=later, hears=("no",)),
            "#": way("back: not me", "open.ask", "inbound.ask", do=first_question),
        },
    ),
    *(
        Place(
            name=f"id.{kind}",
            asks=(f"id.{kind}",),
            digits=_digits_of(kind),
            secret=True,
            fixed="",
            patience_s=patience_s,
            ways={
                "digits": way("digits", *_ASKED, "id.failed", *AFTER_PROOF, do=typed(kind)),
                "#": way("don't have it", *_HAVE, "id.failed", do=without(kind), hears=_NOT_HERE[kind]),
            },
        )
        for kind, patience_s in PATIENCE_S.items()
    ),
    *(
        Place(
            name=f"id.have.{kind}",
            asks=(HAVE[kind],),
            ways={
                "1": way("yes", f"id.{kind}", hears=("yes",)),
                "2": way("neither", *_HAVE, "id.failed", do=without(kind), hears=_NOT_HERE[kind]),
                "#": way("back", *_ASKED, do=found),
            },
        )
        for kind in PATIENCE_S
    ),
    Place(
        name="id.failed",
        asks=("id.failed", "id.letter_ask"),
        back="free.ask",
        ways={
            "1": way("a new letter", GONE, do=letter, hears=("yes", "invoice_missing")),
            "no": way("no", GONE, do=gone_with("bye"), hears=("no",)),
            "silence": way("silence", GONE, do=gone_with("bye")),
        },
    ),
)
