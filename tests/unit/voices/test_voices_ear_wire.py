"""Messages between the line and a child that hears."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voices.ear_wire import (
    LONGEST,
    LONGEST_ANSWER,
    Garbled,
    Kind,
    Message,
    Reader,
    both_ways,
    document,
    event_message,
    event_of,
    sound,
)
from voices.ears import Event, Lost, Partial, Pause, SpeechBegan, Utterance

texts = st.text(max_size=40)
events: st.SearchStrategy[Event] = st.one_of(
    st.just(SpeechBegan()),
    st.builds(Partial, texts),
    st.builds(Pause, texts),
    st.builds(Utterance, texts, st.lists(texts, max_size=3).map(tuple)),
    st.builds(Lost, texts),
)


@given(st.lists(st.tuples(st.integers(1, 2**32 - 1), events), max_size=5), st.integers(1, 50))
def test_events_arrive_as_they_were_told_however_the_stream_is_cut(told: list[tuple[int, Event]], cut: int) -> None:
    stream = b"".join(event_message(ear, event) for ear, event in told)
    reader = Reader(LONGEST_ANSWER)
    came = [m for n in range(0, len(stream), cut) for m in reader.feed(stream[n : n + cut])]
    assert [(message.ear, event_of(message)) for message in came] == told


@given(st.binary(max_size=700), st.binary(max_size=700))
def test_sound_both_ways_arrives_as_it_was(heard: bytes, played: bytes) -> None:
    (message,) = Reader(LONGEST).feed(sound(Kind.FEED, 7, heard, played))
    assert both_ways(message.body) == (heard, played)


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_refused_and_nothing_else(noise: bytes) -> None:
    try:
        for message in Reader(LONGEST_ANSWER).feed(noise):
            event_of(message)
    except Garbled:
        pass


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"event": "utterance", "text": 3, "others": []}', b'{"event": "partial"}', b"\xff",
     b'{"event": "utterance", "text": "yes", "others": [1]}'],
)  # fmt: skip
def test_an_event_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(Garbled):
        event_of(Message(Kind.EVENT, 1, body))


def test_a_megabyte_of_text_is_refused_before_it_is_read() -> None:
    huge = document(Kind.EVENT, 1, event="partial", text="x" * 1_000_000)
    with pytest.raises(Garbled):
        list(Reader(LONGEST_ANSWER).feed(huge[:100]))
