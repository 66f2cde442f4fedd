"""Person or machine, judged by sounds that a telephone might send."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.answer import LISTEN_FRAMES, Greeting
from phone import sound

FRAME = 320


def speech(ms: int, seed: int = 0, loudness: int = 3000) -> bytes:
    """Something like a voice: its pitch and strength change every 20 ms."""
    rng = random.Random(seed)
    said = array("h")
    for _ in range(ms // 20):
        strength, step, level = rng.uniform(0.4, 1.0) * loudness, rng.randrange(3, 40), 0.0
        for n in range(160):
            if n % step == 0:
                level = rng.uniform(-1.0, 1.0)
            said.append(int(level * strength) + rng.randrange(-50, 50))
    return said.tobytes()


def hiss(ms: int) -> bytes:
    """An s: noise, loud and high."""
    rng = random.Random(3)
    return array("h", (rng.randrange(-3000, 3001) for _ in range(8 * ms))).tobytes()


def key_tones(key: str, ms: int) -> bytes:
    """A key as it sounds (ITU-T Q.23)."""
    low, high = divmod("123A456B789C*0#D".index(key), 4)
    pair = sound.tone((697, 770, 852, 941)[low], ms), sound.tone((1209, 1336, 1477, 1633)[high], ms)
    return array("h", (a + b for a, b in zip(*(array("h", one) for one in pair), strict=True))).tobytes()


def quiet(ms: int, seed: int = 1) -> bytes:
    """A line on which nobody speaks: a little noise."""
    rng = random.Random(seed)
    return array("h", (rng.randrange(-40, 41) for _ in range(8 * ms))).tobytes()


def frames(pcm: bytes) -> Iterator[bytes]:
    yield from (pcm[n : n + FRAME] for n in range(0, len(pcm), FRAME))


def verdict(pcm: bytes) -> float | None:
    """After how many seconds it is a machine and our turn; None for a person."""
    greeting, found = Greeting(), list[float]()
    for n, one in enumerate(frames(pcm)):
        if greeting.hears(one):
            found.append((n + 1) * 0.02)
    assert len(found) <= 1, "told twice"
    return found[0] if found else None


BEEP = sound.tone(1000, 400)
PERSONS = {
    "hello": speech(900) + quiet(8000),
    "hello, who is it?": speech(1700) + quiet(4000) + speech(700) + quiet(4000),
    "hello … hello?": speech(600) + quiet(2000) + speech(600) + quiet(6000),
    "silence for ever": quiet(35_000),
    "digital silence for ever": bytes(16 * 35_000),
    "three silent seconds, then hello": quiet(3000) + speech(800) + quiet(6000),
    "talks over us, with pauses": b"".join(speech(3000, n) + quiet(900, n) for n in range(7)) + quiet(2500),
    "a word that hisses": speech(2000) + quiet(500) + hiss(400) + quiet(3000),
    "a long sentence in one breath": speech(6000) + quiet(3000),
    "a beep before a word": BEEP + quiet(5000),
    "a word and a beep": speech(400) + BEEP + quiet(5000),
    "keys that are heard as tones": quiet(1000)
    + b"".join(key_tones(k, 120) + quiet(200) for k in "1234")
    + quiet(3000),
    "a hum below all": array("h", [150, -150] * 8 * 15_000).tobytes(),
}
MACHINES = {
    "a greeting and a beep": (speech(4000) + quiet(300) + BEEP + quiet(3000), (4.7, 4.75)),
    "a short greeting and a beep": (speech(2000) + BEEP + quiet(3000), (2.4, 2.45)),
    "a long greeting without a beep": (speech(13_600) + quiet(3000), (14.5, 14.7)),
    "a long greeting with breaths": (
        b"".join(speech(2500, n) + quiet(300) for n in range(4)) + quiet(3000),
        (11.85, 11.95),
    ),
    "a greeting, a deep beep": (speech(3000) + sound.tone(440, 500) + quiet(3000), (3.5, 3.55)),
}


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_is_never_taken_for_a_machine(name: str) -> None:
    assert verdict(PERSONS[name]) is None


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_when_it_has_finished(name: str) -> None:
    said, (earliest, latest) = MACHINES[name]
    found = verdict(said)
    assert found is not None
    assert earliest < found <= latest


def test_nothing_is_judged_before_the_machine_is_silent_again() -> None:
    assert verdict(speech(4000) + sound.tone(1000, 10_000)) is None


def test_who_presses_a_key_is_a_person_whatever_follows() -> None:
    greeting = Greeting()
    assert not any(greeting.hears(one) for one in frames(speech(4000)))
    greeting.person()
    assert not any(greeting.hears(one) for one in frames(BEEP + quiet(3000)))


#: What was heard before the key, the key, and whether it may be the greeting's own.
KEYS = {
    "0 in a greeting": (speech(2000), "0", True),
    "9 in a greeting": (speech(2000), "9", True),
    "0 after a breath of a greeting": (speech(2500) + quiet(300), "0", True),
    "0 in a greeting of many breaths": (b"".join(speech(2500, n) + quiet(300) for n in range(4)), "0", True),
    "1 in a greeting: it records nothing yet": (speech(2000), "1", False),
    "0 in silence": (quiet(5000), "0", False),
    "0 at once": (b"", "0", False),
    "0 after hello": (speech(900), "0", False),
    "0 of who has spoken and then listened": (speech(3000) + quiet(1000), "0", False),
    "0 of who has spoken long ago": (speech(6000) + quiet(900) + speech(500), "0", False),
    "0 after the first half minute": (speech(31_000), "0", False),
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_records_something_is_doubted_in_long_words_without_a_pause(name: str) -> None:
    said, key, doubted = KEYS[name]
    greeting = Greeting()
    assert not any(greeting.hears(one) for one in frames(said))
    assert greeting.holds(key, answers=True) is doubted


def test_a_key_in_a_greeting_leaves_it_a_machine() -> None:
    greeting = Greeting()
    assert not any(greeting.hears(one) for one in frames(speech(3000)))
    assert greeting.holds("0", answers=True)
    assert any(greeting.hears(one) for one in frames(speech(1000) + BEEP + quiet(3000)))


def test_the_same_key_again_is_a_person_but_not_its_echo_and_no_other_key() -> None:
    greeting = Greeting()
    assert not any(greeting.hears(one) for one in frames(speech(3000)))
    assert greeting.holds("0", answers=True)
    assert greeting.holds("0", answers=False), "an echo of the same press"
    assert greeting.holds("9", answers=True), "a greeting of several tones"
    assert not greeting.holds("0", answers=True), "within two steps"
    assert not greeting.holds("9", answers=True), "it is known to be a person by now"


def test_only_the_beginning_of_a_call_is_judged() -> None:
    late = quiet(20 * LISTEN_FRAMES) + speech(4000) + BEEP + quiet(3000)
    assert verdict(late) is None


@pytest.mark.parametrize("sample", [0x7FFF, -0x8000])
def test_sounds_that_no_voice_makes_break_nothing(sample: int) -> None:
    square = array("h", ([sample] * 20 + [-sample - 1] * 20) * 4).tobytes()
    assert verdict(array("h", [sample] * 8000).tobytes() + quiet(1000)) is None
    verdict(square * 500 + quiet(2000))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=700), max_size=60))
def test_frames_of_any_size_and_content_break_nothing(payloads: list[bytes]) -> None:
    greeting = Greeting()
    assert sum(greeting.hears(payload) for payload in payloads) <= 1
