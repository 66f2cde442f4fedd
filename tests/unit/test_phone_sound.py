"""The telephone of the tests: its sound, packets and keys, as pure values."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone import sound
from phone.dtmf import KEYS, KeyEar, event_payloads
from phone.ear import Ear
from phone.rtp import RtpError, RtpPacket, SequenceReader, parse_rtp
from phone.sound import PCMA, PCMU, Codec

#: ITU-T G.711, tables 1 and 2: the loudest values, and the smallest above zero.
KNOWN = [
    (PCMU, 32767, 0x80, 32124),
    (PCMU, -32768, 0x00, -32124),
    (PCMU, 0, 0xFF, 0),
    (PCMU, 8, 0xFE, 8),
    (PCMA, 32767, 0xAA, 32256),
    (PCMA, -32768, 0x2A, -32256),
    (PCMA, 0, 0xD5, 8),
    (PCMA, -1, 0x55, -8),
]


def pcm_of(sample: int) -> bytes:
    return sample.to_bytes(2, "little", signed=True)


@pytest.mark.parametrize(("codec", "sample", "code", "heard"), KNOWN)
def test_it_codes_as_the_standard_says(codec: Codec, sample: int, code: int, heard: int) -> None:
    assert codec.encode(pcm_of(sample)) == bytes([code])
    assert codec.decode(bytes([code])) == pcm_of(heard)


@pytest.mark.parametrize("codec", [PCMU, PCMA])
def test_what_was_heard_and_is_said_again_does_not_change(codec: Codec) -> None:
    heard = codec.decode(bytes(range(256)))
    assert codec.decode(codec.encode(heard)) == heard


@given(st.integers(-32768, 32767), st.sampled_from([PCMU, PCMA]))
def test_coding_is_off_by_less_than_a_sixteenth(sample: int, codec: Codec) -> None:
    heard = int.from_bytes(codec.decode(codec.encode(pcm_of(sample))), "little", signed=True)
    assert abs(heard - sample) <= max(abs(sample) / 16, 16) + 4


@pytest.mark.parametrize("codec", [PCMU, PCMA])
def test_silence_is_not_audible_and_a_tone_is(codec: Codec) -> None:
    assert codec.level(codec.silence()) < sound.AUDIBLE
    assert codec.level(codec.encode(sound.tone(440, 20, 500))) >= sound.AUDIBLE


def test_a_pitch_is_found_in_the_sound_that_has_it_and_in_no_other() -> None:
    heard = PCMU.decode(PCMU.encode(sound.tone(440, 200, 8000)))
    assert sound.strength(heard, 440) == pytest.approx(8000, rel=0.05)
    assert sound.strength(heard, 1000) < 200


def test_a_wav_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    sound.write_wav(tmp_path / "tone.wav", sound.tone(440, 50))
    assert sound.read_wav(tmp_path / "tone.wav") == sound.tone(440, 50)


@given(
    st.integers(0, 127),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=200),
    st.booleans(),
)
def test_a_packet_is_read_as_it_was_written(
    kind: int, sequence: int, stamp: int, ssrc: int, payload: bytes, marker: bool
) -> None:
    packet = RtpPacket(kind, sequence, stamp, ssrc, payload, marker)
    assert parse_rtp(packet.render()) == packet


@given(st.binary(max_size=100))
def test_noise_is_refused_as_rtp_or_read_but_never_breaks_the_phone(noise: bytes) -> None:
    try:
        assert len(parse_rtp(noise).payload) <= len(noise) - 12
    except RtpError as refusal:
        assert str(refusal)


def test_a_header_extension_is_not_taken_for_sound() -> None:
    extended = b"\x90\x00" + bytes(10) + b"\xbe\xde\x00\x01" + b"ext!" + b"voice"
    assert parse_rtp(extended).payload == b"voice"


@given(st.integers(0, 0xFFFF), st.lists(st.integers(1, 300), min_size=1, max_size=50))
def test_places_grow_across_the_wrap_of_the_sequence(first: int, steps: list[int]) -> None:
    reader = SequenceReader()
    sent = [first + sum(steps[:n]) for n in range(len(steps) + 1)]
    places = [reader.extend(sequence & 0xFFFF, 1) for sequence in sent]
    assert [place - places[0] for place in places] == [sequence - first for sequence in sent]


def test_a_new_source_goes_on_where_the_old_one_stopped() -> None:
    reader = SequenceReader()
    assert [reader.extend(41945, 1), reader.extend(5847, 2), reader.extend(5848, 2)] == [0, 1, 2]
    assert reader.sources == 2


@given(st.sampled_from(KEYS), st.integers(20, 8000))
def test_a_key_is_heard_once_whatever_is_lost_or_doubled(key: str, hold_ms: int) -> None:
    held, end = event_payloads(key, hold_ms)
    said = [*held, end, end, end]
    ear = KeyEar()
    for at, payload in enumerate([*random.Random(0).sample(said[:-1], len(said) // 2), end, end]):
        ear.hear(payload, 1600, float(at))
    assert [(heard.key, heard.hold_ms) for heard in ear.heard] == [(key, hold_ms // 20 * 20)]


def test_the_same_key_twice_is_two_keys() -> None:
    ear = KeyEar()
    held, end = event_payloads("7", 40)
    for stamp in (100, 900):
        for payload in (*held, end, end, end):
            ear.hear(payload, stamp, 0.0)
    assert [heard.key for heard in ear.heard] == ["7", "7"]


@pytest.mark.parametrize(("key", "hold_ms"), [("E", 100), ("12", 100), ("", 100), ("1", 0), ("1", 9000)])
def test_a_key_that_no_telephone_has_cannot_be_pressed(key: str, hold_ms: int) -> None:
    with pytest.raises(ValueError, match="key"):
        event_payloads(key, hold_ms)


def test_it_counts_what_was_lost_doubled_and_late() -> None:
    ear = Ear(PCMU.decode)
    for n, place in enumerate([0, 1, 2, 2, 5, 4, 6]):
        ear.hear(100 + n * 0.02, place, 0, b"")
    heard = ear.reception()
    assert (heard.packets, heard.lost, heard.duplicated, heard.reordered) == (7, 1, 1, 1)
    assert heard.p99_gap_ms == pytest.approx(20)
    assert heard.jitter_ms == pytest.approx(0, abs=1e-6)


def test_the_longest_gap_is_seen_only_in_the_stretch_that_has_it() -> None:
    ear = Ear(PCMU.decode)
    for at in (1.00, 1.02, 1.04, 1.20, 1.22):
        ear.hear(at, round(at * 50), 0, b"")
    assert ear.reception().longest_gap_ms == pytest.approx(160)
    assert ear.reception(until=1.1).longest_gap_ms == pytest.approx(20)


def test_voice_is_found_from_an_instant_on() -> None:
    ear = Ear(PCMU.decode)
    for at, level in ((1.0, 0), (2.0, 900), (3.0, 0), (4.0, 900)):
        ear.hear(at, int(at), level, b"")
    assert [ear.first_voice(1.0), ear.first_voice(2.5), ear.first_voice(4.5)] == [2.0, 4.0, None]
    assert ear.last_voice(1.0) == 4.0
    assert [packet.audible for packet in ear.since(3.0)] == [False, True]
