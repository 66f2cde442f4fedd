"""What the rules alone say at a question: what goes before it, the answer to it, and the heaviest of all else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ivr.understanding.answer import Understood, Wants, asked
from ivr.understanding.hearing import Hearing
from ivr.understanding.meaning import Meaning, meanings
from ivr.understanding.said import Said
from ivr.understanding.words import said_but

#: These go before what the question asks, in this order.
FIRST = ("crisis", "representative", "deceased", "stop", "wrong_person", "person", "complaint")
#: These go even before what a rule leaves no doubt of.
_ABOVE_ALL = FIRST[:4]
#: What weighs the same is decided by this order; who names help or trouble is heard before who talks of paying.
THEN = (
    "wait", "hardship", "refuse", "paid", "invoice_missing", "dispute", "not_home", "plan", "promise", "later",
    "slower", "repeat", "genuine", "who", "language", "pay",
)  # fmt: skip
#: Of these, two that weigh the same contradict each other: neither is believed.
RIVALS = frozenset(("paid", "dispute"))
#: A yes that nobody asked for stands alone, or nearly.
FEW = 4

Found = Mapping[str, Meaning]


def ruled(said: Said, wants: Wants) -> Understood | None:
    """What the rules say; None: nothing, or two things as likely."""
    found = said.found
    if said_but(said.text, said.own):
        # "Ja maar" takes the yes back.
        found = {name: m for name, m in found.items() if name not in ("yes", "no") or _after_but(said.heard, name)}
    before = first(found, _ABOVE_ALL) or _certain(found) or first(found, FIRST)
    if before and not _only_a_no(before, found, wants):
        return said.means(before.intent)
    answer = asked(said.heard, found, wants, said.today)
    if answer is not None:
        return answer
    rest = _heaviest(found, len(said.words))
    return said.means(rest.intent) if rest else None


def first(found: Found, names: Sequence[str]) -> Meaning | None:
    """The first of these that was found."""
    return next((found[name] for name in names if name in found), None)


def _certain(found: Found) -> Meaning | None:
    """What a rule leaves no doubt of."""
    return max((one for one in found.values() if one.certain), key=lambda one: one.weight, default=None)


def _heaviest(found: Found, words: int) -> Meaning | None:
    rest = [found[name] for name in THEN if name in found]
    if not rest:
        # A yes or a no that nobody asked for is heard where nothing else was said.
        rest = [found[name] for name in ("yes", "no") if name in found] if words <= FEW else []
    if not rest:
        return None
    most = max(meaning.weight for meaning in rest)
    top = [meaning for meaning in rest if meaning.weight == most]
    said = {meaning.intent for meaning in top}
    return None if len(RIVALS & said) > 1 or said == {"yes", "no"} else top[0]


def _only_a_no(before: Meaning, found: Found, wants: Wants) -> bool:
    """`Nee, dat ben ik niet` to "are you …" is a no, not yet a wrong number."""
    no = found.get("no")
    return wants.yes_no and before.intent == "wrong_person" and no is not None and no.weight >= before.weight


def _after_but(heard: Sequence[Hearing], name: str) -> bool:
    return name in meanings(heard[-1:], {name: heard[-1].lexicon.rules[name]}) if len(heard) > 1 else False
