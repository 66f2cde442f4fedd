"""Models that lie in a folder, whoever put them there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voices.models import known

#: Written beside a model when we install it: where it came from, and that the house is no business.
RECORD = "beltoon.json"
#: vosk-model-small-nl-0.22, vosk-model-nl-spraakherkenning-0.6
_NAMED = re.compile(r"vosk-model-(?:small-)?([a-z]{2})(?:-|$)")
#: The acoustic model lies in a folder of its own, or beside all else in older models.
_ACOUSTIC = ("am/final.mdl", "final.mdl")
#: What only a model that takes a grammar has.
_GRAMMAR = ("graph/HCLr.fst", "HCLr.fst")


@dataclass(frozen=True, kw_only=True)
class FoundModel:
    """One folder with a model in it."""

    name: str
    #: Two letters.
    language: str
    folder: Path
    #: Why it is not used; empty: it can be.
    refused: str = ""


def is_model(folder: Path) -> bool:
    """Does a model of Vosk lie here?"""
    return any((folder / name).is_file() for name in _ACOUSTIC)


def models_in(folder: Path) -> tuple[FoundModel, ...]:
    """Every model in the folder, the preferred one of each language first. No folder, no models."""
    return tuple(sorted(_found(folder), key=_preference)) if folder.is_dir() else ()


def _found(folder: Path) -> Iterator[FoundModel]:
    for one in sorted(folder.iterdir()):
        named = _NAMED.match(one.name)
        if named is not None and is_model(one):
            yield FoundModel(name=one.name, language=named[1], folder=one, refused=_refusal(one))


def _refusal(folder: Path) -> str:
    model = known(folder.name)
    if not any((folder / name).is_file() for name in _GRAMMAR):
        return "it takes no grammar"
    if model is not None and not model.business and not record_of(folder).get("non_commercial"):
        return f"its licence ({model.licence}) does not allow business use"
    return ""


def record_of(folder: Path) -> dict[str, object]:
    """What was written down when it was installed; nothing where it was put there by hand."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _preference(model: FoundModel) -> tuple[bool, int, str]:
    """Usable ones first, then small ones, which hear more callers at once."""
    return bool(model.refused), 0 if "-small-" in model.name else 1, model.name
