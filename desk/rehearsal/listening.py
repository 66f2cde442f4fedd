"""Who is listened to in a rehearsal, and by what.

The people of the town say a greeting and press keys; only in English somebody answers in words. So the town is heard by
what every machine has, PocketSphinx, and by nothing else: what comes of a rehearsal never hangs on a model that one
machine has and another lacks. A person at a softphone is heard by all that is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desk.settings import Settings, VoicesSettings


def listening(settings: Settings, home: Path, *, ring_me: bool) -> VoicesSettings:
    """How a rehearsal in this folder hears. Another network than the town has real people: the house's own choice."""
    if settings.trunk.uri:
        return settings.voices
    if ring_me:
        return settings.voices.model_copy(update={"pocketsphinx": True})
    return VoicesSettings(pocketsphinx=True, models=home.resolve() / "models", streams=settings.voices.streams)


def as_variables(voices: VoicesSettings) -> Mapping[str, str]:
    """The same for the environment of a child, each variable of it."""
    return {
        "BELTOON_VOICES__MODELS": str(voices.models or ""),
        "BELTOON_VOICES__SERVERS": voices.servers,
        "BELTOON_VOICES__POCKETSPHINX": str(voices.pocketsphinx).lower(),
        "BELTOON_VOICES__STREAMS": str(voices.streams),
    }
