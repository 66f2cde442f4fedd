"""The one list of messages: whatever asks for one finds it there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ivr.outcome import OUTCOMES
from ledger.errors import UnknownMessage
from ledger.message import MESSAGES, class_of
from schedules.ladder_file import shipped_ladder

TOP = Path(__file__).resolve().parents[3]


def test_every_message_of_the_dialogue_and_of_the_ladder_is_on_the_list() -> None:
    asked = {name for outcome in OUTCOMES for name in (outcome.template, outcome.alarm) if name is not None}
    # the hand-over is a task and no message
    asked |= {f"ladder.{step.name}" for step in shipped_ladder().ladder.steps if step.name != "hand_over"}
    assert asked <= set(MESSAGES)


def test_every_message_that_a_store_names_is_on_the_list() -> None:
    named = re.compile(r'"((?:plan|plan_request|thanks|letter|confirm|copy)\.[a-z_]+)"')
    stores = [path for room in ("ledger", "schedules") for path in (TOP / room).glob("*_store.py")]
    found = {name for path in stores for name in named.findall(path.read_text(encoding="utf-8"))}
    assert "plan.late" in found
    assert found <= set(MESSAGES)


def test_a_message_has_a_class_as_a_prompt_has() -> None:
    assert set(MESSAGES.values()) <= {"neutral", "identity", "debt", "house"}


def test_a_message_that_is_on_no_list_is_never_written() -> None:
    assert class_of("plan.late") == "debt"
    with pytest.raises(UnknownMessage, match=r"template: plan\.laet"):
        class_of("plan.laet")
