"""May the last reminder be read on this call? Only when all that it says is true (conversation.md, after the prompts).

A letter went out for every invoice that is told, its fourteen days are over, costs are spoken of only as that letter
named them, and somebody really gets the invoice next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ivr.briefing import FinalNotice
from ledger.calendar import is_working_day
from ledger.money import Money, total
from ledger.region import Region
from schedules import letter_term
from schedules.cost_file import shipped_cost_rules
from schedules.letter_term import LetterTerm

#: The last reminder belongs to this stage.
LAST_STAGE = 3
#: A first letter leaves the debtor fourteen days wherever they live: from the third working day after its posting, or
#: from the day after an e-mail (BE: WER XIX.2). Where a law of costs gives a longer term, that one besides.
LETTER_TERM = LetterTerm(days=14, post_working_days=3, post_days=None, email_days=1)
#: After the last reminder there is so much time to pay (ours; no law asks for it).
FINAL_DAYS = 10


@dataclass(frozen=True, kw_only=True)
class FirstLetter:
    """What went out about one invoice, and what was charged on it."""

    #: None: no letter went out.
    sent_on: date | None
    #: `post` or `email`; None is taken for post.
    by: str | None
    #: The costs that the letter named, and those that are charged by now.
    costs: Money
    charged: Money


def final_notice(
    stage: int, hand_over_to: str | None, letters: Sequence[FirstLetter], today: date, region: Region
) -> FinalNotice | None:
    """The last reminder; None where a word of it would not be true. `letters`: one for each invoice that is told."""
    if stage < LAST_STAGE or not hand_over_to or not letters:
        return None
    if not all(term_is_over(one, today, region) for one in letters):
        return None
    charged = [one for one in letters if one.charged]
    if any(one.charged != one.costs for one in charged) or len({one.sent_on for one in charged}) > 1:
        return None
    before = today + timedelta(days=FINAL_DAYS)
    while not is_working_day(before, region):
        before += timedelta(days=1)
    return FinalNotice(
        letter_on=charged[0].sent_on if charged else None,
        costs=total([one.charged for one in charged]) if charged else None,
        before=before,
        next_party=hand_over_to,
    )


def stage_by_letters(stage: int, role: str, letters: Sequence[FirstLetter], today: date, region: Region) -> int:
    """The stage in whose tone we speak: a creditor stays friendly until a letter's term is over about all that is told.

    A collector waits for the letter with the call itself (`schedules.step`).
    """
    if stage < LAST_STAGE or role == "collector" or all(term_is_over(one, today, region) for one in letters):
        return stage
    return LAST_STAGE - 1


def term_is_over(letter: FirstLetter, today: date, region: Region) -> bool:
    """Have the letter's fourteen days, and those that the law of costs gives, passed, today not counted? Never without
    a letter."""
    if letter.sent_on is None:
        return False
    left = letter_term.FirstLetter(sent_on=letter.sent_on, by=letter.by or "post")
    return all(today >= term.over_from(left, region) for term in _terms_of(region.country))


@lru_cache(maxsize=64)
def _terms_of(country: str) -> tuple[LetterTerm, ...]:
    by_law = {row.letter for row in shipped_cost_rules().rows if country in row.countries and row.letter is not None}
    return LETTER_TERM, *by_law
