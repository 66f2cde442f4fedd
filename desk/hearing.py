"""The wiring of hearing: settings become engines and ears."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from desk.setting_forms import servers
from desk.settings import Settings, VoicesSettings, user_cache
from voices.catalogue import LANGUAGES
from voices.child_ears import ChildEars
from voices.engines import POCKETSPHINX, Engine, engines

#: What a house must know whose real calls are heard by it; measured by `beltoon bench speech`.
GUESSES = "pocketsphinx takes half of all strange sentences for one of its own; better: beltoon voices get en"


def models_folder(settings: VoicesSettings) -> Path:
    """Where models of speech lie."""
    return settings.models or user_cache() / "models"


def hearing_engines(settings: VoicesSettings) -> tuple[Engine, ...]:
    """What hears each language here and now."""
    return engines(models_folder(settings), servers(settings.servers), pocketsphinx=settings.pocketsphinx)


def ears(settings: Settings) -> ChildEars:
    """The ears of a line; no engine runs before somebody needs it."""
    return ChildEars(partial(hearing_engines, settings.voices), settings.voices.streams or None)


def heard_in_words(settings: VoicesSettings) -> str:
    """Which languages are heard, and by what, for people."""
    told = [f"{engine.language} by {engine.name}" for engine in hearing_engines(settings)]
    if missing := unheard(settings):
        told.append(f"by keys alone: {', '.join(missing)}")
    return "; ".join(told)


def unheard(settings: VoicesSettings) -> tuple[str, ...]:
    """The languages that we speak and can't hear, by two letters."""
    heard = {engine.language for engine in hearing_engines(settings)}
    return tuple(sorted({language[:2] for language in LANGUAGES} - heard))


def advice(settings: VoicesSettings) -> str:
    """What a house should know or do about how it hears; empty: all is well."""
    if any(engine.name == POCKETSPHINX for engine in hearing_engines(settings)):
        return GUESSES
    missing = unheard(settings)
    return f"run: beltoon voices get {missing[0]}" if missing else ""
