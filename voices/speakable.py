"""A text as a voice can read it: figures and signs as words, nothing that an engine takes for a command."""

from __future__ import annotations

import re
import unicodedata

from voices.languages import TONGUES, tongue
from voices.languages.french import French
from voices.languages.tongue import Tongue

#: Marks that shape a sentence; every other sign becomes a space.
_MARKS = frozenset(" .,;:?!'’-")
#: A number, and a row of them as a help line is written.
_FIGURE = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?: \d+)*")
_WORD = re.compile(r"[\w-]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")


def clean(text: str) -> str:
    """Without control characters, pictures, brackets and other signs that a voice would spell or obey."""
    kept = []
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        if category[0] in "LN" or category in ("Mn", "Mc") or sign in _MARKS or sign == "&":
            kept.append(sign)
        elif category not in ("Cc", "Cf") or sign in "\t\n\r":
            kept.append(" ")
    return " ".join("".join(kept).split())


def fixed_text(text: str, language: str) -> str:
    """Our own words: keys and help lines become words, figure by figure, and acronyms are spelled."""
    speaker = tongue(language)
    return _FIGURES.sub(lambda found: _one_by_one(found[0], speaker), _said_as(clean(text), speaker))


def name_text(text: str, language: str) -> str:
    """A name of a person, firm or thing: `Bakker & Zn. B.V.` is read as `Bakker en Zn B V`. May come out empty."""
    speaker = tongue(language)
    plain = clean(text)
    if _DOMAIN.fullmatch(plain):
        plain = plain.replace(".", f" {speaker.dot} ")
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    plain = plain.replace("&", f" {speaker.ampersand} ")
    plain = re.sub(r"[.;:?!]+(?=\s|$)", " ", plain).strip(" ,-'’")
    *first, last = plain.split() or [""]
    plain = " ".join([*first, _legal_form(last, speaker) if first else last])
    return _FIGURE.sub(lambda found: _as_number(found[0], speaker), _said_as(plain, speaker))


def _legal_form(word: str, speaker: Tongue) -> str:
    # "Sa" and "Ag" are also people's names; a firm writes "SA", "sa" or "S.A.".
    if word == word.capitalize() and word not in ("Ltd", "Inc"):
        return word
    spelled = {form: said for other in TONGUES.values() for form, said in other.legal_forms.items()}
    return (spelled | dict(speaker.legal_forms)).get(word.lower(), word)


def _said_as(text: str, speaker: Tongue) -> str:
    return _WORD.sub(lambda word: speaker.said_as.get(word[0], word[0]), text)


def _one_by_one(figures: str, speaker: Tongue) -> str:
    # People who speak French read help lines as numbers, the others figure by figure.
    if isinstance(speaker, French) and len(figures) > 1:
        return ", ".join(" ".join(speaker.digit_group(group)) for group in figures.split())
    return ", ".join(" ".join(speaker.character(figure) for figure in group) for group in figures.split())


def _as_number(figures: str, speaker: Tongue) -> str:
    if len(figures) > 4 or figures.startswith("0"):
        return _one_by_one(figures, speaker)
    return " ".join(speaker.number(int(figures)))
