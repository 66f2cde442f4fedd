"""The wiring of hearing: settings become engines and ears."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from desk.setting_forms import servers
from desk.settings import Settings, user_cache
from voices.catalogue import LANGUAGES
from voices.child_ears import ChildEars
from voices.engines import Engine, engines


def models_folder(settings: Settings) -> Path:
    """Where models of speech lie."""
    return settings.voices.models or user_cache() / "models"


def hearing_engines(settings: Settings) -> tuple[Engine, ...]:
    """What hears each language here and now."""
    return engines(models_folder(settings), servers(settings.voices.servers))


def ears(settings: Settings) -> ChildEars:
    """The ears of a line; no engine runs before somebody needs it."""
    return ChildEars(partial(hearing_engines, settings), settings.voices.streams or None)


def heard_in_words(settings: Settings) -> tuple[str, bool]:
    """A sentence about which languages are heard, by what, and whether that is all that we speak."""
    heard = {engine.language: engine.name for engine in hearing_engines(settings)}
    told = "; ".join(f"{language} by {name}" for language, name in heard.items())
    if missing := sorted({language[:2] for language in LANGUAGES} - heard.keys()):
        told += f"; by keys alone: {', '.join(missing)} (run: beltoon voices get {missing[0]})"
    return told, not missing
