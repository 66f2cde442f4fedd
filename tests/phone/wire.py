"""SIP over one UDP socket: what is unanswered is said again, what was answered is answered again from memory."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

from phone.sip import Address, Request, Response, SipError, parameter, parse

#: Timers of RFC 3261, 17: a first wait of T1, doubled up to T2, given up after 64 T1.
T1 = 0.5
T2 = 4.0

OnRequest = Callable[[Request, Address], None]


class NoAnswer(Exception):
    """The other side gave no answer to a request for 64 T1."""


class Asked:
    """A request of ours on its way."""

    def __init__(self, request: Request, to: Address) -> None:
        self.request, self.to = request, to
        self.stage = 0
        #: Set by the first answer of any kind, and by the end of waiting.
        self.heard_from = asyncio.Event()
        self.final: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        #: Called with every final answer, repeated ones too.
        self.on_final: Callable[[Response], None] | None = None


class Wire(asyncio.DatagramProtocol):
    """Sends and receives messages; `on_request` gets each new request once, and every ACK."""

    def __init__(self, on_request: OnRequest, t1: float = T1) -> None:
        self._on_request, self._t1 = on_request, t1
        self._transport: asyncio.DatagramTransport | None = None
        self._asked: dict[tuple[str, str], Asked] = {}
        self._answers: dict[tuple[str, str, str], bytes | None] = {}
        self._until_ack: dict[tuple[str, int, str], asyncio.TimerHandle] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._unheard: set[str] = set()
        #: How long an answer or an ACK is waited for, in seconds.
        self.patience = 64 * t1
        #: Datagrams that were no SIP message.
        self.garbage = 0

    async def open(self, sock: socket.socket) -> None:
        """Listen and speak on a bound socket, from now on ours."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)

    def close(self) -> None:
        for timer in (*self._timers, *self._until_ack.values()):
            timer.cancel()
        if self._transport:
            self._transport.close()

    def send(self, data: bytes, to: Address) -> None:
        """Put a datagram on the wire as it is."""
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(data, to)

    def ask(self, request: Request, to: Address) -> Asked:
        """Send a request and say it again until it is answered; `final` raises `NoAnswer` when it never is."""
        asked = Asked(request, to)
        key = (request.branch, request.method)
        self._asked[key] = asked
        self.send(request.render(), to)
        self._later(self._t1, lambda: self._ask_again(asked, self._t1))
        self._later(self.patience, lambda: self._give_up(asked))
        return asked

    def _ask_again(self, asked: Asked, waited: float) -> None:
        provisional = asked.heard_from.is_set() and asked.request.method == "INVITE"
        if asked.final.done() or provisional:
            return
        self.send(asked.request.render(), asked.to)
        wait = waited * 2 if asked.request.method == "INVITE" else min(waited * 2, T2)
        self._later(wait, lambda: self._ask_again(asked, wait))

    def _give_up(self, asked: Asked) -> None:
        if not asked.heard_from.is_set() and not asked.final.done():
            asked.final.set_exception(NoAnswer(f"no answer to {asked.request.method} from {asked.to}"))
            asked.final.exception()  # Whoever waits gets it; that nobody does, is no error.
            asked.heard_from.set()

    def answer(self, request: Request, response: Response, to: Address) -> None:
        """Answer a request; a final answer to an INVITE is said again until it is acknowledged."""
        data = response.render()
        key = _key(request)
        self._answers[key] = data
        self.send(data, to)
        if response.status >= 200:
            if request.method == "INVITE":
                self._say_until_ack(request, data, to, self._t1, self.patience)
            self._later(self.patience, lambda: self._answers.pop(key, None))

    def answer_again(self, request: Request, to: Address) -> None:
        """Say the latest answer once more, unasked."""
        if data := self._answers.get(_key(request)):
            self.send(data, to)

    def _say_until_ack(self, request: Request, data: bytes, to: Address, wait: float, left: float) -> None:
        def again() -> None:
            self._until_ack.pop(_ack_key(request), None)
            self.send(data, to)
            if left > wait:
                self._say_until_ack(request, data, to, min(wait * 2, T2), left - wait)

        self._until_ack[_ack_key(request)] = asyncio.get_running_loop().call_later(wait, again)

    def fall_silent(self, call_id: str) -> None:
        """Say and hear nothing more of a call, as a phone whose power is cut."""
        self._unheard.add(call_id)
        for key in [key for key in self._until_ack if key[0] == call_id]:
            self._until_ack.pop(key).cancel()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if not data.strip(b"\r\n\0"):
            return  # A keep-alive.
        try:
            message = parse(data)
        except SipError:
            self.garbage += 1
            return
        if message.call_id in self._unheard:
            return
        if isinstance(message, Response):
            self._hear_response(message)
        else:
            self._hear_request(message, addr)

    def _hear_request(self, request: Request, addr: Address) -> None:
        if request.method == "ACK":
            if timer := self._until_ack.pop(_ack_key(request), None):
                timer.cancel()
            self._on_request(request, addr)
            return
        key = _key(request)
        if key in self._answers:
            if data := self._answers[key]:
                self.send(data, addr)
            return
        self._answers[key] = None
        self._on_request(request, addr)

    def _hear_response(self, response: Response) -> None:
        asked = self._asked.get((response.branch, response.cseq[1]))
        if asked is None:
            self.garbage += 1
            return
        asked.heard_from.set()
        asked.stage = max(asked.stage, response.status)
        if response.status < 200:
            return
        if asked.request.method == "INVITE" and response.status >= 300:
            self.send(_ack_of_refusal(asked.request, response).render(), asked.to)
        if not asked.final.done():
            asked.final.set_result(response)
            self._later(self.patience, lambda: self._asked.pop((response.branch, response.cseq[1]), None))
        if asked.on_final:
            asked.on_final(response)

    def _later(self, seconds: float, do: Callable[[], object]) -> None:
        def run() -> None:
            self._timers.discard(timer)
            do()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._timers.add(timer)


def _key(request: Request) -> tuple[str, str, str]:
    return request.branch, request.first("Via").partition(";")[0], request.method


def _ack_key(request: Request) -> tuple[str, int, str]:
    return request.call_id, request.cseq[0], parameter(request.first("From"), "tag")


def _ack_of_refusal(request: Request, response: Response) -> Request:
    """RFC 3261, 17.1.1.3: it belongs to the INVITE's own transaction."""
    headers = [(k, v) for k, v in request.headers if k in ("Via", "From", "Call-ID", "Max-Forwards")]
    headers += [("To", response.first("To")), ("CSeq", f"{request.cseq[0]} ACK")]
    return Request(method="ACK", uri=request.uri, headers=tuple(headers))


async def settled(asked: Asked) -> Response | None:
    """The final answer, or None when there never was one."""
    with contextlib.suppress(NoAnswer):
        return await asyncio.shield(asked.final)
    return None
