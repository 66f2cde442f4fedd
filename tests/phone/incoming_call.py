"""A call that comes in: it is let ring, answered, or refused."""

from __future__ import annotations

import asyncio
import time

from phone.call import Call, CallOver
from phone.call_log import CallRecord
from phone.dialog import Dialog
from phone.media import Media
from phone.sdp import SdpError
from phone.sip import Address, Request
from phone.wire import Wire


class IncomingCall(Call):
    """The called side (UAS)."""

    def __init__(
        self, invite: Request, frm: Address, dialog: Dialog, wire: Wire, media: Media, record: CallRecord
    ) -> None:
        super().__init__(dialog, wire, media, record)
        self.invite = invite
        self._from = frm
        self._ringing = False
        self._acknowledged = asyncio.Event()
        self._media_wanted = True
        self._respond(100)

    async def ring(self, seconds: float) -> None:
        """Ring for a while (180)."""
        self._start_ringing()
        await self.wait(seconds)

    async def ring_for_ever(self) -> None:
        """Never answer. Ends, with `CallOver`, when the caller gives up."""
        self._start_ringing()
        await self._while_up(asyncio.Event().wait())

    async def answer(self, after: float = 0.0, rtp: bool = True, times: int = 1) -> float:
        """Pick up, after ringing so long; when the 200 left. Returns once it is acknowledged.

        Without `rtp` nothing is ever sent; `times` says the 200 so often at once. Raises `CallOver`.
        """
        if after:
            await self.ring(after)
        if self.is_over or self.log.answered is not None:
            raise CallOver("there is no call to answer any more")
        try:
            body = self.negotiate(self.invite)
        except SdpError as error:
            await self.reject(488)
            raise CallOver(str(error)) from error
        more = (("Contact", self.dialog.contact), ("Content-Type", "application/sdp"))
        self.log.answered = self.mark = time.monotonic()
        self.log.status = 200
        response = self.invite.answer(200, self.dialog.our_tag, more, body)
        self._wire.answer(self.invite, response, self._from)
        for _ in range(times - 1):
            self._wire.answer_again(self.invite, self._from)
        self._media_wanted = rtp
        if rtp and self.invite.body:
            self.media.start()
        answered = self.log.answered
        try:
            await self._while_up(self._acknowledged.wait(), self._wire.patience)
        except TimeoutError as error:
            await self._bye(twice=False)
            raise CallOver("our answer was never acknowledged") from error
        return answered

    async def reject(self, status: int = 486) -> None:
        """Refuse with a SIP status."""
        self._respond(status)
        self.over("us", status)

    async def hang_up(self, twice: bool = False) -> None:
        if self.is_over:
            return
        if self.log.answered is None:
            await self.reject(603)
        else:
            await self._bye(twice)

    def cancelled(self, cancel: Request, frm: Address) -> None:
        """The caller has given up: for the phone. A CANCEL after the answer changes nothing (RFC 3261, 9.2)."""
        self._wire.answer(cancel, cancel.answer(200, self.dialog.our_tag), frm)
        if self.log.answered is None and not self.is_over:
            self._respond(487)
            self.over("them", 487)

    def acknowledged(self, ack: Request) -> None:
        super().acknowledged(ack)
        if self._media_wanted and not self.is_over and self.log.answered is not None:
            self.media.start()
        self._acknowledged.set()

    def _start_ringing(self) -> None:
        if not self._ringing:
            self._ringing = True
            self._respond(180, (("Contact", self.dialog.contact),))

    def _respond(self, status: int, more: tuple[tuple[str, str], ...] = ()) -> None:
        tag = "" if status == 100 else self.dialog.our_tag
        self._wire.answer(self.invite, self.invite.answer(status, tag, more), self._from)
