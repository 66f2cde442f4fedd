"""Which words are meant: not a figure of speech ("dying of hunger"), nor what is said only to be taken back.

Both are data, `[turns]` of a language's file, in the writing of rules (`rule.py`): of `figures` the first thing asked
for is left out where all the rest is heard too; of `restarts` all that stands before the end of the last is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ivr.understanding.hearing import Hearing
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.rule import Rule
from ivr.understanding.words import Clause


def unfigured(said: Sequence[Clause], own: Lexicon) -> tuple[Clause, ...]:
    """The clauses without figures of speech: whose phone is dying has not cried, and nobody has died."""
    kept = (_without(clause, own) for clause in said)
    return tuple(clause for clause in kept if clause.words)


def restarted(said: Sequence[Clause], own: Lexicon) -> tuple[Clause, ...]:
    """What is said after the last "no wait", or after "I don't say that …, I say". All, where nothing follows it."""
    for n in reversed(range(len(said))):
        begin = max((_end(Hearing(own, said[n]), rule) for rule in own.turns.get("restarts", ())), default=0)
        rest = said[n].words[begin:]
        if begin and rest:
            return replace(said[n], words=rest), *said[n + 1 :]
    return tuple(said)


def _without(clause: Clause, own: Lexicon) -> Clause:
    heard = Hearing(own, clause)
    spans = [span for rule in own.turns.get("figures", ()) if heard.holds(rule) for span in heard.matches(rule.needed[0])]
    if not spans:
        return clause
    words = tuple(word for n, word in enumerate(clause.words) if not any(a <= n < b for a, b in spans))
    return replace(clause, words=words, partial=True)


def _end(heard: Hearing, rule: Rule) -> int:
    """Where the last thing that a restart asks for ends; each stands after the one before. 0: it is not heard."""
    if any(heard.matches(item) for item in rule.absent):
        return 0
    ends = [0]
    for item in rule.needed:
        following = [b for a, b in heard.matches(item) if a >= ends[-1]]
        if not following:
            return 0
        ends.append(min(following))
    return ends[-1]
