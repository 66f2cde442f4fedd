"""The telephone: many lines on one UDP port of the loopback, each call handed to a persona who plays the person."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType

from phone.call import Call, CallOver, CallRefused
from phone.call_log import CallLog, CallRecord
from phone.clock import Clock
from phone.dialog import ALLOW, Dialog
from phone.incoming_call import IncomingCall
from phone.media import Media
from phone.outgoing_call import OutgoingCall, proof_for
from phone.ports import MEDIA_PORTS, SIP_PORTS, open_udp
from phone.sip import Address, Credentials, Request, new_token, uri_of, user_of
from phone.wire import T1, NoAnswer, Wire

#: Plays the person at the phone. When it returns, the line stays as it is until the other side ends the call.
Persona = Callable[[IncomingCall], Awaitable[None]]
Personas = Mapping[str, Persona] | Callable[[str], Persona | None]


class Phone:
    """Use it as `async with Phone({"+3225550101": ada}) as phone`; numbers that nobody has get 404.

    On leaving, live calls are hung up, and what went wrong in personas is raised as one ExceptionGroup.
    """

    def __init__(
        self,
        personas: Personas | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        media_ports: Sequence[int] = MEDIA_PORTS,
        keep_sound: bool = True,
        t1: float = T1,
    ) -> None:
        self._persona_of = personas if callable(personas) else (personas or {}).get
        self._host, self._port, self._ports = host, port, media_ports
        self._keep_sound, self._next_port = keep_sound, 0
        self.wire = Wire(self._on_request, t1)
        self.clock = Clock()
        self.log = CallLog()
        #: Calls that live, by Call-ID and our tag.
        self.calls: dict[tuple[str, str], Call] = {}
        self.failures: list[Exception] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._registered: list[tuple[Address, Credentials]] = []

    async def __aenter__(self) -> Phone:
        sock = open_udp(self._host, [self._port] if self._port else SIP_PORTS)
        self._port = int(sock.getsockname()[1])
        await self.wire.open(sock)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        endings = [call.hang_up() for call in list(self.calls.values())]
        endings += [self._unregister(server, who) for server, who in self._registered]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.gather(*endings, return_exceptions=True)
        for call in list(self.calls.values()):
            call.over("us")
        self.wire.close()
        if self.failures and error is None:
            raise ExceptionGroup("a persona could not play its part", self.failures)

    @property
    def address(self) -> Address:
        """Where it listens."""
        return self._host, self._port

    def ring(
        self,
        number: str,
        to: Address,
        caller_id: str = "anonymous",
        credentials: Credentials | None = None,
        play: Callable[[OutgoingCall], Awaitable[None]] | None = None,
    ) -> OutgoingCall:
        """Call a number at a peer; `play` is run as soon as the call is taken. Await `call.connected()`."""
        here, uri = self.address, f"sip:{number}@{to[0]}:{to[1]}"
        ours = f'"{caller_id}" <sip:{caller_id}@{here[0]}:{here[1]}>'
        user = credentials.user if credentials else caller_id
        dialog = Dialog(here, f"{new_token()}@{here[0]}", ours, new_token(), f"<{uri}>", uri, to, user)
        record = self._recorded(CallRecord(number, caller_id, incoming=False, began=time.monotonic()))
        call = OutgoingCall(dialog, self.wire, self._new_media(), record, credentials)
        self._keep(call)
        if play:
            self._run(call, self._play_when_connected(call, play))
        return call

    async def register(self, server: Address, who: Credentials, seconds: int = 300, within: float = 5.0) -> None:
        """Tell a registrar that this user is reached here. Raises `CallRefused`, TimeoutError."""
        uri, user = f"sip:{server[0]}:{server[1]}", f"<sip:{who.user}@{server[0]}:{server[1]}>"
        dialog = Dialog(self.address, new_token(), user, new_token(), user, uri, server, who.user)
        expires = ("Expires", str(seconds))
        try:
            async with asyncio.timeout(within):
                asked = dialog.request("REGISTER", more=(expires,))
                response = await self.wire.ask(asked, server).final
                if response.status in (401, 407):
                    proof = proof_for(response, who, "REGISTER", uri)
                    response = await self.wire.ask(dialog.request("REGISTER", more=(expires, proof)), server).final
        except NoAnswer as error:
            raise TimeoutError(str(error)) from error
        if response.status >= 300:
            raise CallRefused(response.status)
        if seconds:
            self._registered.append((server, who))

    async def _unregister(self, server: Address, who: Credentials) -> None:
        await self.register(server, who, seconds=0, within=1.0)

    def _on_request(self, request: Request, frm: Address) -> None:
        if call := next((c for c in self._calls_of(request) if c.dialog.belongs(request)), None):
            call.handle(request, frm)
        elif request.method == "ACK":
            pass  # Of a refusal: there is no call.
        elif request.method == "CANCEL":
            self._cancel(request, frm)
        elif request.method == "OPTIONS":
            self.wire.answer(request, request.answer(200, new_token(), [("Allow", ALLOW)]), frm)
        elif ";tag=" in request.first("To"):
            self.wire.answer(request, request.answer(481), frm)
        elif request.method == "INVITE":
            self._take(request, frm)
        else:
            self.wire.answer(request, request.answer(405, new_token(), [("Allow", ALLOW)]), frm)

    def _calls_of(self, request: Request) -> list[Call]:
        return [call for (call_id, _), call in self.calls.items() if call_id == request.call_id]

    def _cancel(self, cancel: Request, frm: Address) -> None:
        for call in self._calls_of(cancel):
            if isinstance(call, IncomingCall) and call.invite.branch == cancel.branch:
                call.cancelled(cancel, frm)
                return
        self.wire.answer(cancel, cancel.answer(481, new_token()), frm)

    def _take(self, invite: Request, frm: Address) -> None:
        number, caller = user_of(invite.uri), user_of(uri_of(invite.first("From")))
        record = self._recorded(CallRecord(number, caller, incoming=True, began=time.monotonic()))
        dialog = Dialog.of_invite(invite, self.address, frm, number)
        call = IncomingCall(invite, frm, dialog, self.wire, self._new_media(), record)
        self._keep(call)
        persona = self._persona_of(number)
        self._run(call, call.reject(404) if persona is None else persona(call))

    def _new_media(self) -> Media:
        # Each call starts where the last one stopped, so that a port just left rests.
        ports = [self._ports[(self._next_port + n) % len(self._ports)] for n in range(len(self._ports))]
        media = Media(self.clock, self._host, ports, self._keep_sound)
        self._next_port = self._ports.index(media.here.port) + 1
        return media

    def _recorded(self, record: CallRecord) -> CallRecord:
        self.log.calls.append(record)
        return record

    def _keep(self, call: Call) -> None:
        key = (call.dialog.call_id, call.dialog.our_tag)
        self.calls[key] = call
        call.when_over(lambda: self.calls.pop(key, None))

    async def _play_when_connected(self, call: OutgoingCall, play: Callable[[OutgoingCall], Awaitable[None]]) -> None:
        await call.connected(within=3600)
        await play(call)

    def _run(self, call: Call, playing: Awaitable[None]) -> None:
        async def run() -> None:
            try:
                await playing
            except (CallOver, CallRefused):
                pass  # The other side may refuse anybody, and hang up on them, at any time.
            except Exception as error:
                error.add_note(f"in the call with {call.number}")
                self.failures.append(error)
                await call.hang_up()

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
