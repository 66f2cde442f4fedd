"""Our texts, one by one: who may hear them, how long they are, and what the gate says of them."""

from __future__ import annotations

from dataclasses import dataclass

from voices import catalogue
from voices.audio import duration_ms
from voices.errors import NotReady
from voices.plain import faults, sentences, words_of
from voices.prompt import PromptClass
from voices.speech import Pieces, frame, sound


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """One text in one language."""

    key: str
    language: str
    cls: PromptClass
    text: str
    sentences: int
    #: Words of its longest sentence; what is filled in counts as one.
    longest: int
    #: Its own words at the normal pace, without what is filled in; None: a message, or not rendered yet.
    seconds: float | None
    #: Of the language's texts, as receipts name it.
    version: str
    #: What the gate says; empty: nothing.
    faults: tuple[str, ...]


def text_report(languages: tuple[str, ...], rendered: Pieces | None) -> tuple[TextLine, ...]:
    """Every text, by language and in the order of the catalogue. `rendered`: where sound is found; None: nowhere.

    Raises `UnknownPrompt` for a language that we don't speak.
    """
    found = faults()
    return tuple(
        TextLine(
            key=key,
            language=language,
            cls=catalogue.class_of(key),
            text=text,
            sentences=len(sentences(text)),
            longest=max(map(words_of, sentences(text))),
            seconds=_seconds(key, language, rendered),
            version=catalogue.text_version(language),
            faults=tuple(fault.why for fault in found if (fault.language, fault.key) == (language, key)),
        )
        for language in languages
        for key, text in catalogue.prompts(language).items()
    )


def _seconds(key: str, language: str, rendered: Pieces | None) -> float | None:
    if rendered is None or key.endswith(".sms"):
        return None
    try:
        return round(duration_ms(sound(frame(key, language), rendered)) / 1000, 1)
    except NotReady:
        return None
