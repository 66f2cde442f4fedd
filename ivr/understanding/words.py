"""A text as words: lower case, hesitations dropped, in clauses; a word that nobody knows stays as `UNKNOWN`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ivr.understanding.lexicon import Lexicon

#: What recognisers write for a word outside their grammar.
UNKNOWN = "[unk]"
#: Nobody answers a question in more words; what comes after is not read.
LONGEST = 60
#: Enough letters for so many words, so that a megabyte costs no time.
_LETTERS = LONGEST * 20

_WORD = re.compile(
    r"\[unk\]|<unk>|\d+(?:[.,:/]\d+)*(?:e|de|ste|er|th|st|nd|rd)?(?![^\W\d_])|[^\W\d_]+|€|[.!?;](?=\s|$)"
)
_END = frozenset(".!?;")


@dataclass(frozen=True)
class Clause:
    """Words in which a "not" reaches what it denies."""

    words: tuple[str, ...]
    #: It came after a "but", so it weighs more than what stood before.
    after_but: bool = False


def clauses(text: str, lexicon: Lexicon) -> tuple[Clause, ...]:
    """The clauses of a text, never more than `LONGEST` words in all. Takes any text."""
    found: list[Clause] = []
    words: list[str] = []
    after_but = False
    for word in (*_words(text, lexicon), "."):
        if word not in _END and word not in lexicon.but:
            words.append(word)
            continue
        if words:
            found.append(Clause(tuple(words), after_but))
            words = []
        after_but = word in lexicon.but or (after_but and not found)
    return tuple(found)


def whole(text: str, lexicon: Lexicon) -> Clause:
    """A text as one clause, with each "but" in its place: for what reaches over the clauses."""
    return Clause(tuple(word for word in _words(text, lexicon) if word not in _END))


def plain(text: str, lexicon: Lexicon) -> str:
    """A text in the letters in which words are compared."""
    low = unicodedata.normalize("NFC", text.lower()).replace("’", "'").replace("‘", "'")
    for written, meant in lexicon.respell:
        low = low.replace(written, meant)
    if lexicon.accents:
        return low
    return "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))


def said_but(text: str, lexicon: Lexicon) -> bool:
    """Whether a "but" was said, which takes back half of what came before."""
    return any(word in lexicon.but for word in _words(text, lexicon))


def raw_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """All that was said, hesitations too, without marks: for whoever wants to know whether somebody hesitates."""
    return tuple(word for word in _all_words(text, lexicon) if word not in _END)


def _words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(word for word in _all_words(text, lexicon) if word not in lexicon.drop)[:LONGEST]


def _all_words(text: str, lexicon: Lexicon) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(plain(text[:_LETTERS], lexicon)):
        words += (UNKNOWN if word == "<unk>" else lexicon.same.get(word, word)).split()
    return words
