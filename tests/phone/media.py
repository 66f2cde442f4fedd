"""The sound of one call: an RTP socket that always sends, speaks and presses keys on the clock, and has an ear."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from phone.clock import Clock
from phone.dtmf import END_REPEATS, KeyEar, event_payloads
from phone.ear import Ear
from phone.ports import open_udp
from phone.rtp import RtpError, RtpPacket, SequenceReader, parse_rtp, receive
from phone.sdp import CODECS, Endpoint
from phone.sound import FRAME_BYTES, FRAME_SAMPLES, Codec


@dataclass(frozen=True)
class Acted:
    """Something that we sent: the monotonic seconds at which its first and its last packet left."""

    began: float
    ended: float


class _Saying:
    """Something being said, or a key waiting for its turn to be pressed."""

    def __init__(self, frames: Sequence[bytes] = (), key: tuple[list[bytes], bytes] | None = None) -> None:
        self.frames, self.key = deque(frames), key
        self.began = 0.0
        self.done: asyncio.Future[Acted] = asyncio.get_running_loop().create_future()


class _Event:
    """A key being pressed. It goes on to its end, even when nobody waits for it any more."""

    def __init__(self, saying: _Saying, held: list[bytes], end: bytes, stamp: int) -> None:
        self.saying, self.held, self.end, self.stamp = saying, deque(held), end, stamp
        self.first = True


class Media:
    """One call's sound. It sends from `start` on: silence when there is nothing to say, as every telephone does."""

    def __init__(self, clock: Clock, host: str, ports: Sequence[int], keep_sound: bool = True) -> None:
        self._clock, self._socket = clock, open_udp(host, ports)
        self.here = Endpoint(host, int(self._socket.getsockname()[1]))
        self._there: Endpoint | None = None
        self._codec: Codec = CODECS[0]
        self.ear = Ear(self._codec.decode, keep_sound)
        self.keys = KeyEar()
        self.sources = SequenceReader()
        #: Datagrams that were no RTP, or of a payload type that was not agreed.
        self.strange = 0
        self._ssrc, self._sequence = random.getrandbits(32), random.getrandbits(16)
        self._stamp, self._marker, self._sending = random.getrandbits(32), True, False
        self._silence = self._codec.silence()
        self._queue: deque[_Saying] = deque()
        self._event: _Event | None = None
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    def agree(self, there: Endpoint, codec: Codec) -> None:
        """Where the other side listens, and in which coding both speak."""
        self._there, self._codec = there, codec
        self._silence, self.ear.decode = codec.silence(), codec.decode

    def start(self) -> None:
        if not self._sending:
            self._sending = True
            self._clock.join(self._tick)

    def stop(self) -> None:
        """Send no more; what was still to be said is given up."""
        self._clock.leave(self._tick)
        self._sending, self._event = False, None
        for saying in self._queue:
            saying.done.cancel()
        self._queue.clear()

    def close(self) -> None:
        self.stop()
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()

    async def say(self, pcm: bytes) -> Acted:
        """Speak; returns when the last frame has left."""
        frames = [pcm[n : n + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for n in range(0, len(pcm), FRAME_BYTES)]
        return await self._do(_Saying(frames or [bytes(FRAME_BYTES)]))

    async def press(self, key: str, hold_ms: int) -> Acted:
        """Press a key; returns when its first end packet has left. Speaking pauses for it."""
        return await self._do(_Saying(key=event_payloads(key, hold_ms)))

    async def _do(self, saying: _Saying) -> Acted:
        if not self._sending:
            raise RuntimeError("this phone sends no sound now: answer first, or do not ask it to be mute")
        self._queue.append(saying)
        try:
            return await saying.done
        finally:
            if saying in self._queue:
                self._queue.remove(saying)

    def send_raw(self, data: bytes) -> None:
        """Send a datagram that need not be RTP at all."""
        if self._there and self._socket.fileno() >= 0:
            with suppress(BlockingIOError):
                self._socket.sendto(data, (self._there.host, self._there.port))

    def _tick(self) -> None:
        self._stamp = self._stamp + FRAME_SAMPLES & 0xFFFFFFFF
        if self._event is None and self._queue and self._queue[0].key:
            self._event = _Event(self._queue[0], *self._queue[0].key, self._stamp)
        if self._event:
            self._send_key(self._event)
            return
        saying = self._queue[0] if self._queue else None
        if saying is None:
            self._send(self._codec.payload_type, self._silence, self._stamp)
            return
        now = self._send(self._codec.payload_type, self._codec.encode(saying.frames.popleft()), self._stamp)
        saying.began = saying.began or now
        if not saying.frames:
            self._finish(saying, now)

    def _send_key(self, event: _Event) -> None:
        saying = event.saying
        kind = self._there.event_type if self._there else None
        if event.held:
            now = self._send(kind, event.held.popleft(), event.stamp, event.first)
            saying.began, event.first = saying.began or now, False
            return
        times = [self._send(kind, event.end, event.stamp) for _ in range(END_REPEATS)]
        self._event = None
        self._finish(saying, times[0])

    def _finish(self, saying: _Saying, now: float) -> None:
        if self._queue and self._queue[0] is saying:
            self._queue.popleft()
        if not saying.done.done():
            saying.done.set_result(Acted(saying.began, now))

    def _send(self, kind: int | None, payload: bytes, stamp: int, marker: bool = False) -> float:
        now = time.monotonic()
        if kind is not None and self._there and self._there.direction in ("sendrecv", "recvonly"):
            packet = RtpPacket(kind, self._sequence, stamp, self._ssrc, payload, marker or self._marker)
            self._sequence, self._marker = self._sequence + 1 & 0xFFFF, False
            self.send_raw(packet.render())
        return now

    def _readable(self) -> None:
        while self._socket.fileno() >= 0 and (got := receive(self._socket)):
            self._hear(*got)

    def _hear(self, data: bytes, at: float) -> None:
        try:
            packet = parse_rtp(data)
        except RtpError:
            self.strange += 1
            return
        if packet.payload_type == self._codec.payload_type:
            place = self.sources.extend(packet.sequence, packet.ssrc)
            self.ear.hear(at, place, self._codec.level(packet.payload), packet.payload)
        elif self._there and packet.payload_type == self._there.event_type:
            self.ear.hear(at, self.sources.extend(packet.sequence, packet.ssrc), 0, b"")
            self.keys.hear(packet.payload, packet.stamp, at)
        else:
            self.strange += 1
