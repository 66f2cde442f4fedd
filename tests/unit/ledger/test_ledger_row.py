"""One row: cells become a checked row, or errors with a fix each (reliability.md 4 D, 14 to 24)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a_list import TODAY, cells
from ledger.intake.columns import COLUMNS, NAMES
from ledger.intake.row import check_row
from ledger.intake.words import Status


def test_a_good_row_says_all_that_it_holds() -> None:
    every = {column.name: column.example for column in COLUMNS}
    result = check_row(every, 2, TODAY)
    assert result.errors == result.warnings == ()
    row = result.row
    assert row is not None
    assert (row.line, row.creditor.name, row.creditor.sender) == (2, "Stroomdal Energie", "Stroomdal")
    assert (row.creditor.callback_number, row.creditor.iban) == ("+3225550100", "BE71096123456769")
    assert (row.customer.number, row.customer.call_code, row.customer.secret_code) == ("1001", "4821", "730951")
    assert (row.person.name, row.person.birth_date, row.place.postcode) == ("Els Janssens", date(1974, 3, 2), "9000")
    assert [(phone.e164, phone.rank, phone.kind) for phone in row.phones] == [
        ("+32470123456", 1, "own"),
        ("+3225550123", 2, "work"),
    ]
    assert (row.bill.amount_minor, row.bill.paid_minor, row.terms.currency) == (11840, 2000, "EUR")
    assert (row.terms.issued_on, row.terms.due_on) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (row.terms.first_letter_sent_on, row.terms.first_letter_by) == (date(2026, 11, 3), "post")


def test_only_six_columns_are_needed() -> None:
    needed = {"creditor": "Stroomdal", "customer_no": "7", "name": "Jan Maes", "invoice": "1", "amount": "5"}
    result = check_row({**dict.fromkeys(NAMES, ""), **needed, "due": "2026-10-31", "country": "NL"}, 2, TODAY)
    assert result.row is not None
    assert (result.row.place.language, result.row.terms.currency) == ("nl", "EUR")
    assert result.row.terms.issued_on == result.row.terms.due_on == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        # 14 to 17 are numbers: tests of `telephone`; they refuse no row.
        ("amount", "1.234", "two ways"),
        ("amount", "-5", "negative"),
        ("amount", "0", "zero"),
        ("amount", "1e9", "no amount"),
        ("amount", "NaN", "no amount"),
        ("amount", "1,2345", "more than two decimals"),
        ("amount", "", "empty"),
        ("currency", "XXX", "no currency"),
        ("paid", "200", "more than the amount"),
        ("paid", "-1", "negative"),
        ("due", "31/02/2026", "does not exist"),
        ("due", "01/02/03", "two digits"),
        ("due", "9999-12-31", "too far away"),
        ("due", "1900-01-01", "too far away"),
        ("due", "", "empty"),
        ("issued", "2026-11-01", "before the invoice"),
        ("birth_date", "2030-01-01", "not come yet"),
        ("birth_date", "30/02/1980", "does not exist"),
        ("country", "Mars", "no country"),
        ("zone", "EST", "no time zone"),
        ("zone", "GMT+5", "no time zone"),
        ("zone", "Mars/Phobos", "no time zone"),
        ("zone", "America/New_York", "no zone of this address"),
        ("region", "Bayern, Land", "no region"),
        ("postcode", "90001", "no postcode of BE"),
        ("language", "es", "none of the words"),
        ("status", "deceasd", "none of the words"),
        ("student", "maybe", "none of the words"),
        ("phone_1_kind", "boat", "none of the words"),
        ("name", "", "empty"),
        ("name", "null", "empty"),
        ("name", "12345", "no letter"),
        ("name", '=HYPERLINK("http://x")', "formula"),
        ("name", "+1-1", "formula"),
        ("name", "@SUM(A1)", "formula"),
        ("name", "-Els", "formula"),
        ("name", "<script>alert(1)</script>", "stands in no name"),
        ("name", "{{7*7}}", "stands in no name"),
        ("name", "Robert'); DROP TABLE debtor", "stands in no name"),
        ("name", "${jndi:ldap://x}", "stands in no name"),
        ("name", "E" * 10_000, "120 are allowed"),
        ("name", "Els\r\nAction: Originate", "invisible character U+000D"),
        ("name", "Els\x00", "invisible character U+0000"),
        ("name", "Els \u202esnessnaJ", "invisible character U+202E"),
        ("name", "Els\u200bJanssens", "invisible character U+200B"),
        ("name", "Els\u2028Janssens", "invisible character U+2028"),
        ("name", "Els \ud800", "invisible character U+D800"),
        ("debtor", "D\x07", "invisible character U+0007"),
        ("debtor", "D" * 65, "64 are allowed"),
        ("debtor", "=1", "formula"),
        ("customer_no", "", "empty"),
        ("customer_no", "1,0E+5", "rounded by a spreadsheet"),
        ("customer_no", "10\n01", "invisible character U+000A"),
        ("invoice", "2,02611E+11", "rounded by a spreadsheet"),
        ("invoice", "I" * 65, "64 are allowed"),
        ("creditor", "", "empty"),
        ("creditor", "=cmd|'/c calc'!A0", "formula"),
        ("sender", "Incasso Jansen", "tells too much"),
        ("callback_number", "112", "emergency"),
        ("callback_number", "0470 12 34 56", "no telephone number"),
        ("iban", "BE71 0961 2345 6768", "no valid IBAN"),
        ("secret_code", "12", "4 to 12 digits"),
        ("secret_code", "ABCDE", "4 to 12 digits"),
        ("call_code", "12#4", "letters and digits"),
        ("street", "=1+1", "formula"),
        ("about", "a" * 121, "120 are allowed"),
        ("reference", "<b>", "no payment reference"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_reason_and_fix(column: str, text: str, reason: str) -> None:
    result = check_row(cells(**{column: text}), 17, TODAY)
    assert result.row is None
    error = next(error for error in result.errors if reason in error.reason)
    assert error.line == 17
    assert error.column in (column, "due")
    assert error.fix


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "Null",
        "Anne-Marie D’Hondt",
        "محمد العلي",
        "李小龍",
        "Jansen & Zonen (Holland) B.V.",
        "Łukasz Żółć",
        "X Æ A-12",
        "Frédérique\u00a0Noël",
    ],
)
def test_a_strange_but_true_name_is_taken(name: str) -> None:
    result = check_row(cells(name=name), 2, TODAY)
    assert result.row is not None
    assert result.row.person.name == name.replace("\u00a0", " ")


def test_a_line_break_in_an_address_becomes_a_space() -> None:
    result = check_row(cells(street="Kerkstraat\r\nbus 3"), 2, TODAY)
    assert result.row is not None
    assert result.row.person.street == "Kerkstraat bus 3"


def test_a_bad_number_refuses_no_row() -> None:
    result = check_row(cells(phone_1="112", phone_2="\u202e0470", phone_3="+881612345678"), 2, TODAY)
    assert result.row is not None
    assert [phone.verdict for phone in result.row.phones] == ["emergency", "invalid", "satellite"]
    assert [warning.column for warning in result.warnings] == ["phone_1", "phone_2", "phone_3"]


def test_every_error_of_a_row_is_told_at_once() -> None:
    result = check_row(cells(amount="0", due="x", name="", zone="EST"), 2, TODAY)
    assert {error.column for error in result.errors} == {"amount", "due", "name", "zone"}


def test_the_two_codes_must_differ() -> None:
    result = check_row(cells(call_code="48 21", secret_code="4821"), 2, TODAY)
    assert [(error.column, "same as call_code" in error.reason) for error in result.errors] == [("secret_code", True)]


def test_a_creditor_whose_name_tells_too_much_needs_a_sender() -> None:
    refused = check_row(cells(creditor="Tandartspraktijk Smet"), 2, TODAY)
    assert [(error.column, error.fix) for error in refused.errors] == [("sender", "write a neutral trade name")]
    taken = check_row(cells(creditor="Tandartspraktijk Smet", sender="Smet Administratie"), 2, TODAY)
    assert taken.row is not None


@pytest.mark.parametrize(("birth", "warned"), [("1900-01-01", True), ("1980", True), ("2010-06-01", True), ("", False)])
def test_an_unlikely_birth_date_is_a_warning(birth: str, warned: bool) -> None:
    result = check_row(cells(birth_date=birth), 2, TODAY)
    assert result.row is not None
    assert [warning.column for warning in result.warnings] == ["birth_date"] * warned


def test_a_currency_is_only_guessed_where_the_euro_is_the_money() -> None:
    result = check_row(cells(country="GB", postcode="SW1A 1AA", language=""), 2, TODAY)
    assert [(error.column, "GB has its own money" in error.reason) for error in result.errors] == [("currency", True)]


def test_a_country_that_only_the_number_states_decides_language_and_currency() -> None:
    result = check_row(cells(country="", postcode="", language="", phone_1="+31610000108"), 2, TODAY)
    assert result.row is not None
    assert (result.row.place.country, result.row.place.language) == ("NL", "nl")


def test_status_paid_with_less_paid_is_a_warning() -> None:
    result = check_row(cells(status="betaald", paid="20"), 2, TODAY)
    assert result.row is not None
    assert result.row.terms.status is Status.PAID
    assert [warning.column for warning in result.warnings] == ["paid"]


def test_a_wrong_reference_is_a_warning() -> None:
    result = check_row(cells(reference="+++090/9337/55494+++"), 2, TODAY)
    assert result.row is not None
    assert result.row.bill.reference == "090/9337/55494"
    assert [warning.column for warning in result.warnings] == ["reference"]


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in NAMES}))
def test_no_cells_whatever_break_the_check(row: dict[str, str]) -> None:
    result = check_row(row, 2, TODAY)
    assert (result.row is None) == bool(result.errors)


@given(st.sampled_from(NAMES), st.text(max_size=30))
def test_one_strange_cell_is_taken_or_named(column: str, text: str) -> None:
    result = check_row(cells(**{column: text}), 2, TODAY)
    assert result.row is not None or all(error.fix for error in result.errors)
    if result.row is not None:
        kept = [*result.row.person, *result.row.customer, result.row.bill.number]
        assert all(
            value.replace("\u200c", "").replace("\u200d", "").isprintable() for value in kept if isinstance(value, str)
        )
