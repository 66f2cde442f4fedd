"""Phrasings that neither the rules nor the models were made from: most are understood, hardly any binds wrongly.

The goal is nine of ten, and every language reaches it; what is asked here is what was reached, so that it never gets
worse. Apart from them stand the traps, which sound like one thing and mean another. Nobody tunes rules or models on
these files.
"""

from __future__ import annotations

import tomllib

import pytest

from ivr.intent import BINDING
from phrase_sets import HELD_OUT, LANGUAGES, NOTHING, slot_share, understood

#: Of a hundred: what was reached, a little rounded down.
REACHED = {"nl": 93, "fr": 91, "de": 91, "en": 93}
OF_TRAPS = {"nl": 75, "fr": 72, "de": 82, "en": 79}


def held_out(language: str) -> list[tuple[str, str]]:
    told = tomllib.loads((HELD_OUT / f"{language}.toml").read_text(encoding="utf-8"))
    return [(phrase, intent) for intent, said in told["phrases"].items() for phrase in said]


def traps(language: str) -> list[tuple[str, str]]:
    told = tomllib.loads((HELD_OUT / f"{language}.toml").read_text(encoding="utf-8"))
    return [(phrase, intent) for phrase, intent in told["traps"]["phrases"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_unread_phrasings_are_understood(language: str) -> None:
    said = held_out(language)
    right = sum(understood(phrase, intent, language) == intent for phrase, intent in said)
    assert 100 * right >= REACHED[language] * len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_binds_is_hardly_ever_heard_wrongly(language: str) -> None:
    said = held_out(language)
    wrong = sum(understood(phrase, intent, language) in BINDING - {intent} for phrase, intent in said)
    assert 100 * wrong <= len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_seven_of_ten_traps_are_seen_and_one_of_sixteen_binds_wrongly(language: str) -> None:
    said = [(understood(phrase, intent, language), intent) for phrase, intent in traps(language)]
    assert 100 * sum(got == meant for got, meant in said) >= OF_TRAPS[language] * len(said)
    assert 16 * sum(got in BINDING - {meant} for got, meant in said) <= len(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_side_talk_hardly_ever_binds(language: str) -> None:
    told = tomllib.loads((HELD_OUT / f"{language}.toml").read_text(encoding="utf-8"))["none"]["phrases"]
    assert sum(understood(phrase, NOTHING, language) in BINDING for phrase in told) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_of_ten_days_amounts_and_digits_are_right(language: str) -> None:
    assert slot_share(HELD_OUT / f"slots_{language}.toml", language) >= 0.90
