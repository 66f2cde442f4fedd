"""A call as the person at this phone knows it: they listen, speak, press keys, wait and hang up."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from phone import sdp
from phone.call_log import CallRecord
from phone.dialog import Dialog
from phone.dtmf import KeyHeard
from phone.ear import Ear, Packet, Reception
from phone.media import Acted, Media
from phone.sip import Address, Request
from phone.sound import read_wav
from phone.wire import Wire, settled

__all__ = ["Acted", "Call", "CallOver", "CallRefused"]

#: What a listener takes for the end of a prompt.
PROMPT_ENDS_AFTER_MS = 1100

T = TypeVar("T")


class CallOver(Exception):
    """The call has ended while something was still to be done in it."""


class CallRefused(Exception):
    """A call that we made was not taken."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the call was refused with {status}")
        self.status = status


class Call:
    """Common to calls in both directions. All times are monotonic seconds."""

    def __init__(self, dialog: Dialog, wire: Wire, media: Media, record: CallRecord) -> None:
        self.dialog, self.media, self.log = dialog, media, record
        self._wire = wire
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Listening begins here: our latest act, or the end of the prompt that we heard last.
        self.mark = record.began

    @property
    def number(self) -> str:
        """The number that was called."""
        return self.log.number

    @property
    def caller_id(self) -> str:
        return self.log.caller_id

    @property
    def is_over(self) -> bool:
        return self._over.done()

    @property
    def ear(self) -> Ear:
        return self.media.ear

    @property
    def keys_heard(self) -> list[KeyHeard]:
        """The keys that the other side pressed."""
        return self.media.keys.heard

    async def wait(self, seconds: float) -> None:
        """Do nothing for a while. Like everything below it raises `CallOver` when the call ends meanwhile."""
        await self._while_up(asyncio.sleep(seconds))

    async def wait_for_voice(self, within: float = 10.0, since: float | None = None) -> float:
        """When the first audible packet since our latest act came in. Raises TimeoutError when none does."""
        return await self._while_up(self.ear.voice(self.mark if since is None else since), within)

    async def wait_for_quiet(self, ms: int = PROMPT_ENDS_AFTER_MS, within: float = 60.0) -> float:
        """Wait for so much silence on end; when it began. Raises TimeoutError."""
        return await self._while_up(self.ear.quiet(ms, self.mark), within)

    async def prompt_ended(self, quiet_ms: int = PROMPT_ENDS_AFTER_MS, within: float = 120.0) -> float:
        """Hear a prompt to its end: a voice since our latest act, then silence. When the voice stopped."""
        started = time.monotonic()
        await self.wait_for_voice(within)
        stopped = await self.wait_for_quiet(quiet_ms, max(within - (time.monotonic() - started), 0.1))
        self.mark = time.monotonic()
        return stopped

    async def press(self, keys: str, hold_ms: int = 100, gap_ms: int = 100) -> Acted:
        """Press keys one after another; from the first one's start to the last one's end."""
        began = 0.0
        for n, key in enumerate(keys):
            if n:
                await self.wait(gap_ms / 1000)
            acted = await self._while_up(self.media.press(key, hold_ms))
            self.log.pressed += key
            began = began or acted.began
            self.mark = acted.ended
        return Acted(began, self.mark)

    async def say(self, sound: bytes | Path) -> Acted:
        """Say PCM, or a wav file of 8 kHz."""
        acted = await self._while_up(self.media.say(sound if isinstance(sound, bytes) else read_wav(sound)))
        self.mark = acted.ended
        return acted

    def heard_since(self, t: float) -> list[Packet]:
        return self.ear.since(t)

    def record(self, since: float = 0.0) -> bytes:
        """The PCM of all that was heard."""
        return self.ear.pcm(since)

    def reception(self, since: float = 0.0, until: float = float("inf")) -> Reception:
        return self.ear.reception(since, until)

    def send_garbage(self, datagrams: int = 20, rng: random.Random | None = None) -> None:
        """Misbehave: datagrams of noise where RTP is expected, from empty to 200 bytes."""
        rng = rng or random.Random(0)
        for _ in range(datagrams):
            self.media.send_raw(rng.randbytes(rng.randrange(200)))

    async def hang_up(self, twice: bool = False) -> None:
        """End the call, in whatever state it is; `twice` sends a second BYE. No error when it is over already."""
        raise NotImplementedError

    def vanish(self) -> None:
        """Misbehave: the phone loses its power. Nothing is sent or answered any more, no BYE either."""
        self._wire.fall_silent(self.dialog.call_id)
        self.over("us")

    async def until_over(self, within: float = 30.0) -> CallRecord:
        """Wait for the end of the call, whoever brings it. Raises TimeoutError."""
        await asyncio.wait_for(asyncio.shield(self._over), within)
        return self.log

    def over(self, by: str, status: int | None = None) -> None:
        """The call is over: for the phone, which hears it on the wire."""
        if self._over.done():
            return
        self.log.ended, self.log.ended_by = time.monotonic(), by
        self.log.status = self.log.status or status
        self._over.set_result(None)
        self.media.close()

    def when_over(self, do: Callable[[], object]) -> None:
        self._over.add_done_callback(lambda _: do())

    def handle(self, request: Request, frm: Address) -> None:
        """A request inside this call's dialog: for the phone."""
        if request.method == "BYE":
            self._wire.answer(request, request.answer(200), frm)
            self.over("them")
        elif request.method == "INVITE":
            self._renegotiate(request, frm)
        elif request.method == "ACK":
            self.acknowledged(request)
        elif request.method in ("OPTIONS", "INFO", "UPDATE", "NOTIFY"):
            self._wire.answer(request, request.answer(200, more=[("Contact", self.dialog.contact)]), frm)
        else:
            self._wire.answer(request, request.answer(405), frm)

    def acknowledged(self, ack: Request) -> None:
        """An ACK; when the INVITE offered nothing, the other side's sound is described here."""
        with suppress(sdp.SdpError):
            if ack.body:
                there = sdp.parse(ack.body)
                self.media.agree(there, self.media.here.answer_to(there).codecs[0])

    def negotiate(self, invite: Request) -> bytes:
        """Our description for an INVITE: the answer to its offer, or an offer. Raises `sdp.SdpError`."""
        if not invite.body:
            return sdp.render(self.media.here)
        there = sdp.parse(invite.body)
        answer = self.media.here.answer_to(there)
        self.media.agree(there, answer.codecs[0])
        return sdp.render(answer)

    def _renegotiate(self, invite: Request, frm: Address) -> None:
        try:
            body = self.negotiate(invite)
        except sdp.SdpError:
            self._wire.answer(invite, invite.answer(488), frm)
            return
        self.dialog.aim(invite)
        more = [("Contact", self.dialog.contact), ("Content-Type", "application/sdp")]
        self._wire.answer(invite, invite.answer(200, more=more, body=body), frm)

    async def _bye(self, twice: bool) -> None:
        byes = [self.dialog.request("BYE") for _ in range(2 if twice else 1)]
        asked = [self._wire.ask(bye, self.dialog.there) for bye in byes]
        self.over("us")
        for bye in asked:
            await settled(bye)

    async def _while_up(self, doing: Coroutine[Any, Any, T], within: float | None = None) -> T:
        if self._over.done():
            doing.close()
            raise self._end()
        task = asyncio.ensure_future(doing)
        either: set[asyncio.Future[Any]] = {task, self._over}
        try:
            await asyncio.wait(either, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not task.cancelled() and (task.exception() is None or not self._over.done()):
                return task.result()
        finally:
            task.cancel()
        if self._over.done():
            raise self._end()
        raise TimeoutError(f"nothing within {within} s in the call with {self.number}")

    def _end(self) -> CallOver:
        return CallOver(f"the call with {self.number} was ended by {self.log.ended_by}")
