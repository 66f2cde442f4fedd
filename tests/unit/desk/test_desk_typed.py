"""Numbers as people type them: read to the cent, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.typed import hundredths, whole


@given(st.integers(-10_000_000, 10_000_000))
def test_every_amount_is_read_to_the_cent(cents: int) -> None:
    sign = "-" if cents < 0 else ""
    assert hundredths(f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}") == cents
    assert whole(str(cents)) == cents


@pytest.mark.parametrize("text", ["", "much", "5,00", "5.001", "nan", "inf", "1e-9"])
def test_what_is_no_amount_or_would_be_rounded_is_none(text: str) -> None:
    assert hundredths(text) is None


@pytest.mark.parametrize("text", ["", "much", "5.0", "1e3"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole(text) is None
