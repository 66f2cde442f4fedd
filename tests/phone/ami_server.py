"""A scripted stand-in for Asterisk's manager interface: answers as told, and fails at the point that it is told to."""

from __future__ import annotations

import asyncio
import enum
import re
import socket
from collections.abc import Awaitable, Mapping
from types import TracebackType

from phone.ami_answers import STANDARD, Answer
from phone.ami_connection import MESSAGE_END, AmiConnection
from phone.ami_wire import BANNER, Action
from phone.ports import open_tcp

__all__ = ["Action", "AmiConnection", "AmiServer", "Answer", "Cut"]


class Cut(enum.Enum):
    """Where in the life of an action the connection breaks."""

    #: The client has written it; the server has not read it and never will (the client sees a reset).
    BEFORE_READING = "before reading"
    #: It is read, and in `actions`; no byte is answered.
    BEFORE_ANSWERING = "before answering"
    #: Its answer has left whole.
    AFTER_ANSWERING = "after answering"


class AmiServer:
    """Use it as `async with AmiServer("dialer", "a secret") as ami`.

    Every action that was read is in `actions`; answers are scripted by the action's name. What goes wrong in an answer
    of the test's own is raised as an ExceptionGroup on leaving.
    """

    def __init__(
        self,
        user: str,
        secret: str,
        answers: Mapping[str, Answer] | None = None,
        port: int = 0,
        fully_booted: bool = True,
        line_end: str = "\r\n",
    ) -> None:
        self.answers: dict[str, Answer] = {**STANDARD, **{name.lower(): a for name, a in (answers or {}).items()}}
        self.user, self.secret, self.fully_booted, self.line_end = user, secret, fully_booted, line_end
        self.host, self.port = "127.0.0.1", port
        self.actions: list[Action] = []
        #: How many connections were ever made, and those that live.
        self.made = 0
        self.connections: list[AmiConnection] = []
        self.silent, self.hearing = False, asyncio.Event()
        self.hearing.set()
        self.failures: list[Exception] = []
        self._cuts: dict[tuple[str, Cut], tuple[int, bool]] = {}
        self._arrived = asyncio.Event()
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> AmiServer:
        self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.shut()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.failures and error is None:
            raise ExceptionGroup("an answer of the script failed", self.failures)

    def open(self) -> None:
        """Listen, at first or again: on the same port as before."""
        self._listener = open_tcp(self.host, self.port)
        self.port = int(self._listener.getsockname()[1])
        self._spawn(self._accept(self._listener))

    def shut(self) -> None:
        """Listen no more: who connects is refused. Connections that live go on."""
        if self._listener:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def cut(self, reset: bool = False) -> None:
        """Break every connection off now."""
        for link in list(self.connections):
            link.close(reset)

    def cut_at(self, action: str, when: Cut, times: int = 1, reset: bool = False) -> None:
        """Break the connection off the next so many times that such an action comes."""
        self._cuts[action.lower(), when] = (times, reset)

    def go_silent(self) -> None:
        """Say nothing more, but read: one way of a half-open link."""
        self.silent = True

    def go_deaf(self) -> None:
        """Read nothing more, so that buffers fill: the other way."""
        self.hearing.clear()

    def recover(self) -> None:
        """Speak and read again; what was not said stays unsaid."""
        self.silent = False
        self.hearing.set()

    async def emit(self, event: str, *fields: tuple[str, str], **more: str) -> None:
        """An event to all who are logged in."""
        message = (("Event", event), *fields, *more.items())
        for link in list(self.connections):
            if link.logged_in:
                await link.send(message)

    async def send_raw(self, data: bytes, piece: int = 0) -> None:
        """Bytes to all who are logged in."""
        for link in list(self.connections):
            if link.logged_in:
                await link.send_raw(data, piece)

    def named(self, action: str) -> list[Action]:
        """All actions of a name, in order."""
        return [sent for sent in self.actions if sent.name.lower() == action.lower()]

    async def wait_for(self, action: str, count: int = 1, within: float = 5.0) -> Action:
        """Wait for the so-manieth action of a name. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while len(self.named(action)) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.named(action)[count - 1]

    def take_before_cut(self, buffered: bytes, seen: bytes) -> int | None:
        """How many of the bytes seen may be read: None when the first of them belong to an action cut before it."""
        whole = buffered + seen
        for name, when in list(self._cuts):
            found = re.search(rb"(?im)^Action: *" + re.escape(name.encode()) + rb"\r?$", whole)
            if when is Cut.BEFORE_READING and found:
                ends = [end.end() for end in MESSAGE_END.finditer(whole, 0, found.start())]
                before = (ends[-1] if ends else 0) - len(buffered)
                if before <= 0:
                    self._due(name, when)
                    return None
                return before
        return len(seen)

    def _due(self, action: str, when: Cut) -> tuple[bool, bool]:
        """Is a cut due here, and is it a reset; counts it."""
        times, reset = self._cuts.pop((action.lower(), when), (0, False))
        if times > 1:
            self._cuts[action.lower(), when] = (times - 1, reset)
        return times > 0, reset

    async def _accept(self, listener: socket.socket) -> None:
        while listener is self._listener:
            try:
                sock, _ = await asyncio.get_running_loop().sock_accept(listener)
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.made += 1
            self._spawn(self._serve(AmiConnection(self, sock, self.made)))

    async def _serve(self, link: AmiConnection) -> None:
        self.connections.append(link)
        try:
            await link.send_raw(BANNER)
            while (actions := await link.actions()) is not None:
                for action in actions:
                    self.actions.append(action)
                    self._arrived.set()
                    self._spawn(self._answer(link, action))
        finally:
            link.close()

    async def _answer(self, link: AmiConnection, action: Action) -> None:
        cut, reset = self._due(action.name, Cut.BEFORE_ANSWERING)
        if cut:
            link.close(reset)
            return
        name = action.name.lower()
        if not link.logged_in and name not in ("login", "logoff"):
            name = "not logged in"
        try:
            await self.answers.get(name, self.answers["unknown"])(link, action)
        except Exception as error:
            error.add_note(f"while answering {action.name}")
            self.failures.append(error)
        cut, reset = self._due(action.name, Cut.AFTER_ANSWERING)
        if cut:
            link.close(reset)

    def _spawn(self, doing: Awaitable[None]) -> None:
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
