"""Sound as a value: signed 16-bit little-endian mono at 8 kHz, the telephone's format."""

from __future__ import annotations

#: Samples a second on the telephone.
RATE_HZ = 8000
#: One frame of the line: 20 ms, 160 samples, 320 bytes.
FRAME_MS = 20
FRAME_BYTES = RATE_HZ * 2 * FRAME_MS // 1000
#: A frame of nothing.
SILENCE = bytes(FRAME_BYTES)


def silence(ms: int) -> bytes:
    """So many milliseconds of nothing."""
    return bytes(RATE_HZ * 2 * ms // 1000)


def duration_ms(pcm: bytes) -> int:
    """How long a piece of sound lasts."""
    return len(pcm) * 1000 // (RATE_HZ * 2)
