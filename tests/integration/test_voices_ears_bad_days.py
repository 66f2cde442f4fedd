"""Ears on bad days: what a child that crashes, hangs or talks nonsense costs, and whom."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from desk.bench.telephone import told
from ears_ground import Listener, child_ears, listen
from voices.child_ears import LONGEST_PHRASES, ChildEars
from voices.ears import EarHealth, Listening, Lost, SpeechBegan
from voices.engines import Engine

pytestmark = pytest.mark.speech
CHILD = Path(__file__).with_name("ears_child.py")


def misbehaving(mode: str = "serve", language: str = "xx") -> Engine:
    return Engine(language=language, name=mode, command=(sys.executable, str(CHILD), mode, language, "-"))


def listening(phrase: str, language: str = "xx") -> Listening:
    return Listening(language=language, phrases=(phrase,))


def speech() -> tuple[bytes, bytes]:
    """Somebody's words, cut in the middle of them."""
    whole = told("i would rather talk about this on monday", "gmw/en-US")
    middle = len(whole) // 4 * 2
    return whole[:middle], whole[middle:]


async def ready(ears: ChildEars) -> None:
    while ears.health["xx"] is not EarHealth.READY:  # noqa: ASYNC110 - the port tells no one of it
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("fate", ["crash", "abort", "kill", "hang"])
async def test_a_child_that_breaks_down_costs_one_ear_and_the_others_go_on(fate: str) -> None:
    first, second = speech()
    async with child_ears(misbehaving(), streams=4) as ears:
        heard, poison = Listener(), Listener()
        ear = ears.open(listening("all is well"), heard)
        assert ear is not None
        listen(ear, first)
        await heard.until(lambda one: bool(one.events))
        before = ears.pids["xx"]
        other = ears.open(listening(fate), poison)
        assert other is not None
        listen(other, first)
        await poison.until(lambda one: one.lost)
        listen(ear, second)
        await heard.until(lambda one: bool(one.utterances))
        assert heard.utterances[0].text == "all is well"
        assert heard.events.count(SpeechBegan()) == 1
        assert not heard.lost
        assert ears.busy == 1
        assert ears.pids["xx"] != before


async def test_a_child_that_is_stopped_is_replaced_and_nobody_loses_an_ear() -> None:
    first, second = speech()
    async with child_ears(misbehaving(), streams=4) as ears:
        heard = Listener()
        ear = ears.open(listening("all is well"), heard)
        assert ear is not None
        listen(ear, first)
        await heard.until(lambda one: bool(one.events))
        os.kill(ears.pids["xx"], signal.SIGSTOP)
        listen(ear, second)
        await heard.until(lambda one: bool(one.utterances))
        assert not heard.lost


async def test_a_call_that_fails_over_what_it_hears_costs_no_other_ear() -> None:
    def fails(event: object) -> None:
        raise RuntimeError("not my day")

    async with child_ears(misbehaving(), streams=4) as ears:
        heard = Listener()
        failing, ear = ears.open(listening("well"), fails), ears.open(listening("well"), heard)
        assert failing is not None
        assert ear is not None
        for one in (failing, ear):
            listen(one, b"".join(speech()))
        await heard.until(lambda one: bool(one.utterances))
        assert ears.health == {"xx": EarHealth.READY}


async def test_an_engine_that_raises_costs_its_own_ear_and_no_child() -> None:
    async with child_ears(misbehaving(), streams=4) as ears:
        heard = Listener()
        ear = ears.open(listening("raise"), heard)
        assert ear is not None
        listen(ear, b"".join(speech()))
        await heard.until(lambda one: one.lost)
        assert heard.events[-1] == Lost("no sense in this")
        assert ears.health == {"xx": EarHealth.READY}


async def test_a_machine_that_is_too_busy_gives_the_ear_up_rather_than_hear_late() -> None:
    async with child_ears(misbehaving(), streams=4) as ears:
        heard = Listener()
        ear = ears.open(listening("slow"), heard)
        assert ear is not None
        await ready(ears)
        listen(ear, b"".join(speech()))
        await heard.until(lambda one: one.lost)
        assert heard.events[-1] == Lost("this machine is too busy to hear in time")


@pytest.mark.parametrize("mode", ["garbage", "nonsense", "half", "huge"])
async def test_a_child_that_talks_nonsense_is_replaced_and_at_last_done_without(mode: str) -> None:
    async with child_ears(misbehaving(mode)) as ears:
        heard = Listener()
        assert ears.open(listening("yes"), heard) is not None
        await heard.until(lambda one: one.lost)
        assert len(heard.events) == 1
        assert ears.health == {"xx": EarHealth.DOWN}
        assert ears.languages == frozenset()
        assert ears.open(listening("yes"), heard) is None
        assert ears.busy == 0


async def test_a_late_answer_never_reaches_an_ear_that_is_closed() -> None:
    async with child_ears(misbehaving("late")) as ears:
        heard, other = Listener(), Listener()
        ear = ears.open(listening("yes"), heard)
        assert ear is not None
        await ready(ears)
        ear.close()
        witness = ears.open(listening("yes"), other)
        assert witness is not None
        await asyncio.sleep(0.3)
        assert heard.events == []


async def test_a_language_whose_yes_and_no_the_model_lacks_is_not_heard() -> None:
    async with child_ears(misbehaving(language="nl")) as ears:
        heard = Listener()
        assert ears.languages == {"nl"}
        assert ears.open(listening("nee", "nl-BE"), heard) is not None
        await heard.until(lambda one: one.lost)
        assert ears.languages == frozenset()


async def test_nobody_listens_with_no_words_or_a_megabyte_of_them() -> None:
    async with child_ears(misbehaving(), streams=4) as ears:
        assert ears.open(Listening(language="xx", phrases=()), Listener()) is None
        assert ears.open(listening("x" * 1_000_000), Listener()) is None
        assert LONGEST_PHRASES < 1_000_000
        heard = Listener()
        assert ears.open(listening("zorblax"), heard) is not None
        await heard.until(lambda one: one.lost)
        assert heard.events == [Lost("the model knows none of the phrases")]


async def test_an_engine_that_nobody_needs_has_no_process() -> None:
    async with child_ears(misbehaving()) as ears:
        assert ears.pids == {}
        assert ears.health == {"xx": EarHealth.IDLE}


async def test_a_program_that_is_missing_ends_in_ears_that_are_down() -> None:
    nothing = Engine(language="xx", name="nothing", command=("/nowhere/ears",))
    async with child_ears(nothing) as ears:
        heard = Listener()
        assert ears.open(listening("yes"), heard) is not None
        await heard.until(lambda one: one.lost)
        assert ears.languages == frozenset()
