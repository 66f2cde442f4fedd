"""Telephone sound: 16-bit mono PCM at 8 kHz, and its two G.711 codings of one byte a sample."""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

RATE_HZ = 8000
FRAME_MS = 20
FRAME_SAMPLES = RATE_HZ * FRAME_MS // 1000
FRAME_BYTES = FRAME_SAMPLES * 2

#: A frame whose mean magnitude reaches this counts as voice (-54 dB of full scale; a line's silence is 0 to 8).
AUDIBLE = 64
#: Magnitudes are added up in bytes, so they are counted in steps of this and capped at 255 of them.
_STEP = 32


def _ulaw(sample: int) -> int:
    magnitude = min(abs(sample >> 2 if sample >= 0 else -(sample >> 2)), 8158) + 33
    segment = magnitude.bit_length() - 6
    code = segment << 4 | magnitude >> (segment + 1) & 0x0F
    return code ^ (0xFF if sample >= 0 else 0x7F)


def _from_ulaw(code: int) -> int:
    code ^= 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84 << (code >> 4 & 7)) - 0x84
    return -magnitude if code & 0x80 else magnitude


def _alaw(sample: int) -> int:
    magnitude = sample >> 3 if sample >= 0 else -(sample >> 3) - 1
    segment = max(magnitude.bit_length() - 5, 0)
    code = segment << 4 | magnitude >> max(segment, 1) & 0x0F
    return code ^ (0xD5 if sample >= 0 else 0x55)


def _from_alaw(code: int) -> int:
    code ^= 0x55
    segment = code >> 4 & 7
    magnitude = ((code & 0x0F) << 4) + 8
    if segment:
        magnitude = magnitude + 0x100 << (segment - 1)
    return magnitude if code & 0x80 else -magnitude


@dataclass(frozen=True)
class Codec:
    """A G.711 coding (ITU-T G.711)."""

    name: str
    #: Its static RTP payload type (RFC 3551, table 4).
    payload_type: int
    _encode: Callable[[int], int] = field(repr=False)
    _decode: Callable[[int], int] = field(repr=False)

    def encode(self, pcm: bytes) -> bytes:
        table = _encoder(self)
        return bytes([table[sample >> 2] for sample in _words(pcm)])

    def decode(self, payload: bytes) -> bytes:
        table = _decoder(self)
        return b"".join([table[code] for code in payload])

    def level(self, payload: bytes) -> int:
        """Mean magnitude of the samples, 0 to 8160: coarse, and cheap enough for every packet of 200 calls."""
        return sum(payload.translate(_magnitudes(self))) * _STEP // len(payload) if payload else 0

    def silence(self) -> bytes:
        return self.encode(bytes(FRAME_BYTES))


@cache
def _encoder(codec: Codec) -> bytes:
    return bytes(codec._encode((index << 2) - (0x10000 if index & 0x2000 else 0)) for index in range(0x4000))


@cache
def _decoder(codec: Codec) -> tuple[bytes, ...]:
    return tuple(codec._decode(code).to_bytes(2, "little", signed=True) for code in range(256))


@cache
def _magnitudes(codec: Codec) -> bytes:
    return bytes(min(abs(codec._decode(code)) // _STEP, 255) for code in range(256))


PCMU = Codec("PCMU", 0, _ulaw, _from_ulaw)
PCMA = Codec("PCMA", 8, _alaw, _from_alaw)


def _words(pcm: bytes, typecode: str = "H") -> array[int]:
    words = array(typecode, pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        words.byteswap()
    return words


def level(pcm: bytes) -> int:
    """Mean magnitude of linear samples."""
    samples = _words(pcm, "h")
    return sum(map(abs, samples)) // len(samples) if samples else 0


def rms(pcm: bytes) -> float:
    """Root of the mean square: the energy of linear samples."""
    samples = _words(pcm, "h")
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) if samples else 0.0


def silence(ms: int) -> bytes:
    return bytes(RATE_HZ * 2 * ms // 1000)


def tone(hz: float, ms: int, amplitude: int = 8000) -> bytes:
    """A plain sine: easy to tell from silence and from another tone."""
    turn = 2 * math.pi * hz / RATE_HZ
    samples = (round(amplitude * math.sin(turn * n)) for n in range(RATE_HZ * ms // 1000))
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)


def strength(pcm: bytes, hz: float) -> float:
    """How much of one pitch is in the sound: its amplitude (Goertzel), to tell whose tone was heard."""
    samples, turn = _words(pcm, "h"), 2 * math.pi * hz / RATE_HZ
    real = sum(sample * math.cos(turn * n) for n, sample in enumerate(samples))
    imaginary = sum(sample * math.sin(turn * n) for n, sample in enumerate(samples))
    return 2 * math.hypot(real, imaginary) / max(len(samples), 1)


def read_wav(path: Path) -> bytes:
    """The PCM of a wav file. Raises ValueError when it is not 8 kHz, 16 bit, mono."""
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE_HZ, 2, 1):
            raise ValueError(f"{path} is not 8 kHz, 16-bit, mono: convert it first")
        return file.readframes(file.getnframes())


def write_wav(path: Path, pcm: bytes) -> None:
    """Keep a sound for a person to listen to."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm)
