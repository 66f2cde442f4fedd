"""Who thinks aloud has decided nothing, in every language; and an "uh" is waited for no longer than a noise."""

from __future__ import annotations

import pytest

from ivr import heard as h
from ivr.act import Say
from ivr.intent import Wants, understand
from ivr.state import State
from ivr.testing import TODAY, a_briefing, after, proved, said
from ivr.turn import take_turn
from ivr.understanding.hesitation import Hesitation, hesitation, hesitation_phrases
from ivr.understanding.lexicon import LANGUAGES, lexicon

BINDS = Wants(yes_no=True, date=True, amount=True)
#: Before one of these is confirmed, silence counts as a yes.
CONFIRMED = ("deceased", "representative", "paid")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "nee, wacht"),
        ("nl", "nee wacht even"),
        ("nl", "ja, euh"),
        ("nl", "nee, ik moet nadenken"),
        ("nl", "ik weet het niet"),
        ("fr", "non attendez"),
        ("fr", "oui euh"),
        ("fr", "non, je dois voir"),
        ("fr", "je ne sais pas"),
        ("de", "nein Moment"),
        ("de", "nein nein halt"),
        ("de", "ja ähm"),
        ("de", "ich weiß nicht"),
        ("en", "no hold on"),
        ("en", "no wait"),
        ("en", "let me think"),
        ("en", "yes, erm"),
        ("en", "I'm not sure"),
    ],
)
def test_where_it_binds_a_hesitation_is_neither_yes_nor_no(language: str, text: str) -> None:
    found = understand(text, language, BINDS, TODAY)
    assert found is not None
    assert found.intent == "wait"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [("nl", "euh nee", "no"), ("fr", "euh oui", "yes"), ("de", "ähm nein", "no"), ("en", "um, yes", "yes")],
)
def test_a_hesitation_before_the_answer_takes_nothing_from_it(language: str, text: str, intent: str) -> None:
    found = understand(text, language, BINDS, TODAY)
    assert found is not None
    assert found.intent == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "die heb ik niet"), ("fr", "je ne sais pas"), ("de", "keine Ahnung"), ("en", "I don't have it")],
)
def test_where_digits_are_asked_not_knowing_them_is_an_answer(language: str, text: str) -> None:
    found = understand(text, language, Wants(digits=4), TODAY)
    assert found is not None
    assert found.intent == "no"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sound_is_listened_for_since_noise_would_be_written_down_as_one(language: str) -> None:
    phrases = hesitation_phrases(lexicon(language))
    assert phrases
    assert all(hesitation(phrase, lexicon(language)) not in (None, Hesitation.SOUND) for phrase in phrases)


def test_nothing_at_all_is_no_hesitation() -> None:
    assert hesitation("", lexicon("nl")) is None
    assert hesitation("[unk]", lexicon("nl")) is None


@pytest.mark.parametrize("told", CONFIRMED)
def test_an_uh_confirms_nothing_that_silence_would_confirm(told: str) -> None:
    turn = after(a_briefing(), h.Words(told), h.Words("hesitation"))
    assert turn.records == ()
    assert said(turn) == ["silence.1"]
    assert turn.state.place == f"meant.{told}"


def test_three_times_uh_is_three_times_no_answer() -> None:
    turn = after(a_briefing(), *[h.Words("hesitation")] * 3)
    assert said(turn) == ["help.offer"]


def test_an_uh_may_be_a_machines_so_that_a_voicemail_is_still_recognised() -> None:
    turn = after(a_briefing(), h.Words("hesitation"), h.MachineAnswered())
    assert said(turn) == ["voicemail"]


def test_while_somebody_thinks_the_question_is_not_read_again() -> None:
    turn = proved("2", "1", "1", h.Words("wait"))
    assert [act.spoken.key for act in turn.acts if isinstance(act, Say)] == ["silence.1"]
    assert isinstance(turn.state, State)
    assert take_turn(a_briefing(), turn.state, h.Words("yes")).state.place == "sum.check"
