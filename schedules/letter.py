"""The first letter: what a collector must have written, and from which day on its term is over."""

from __future__ import annotations

from datetime import date

from ledger.region import Region
from schedules.day import Terms
from schedules.letter_term import FirstLetter, LetterTerm
from schedules.standing import Invoice

#: A term without a post of its own begins on the local day after the letter left (reading C15).
_NEXT_DAY = 1


def must_write_first(invoice: Invoice, terms: Terms) -> bool:
    """Does somebody else's claim need a letter before any call or message?"""
    return invoice.role == "collector" and bool(terms.letter_first.value)


def term_over_on(invoice: Invoice, terms: Terms, region: Region) -> date | None:
    """The first day after the letter's term; None: no letter was recorded. Source: Book XIX.2 §1 (BE).

    Raises `UnknownCalendar` where working days aren't known.
    """
    letter = letter_of(invoice)
    return None if letter is None else term_before_calls(terms).over_from(letter, region)


def letter_of(invoice: Invoice) -> FirstLetter | None:
    """The first letter about an invoice as it is on record; by what it left isn't known: by post."""
    if invoice.first_letter_sent_on is None:
        return None
    by = invoice.first_letter_by or "post"
    return FirstLetter(sent_on=invoice.first_letter_sent_on, by=by, costs=invoice.costs_in_letter)


def term_before_calls(terms: Terms) -> LetterTerm:
    """The term that comes before a collector's calls, by the counts of a region: by e-mail it begins the next day."""
    posted = terms.letter_post_days.value or None
    return LetterTerm(
        days=terms.letter_term_days.value,
        post_working_days=posted,
        post_days=None if posted else _NEXT_DAY,
        email_days=_NEXT_DAY,
    )
