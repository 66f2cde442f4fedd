"""What an agent says of a call after it, and what it makes of the call's end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.agent_word import KEYS, AgentWord, believed, record_of, said_of, them
from dialer.outcome import Ending, served_by_agent
from ivr import record as r
from ledger.contact import Disposition as D

NUMBER = "+32477000003"
ENDINGS = st.builds(Ending, disposition=st.sampled_from(D), talked=st.booleans())


@pytest.mark.parametrize(
    ("word", "disposition", "talked", "record"),
    [
        (AgentWord.TALKED, D.AGENT, True, None),
        (AgentWord.VOICEMAIL, D.VOICEMAIL, False, None),
        (AgentWord.NOT_AT_HOME, D.NOT_AT_HOME, True, r.NotAtHome()),
        (AgentWord.WRONG_NUMBER, D.WRONG_NUMBER, True, r.WrongNumber(e164=NUMBER)),
        (AgentWord.STOP, D.OPTED_OUT, True, r.OptedOut(e164=NUMBER)),
    ],
)
def test_a_call_on_which_the_machine_said_nothing_ends_as_the_agent_says(
    word: AgentWord, disposition: D, talked: bool, record: r.Record | None
) -> None:
    silent = Ending(disposition=D.NO_CONVERSATION, talked=False)
    assert said_of(silent, word) == Ending(disposition=disposition, talked=talked)
    assert record_of(word, NUMBER) == record


@given(st.sampled_from([None, *AgentWord]))
def test_whoever_proved_who_they_are_was_on_the_line_whatever_key_was_pressed(word: AgentWord | None) -> None:
    assert them(believed(word, proved=True))


@given(st.sampled_from(AgentWord))
def test_without_proof_an_agents_word_is_believed_and_no_word_is_a_talk(word: AgentWord) -> None:
    assert believed(word, proved=False) is word
    assert believed(None, proved=False) is AgentWord.TALKED


@given(ENDINGS, st.sampled_from(AgentWord))
def test_what_was_agreed_with_the_machine_before_stays_the_calls_name(end: Ending, word: AgentWord) -> None:
    served = served_by_agent(end)
    if served.disposition is not D.AGENT:
        assert said_of(end, word) == served


def test_every_word_has_its_key() -> None:
    assert set(KEYS.values()) == set(AgentWord)
    assert "".join(KEYS) == "12345"
