"""One row: cells by column become a `CheckedRow`, or errors with a fix each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from ledger.intake.checked import CheckedRow
from ledger.intake.creditor_cells import CREDITOR_COLUMNS, check_creditor
from ledger.intake.customer_cells import CUSTOMER_COLUMNS, check_customer
from ledger.intake.finding import Findings, RowError, RowWarning
from ledger.intake.invoice_cells import BILL_COLUMNS, TERMS_COLUMNS, check_bill, check_terms
from ledger.intake.person_cells import PERSON_COLUMNS, check_person
from ledger.intake.place import PLACE_COLUMNS, check_place, stated_by_postcode
from ledger.intake.telephone import PHONE_COLUMNS, check_phones, stated_country
from ledger.intake.text import MANY_LINES, tidy, unprintable

_creditor_cells = itemgetter(*CREDITOR_COLUMNS)
_customer_cells = itemgetter(*CUSTOMER_COLUMNS)
_person_cells = itemgetter(*PERSON_COLUMNS)
_place_cells = itemgetter(*PLACE_COLUMNS)
_phone_cells = itemgetter(*PHONE_COLUMNS)
_bill_cells = itemgetter(*BILL_COLUMNS)
_terms_cells = itemgetter(*TERMS_COLUMNS)
#: What can't be read of a number is stored with its verdict; it refuses no row.
_MAY_BE_SPOILT = frozenset({"phone_1", "phone_2", "phone_3"})


class Result(NamedTuple):
    """A row that holds, or the errors that it has; warnings either way."""

    row: CheckedRow | None
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowWarning, ...] = ()


def check_row(cells: Mapping[str, str], line: int, today: date) -> Result:
    """Check the cells of one row; every column of `columns.NAMES` is present, an absent one as an empty text."""
    spoilt: list[RowError] = []
    if not "".join(cells.values()).isprintable():
        cells, spoilt = cleaned(cells, line)
    place_cells, phone_cells = _place_cells(cells), _phone_cells(cells)
    # Telephone numbers name a country only where the address names none.
    stated = None
    if not place_cells[0] and not stated_by_postcode(place_cells[1]):
        stated = stated_country(phone_cells[::2])
    place, of_place = check_place(place_cells, stated)
    country = place.country if place else stated
    creditor, of_creditor = check_creditor(_creditor_cells(cells))
    customer, of_customer = check_customer(_customer_cells(cells), creditor.name if creditor else "")
    person, of_person = check_person(_person_cells(cells), today)
    phones, of_phones = check_phones(phone_cells, country)
    terms, of_terms = check_terms(_terms_cells(cells), country, today)
    bill, of_bill = check_bill(_bill_cells(cells), terms)
    found = (of_creditor, of_customer, of_person, of_place, of_phones, of_bill, of_terms)
    warnings = tuple([RowWarning(line, *one) for findings in found if findings.warnings for one in findings.warnings])
    if creditor and customer and person and place and terms and bill and not spoilt and not of_phones.errors:
        return Result(CheckedRow(line, creditor, customer, person, place, phones, bill, terms), (), warnings)
    return Result(None, _errors(line, spoilt, found), warnings)


def _errors(line: int, spoilt: list[RowError], found: tuple[Findings, ...]) -> tuple[RowError, ...]:
    known = {error.column for error in spoilt}
    return (
        *spoilt,
        *(RowError(line, *error) for one in found for error in one.errors if error[0] not in known),
    )


def cleaned(cells: Mapping[str, str], line: int) -> tuple[dict[str, str], list[RowError]]:
    """Cells without odd spaces, and an error for each that holds a character which is never stored."""
    errors: list[RowError] = []
    cleaned: dict[str, str] = {}
    for column, text in cells.items():
        cleaned[column] = text = tidy(text, lines=column in MANY_LINES)
        if column not in _MAY_BE_SPOILT and (found := unprintable(text)):
            errors.append(RowError(line, column, f"holds the invisible character {found}", "type the cell anew"))
    return cleaned, errors
