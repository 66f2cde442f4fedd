"""How a reminder is worded: friendly, friendly again, firm and last. A person's own tone can only soften it."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """From the softest to the firmest."""

    FRIENDLY = "friendly"
    FRIENDLY_AGAIN = "friendly_again"
    FIRM = "firm"


#: What `DebtorRow.tone` may say: `friendly`, this person never gets a firm text.
TONES_OF_PERSONS = (Tone.FRIENDLY, Tone.FIRM)


def tone_for(person: str | None, step: Tone) -> Tone:
    """The tone of a step for a person; None: as the step has it."""
    return Tone.FRIENDLY_AGAIN if person == Tone.FRIENDLY and step is Tone.FIRM else step
