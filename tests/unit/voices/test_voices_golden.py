"""How each language says and writes amounts, dates, times, numbers and names. The tables are the law."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ledger.money import Money
from voices.catalogue import LANGUAGES
from voices.languages import Gap, tongue
from voices.prompt import Count, Digits, Name, Ordinal, Phone, Slot
from voices.spoken import said

GOLDEN = Path(__file__).parent / "golden"


def rows(kind: str) -> list[Any]:
    tables = {language: tomllib.loads((GOLDEN / f"{language}.toml").read_text()) for language in LANGUAGES}
    return [
        pytest.param(language, row, id=f"{language}-{next(iter(row.values()))}-{row['says']}")
        for language, table in tables.items()
        for row in table[kind]
    ]


def aloud(slot: Slot, language: str, form: str = "") -> str:
    """What is said, a comma for the rest between two groups."""
    words = said(slot, language, form)
    return " ".join("," if word is Gap.GROUP else word for word in words if word is not Gap.DIGIT).replace(" ,", ",")


@pytest.mark.parametrize(("language", "row"), rows("money"))
def test_an_amount_is_said_as_people_say_it(language: str, row: dict[str, Any]) -> None:
    amount = Money(row["minor"], row["currency"])
    assert aloud(amount, language) == row["says"]
    assert tongue(language).write_money(amount) == row["reads"]


@pytest.mark.parametrize(("language", "row"), rows("date"))
def test_a_date_is_said_as_people_say_it(language: str, row: dict[str, Any]) -> None:
    assert aloud(row["day"], language, row["form"]) == row["says"]
    assert tongue(language).write_date(row["day"], row["form"]) == row["reads"]


@pytest.mark.parametrize(("language", "row"), rows("time"))
def test_a_time_is_said_as_people_say_it(language: str, row: dict[str, Any]) -> None:
    assert aloud(row["at"], language) == row["says"]
    assert tongue(language).write_time(row["at"]) == row["reads"]


@pytest.mark.parametrize(("language", "row"), rows("digits"))
def test_a_reference_is_said_one_by_one_in_its_printed_groups(language: str, row: dict[str, Any]) -> None:
    assert aloud(Digits(row["text"]), language) == row["says"]


@pytest.mark.parametrize(("language", "row"), rows("phone"))
def test_a_telephone_number_is_said_as_people_group_it(language: str, row: dict[str, Any]) -> None:
    assert aloud(Phone(row["e164"]), language) == row["says"]
    assert tongue(language).write_phone(row["e164"]) == row["reads"]


@pytest.mark.parametrize(("language", "row"), rows("count"))
def test_a_number_is_said_as_people_say_it(language: str, row: dict[str, Any]) -> None:
    assert aloud(Count(row["n"]), language) == row["says"]


@pytest.mark.parametrize(("language", "row"), rows("ordinal"))
def test_a_day_of_the_month_is_said_as_it_stands_in_our_sentences(language: str, row: dict[str, Any]) -> None:
    assert aloud(Ordinal(row["n"]), language) == row["says"]
    assert tongue(language).write_ordinal(row["n"]) == row["reads"]


@pytest.mark.parametrize(("language", "row"), rows("name"))
def test_a_name_is_said_without_signs_and_with_its_legal_form_spelled(language: str, row: dict[str, Any]) -> None:
    assert aloud(Name(row["text"]), language) == row["says"]
