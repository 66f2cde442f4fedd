"""Amounts as people and spreadsheets write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.intake.amount import read_amount, read_currency, read_positive, written
from ledger.intake.finding import BadCell

MINOR = st.integers(min_value=0, max_value=99_999_999_999)


def grouped(whole: int, mark: str) -> str:
    return f"{whole:,}".replace(",", mark)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("118", 11800),
        ("118,40", 11840),
        ("118.40", 11840),
        ("118,4", 11840),
        ("0118,40", 11840),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1 234,56", 123456),
        ("1'234.56", 123456),
        ("1.234.567", 123456700),
        ("1,234,567.8", 123456780),
        ("€ 12", 1200),
        ("€12,50", 1250),
        ("12,50 EUR", 1250),
        ("12.50€", 1250),
        ("1234567,89", 123456789),
    ],
)
def test_it_reads_what_people_write(text: str, minor: int) -> None:
    assert read_amount(text, "EUR") == minor


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.234", "two ways"),
        ("1,234", "two ways"),
        ("12.345", "two ways"),
        ("0.125", "more than two decimals"),
        ("0,125", "more than two decimals"),
        ("1234,567", "more than two decimals"),
        ("118,400", "two ways"),
        ("-5", "negative"),
        ("5-", "negative"),
        ("(5,00)", "negative"),
        ("−5", "negative"),
        ("1e9", "no amount"),
        ("1E+9", "no amount"),
        ("NaN", "no amount"),
        ("inf", "no amount"),
        ("", "no amount"),
        ("twaalf", "no amount"),
        ("12,34,56", "no amount"),
        ("1.23.456", "no amount"),
        ("1.234.56", "no amount"),
        ("12,", "no amount"),
        (",50", "no amount"),
        ("١٢٫٥٠", "no amount"),
        ("１２", "no amount"),
        ("£12", "another currency"),
        ("12 USD", "another currency"),
        ("1000000000000", "more than 999999999.99"),
        ("9" * 40, "more than 999999999.99"),
    ],
)
def test_it_refuses_what_is_no_amount_or_could_be_two(text: str, reason: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_amount(text, "EUR")
    assert reason in refused.value.reason
    assert refused.value.fix


def test_it_refuses_zero_where_something_must_be_owed() -> None:
    with pytest.raises(BadCell, match="zero"):
        read_positive("0,00", "EUR")


@given(MINOR)
def test_every_amount_reads_back_as_written(minor: int) -> None:
    assert read_amount(written(minor), "EUR") == minor
    assert read_amount(written(minor).replace(".", ","), "EUR") == minor


@given(MINOR)
def test_every_amount_reads_back_with_its_thousands_grouped(minor: int) -> None:
    whole, cents = divmod(minor, 100)
    assert read_amount(f"{grouped(whole, '.')},{cents:02d}", "EUR") == minor
    assert read_amount(f"{grouped(whole, ',')}.{cents:02d}", "EUR") == minor
    assert read_amount(f"{grouped(whole, ' ')},{cents:02d} €", "EUR") == minor


@given(st.text(max_size=20))
def test_no_text_is_ever_read_as_a_negative_amount_or_breaks(text: str) -> None:
    try:
        assert read_amount(text, "EUR") >= 0
    except BadCell as refused:
        assert refused.fix


@pytest.mark.parametrize(("text", "code"), [("eur", "EUR"), ("€", "EUR"), ("GBP", "GBP"), ("chf", "CHF"), ("$", "USD")])
def test_it_reads_the_currencies_that_we_can_say(text: str, code: str) -> None:
    assert read_currency(text) == code


@pytest.mark.parametrize("text", ["XXX", "BTC", "EURO", "E", "JPY"])
def test_it_refuses_other_currencies(text: str) -> None:
    with pytest.raises(BadCell, match="no currency we know"):
        read_currency(text)
