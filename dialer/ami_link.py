"""The only door to panoramisk: one signed-in link to Asterisk's manager interface, and what it may never do.

Each connection is a panoramisk `Manager` of its own that is thrown away with it, so nothing that waited is ever sent
again (panoramisk would re-send an Originate after a reconnect: a debtor called twice). Every action has a deadline;
a link counts as up only while answers come; a value with a control character never leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import structlog
from panoramisk import Manager
from panoramisk.message import Message

from dialer.ami_protocol import GuardedProtocol
from dialer.ami_values import AmiAddress, AmiEvent, AmiTiming, Down, Up, clean
from dialer.errors import CarrierDown, CarrierError, CarrierRefused, CarrierUnsure, SignInRefused

__all__ = ["AmiAddress", "AmiEvent", "AmiLink", "AmiTiming", "Down", "Up"]

log = structlog.get_logger(__name__)

#: Events that wait to be read; more means that nobody reads, and the link is remade.
MOST_EVENTS = 200_000

_Feed = asyncio.Queue["AmiEvent | Down | Up | None"]


class AmiLink:
    """Signs in, stays signed in, sends actions, gives events. Use: `await start()`, `action`, `events`, `close`."""

    def __init__(self, address: AmiAddress, timing: AmiTiming | None = None) -> None:
        self.address = address
        self.timing = timing or AmiTiming()
        self._manager: Manager | None = None
        #: Each of those who listen has a queue of its own.
        self._feeds: set[_Feed] = set()
        self._lost = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._answered_at = 0.0
        self._closed = False

    @property
    def up(self) -> bool:
        """Signed in, and answering."""
        fresh = self._now() - self._answered_at < self.timing.fresh
        return self._manager is not None and not self._lost.is_set() and fresh

    async def start(self) -> None:
        """Connect and sign in. Raises `CarrierDown` (nobody there, or no answer) or `SignInRefused`."""
        await self._connect()
        self._keeper = asyncio.create_task(self._keep())

    async def action(self, name: str, **headers: str | list[str]) -> Message:
        """Send one action once, and give its answer.

        Raises `CarrierDown` before a byte has left, `CarrierRefused` when Asterisk says no, `CarrierUnsure` when no
        answer came: it may or may not have been done.
        """
        return (await self._ask(name, headers, as_list=False))[-1]

    async def listing(self, name: str, **headers: str | list[str]) -> list[Message]:
        """Send an action that answers with a list of events; raises as `action` does."""
        # None: the answer itself tells whether a list follows (a refusal has none)
        return await self._ask(name, headers, as_list=None)

    def events(self) -> AsyncIterator[AmiEvent | Down | Up]:
        """What Asterisk tells from now on, in order, until `close`; begins with `Up` where the link is up. Any number
        may listen, each hears all."""
        feed: _Feed = asyncio.Queue()
        if self._closed:
            feed.put_nowait(None)
        elif self._manager is not None and not self._lost.is_set():
            feed.put_nowait(Up())
        self._feeds.add(feed)
        return self._read(feed)

    async def close(self) -> None:
        """Leave. Nothing is sent or received afterwards."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._drop()
        self._tell(None)

    # -- inside ------------------------------------------------------------------------------------------------

    async def _read(self, feed: _Feed) -> AsyncIterator[AmiEvent | Down | Up]:
        try:
            while (event := await feed.get()) is not None:
                yield event
        finally:
            self._feeds.discard(feed)

    def _tell(self, event: AmiEvent | Down | Up | None) -> None:
        for feed in self._feeds:
            feed.put_nowait(event)

    def _hears(self, event: AmiEvent, manager: Manager) -> None:
        if any(feed.qsize() >= MOST_EVENTS for feed in self._feeds):
            self._on_lost(manager)
        else:
            self._tell(event)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _connect(self) -> None:
        where = f"{self.address.host}:{self.address.port}"
        self._lost.clear()
        booted = asyncio.Event()
        manager: Manager = Manager(
            host=self.address.host,
            port=self.address.port,
            username=clean("Username", self.address.user),
            secret=clean("Secret", self.address.secret),
            loop=asyncio.get_running_loop(),
            protocol_factory=GuardedProtocol,
            ping_delay=3600,
            log=_Quiet(),
            on_disconnect=lambda *_: self._on_lost(manager),
        )
        manager.register_event("*", _listener(lambda event: self._hears(event, manager), booted))
        connecting = manager.connect()
        manager.connect = _never_again  # type: ignore[assignment,method-assign]
        try:
            async with asyncio.timeout(self.timing.answer):
                await asyncio.wait({connecting})
                await asyncio.sleep(0)
                if connecting.exception() is not None:
                    raise CarrierDown(f"Nobody answers at the AMI port {where}")
                if manager.authenticated_future is not None:  # a fast answer has been taken already
                    await asyncio.shield(manager.authenticated_future)
                    await asyncio.sleep(0)
                if not manager.authenticated:
                    raise SignInRefused(
                        f"Asterisk at {where} refuses the AMI user {self.address.user}:"
                        " check BELTOON_ASTERISK__AMI_USER and …__AMI_SECRET_FILE"
                    )
                await booted.wait()
                if manager.protocol.closed:
                    raise CarrierDown(f"Asterisk at {where} closed the link while we signed in")
        except BaseException as error:
            connecting.remove_done_callback(manager.connection_made)
            connecting.cancel()
            _silence(manager)
            if isinstance(error, TimeoutError):
                raise CarrierDown(f"What listens at {where} does not answer as Asterisk's AMI does") from error
            raise
        self._manager = manager
        self._answered_at = self._now()
        self._tell(Up())

    async def _keep(self) -> None:
        """Ask a quiet link, and remake a lost one, with growing pauses."""
        while not self._closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.timing.ping):
                    await self._lost.wait()
            if not self._lost.is_set():
                with contextlib.suppress(CarrierError):
                    await self.action("Ping")
                if self.up:
                    continue
            self._lost.set()  # also for a link that is open but has not answered for too long
            self._drop()
            self._tell(Down())
            log.error("ami_link_lost", host=self.address.host, port=self.address.port)
            pause, longest = self.timing.pauses
            while True:
                await asyncio.sleep(pause)
                pause = min(pause * 2, longest)
                try:
                    await self._connect()
                except CarrierError as error:
                    self._lost.set()
                    log.warning("ami_link_still_down", why=str(error))
                    continue
                break

    async def _ask(self, name: str, headers: Mapping[str, str | list[str]], *, as_list: bool | None) -> list[Message]:
        action: dict[str, Any] = {"Action": clean("Action", name)}
        for key, value in headers.items():
            key = clean("header", key)
            action[key] = [clean(key, v) for v in value] if isinstance(value, list) else clean(key, value)
        manager = self._manager
        if manager is None or self._lost.is_set():
            raise CarrierDown("The link to Asterisk is down; no call is placed until it is back")
        future = manager.send_action(action, as_list=as_list)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            both: set[asyncio.Future[Any]] = {future, lost}
            await asyncio.wait(both, timeout=self.timing.answer, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
        if not future.done():
            future.cancel()
            raise CarrierUnsure(f"Asterisk did not answer {name} within {self.timing.answer:g} s")
        self._answered_at = self._now()
        answer = future.result()
        messages: list[Message] = list(answer) if isinstance(answer, (list, tuple)) else [answer]
        if not messages[0].success:
            raise CarrierRefused(f"Asterisk refused {name}: {messages[0].message or 'no reason given'}")
        return messages

    def _on_lost(self, manager: Manager) -> None:
        _silence(manager)
        if manager is self._manager:
            self._lost.set()

    def _drop(self) -> None:
        if self._manager is not None:
            _silence(self._manager)
            self._manager = None


def _silence(manager: Manager) -> None:
    """End a manager for good; what waited in it is forgotten with it."""
    manager.close()


def _never_again(*_: object, **__: object) -> None:
    """In place of a manager's `connect`, once it was called: by itself it would connect and sign in again, and send
    what had waited."""


def _listener(tell: Callable[[AmiEvent], None], booted: asyncio.Event) -> Callable[[Manager, Message], None]:
    """One guarded callback for all events; it only puts them on queues (an exception would cut the link)."""

    def listen(_: Manager, message: Message) -> None:
        name = str(message["event"])
        if name == "FullyBooted":
            booted.set()
        tell(AmiEvent(name, {str(k).lower(): str(v) for k, v in message.items()}))

    return listen


class _Quiet:
    """panoramisk's own log lines hold secrets and numbers: they go nowhere."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_, **__: None
