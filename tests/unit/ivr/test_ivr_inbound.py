"""Somebody rings us: what they hear before and after proof, and when our people are there."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ivr import heard as h
from ivr.act import Say
from ivr.record import PersonAsked
from ivr.testing import PROVED, a_briefing, after, said
from ivr.turn import Turn
from voices.catalogue import LANGUAGES
from voices.spoken import in_writing

BRUSSELS = ZoneInfo("Europe/Brussels")
CALLED = {"direction": "in", "called_on": date(2026, 11, 23)}


def words(turn: Turn, language: str) -> str:
    return " ".join(in_writing(act.spoken, language) for act in turn.acts if isinstance(act, Say))


def test_what_our_call_was_about_is_told_after_proof_and_not_a_word_before() -> None:
    for n in range(len(PROVED)):
        turn = after(a_briefing(**CALLED), *PROVED[:n])
        assert "inbound.called" not in said(turn)
        assert all("23" not in words(turn, language) for language in LANGUAGES)
    assert said(after(a_briefing(**CALLED), *PROVED))[:3] == ["id.done", "inbound.called", "due.friendly"]


def test_where_nothing_is_open_nothing_is_said_of_our_call() -> None:
    assert said(after(a_briefing(**CALLED, invoices=()), *PROVED)) == ["id.done", "due.nothing", "bye"]


@pytest.mark.parametrize(
    ("day", "hour", "told"),
    [
        (24, time(8, 59), True),
        (24, time(9, 0), False),
        (24, time(16, 59), False),
        (24, time(17, 0), True),
        (28, time(11, 0), True),
    ],
)
def test_out_of_hours_the_caller_hears_when_our_people_are_there(day: int, hour: time, told: bool) -> None:
    turn = after(a_briefing(direction="in", now=datetime.combine(date(2026, 11, day), hour, BRUSSELS)))
    closed = next(act.spoken for act in turn.acts if isinstance(act, Say) and act.spoken.key == "inbound.closed")
    assert (set(closed.slots) == {"from", "to"}) == told
    assert ("09:00" in in_writing(closed, "en") or "9" in in_writing(closed, "en")) == told


def test_the_hours_are_those_of_the_callers_own_clock() -> None:
    evening = datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("UTC"))
    closed = after(a_briefing(direction="in", now=evening)).acts[1]
    assert isinstance(closed, Say)
    assert closed.spoken.slots


@pytest.mark.parametrize("asks", ["0", h.Words("person")])
def test_where_nobody_is_there_a_call_back_is_offered_and_noted(asks: str | h.Heard) -> None:
    turn = after(a_briefing(direction="in"), asks)
    assert said(turn) == ["agent.none", "agent.more"]
    (asked,) = turn.records
    assert isinstance(asked, PersonAsked)
    assert asked.opening == a_briefing().openings[0]
