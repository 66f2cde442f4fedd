"""A language as data: its words, its rules, its numbers and its calendar; read once, checked when read."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ivr.errors import BadLexicon
from ivr.understanding.rule import Rule, parsed

#: The languages that have a file.
LANGUAGES = ("nl", "fr", "de", "en")
#: What the parsers find, usable in rules like words of the file.
FOUND = ("DATE", "MONTH", "AMOUNT", "NUMBER")
#: In the twists: nothing is heard or meant; whatever is heard.
NOTHING, ANY = "none", "any"


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """The words of numbers."""

    #: Every word that a number can be made of, the longest first.
    parts: tuple[str, ...]
    #: 0 to 99, as far as they are one word that is not made of others.
    values: Mapping[str, int]
    hundred: frozenset[str]
    thousand: frozenset[str]
    #: "and", between the parts of a number.
    joins: frozenset[str]
    #: Words that are a digit only where digits are asked ("oh").
    digits: Mapping[str, int]
    #: "double", "triple": how often the next digit stands.
    times: Mapping[str, int]
    #: Ordinals that can't be had by cutting an ending off.
    ordinals: Mapping[str, int]
    #: Endings of an ordinal, the longest first.
    endings: tuple[str, ...]
    #: Whether the unit comes before the ten: "vijfendertig".
    units_first: bool
    #: Tens that take a teen: "soixante-dix", "quatre-vingt-onze".
    teens_after: frozenset[int]
    #: Whole amounts in one word, in cents: "anderhalf".
    halves: Mapping[str, int]
    euro: frozenset[str]
    cent: frozenset[str]
    comma: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The words of days. A name of several words stands as those words."""

    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    #: "the fifth": the words of the days of a month, for the recogniser's grammar.
    ordinals: tuple[str, ...]
    #: "tomorrow": days from today.
    days: Mapping[tuple[str, ...], int]
    #: "yesterday": days from today, said where a day is asked for.
    gone: Mapping[tuple[str, ...], int]
    #: Feasts: (month, day).
    feasts: Mapping[tuple[str, ...], tuple[int, int]]
    #: Feasts that move: days after Easter Sunday.
    easter: Mapping[tuple[str, ...], int]
    #: Parts of a day: when it begins, "18:00".
    parts: Mapping[tuple[str, ...], str]
    #: Lists of the small words around a date, by name.
    small: Mapping[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """All that is known of a language."""

    language: str
    #: Whether accents tell words apart: "paye", "payé".
    accents: bool
    respell: tuple[tuple[str, str], ...]
    same: Mapping[str, str]
    #: Whole words of the rules' stems, for the recogniser's grammar.
    forms: tuple[str, ...]
    drop: frozenset[str]
    but: frozenset[str]
    negations: frozenset[str]
    #: What somebody can do no more on the telephone: "I can't wait any more" is no cry.
    errands: frozenset[str]
    #: Verb forms of what did not happen: "would have".
    unreal: tuple[tuple[str, ...], ...]
    #: How many words after it, and before it, a negation denies.
    forward: int
    back: int
    concepts: Mapping[str, tuple[tuple[str, ...], ...]]
    #: More concepts, for the twists alone: the model of likeness was fitted to texts read without them.
    twist_words: Mapping[str, tuple[tuple[str, ...], ...]]
    #: The first concept that a word alone stands for; `NOT` for a negation.
    concept_of: Mapping[str, str]
    rules: Mapping[str, tuple[Rule, ...]]
    #: What turns a meaning round though its words stand there, by what is heard: each with what is meant then.
    twists: Mapping[str, tuple[tuple[str, tuple[Rule, ...]], ...]]
    #: Turns of speech that only sound like a cry: "I'm jumping on a train".
    harmless: tuple[Rule, ...]
    #: What begins a clause that is only said not to be meant: "I'm not saying it's wrong, but …".
    unsaid: tuple[Rule, ...]
    #: What takes back all that stands before its end: "on Friday, no wait, on Monday".
    restarts: tuple[Rule, ...]
    kinds: Mapping[str, tuple[Rule, ...]]
    options: Mapping[str, tuple[Rule, ...]]
    numbers: NumberWords
    calendar: Calendar

    def sequences(self, part: str) -> tuple[tuple[str, ...], ...]:
        """The words that a part of a rule stands for: a concept's, or the part itself."""
        return self.concepts.get(part) or self.twist_words.get(part) or ((part,),)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language of the catalogue, by its first two letters.

    Raises `BadLexicon` for a language without a file, and for a file that can't be used: the message names the entry.
    """
    short = language[:2].lower()
    if short not in LANGUAGES:
        raise BadLexicon(f"{language}: no words are known for this language, only for {', '.join(LANGUAGES)}")
    text = files("ivr.understanding").joinpath(f"{short}.toml").read_text(encoding="utf-8")
    return read_lexicon(short, text)


def read_lexicon(language: str, text: str) -> Lexicon:
    """A language's file as values. Raises `BadLexicon`, whose message names the entry."""
    try:
        table = tomllib.loads(text)
        return _read(language, table)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadLexicon(f"{language}.toml: {error}") from error


def _read(language: str, table: Mapping[str, Any]) -> Lexicon:
    concepts = {name: _sequences(entries) for name, entries in table["words"].items()}
    twist_words = {name: _sequences(entries) for name, entries in table.get("twist_words", {}).items()}
    known = {*concepts, *twist_words, *FOUND, "NOT"}

    def rules(section: str) -> dict[str, tuple[Rule, ...]]:
        return {
            name: tuple(parsed(f"{language}.toml: [{section}] {name}", written, known) for written in entries)
            for name, entries in table.get(section, {}).items()
        }

    return Lexicon(
        language=language,
        accents=table["accents"],
        respell=tuple((a, b) for a, b in table.get("respell", ())),
        same=table.get("same", {}),
        forms=tuple(table["forms"]),
        drop=frozenset(table["drop"]),
        but=frozenset(table["but"]),
        negations=frozenset(table["not"]),
        errands=frozenset(table["errands"]),
        unreal=_sequences(table["unreal"]),
        forward=table["forward"],
        back=table["back"],
        concepts=concepts,
        twist_words=twist_words,
        concept_of=_alone(concepts) | dict.fromkeys(table["not"], "NOT"),
        rules=rules("rules"),
        twists=_twists(language, rules("twists"), {*table["rules"], NOTHING, ANY}),
        harmless=rules("harmless").get("crisis", ()),
        unsaid=rules("unsaid").get("clause", ()),
        restarts=rules("unsaid").get("restart", ()),
        kinds=rules("kinds"),
        options=rules("options"),
        numbers=_numbers(table["numbers"]),
        calendar=_calendar(table["calendar"]),
    )


def _twists(
    language: str, told: Mapping[str, tuple[Rule, ...]], intents: Collection[str]
) -> dict[str, tuple[tuple[str, tuple[Rule, ...]], ...]]:
    """`"paid.none"`: what was heard as paid and is nothing."""
    found: dict[str, tuple[tuple[str, tuple[Rule, ...]], ...]] = {}
    for name, alternatives in told.items():
        heard, _, meant = name.partition(".")
        if heard not in intents or meant not in intents:
            raise BadLexicon(f"{language}.toml: [twists] {name!r}: both must be intents, {NOTHING}, or first {ANY}")
        found[heard] = (*found.get(heard, ()), (meant, alternatives))
    return found


def _alone(concepts: Mapping[str, tuple[tuple[str, ...], ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, sequences in concepts.items():
        for sequence in sequences:
            if len(sequence) == 1:
                found.setdefault(sequence[0], name)
    return found


def _sequences(entries: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(entry.split()) for entry in entries)


def _numbers(table: Mapping[str, Any]) -> NumberWords:
    parts = {*table["values"], *table["hundred"], *table["thousand"], *table["joins"]}
    return NumberWords(
        parts=tuple(sorted(parts, key=lambda part: (-len(part), part))),
        values=table["values"],
        hundred=frozenset(table["hundred"]),
        thousand=frozenset(table["thousand"]),
        joins=frozenset(table["joins"]),
        digits=table["digits"],
        times=table["times"],
        ordinals=table["ordinals"],
        endings=tuple(sorted(table["endings"], key=len, reverse=True)),
        units_first=table["units_first"],
        teens_after=frozenset(table["teens_after"]),
        halves=table["halves"],
        euro=frozenset(table["euro"]),
        cent=frozenset(table["cent"]),
        comma=frozenset(table["comma"]),
    )


def _calendar(table: Mapping[str, Any]) -> Calendar:
    return Calendar(
        weekdays={name: n for n, names in enumerate(table["weekdays"]) for name in names},
        months={name: n for n, names in enumerate(table["months"], 1) for name in names},
        ordinals=tuple(table["ordinals"]),
        days={tuple(name.split()): n for name, n in table["days"].items()},
        gone={tuple(name.split()): n for name, n in table["gone"].items()},
        feasts={tuple(name.split()): (md[0], md[1]) for name, md in table["feasts"].items()},
        easter={tuple(name.split()): n for name, n in table["easter"].items()},
        parts={tuple(name.split()): at for name, at in table["parts"].items()},
        small={name: _sequences(entries) for name, entries in table["small"].items()},
    )
