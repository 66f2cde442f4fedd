"""A gate over the texts: plain, kind, whole and alike in every language. `faults()` names what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voices import catalogue
from voices.template import parse

#: Longest sentence, in words; a slot counts as one.
LONGEST = 15
#: Most keys offered by one prompt, beside 0, star and hash.
MOST_KEYS = 4

#: What nobody hears from us: threats, orders, labels, guilt, false urgency, belittling. Beginnings of words.
_NEVER = {
    "nl": "slotaanmaning ingebrekestelling sommatie deurwaarder beslag rechtbank afsluiten dringend wanbetaler "
    "schuldenaar rekeninkje bedragje momentje eventjes alweer belangrijk",
    "fr": "huissier saisie tribunal urgent débiteur sommation important",
    "de": "gerichtsvollzieher pfändung mahnung mahnbescheid gericht dringend wichtig inkasso",
    "en": "bailiff seizure court urgent debtor default important enforcement",
}
_NEVER_PHRASES = {
    "nl": ("u moet", "u bent verplicht", "nog steeds niet", "toets 1", "toets 2"),
    "fr": ("vous devez", "vous êtes obligé", "mise en demeure", "mauvais payeur", "toujours pas", "touche 1"),
    "de": ("sie müssen", "sie sind verpflichtet", "immer noch nicht", "schon wieder", "schuldner", "taste 1"),
    "en": ("you must", "you are obliged", "you have to", "still not", "yet again", "key 1"),
}
#: Questions that are never asked.
_NEVER_ASKED = ("rijksregister", "bsn", "registre national", "national number", "personalausweis", "geburtsjahr")
#: "Druk op de 1": the verb before the key, in each language.
_PRESS = {
    "nl": r"druk op (?:de|het)",
    "fr": r"appuyez sur (?:le|étoile|dièse)",
    "de": r"drücken sie (?:die|den)",
    "en": r"press",
}
_SENTENCE = re.compile(r"[.?!]")


def faults() -> tuple[str, ...]:
    """Everything that a native reader should not even have to see, each as a sentence; none when all is well."""
    return tuple(fault for language in catalogue.LANGUAGES for fault in (*_whole(language), *_plain(language)))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each slot one word, optional parts included."""
    named = re.sub(r"\{\w+(?::\w+)?\}", "X", text).replace("[", " ").replace("]", " ")
    return tuple(found.strip() for found in _SENTENCE.split(named) if re.search(r"\w", found))


def _whole(language: str) -> Iterator[str]:
    """Every key has a text and a class, and its slots are the same as in the first language."""
    prompts, first = catalogue.prompts(language), catalogue.prompts(catalogue.LANGUAGES[0])
    for key in sorted(catalogue.classes().keys() ^ prompts.keys()):
        yield f"{language} {key}: has a text or a class, and not both"
    for key in sorted(catalogue.words(catalogue.LANGUAGES[0]).keys() ^ catalogue.words(language).keys()):
        yield f"{language} {key}: this word is not in every language"
    for key in prompts.keys() & first.keys():
        ours, theirs = parse(prompts[key]), parse(first[key])
        if (ours.needed, ours.optional, ours.forms) != (theirs.needed, theirs.optional, theirs.forms):
            yield f"{language} {key}: its slots differ from those in {catalogue.LANGUAGES[0]}"


def _plain(language: str) -> Iterator[str]:
    tongue = language[:2]
    for key, text in catalogue.prompts(language).items():
        lower = text.lower()
        for sentence in sentences(text):
            if (length := len([word for word in sentence.split() if re.search(r"\w", word)])) > LONGEST:
                yield f"{language} {key}: {length} words in {sentence!r}; say it in at most {LONGEST}"
        for word in _NEVER[tongue].split():
            if re.search(rf"\b{word}", lower):
                yield f"{language} {key}: we never say {word!r}"
        for phrase in (*_NEVER_PHRASES[tongue], *_NEVER_ASKED):
            if re.search(rf"\b{phrase}\b", lower):
                yield f"{language} {key}: we never say or ask {phrase!r}"
        yield from _keys(language, key, lower)


def _keys(language: str, key: str, lower: str) -> Iterator[str]:
    """A key stands last in its sentence, after the word for pressing, and there are few."""
    pressed = re.findall(rf"{_PRESS[language[:2]]} (\d)", lower)
    if len(set(pressed) - {"0"}) > MOST_KEYS:
        yield f"{language} {key}: more than {MOST_KEYS} keys to choose from"
    for sentence in sentences(lower):
        press = re.search(rf"{_PRESS[language[:2]]} (\d)(.*)$", sentence)
        if press and press[2].strip():
            yield f"{language} {key}: the key is not last in {sentence!r}"
