"""Structured references to pay with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649
from stdnum.be import ogm_vcs

from ledger.reference import make_ogm, make_reference, make_rf, wrong_reference

NUMBERS = st.text(min_size=1, max_size=64)


def test_an_invoice_number_of_ten_digits_is_the_ogm_itself() -> None:
    assert make_ogm("2026-000117") == "202/6000/11714"


def test_an_rf_reference_holds_the_invoice_number() -> None:
    assert make_rf("INV-2026-000117") == "RF66INV2026000117"


def test_belgium_has_ogm_and_the_others_rf() -> None:
    assert make_reference("117", "BE") == make_ogm("117")
    assert make_reference("117", "NL") == make_reference("117", None) == make_rf("117")


@given(NUMBERS)
def test_every_reference_that_we_make_is_valid_and_fits_its_column(number: str) -> None:
    assert ogm_vcs.is_valid(make_ogm(number))
    assert iso11649.is_valid(make_rf(number))
    assert len(make_rf(number)) <= 25
    assert wrong_reference(make_ogm(number)) is None
    assert wrong_reference(make_rf(number)) is None


@given(NUMBERS)
def test_the_same_invoice_always_has_the_same_reference(number: str) -> None:
    assert make_ogm(number) == make_ogm(number)
    assert make_rf(number) == make_rf(number)


@given(st.integers(min_value=1, max_value=10**10 - 1), st.integers(min_value=0, max_value=11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(base: int, place: int, more: int) -> None:
    good = f"{base:010d}{base % 97 or 97:02d}"
    wrong = good[:place] + str((int(good[place]) + more) % 10) + good[place + 1 :]
    assert ogm_vcs.is_valid(good)
    assert wrong_reference(f"{wrong[:3]}/{wrong[3:7]}/{wrong[7:]}") is not None


@pytest.mark.parametrize(
    "text",
    ["+++090/9337/55493+++", "090/9337/55493", "RF18 5390 0754 7034", "5000056789012345", "12234534622567", "1234567"],
)
def test_right_references_are_right(text: str) -> None:
    assert wrong_reference(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("090/9337/55494", "OGM"),
        ("RF19539007547034", "RF"),
        ("6000056789012345", "betalingskenmerk"),
        ("92345678901234", "betalingskenmerk"),
        ("hello", "neither"),
    ],
)
def test_wrong_references_say_which_kind_they_try_to_be(text: str, reason: str) -> None:
    assert reason in (wrong_reference(text) or "")
