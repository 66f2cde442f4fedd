"""Which voice speaks which language, and how fast."""

from __future__ import annotations

from voices.errors import UnknownPrompt
from voices.synthesiser import Voice

#: espeak-ng's voices by their exact ids; a language's tag instead of an id silently gives another voice.
#: There is no Flemish voice, so both Dutches have one; Belgian French has its own.
VOICE_IDS = {
    "nl-BE": "gmw/nl",
    "nl-NL": "gmw/nl",
    "fr-BE": "roa/fr-be",
    "fr-FR": "roa/fr",
    "de": "gmw/de",
    "en": "gmw/en",
}

#: Words a minute at each pace.
PACES = {"normal": 150, "slow": 115}


def voice_for(language: str, pace: str = "normal") -> Voice:
    """The voice of a language at a pace. Raises `UnknownPrompt` for one we don't have."""
    try:
        return Voice(id=VOICE_IDS[language], language=language, rate_wpm=PACES[pace])
    except KeyError:
        raise UnknownPrompt(f"we have no voice for {language!r} at the pace {pace!r}") from None
