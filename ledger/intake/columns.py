"""The columns of a list: one table, from which reading, checking and docs/import.md go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Column:
    """One column that a list may have."""

    name: str
    required: bool
    #: Most characters that a cell may hold.
    longest: int
    meaning: str
    example: str


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of list."""

    all: tuple[Column, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Their names, in the order of the documentation."""
        return tuple(column.name for column in self.all)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of those that a list can't do without."""
        return tuple(column.name for column in self.all if column.required)

    @cached_property
    def known(self) -> frozenset[str]:
        """Their names, to look one up."""
        return frozenset(self.names)


def may(name: str, longest: int, meaning: str, example: str) -> Column:
    """A column that may be left out."""
    return Column(name, False, longest, meaning, example)


def must(name: str, longest: int, meaning: str, example: str) -> Column:
    """A column that a list can't do without."""
    return Column(name, True, longest, meaning, example)


COLUMNS: tuple[Column, ...] = (
    must("creditor", 120, "Who is owed the money", "Stroomdal Energie"),
    may("sender", 120, "Neutral name that anybody may hear; empty: the creditor's, if that tells nothing", "Stroomdal"),
    may("role", 16, "creditor (calls for itself) or collector (for somebody else); empty: creditor", "creditor"),
    may("contact_person", 120, "Employee to ask for when calling back", "An Claes"),
    may("callback_number", 20, "The number to call us back on, with its country", "+3225550100"),
    may("iban", 34, "Account to pay to", "BE71096123456769"),
    may("debtor", 64, "Your own lasting name for the human; empty: the customer number", "D-1001"),
    must("customer_no", 64, "Customer number at this creditor", "1001"),
    must("name", 120, "Full name of the person or firm", "Els Janssens"),
    may("address_form", 120, "How the person wants to be addressed; empty: the full name", "mevrouw Janssens"),
    may("tone", 16, "friendly: never a firm text for this person; firm or empty: as the ladder goes", "friendly"),
    may("kind", 16, "person or business; empty: person", "person"),
    may("student", 8, "yes or no; empty: no", "no"),
    may("birth_date", 10, "Date of birth; empty: age unknown", "1974-03-02"),
    may("language", 16, "nl, fr, de or en; empty: follows from country and postcode", "nl"),
    may("street", 200, "Street", "Kerkstraat"),
    may("house_number", 20, "House number with its letter or box", "12 bus 3"),
    may("postcode", 16, "Postcode, leading zeros kept", "9000"),
    may("city", 120, "Town", "Gent"),
    may("country", 60, "Country of the address: ISO code or name; empty: as postcode or number state it", "BE"),
    may("region", 8, "Part with holidays or rules of its own: a German Land, SCT, MA; empty: by the postcode", "VLG"),
    may("zone", 64, "Time zone, only where the address does not settle it", "Europe/Brussels"),
    may("email", 200, "E-mail address", "els@example.org"),
    may("phone_1", 40, "First number to call", "0470 12 34 56"),
    may("phone_1_kind", 16, "own, work or other; empty: own. Work numbers are never called", "own"),
    may("phone_2", 40, "Second number", "+32 2 555 01 23"),
    may("phone_2_kind", 16, "As phone_1_kind", "work"),
    may("phone_3", 40, "Third number", ""),
    may("phone_3_kind", 16, "As phone_1_kind", ""),
    may("call_code", 16, "The code on your letter that we say to prove ourselves", "4821"),
    may("secret_code", 16, "The code on your letter that the person types; 4 to 12 digits, never spoken", "730951"),
    must("invoice", 64, "Invoice number, unique at the creditor", "2026-000117"),
    must("amount", 24, "Amount of the invoice, above zero, two decimals at most", "118,40"),
    may("currency", 3, "EUR, GBP, CHF or USD; empty: EUR where the euro is the money", "EUR"),
    may("issued", 19, "Date of the invoice; empty: the due date", "2026-10-01"),
    must("due", 19, "Last day to pay", "2026-10-31"),
    may("about", 120, "A general word for what it is for; told only after proof of identity", "electricity"),
    may(
        "reference", 40, "Structured reference to pay with; empty: made from the invoice number", "+++202/6000/11714+++"
    ),
    may("paid", 24, "All that was paid on this invoice so far", "20,00"),
    may("status", 32, "open, paid, disputed, opted_out, deceased, hardship, mediation, wrong_number, minor", "open"),
    may("first_letter_sent_on", 19, "Day on which the first written reminder left", "2026-11-03"),
    may("first_letter_by", 16, "post or email; empty: post", "post"),
    may("costs_in_letter", 24, "Costs that this letter announced", "0,00"),
)

#: A list of debtors and invoices.
DEBTORS = Columns(COLUMNS)
NAMES = DEBTORS.names
REQUIRED = DEBTORS.required
LONGEST = {column.name: column.longest for column in COLUMNS}
