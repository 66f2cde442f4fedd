"""The first letter: what a collector must have written, and from which day on its term is over."""

from __future__ import annotations

from datetime import date, timedelta

from ledger.calendar import nth_working_day_after
from ledger.region import Region
from schedules.day import Terms
from schedules.standing import Invoice


def must_write_first(invoice: Invoice, terms: Terms) -> bool:
    """Does somebody else's claim need a letter before any call or message?"""
    return invoice.role == "collector" and bool(terms.letter_first.value)


def term_over_on(invoice: Invoice, terms: Terms, region: Region) -> date | None:
    """The first day after the letter's term; None: no letter was recorded.

    By post day 1 of the term is the n-th working day after posting (Monday to Friday, no public holiday: the later
    reading), else the day after sending. A registered letter goes by post. Source: Book XIX.2 §1 (BE).
    """
    sent = invoice.first_letter_sent_on
    if sent is None:
        return None
    posted = terms.letter_post_days.value if invoice.first_letter_by != "email" else 0
    first = nth_working_day_after(sent, posted, region) if posted else sent + timedelta(days=1)
    return first + timedelta(days=terms.letter_term_days.value)
