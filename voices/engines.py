"""What hears each language: a server that the settings name, else a Vosk model, else PocketSphinx for English."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from voices.ear_keeper import Engine
from voices.models.found import models_in

#: The language whose model PocketSphinx brings along.
_POCKETSPHINX = "en"


def engines(models: Path, servers: Mapping[str, str]) -> tuple[Engine, ...]:
    """At most one engine a language. `servers`: addresses by two letters; `models`: the folder of models."""
    found = {_POCKETSPHINX: _engine("pocketsphinx", _POCKETSPHINX, "-", "pocketsphinx")}
    for model in reversed(models_in(models)):
        if not model.refused:
            found[model.language] = _engine("vosk", model.language, str(model.folder), f"vosk {model.name}")
    for language, address in servers.items():
        found[language] = _engine("vosk-server", language, address, f"vosk-server {address}")
    return tuple(found[language] for language in sorted(found))


def _engine(kind: str, language: str, place: str, name: str) -> Engine:
    command = (sys.executable, "-P", "-m", "voices.ear_child", kind, language, place)
    return Engine(language=language, name=name, command=command)
