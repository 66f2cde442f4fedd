"""Whether what was said so far is the answer already, so that nobody waits out a whole silence for it. Pure.

"Ja" is a yes however a saying goes on that begins with it; "klopt" is not, since "klopt niet" denies it, nor is "no",
with which despair may begin. Who hesitates before a "but" is heard too: only a pause makes a beginning be looked at.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ivr.intent import Understood, Wants, understand

#: What may be answered by a beginning. All else names something, and more may be told with it.
_ANSWERS = frozenset({"yes", "no"})


def may_settle(wants: Wants) -> bool:
    """A yes or a no is the whole answer: with a day, an amount, digits or a kind more may follow."""
    return wants == Wants(yes_no=True)


def settled(text: str, language: str, wants: Wants, today: date, known: Collection[str]) -> Understood | None:
    """The yes or no that a beginning is, whatever follows; None: the end of the utterance has to be waited for.

    `known`: every saying that can be heard at the question, in small letters. It has to be one of them as it stands,
    and each that begins with it has to mean the same. Arguments and errors else as of `understand`.
    """
    if not may_settle(wants) or text not in known:
        return None
    found = understand(text, language, wants, today)
    if found is None or found.intent not in _ANSWERS:
        return None
    longer = (one for one in known if one.startswith(f"{text} "))
    return found if all(understand(one, language, wants, today) == found for one in longer) else None
