"""Keys on the wire: telephone events (RFC 4733), named by 0-9, *, #, A-D."""

from __future__ import annotations

from dataclasses import dataclass, field

from phone.sound import FRAME_MS, FRAME_SAMPLES

KEYS = "0123456789*#ABCD"
#: The end of an event is said three times, in case one is lost (RFC 4733, 2.5.1.4).
END_REPEATS = 3
_END = 0x80
_VOLUME = 10
#: Durations are 16 bit, in samples: longer holds need segments (2.5.1.3), which this phone does not make.
LONGEST_HOLD_MS = 8000


def event_payloads(key: str, hold_ms: int) -> tuple[list[bytes], bytes]:
    """The payloads of one key press: one for each 20 ms it is held, and the one that ends it.

    Raises ValueError for a key that no telephone has, or a hold of nothing or above eight seconds.
    """
    if len(key) != 1 or key not in KEYS:
        raise ValueError(f"{key!r} is not a telephone's key: use one of {KEYS}")
    if not FRAME_MS <= hold_ms <= LONGEST_HOLD_MS:
        raise ValueError(f"a key is held for {FRAME_MS} to {LONGEST_HOLD_MS} ms, not {hold_ms}")
    frames = hold_ms // FRAME_MS
    held = [_payload(key, _VOLUME, FRAME_SAMPLES * (n + 1)) for n in range(frames)]
    return held, _payload(key, _END | _VOLUME, FRAME_SAMPLES * frames)


def _payload(key: str, flags: int, duration: int) -> bytes:
    return bytes((KEYS.index(key), flags)) + duration.to_bytes(2, "big")


@dataclass(frozen=True)
class KeyHeard:
    """A key that the other side pressed."""

    key: str
    #: Monotonic seconds at which its first packet, and its first end packet, came in.
    began: float
    ended: float
    #: How long it was held, as the other side tells it.
    hold_ms: int


@dataclass
class KeyEar:
    """Makes keys of event packets. All packets of one press bear one time stamp; repeats of the end count once."""

    heard: list[KeyHeard] = field(default_factory=list)
    _stamp: int | None = None
    _key: str = ""
    _began: float = 0.0
    _done: bool = True

    def hear(self, payload: bytes, stamp: int, at: float) -> None:
        """Take one packet's payload; one that is too short or names no key is passed over."""
        if len(payload) < 4 or payload[0] >= len(KEYS):
            return
        if stamp != self._stamp:
            self._stamp, self._key, self._began, self._done = stamp, KEYS[payload[0]], at, False
        if payload[1] & _END and not self._done:
            self._done = True
            hold_ms = int.from_bytes(payload[2:4], "big") * FRAME_MS // FRAME_SAMPLES
            self.heard.append(KeyHeard(self._key, self._began, at, hold_ms))
