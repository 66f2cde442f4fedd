"""Debtors for a bench: a list of made-up people who owe one invoice each, told apart by their numbers alone."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

#: Few names, so that every prompt is rendered after a moment.
NAMES = ("Ada Peeters", "Bruno Maes", "Chiara Claes", "Dirk Jacobs", "Els Mertens", "Femke Willems", "Gert Goossens")
#: What each of them types to prove who they are: postcode, and the end of the customer number.
POSTCODE, CUSTOMER_END = "9000", "4417"
LANGUAGE = "en"
#: What those of them say who speak: to the question who they are, and to every other one.
WORDS = {"me": "yes speaking", "yes": "yes it is"}
CREDITOR, CONTACT, ABOUT = "Lichtveld Energie", "Hilde Claes", "electricity"
COLUMNS = (
    "creditor", "contact_person", "callback_number", "iban", "customer_no", "name", "birth_date", "language",
    "postcode", "city", "country", "phone_1", "invoice", "amount", "currency", "issued", "due", "about",
)  # fmt: skip


def write_people(path: Path, count: int, today: date) -> None:
    """A list of so many people, all of an age that is called on the morning of a working day."""
    issued, due = today - timedelta(days=60), today - timedelta(days=30)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_row(n, issued, due) for n in range(count))


def _row(n: int, issued: date, due: date) -> tuple[str, ...]:
    return (
        CREDITOR, CONTACT, "+3225550100", "BE71096123456769", f"{n:07d}{CUSTOMER_END}", NAMES[n % len(NAMES)],
        f"{1947 + n % 14}-0{1 + n % 9}-1{n % 10}", LANGUAGE, POSTCODE, "Gent", "BE", f"+3247{n:07d}",
        f"2026-{n:06d}", f"{20 + n % 400}.{n % 100:02d}", "EUR", issued.isoformat(), due.isoformat(), ABOUT,
    )  # fmt: skip


def spoken_names() -> tuple[str, ...]:
    """Every name that a call to one of them can need."""
    return (*NAMES, CREDITOR, CONTACT, ABOUT)
