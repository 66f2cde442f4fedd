"""What hears each language: a server that the settings name, else a Vosk model, else, where the house chose so,
PocketSphinx for English."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voices.models.found import models_in

#: PocketSphinx, and the language whose model it brings along.
POCKETSPHINX, _ITS_LANGUAGE = "pocketsphinx", "en"


@dataclass(frozen=True)
class Engine:
    """What hears a language: how its child is started, without the two descriptors that it inherits."""

    language: str
    #: For people: `vosk vosk-model-small-nl-0.22`.
    name: str
    command: tuple[str, ...]


def engines(models: Path, servers: Mapping[str, str], *, pocketsphinx: bool = False) -> tuple[Engine, ...]:
    """At most one engine a language. `servers`: addresses by two letters; `models`: the folder of models.

    `pocketsphinx`: it hears English where nothing better does. It takes 46 to 67 % of strange sentences for one of its
    own (`beltoon bench speech`), so nobody is heard by it unasked.
    """
    found = {_ITS_LANGUAGE: engine(POCKETSPHINX, _ITS_LANGUAGE, "-")} if pocketsphinx else {}
    for model in reversed(models_in(models)):
        if not model.refused:
            found[model.language] = engine("vosk", model.language, str(model.folder), f"vosk {model.name}")
    for language, address in servers.items():
        found[language] = engine("vosk-server", language, address, f"vosk-server {address}")
    return tuple(found[language] for language in sorted(found))


def engine(kind: str, language: str, place: str, name: str = "") -> Engine:
    """An engine of `voices.ear_child`; `name` is for people, its kind where none is given."""
    command = (sys.executable, "-P", "-m", "voices.ear_child", kind, language, place)
    return Engine(language=language, name=name or kind, command=command)
