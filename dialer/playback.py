"""What one call hears: sound that waits, cut into frames of 20 ms; silence for ever after it."""

from __future__ import annotations

from voices.audio import FRAME_BYTES, SILENCE

#: A sample above this (of 32768) can be heard: about -40 dBFS.
AUDIBLE = 328


class Playback:
    """A queue of one: new words replace or follow nothing; `next_frame` never runs dry."""

    def __init__(self) -> None:
        self._pcm = b""
        self._at = 0

    @property
    def playing(self) -> bool:
        """Words are left to be heard."""
        return self._at < len(self._pcm)

    def play(self, pcm: bytes) -> None:
        """Say this now, from its first sample."""
        self._pcm, self._at = pcm, 0

    def stop(self) -> None:
        """Be silent from the next frame on."""
        self._pcm, self._at = b"", 0

    def next_frame(self) -> bytes:
        """The next 320 bytes: words, the last of them filled up, or silence."""
        if self._at >= len(self._pcm):
            return SILENCE
        chunk = self._pcm[self._at : self._at + FRAME_BYTES]
        self._at += FRAME_BYTES
        return chunk if len(chunk) == FRAME_BYTES else chunk + SILENCE[len(chunk) :]


def audible(frame: bytes) -> bool:
    """Can anything be heard in this frame?"""
    samples = memoryview(frame).cast("h")
    return max(samples) > AUDIBLE or min(samples) < -AUDIBLE
