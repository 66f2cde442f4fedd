"""A beginning that is the answer already, and every beginning that is not."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.intent import Wants, phrases, understand, whole_sayings
from ivr.settled import may_settle, settled

TODAY = date(2026, 11, 24)
YES_NO = Wants(yes_no=True)
LANGUAGES = ("nl-BE", "fr-BE", "de", "en")


@cache
def known(language: str) -> frozenset[str]:
    """All that can be heard at a question for yes or no."""
    heard = (*phrases(language, YES_NO), *whole_sayings(language, YES_NO))
    return frozenset(" ".join(one.lower().split()) for one in heard)


def answer(text: str, language: str, wants: Wants = YES_NO) -> str | None:
    found = settled(text, language, wants, TODAY, known(language))
    return found.intent if found else None


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("nl-BE", "ja", "yes"), ("nl-BE", "jawel", "yes"), ("nl-BE", "neen", "no"),
        ("fr-BE", "oui", "yes"), ("fr-BE", "exact", "yes"),
        ("de", "ja", "yes"), ("de", "genau", "yes"),
        ("en", "yes", "yes"), ("en", "yes it is", "yes"), ("en", "no thank you", "no"),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_settled_however_a_saying_goes_on(language: str, text: str, intent: str) -> None:
    assert answer(text, language) == intent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl-BE", "klopt"), ("nl-BE", "dat ben ik"), ("nl-BE", "nee"), ("nl-BE", "zeker"), ("nl-BE", "in orde"),
        ("fr-BE", "non"), ("fr-BE", "ça va"), ("de", "stimmt"), ("de", "nein"), ("en", "no"),
    ],
)  # fmt: skip
def test_what_its_next_word_may_deny_is_not(language: str, text: str) -> None:
    assert understand(text, language, YES_NO, TODAY) is not None
    assert answer(text, language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl-BE", "ja maar"), ("nl-BE", "nee wacht"), ("fr-BE", "oui mais"), ("de", "ja aber"), ("en", "yes but"),
        ("en", "no wait"), ("en", "stop"), ("en", "stop calling me"), ("en", "a person please"), ("en", ""),
    ],
)  # fmt: skip
def test_who_takes_back_waits_or_wants_something_else_is_heard_to_the_end(language: str, text: str) -> None:
    assert answer(text, language) is None


@pytest.mark.parametrize(
    "wants",
    [Wants(), Wants(yes_no=True, date=True), Wants(yes_no=True, amount=True), Wants(yes_no=True, digits=4),
     Wants(yes_no=True, options=("goods",))],
)  # fmt: skip
def test_where_more_may_be_told_no_beginning_is_an_answer(wants: Wants) -> None:
    assert not may_settle(wants)
    assert answer("ja", "nl-BE", wants) is None


@given(st.data())
def test_a_settled_beginning_means_what_every_longer_saying_means(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    text = data.draw(st.sampled_from(sorted(known(language))))
    found = settled(text, language, YES_NO, TODAY, known(language))
    if found is not None:
        assert found.intent in ("yes", "no")
        longer = [one for one in known(language) if one == text or one.startswith(f"{text} ")]
        assert {understand(one, language, YES_NO, TODAY) for one in longer} == {found}
