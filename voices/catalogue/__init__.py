"""The texts: one file a language, and one file that says who may hear each of them.

A file's version is a hash of its content; receipts name it, so that every sentence that was said can be shown later.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from voices.errors import UnknownPrompt
from voices.prompt import PromptClass

#: Languages that we speak, Dutch and French each in two countries.
LANGUAGES = ("nl-BE", "nl-NL", "fr-BE", "fr-FR", "de", "en")


@cache
def _bytes(name: str) -> bytes:
    return (files(__name__) / f"{name}.toml").read_bytes()


@cache
def _table(name: str, table: str) -> Mapping[str, str]:
    return MappingProxyType(tomllib.loads(_bytes(name).decode())[table])


def prompts(language: str) -> Mapping[str, str]:
    """Every prompt's text by its key. Raises `UnknownPrompt` for a language that we don't speak."""
    return _table(_known(language), "prompts")


def words(language: str) -> Mapping[str, str]:
    """The closed set of words that `Choice` names: `channel.sms`, `department.billing`."""
    return _table(_known(language), "words")


def classes() -> Mapping[str, PromptClass]:
    """Who may hear each prompt, by its key; the same in every language."""
    return MappingProxyType({key: PromptClass(cls) for key, cls in _table("classes", "classes").items()})


def text(language: str, key: str) -> str:
    """The text of one prompt, its slots still open. Raises `UnknownPrompt`."""
    try:
        return prompts(language)[key]
    except KeyError:
        raise UnknownPrompt(f"the catalogue {language} has no prompt {key!r}") from None


def word(language: str, key: str) -> str:
    """The word of one `Choice`. Raises `UnknownPrompt`."""
    try:
        return words(language)[key]
    except KeyError:
        raise UnknownPrompt(f"the catalogue {language} has no word {key!r}") from None


@cache
def class_of(key: str) -> PromptClass:
    """Who may hear this prompt. Raises `UnknownPrompt`."""
    try:
        return classes()[key]
    except KeyError:
        raise UnknownPrompt(f"no class is written for the prompt {key!r}") from None


@cache
def text_version(language: str | None = None) -> str:
    """Names the exact texts: of one language (`nl-BE@3f2a9c1b04de`), or of all of them together (`texts@…`)."""
    names = (_known(language),) if language else LANGUAGES
    digest = hashlib.sha256()
    for name in ("classes", *names):
        digest.update(len(_bytes(name)).to_bytes(8) + _bytes(name))
    return f"{language or 'texts'}@{digest.hexdigest()[:12]}"


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise UnknownPrompt(f"we don't speak {language!r}; we speak {', '.join(LANGUAGES)}")
    return language
