"""What questions can want is known before the first call, so that what they listen for is too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialer.question_ear import listening_for
from ivr.asking import all_wants, wants_of
from ivr.intent import Wants, phrases, repeated_words, whole_sayings
from ivr.script import SCRIPT
from ivr.state import State, fresh
from ivr.talk import Talk
from ivr.testing import a_briefing

BRIEFING = a_briefing()


def at(place: str) -> Talk:
    state: State = replace(fresh(BRIEFING), place=place, speech=True)
    return Talk(BRIEFING, state)


#: Proofs that this debtor's invoice does not have; their question is like that of every other proof.
LACKING = ("id.house_number", "id.birth_day")


@pytest.mark.parametrize("place", sorted(SCRIPT.keys() - set(LACKING)))
def test_every_question_of_the_script_is_among_them(place: str) -> None:
    wants = wants_of(at(place), SCRIPT[place])
    assert replace(wants, digits=min(wants.digits, 1)) in all_wants()


@pytest.mark.parametrize("language", ["nl-BE", "en"])
def test_how_many_digits_are_wanted_changes_nothing_of_what_is_listened_for(language: str) -> None:
    one, four = Wants(digits=1), Wants(digits=4)
    for listens in (phrases, whole_sayings, repeated_words):
        assert listens(language, one) == listens(language, four)
    assert listening_for(language, one) is listening_for(language, four)
