"""Texts as a voice can read them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices import catalogue
from voices.speakable import clean, fixed_text, name_text


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("nl-BE", "Ja: druk op de 1.", "Ja: druk op de één."),
        ("nl-BE", "Bel gratis: 0800 81 15.", "Bel gratis: nul acht nul nul, acht één, één vijf."),
        ("nl-BE", "Het OCMW helpt.", "Het O C M W helpt."),
        ("fr-BE", "Appelez le 112.", "Appelez le cent douze."),
        ("fr-FR", "Appelez le 3114.", "Appelez le trente et un quatorze."),
        ("fr-BE", "Le CPAS : 0800 32 123.", "Le C P A S : zéro huit cents, trente-deux, cent vingt-trois."),
        ("de", "Drücken Sie die 1.", "Drücken Sie die eins."),
        ("en", "You can call us. UK 116 123.", "You can call us. U K one one six, one two three."),
    ],
)
def test_keys_and_help_lines_are_spoken_as_words(language: str, written: str, spoken: str) -> None:
    assert fixed_text(written, language) == spoken


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_no_figure_of_our_texts_reaches_the_voice(language: str) -> None:
    for text in (*catalogue.prompts(language).values(), *catalogue.words(language).values()):
        assert not any(sign.isdigit() for sign in fixed_text(text, language))


@given(text=st.text())
def test_a_name_brings_no_command_control_character_or_picture_to_the_voice(text: str) -> None:
    spoken = name_text(text, "nl-BE")
    assert not set(spoken) & set('[]<>{}|\\/^~*_#@`$+="&')
    assert all(unicodedata.category(sign)[0] not in "CS" for sign in spoken)
    assert not spoken.startswith("-")


@given(text=st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
