"""A call that we make: it is challenged, rings, is taken or refused, or we give it up."""

from __future__ import annotations

import asyncio
import time

from phone import sdp
from phone.call import Call, CallOver, CallRefused
from phone.call_log import CallRecord
from phone.dialog import Dialog
from phone.media import Media
from phone.sip import Credentials, Headers, Request, Response, SipError, authorization
from phone.wire import Asked, NoAnswer, Wire, settled


class OutgoingCall(Call):
    """The calling side (UAC)."""

    def __init__(self, dialog: Dialog, wire: Wire, media: Media, record: CallRecord, who: Credentials | None) -> None:
        super().__init__(dialog, wire, media, record)
        self._who = who
        self._invite, self._asked = self._send_invite(dialog.cseq)
        self._cancelled = False
        self._placing = asyncio.create_task(self._place())
        # What came of it is in the log too: nobody needs to await it.
        self._placing.add_done_callback(lambda placing: placing.cancelled() or placing.exception())

    async def connected(self, within: float = 10.0) -> float:
        """Wait until it is taken; when that was. Raises `CallRefused`, `CallOver`, or TimeoutError while it rings."""
        done, _ = await asyncio.wait({self._placing}, timeout=within)
        if not done:
            raise TimeoutError(f"{self.number} did not answer within {within} s")
        if self._placing.cancelled():
            raise CallOver("it was given up before it was taken")
        return self._placing.result()

    @property
    def rings(self) -> bool:
        """The other side has said that it rings (or something else on the way)."""
        return 100 < self._asked.stage < 200

    async def hang_up(self, twice: bool = False) -> None:
        if self.is_over:
            return
        if self.log.answered is not None:
            await self._bye(twice)
            return
        self._cancelled = True
        # A CANCEL may only follow a first sign of life (RFC 3261, 9.1).
        await self._asked.heard_from.wait()
        if not self._asked.final.done():
            await settled(self._wire.ask(_cancel_of(self._invite), self._asked.to))
        await asyncio.wait({self._placing})

    def over(self, by: str, status: int | None = None) -> None:
        super().over(by, status)
        if self.log.answered is None and asyncio.current_task() is not self._placing:
            self._placing.cancel()

    def _send_invite(self, cseq: int, more: Headers = ()) -> tuple[Request, Asked]:
        more = (("Content-Type", "application/sdp"), *more)
        invite = self.dialog.request("INVITE", cseq, more, sdp.render(self.media.here))
        return invite, self._wire.ask(invite, self.dialog.there)

    async def _place(self) -> float:
        try:
            response = await self._asked.final
            if response.status in (401, 407) and self._who and not self._cancelled:
                proof = proof_for(response, self._who, "INVITE", self._invite.uri)
                self.dialog.cseq += 1
                self._invite, self._asked = self._send_invite(self.dialog.cseq, (proof,))
                response = await self._asked.final
        except (NoAnswer, SipError) as error:
            self.over("them")
            raise CallOver(str(error)) from error
        if response.status >= 300:
            self.over("us" if self._cancelled else "them", response.status)
            raise CallRefused(response.status)
        return self._take(response)

    def _take(self, response: Response) -> float:
        self.dialog.learn(response)
        invite_cseq = self._invite.cseq[0]
        # Each repeated 200 is acknowledged again (RFC 3261, 13.2.2.4).
        self._asked.on_final = lambda _again: self._acknowledge(invite_cseq)
        self._acknowledge(invite_cseq)
        self.log.answered = self.mark = time.monotonic()
        self.log.status = 200
        try:
            there = sdp.parse(response.body)
            self.media.agree(there, self.media.here.answer_to(there).codecs[0])
        except sdp.SdpError as error:
            self._wire.ask(self.dialog.request("BYE"), self.dialog.there)
            self.over("us")
            raise CallOver(str(error)) from error
        if self._cancelled:
            self._wire.ask(self.dialog.request("BYE"), self.dialog.there)
            self.over("us")
            raise CallOver("it was answered while we gave it up")
        self.media.start()
        return self.log.answered

    def _acknowledge(self, cseq: int) -> None:
        self._wire.send(self.dialog.request("ACK", cseq).render(), self.dialog.there)


def _cancel_of(invite: Request) -> Request:
    """RFC 3261, 9.1: the same addresses, the same branch."""
    headers = [(k, v) for k, v in invite.headers if k in ("Via", "From", "To", "Call-ID", "Max-Forwards")]
    return Request(method="CANCEL", uri=invite.uri, headers=(*headers, ("CSeq", f"{invite.cseq[0]} CANCEL")))


def proof_for(challenged: Response, who: Credentials, method: str, uri: str) -> tuple[str, str]:
    """The header that answers a 401 or 407. Raises `SipError` when no challenge in it can be answered."""
    asked, answer = ("WWW-Authenticate", "Authorization")
    if challenged.status == 407:
        asked, answer = ("Proxy-Authenticate", "Proxy-Authorization")
    problem = SipError(f"{challenged.status} without {asked}")
    for challenge in challenged.all(asked):
        try:
            return answer, authorization(challenge, who, method, uri)
        except SipError as error:
            problem = error
    raise problem
