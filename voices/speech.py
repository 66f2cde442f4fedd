"""A prompt as sound: cached pieces put together, with the rests between them.

Whole sentences are one piece; a sentence with something to fill in is spliced from the fixed words around it and from
words of a closed set, so that only names are rendered for one person. Nothing here renders: `sound` joins what the
cache has, and says what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Protocol

from voices import catalogue
from voices.audio import silence
from voices.casting import PACES, voice_for
from voices.errors import NotReady
from voices.languages import Gap
from voices.prompt import Name, Sentences, Slot, Spoken
from voices.speakable import fixed_text
from voices.spoken import closed_words, said
from voices.synthesiser import Voice
from voices.template import Blank, Fixed, Part, parse


class Kind(StrEnum):
    """Where a piece comes from."""

    #: Our own words around the blanks.
    FIXED = "fixed"
    #: One of a language's closed set: numbers, months, letters, choices.
    WORD = "word"
    #: Somebody's own.
    NAME = "name"


@dataclass(frozen=True)
class Piece:
    """A text that is rendered once and heard many times."""

    text: str
    voice: Voice
    kind: Kind


@dataclass(frozen=True)
class Pause:
    """A rest, beside the 30 ms that each piece keeps at its edges."""

    ms: int


class Pieces(Protocol):
    """Where rendered pieces are found."""

    def get(self, piece: Piece) -> bytes | None:
        """The piece's sound, or None where it is not rendered yet."""
        ...


@dataclass(frozen=True)
class _Rests:
    """Milliseconds. All stay under 640: with the edges of two pieces, 700 ms of silence would end our turn."""

    splice: int
    clause: int
    digit: int
    group: int
    sentence: int


#: `…` before a prompt's first word, beside the rests inside it: so long somebody else may speak first.
LEAD_MS = 1000
_LEAD = "…"
_RESTS = {
    "normal": _Rests(splice=20, clause=150, digit=60, group=330, sentence=240),
    "slow": _Rests(splice=40, clause=200, digit=160, group=500, sentence=420),
}
#: A sentence up to its mark, its half up to a colon, or what is left of one. Halves are pieces of their own, since
#: the engine rests long at a colon and half of our menus end alike: "druk op de één."
_CLAUSE = re.compile(r"[^.?!:]*(?:[.?!]+|:)|[^.?!:]+$")


def pieces(spoken: Spoken, language: str, pace: str = "normal") -> tuple[Piece | Pause, ...]:
    """What a prompt is put together from, in order, a sentence's rest at its end.

    Raises `UnknownPrompt` for a prompt, slot, language or pace that we don't have.
    """
    made = _Strip(language, pace)
    made.prompt(spoken)
    return tuple(made.items)


def frame(key: str, language: str, pace: str = "normal") -> tuple[Piece | Pause, ...]:
    """A prompt's own words and rests: every part in brackets is said, no blank filled in.

    Raises `UnknownPrompt`.
    """
    made = _Strip(language, pace)
    made.parts(parse(catalogue.text(language, key)).variants()[-1], {})
    made.rest(made.rests.sentence)
    return tuple(made.items)


def lead_ms(strip: Sequence[Piece | Pause]) -> int:
    """How long nothing is heard before its first word."""
    return strip[0].ms if strip and isinstance(strip[0], Pause) else 0


def sound(strip: Iterable[Piece | Pause], rendered: Pieces) -> bytes:
    """The strip's telephone sound. Raises `NotReady` with every piece that is not rendered yet."""
    heard: list[bytes] = []
    missing: list[Piece] = []
    for item in strip:
        if isinstance(item, Pause):
            heard.append(silence(item.ms))
        elif (found := rendered.get(item)) is None:
            missing.append(item)
        else:
            heard.append(found)
    if missing:
        raise NotReady(tuple(dict.fromkeys(missing)))
    return b"".join(heard)


def ahead(language: str, paces: Iterable[str] = PACES) -> Iterator[Piece]:
    """Every piece that a language's prompts can need beside names, each once; the normal pace first."""
    for pace in paces:
        yield from _ahead(language, pace)


def names(texts: Iterable[str], language: str, paces: Iterable[str] = PACES) -> tuple[Piece, ...]:
    """The pieces that are one person's own: names, what an invoice is for. Raises `UnknownPrompt` for an empty one."""
    wanted = dict.fromkeys(texts)
    return tuple(
        Piece(str(said(Name(text), language)[0]), voice_for(language, pace), Kind.NAME)
        for pace in paces
        for text in wanted
    )


@cache
def _ahead(language: str, pace: str) -> tuple[Piece, ...]:
    words = (Piece(word, voice_for(language, pace), Kind.WORD) for word in closed_words(language))
    return tuple(dict.fromkeys((*_every_fixed(language, pace), *words)))


def _every_fixed(language: str, pace: str) -> Iterator[Piece]:
    for key, text in catalogue.prompts(language).items():
        if key.endswith(".sms"):
            continue
        for parts in parse(text).variants():
            made = _Strip(language, pace)
            made.parts(parts, {})
            yield from (item for item in made.items if isinstance(item, Piece))


class _Strip:
    """Pieces and rests, one after the other."""

    def __init__(self, language: str, pace: str) -> None:
        self.language = language
        self.voice = voice_for(language, pace)
        self.rests = _RESTS[pace]
        self.items: list[Piece | Pause] = []

    def prompt(self, spoken: Spoken) -> None:
        template = parse(catalogue.text(self.language, spoken.key))
        self.parts(template.filled_by(spoken.slots), spoken.slots)
        self.rest(self.rests.sentence)

    def parts(self, parts: Iterable[Part], slots: Mapping[str, Slot]) -> None:
        for part in parts:
            if isinstance(part, Fixed):
                self.fixed(part.text)
            elif part.slot in slots:
                self.blank(slots[part.slot], part)
                self.rest(self.rests.splice)

    def fixed(self, text: str) -> None:
        for found in _CLAUSE.findall(text):
            words = found.strip()
            if words.startswith(_LEAD) and not self.items:
                self.items.append(Pause(LEAD_MS))
            if words.startswith(","):
                self.rest(self.rests.clause)
                words = words[1:].strip()
            if any(sign.isalnum() for sign in words):
                # A comma keeps the voice up where something is filled in after these words.
                open_end = "" if words.endswith((".", "?", "!", ":", ",")) else ","
                self.items.append(Piece(fixed_text(words, self.language) + open_end, self.voice, Kind.FIXED))
            self.rest(self._rest_after(words))

    def _rest_after(self, words: str) -> int:
        if words.endswith(":"):
            return self.rests.clause
        return self.rests.sentence if words.endswith((".", "?", "!")) else self.rests.splice

    def blank(self, slot: Slot, part: Blank) -> None:
        if isinstance(slot, Sentences):
            for spoken in slot.parts:
                self.prompt(spoken)
            return
        kind = Kind.NAME if isinstance(slot, Name) else Kind.WORD
        for word in said(slot, self.language, part.form):
            if isinstance(word, Gap):
                self.rest(self.rests.group if word is Gap.GROUP else self.rests.digit)
            else:
                self.items.append(Piece(word, self.voice, kind))

    def rest(self, ms: int) -> None:
        """The longer of two rests that meet; nothing before the first piece."""
        if self.items and isinstance(last := self.items[-1], Pause):
            self.items[-1] = Pause(max(last.ms, ms))
        elif self.items:
            self.items.append(Pause(ms))
