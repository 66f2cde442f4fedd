"""The wiring of hearing: settings become engines and ears."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from desk.setting_forms import servers
from desk.settings import Settings, user_cache
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
