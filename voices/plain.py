"""A gate over the texts: plain, kind, whole and alike in every language. `faults()` names what is wrong.

Level B1, as far as lists and counts can tell: short sentences and words, the present, nothing of a court's letter. The
words stand in `plain_words.toml`; what no list sees, a native reader of each language does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from voices import catalogue
from voices.template import parse

#: Longest sentence, in words; a slot counts as one.
LONGEST = 15
#: Most keys offered by one prompt, beside 0, star and hash.
MOST_KEYS = 4

#: Questions that are never asked.
_NEVER_ASKED = ("rijksregister", "bsn", "registre national", "national number", "personalausweis", "geburtsjahr")
#: "Druk op de 1": the verb before the key, in each language.
_PRESS = {
    "nl": r"druk op (?:de|het)",
    "fr": r"appuyez sur (?:le|étoile|dièse)",
    "de": r"drücken sie (?:die|den)",
    "en": r"press",
}
#: French makes its future by an ending; these are the stems that a talk about money could need.
_FRENCH_STEMS = "fer ser aur pourr devr ir verr saur recevr paier payer appeler appeller rappeller enverr tiendr "
_FRENCH_STEMS += "viendr voudr prendr mettr donner trouver regarder chercher noter demander rester répondr aider"
_FRENCH_FUTURE = frozenset(
    stem + ending for stem, ending in product(_FRENCH_STEMS.split(), ("ai", "as", "a", "ons", "ez", "ont"))
)
_SENTENCE = re.compile(r"[.?!]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Fault:
    """Something that a text should not be."""

    language: str
    key: str
    #: What is wrong, and where it helps what to do.
    why: str

    def __str__(self) -> str:
        return f"{self.language} {self.key}: {self.why}"


@dataclass(frozen=True, kw_only=True)
class Lists:
    """One language's words, as `plain_words.toml` tells them."""

    never: tuple[str, ...]
    phrases: tuple[str, ...]
    officialese: tuple[str, ...]
    future: tuple[str, ...]
    #: Longest word, in letters, beside the `known` ones.
    letters: int
    known: frozenset[str]
    belittles: tuple[str, ...] = ()
    no_diminutives: frozenset[str] = frozenset()


def faults() -> tuple[Fault, ...]:
    """Everything that a native reader should not even have to see; none when all is well."""
    return tuple(fault for language in catalogue.LANGUAGES for fault in (*_whole(language), *_plain(language)))


def plain(language: str, key: str, text: str) -> tuple[Fault, ...]:
    """What is wrong with one text by itself. `language`: one that we speak."""
    lower, tongue = text.lower(), language[:2]
    ours = re.sub(r"\{[^}]*\}", " … ", lower)
    found = (*_sentences(text), *_words(tongue, ours), *_phrases(tongue, ours), *_keys(tongue, lower))
    return tuple(Fault(language, key, why) for why in found)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each slot one word, optional parts included."""
    named = re.sub(r"\{\w+(?::\w+)?\}", "X", text).replace("[", " ").replace("]", " ")
    return tuple(found.strip() for found in _SENTENCE.split(named) if re.search(r"\w", found))


def words_of(sentence: str) -> int:
    """How many words a sentence has."""
    return sum(1 for word in sentence.split() if re.search(r"\w", word))


@cache
def lists(tongue: str) -> Lists:
    """The words of a language, by its first two letters."""
    told = tomllib.loads((files("voices") / "plain_words.toml").read_text(encoding="utf-8"))[tongue]
    return Lists(
        never=tuple(told["never"]),
        phrases=tuple(told["phrases"]),
        officialese=tuple(told["officialese"]),
        future=tuple(told["future"]),
        letters=told["letters"],
        known=frozenset(told["known"]),
        belittles=tuple(told.get("belittles", ())),
        no_diminutives=frozenset(told.get("no_diminutives", ())),
    )


def _whole(language: str) -> Iterator[Fault]:
    """Every key has a text and a class, and its slots are the same as in the first language."""
    prompts, first = catalogue.prompts(language), catalogue.prompts(catalogue.LANGUAGES[0])
    for key in sorted(catalogue.classes().keys() ^ prompts.keys()):
        yield Fault(language, key, "has a text or a class, and not both")
    for key in sorted(catalogue.words(catalogue.LANGUAGES[0]).keys() ^ catalogue.words(language).keys()):
        yield Fault(language, key, "this word is not in every language")
    for key in prompts.keys() & first.keys():
        ours, theirs = parse(prompts[key]), parse(first[key])
        if (ours.needed, ours.optional, ours.forms) != (theirs.needed, theirs.optional, theirs.forms):
            yield Fault(language, key, f"its slots differ from those in {catalogue.LANGUAGES[0]}")


def _plain(language: str) -> Iterator[Fault]:
    for key, text in (*catalogue.prompts(language).items(), *catalogue.words(language).items()):
        yield from plain(language, key, text)


def _sentences(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if (length := words_of(sentence)) > LONGEST:
            yield f"{length} words in {sentence!r}; say it in at most {LONGEST}"


def _words(tongue: str, lower: str) -> Iterator[str]:
    """Words that are too long, belittle, or speak of the future in French."""
    ours = lists(tongue)
    for word in dict.fromkeys(_WORD.findall(lower)):
        if len(word) > ours.letters and word not in ours.known:
            yield f"{word!r} has {len(word)} letters; say it in a word of at most {ours.letters}"
        if ours.belittles and word.endswith(ours.belittles) and word not in ours.no_diminutives:
            yield f"{word!r} belittles"
        if tongue == "fr" and word in _FRENCH_FUTURE:
            yield f"{word!r} is the future; say what is"


def _phrases(tongue: str, lower: str) -> Iterator[str]:
    ours = lists(tongue)
    for word in ours.never:
        if re.search(rf"\b{word}", lower):
            yield f"we never say {word!r}"
    for group, why in (
        ((*ours.phrases, *_NEVER_ASKED), "we never say or ask {!r}"),
        (ours.officialese, "{!r} is a word of officials; say it as people do"),
        (ours.future, "{!r} is no present; say what is"),
    ):
        for phrase in group:
            if re.search(rf"\b{phrase}\b", lower):
                yield why.format(phrase)


def _keys(tongue: str, lower: str) -> Iterator[str]:
    """A key stands last in its sentence, after the word for pressing, and there are few."""
    pressed = re.findall(rf"{_PRESS[tongue]} (\d)", lower)
    if len(set(pressed) - {"0"}) > MOST_KEYS:
        yield f"more than {MOST_KEYS} keys to choose from"
    for sentence in sentences(lower):
        press = re.search(rf"{_PRESS[tongue]} (\d)(.*)$", sentence)
        if press and press[2].strip():
            yield f"the key is not last in {sentence!r}"
