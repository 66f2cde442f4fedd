"""Phrasings that the rules have not read: most are understood, and hardly ever does one bind somebody wrongly."""

from __future__ import annotations

import pytest

from phrase_sets import HELD_OUT, LANGUAGES, score, slot_share

pytestmark = pytest.mark.skipif(not HELD_OUT.is_dir(), reason="the held-out phrases are not here")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_of_ten_unread_phrasings_are_understood(language: str) -> None:
    assert score(HELD_OUT / f"{language}.toml").share >= 0.90


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_binds_is_hardly_ever_heard_wrongly(language: str) -> None:
    assert score(HELD_OUT / f"{language}.toml").wrong_binding <= 0.02


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_of_ten_days_amounts_and_digits_are_right(language: str) -> None:
    assert slot_share(HELD_OUT / f"slots_{language}.toml", language) >= 0.90
