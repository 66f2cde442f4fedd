"""The one gain of each voice, measured once on a long text."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from voices.mastering import Samples, gain_for
from voices.synthesiser import Voice

#: A text of some ten seconds in each language, with all its vowels.
_SAMPLES = {
    "nl": "Vandaag schijnt de zon over de hele kust. Wie naar zee rijdt, neemt best een jas mee, want het waait nog "
    "flink. Morgen komen er wolken uit het zuiden, en in de loop van de avond valt er een beetje regen.",
    "fr": "Aujourd'hui, le soleil brille sur toute la côte. Si vous allez à la mer, prenez une veste, car il y a "
    "encore du vent. Demain, des nuages arrivent du sud, et un peu de pluie tombe dans la soirée.",
    "de": "Heute scheint die Sonne an der ganzen Küste. Wer ans Meer fährt, nimmt am besten eine Jacke mit, denn es "
    "ist noch windig. Morgen ziehen Wolken aus dem Süden auf, und am Abend fällt ein wenig Regen.",
    "en": "Today the sun shines along the whole coast. If you go to the sea, take a coat with you, as it is still "
    "windy. Tomorrow clouds come in from the south, and a little rain falls in the evening.",
}


def measured() -> frozenset[str]:
    """The languages whose voices can be measured, two letters each."""
    return frozenset(_SAMPLES)


class Loudness:
    """Remembers each voice's gain; safe among threads. `speak` gives an engine's telephone-rate samples of a text."""

    def __init__(self, speak: Callable[[str, Voice], Samples]) -> None:
        self._speak = speak
        self._gains: dict[str, float] = {}
        self._lock = Lock()

    def gain(self, voice: Voice) -> float:
        """The factor for everything that this voice says. Raises what `speak` raises."""
        with self._lock:
            if voice.id not in self._gains:
                # The same words and rate for every pace, so that normal and slow sound equally loud.
                usual = Voice(id=voice.id, language=voice.language)
                self._gains[voice.id] = gain_for(self._speak(_SAMPLES[voice.language[:2]], usual))
            return self._gains[voice.id]
