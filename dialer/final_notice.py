"""May the last reminder be read on this call? Only when all that it says is true (conversation.md, after the prompts).

A letter went out for every invoice that is told, its fourteen days are over, costs are spoken of only as that letter
named them, and somebody really gets the invoice next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.briefing import FinalNotice
from ledger.calendar import is_working_day, nth_working_day_after
from ledger.money import Money, total
from ledger.region import Region

#: The last reminder belongs to this stage.
LAST_STAGE = 3
#: A first letter leaves the debtor fourteen days: from the third working day after its posting, or from the day after
#: an e-mail (BE: WER XIX.2; NL: 6:96(6) BW wants them in full after receipt).
LETTER_DAYS, POST_WORKING_DAYS = 14, 3
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


def term_is_over(letter: FirstLetter, today: date, region: Region) -> bool:
    """Have the letter's fourteen days passed, today not counted? Never without a letter."""
    if letter.sent_on is None:
        return False
    if letter.by == "email":
        begins = letter.sent_on + timedelta(days=1)
    else:
        begins = nth_working_day_after(letter.sent_on, POST_WORKING_DAYS, region)
    return today >= begins + timedelta(days=LETTER_DAYS)
