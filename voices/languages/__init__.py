"""The languages that we speak, each with its own way of saying an amount, a date, a number."""

from __future__ import annotations

from voices.errors import UnknownPrompt
from voices.languages.dutch import Dutch
from voices.languages.english import English
from voices.languages.french import French
from voices.languages.german import German
from voices.languages.tongue import Gap, Said, Tongue

__all__ = ["TONGUES", "Gap", "Said", "Tongue", "tongue"]

#: Every language, by its code.
TONGUES: dict[str, Tongue] = {
    "nl-BE": Dutch("BE"),
    "nl-NL": Dutch("NL"),
    "fr-BE": French("BE"),
    "fr-FR": French("FR"),
    "de": German(),
    "en": English(),
}


def tongue(language: str) -> Tongue:
    """The language by its code. Raises `UnknownPrompt` for one that we don't speak."""
    try:
        return TONGUES[language]
    except KeyError:
        raise UnknownPrompt(f"we don't speak {language!r}") from None
