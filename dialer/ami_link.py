"""The only door to panoramisk: one signed-in link to Asterisk's manager interface, and what it may never do.

Each connection is a panoramisk `Manager` of its own that is thrown away with it, so nothing that waited is ever sent
again (panoramisk would re-send an Originate after a reconnect: a debtor called twice). Every action has a deadline;
a link counts as up only while answers come; a value with a control character never leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import unicodedata
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk import Manager
from panoramisk.message import Message

from dialer.ami_protocol import GuardedProtocol
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure, SignInRefused

log = structlog.get_logger(__name__)

#: Every action is answered within this, or counts as unanswered.
ACTION_SECONDS = 5.0
#: A question is put to a quiet link this often …
PING_SECONDS = 5.0
#: … and the link is up only while the last answer is younger than this.
FRESH_SECONDS = 15.0
#: Asterisk throws longer lines away (main/manager.c), so they are refused here.
LONGEST_LINE = 1000
#: The first and the longest wait before a new connection.
BACKOFF_SECONDS = (0.25, 5.0)
#: Events that wait to be read; more means that nobody reads, and the link is remade.
MOST_EVENTS = 200_000


@dataclass(frozen=True)
class AmiAddress:
    """Where the manager interface is, and as whom we sign in."""

    host: str
    port: int
    user: str
    secret: str

    def __repr__(self) -> str:
        return f"AmiAddress({self.host}:{self.port} as {self.user})"


@dataclass(frozen=True)
class Down:
    """The link was lost."""


@dataclass(frozen=True)
class Up:
    """The link is signed in (again)."""


@dataclass(frozen=True)
class AmiEvent:
    """An event as Asterisk sent it: its name, and its headers by lower-case name."""

    name: str
    headers: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.headers.get(key, "")


class AmiLink:
    """Signs in, stays signed in, sends actions, gives events. Use: `await start()`, `action`, `events`, `close`."""

    def __init__(self, address: AmiAddress) -> None:
        self.address = address
        self._manager: Manager | None = None
        self._queue: asyncio.Queue[AmiEvent | Down | Up | None] = asyncio.Queue()
        self._lost = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._answered_at = 0.0
        self._closed = False

    @property
    def up(self) -> bool:
        """Signed in, and answering."""
        return self._manager is not None and self._now() - self._answered_at < FRESH_SECONDS

    async def start(self) -> None:
        """Connect and sign in. Raises `CarrierDown` (nobody there, or no answer) or `SignInRefused`."""
        await self._connect()
        self._keeper = asyncio.create_task(self._keep())

    async def action(self, name: str, **headers: str | list[str]) -> Message:
        """Send one action once, and give its answer.

        Raises `CarrierDown` before a byte has left, `CarrierRefused` when Asterisk says no, `CarrierUnsure` when no
        answer came: it may or may not have been done.
        """
        return (await self._ask(name, headers, many=False))[-1]

    async def listing(self, name: str, **headers: str | list[str]) -> list[Message]:
        """Send an action that answers with a list of events; raises as `action` does."""
        return await self._ask(name, headers, many=True)

    async def events(self) -> AsyncIterator[AmiEvent | Down | Up]:
        """What Asterisk tells, in order, until `close`."""
        while (event := await self._queue.get()) is not None:
            yield event

    async def close(self) -> None:
        """Leave. Nothing is sent or received afterwards."""
        self._closed = True
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        self._drop()
        self._queue.put_nowait(None)

    # -- inside ------------------------------------------------------------------------------------------------

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    async def _connect(self) -> None:
        self._lost.clear()
        booted = asyncio.Event()
        manager: Manager = Manager(
            host=self.address.host,
            port=self.address.port,
            username=self.address.user,
            secret=_clean("Secret", self.address.secret),
            loop=asyncio.get_running_loop(),
            protocol_factory=GuardedProtocol,
            ping_delay=3600,
            reconnect_timeout=3600,
            log=_Quiet(),
            on_disconnect=lambda *_: self._on_lost(manager),
        )
        manager.register_event("*", _listener(self._queue, booted, lambda: self._on_lost(manager)))
        try:
            async with asyncio.timeout(ACTION_SECONDS):
                with contextlib.suppress(OSError):
                    await manager.connect()
                await asyncio.sleep(0)
                if manager.authenticated_future is None:
                    raise CarrierDown(f"Nobody answers at the AMI port {self.address.host}:{self.address.port}")
                await asyncio.shield(manager.authenticated_future)
                await asyncio.sleep(0)
                if not manager.authenticated:
                    raise SignInRefused(
                        f"Asterisk at {self.address.host}:{self.address.port} refuses the AMI user"
                        f" {self.address.user}: check BELTOON_ASTERISK__AMI_USER and …__AMI_SECRET_FILE"
                    )
                await booted.wait()
        except TimeoutError as error:
            _silence(manager)
            raise CarrierDown(
                f"What listens at {self.address.host}:{self.address.port} does not answer as Asterisk's AMI does"
            ) from error
        except BaseException:
            _silence(manager)
            raise
        self._manager = manager
        self._answered_at = self._now()
        self._queue.put_nowait(Up())

    async def _keep(self) -> None:
        """Ask a quiet link, and remake a lost one, with growing pauses."""
        while not self._closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await self._lost.wait()
            if not self._lost.is_set():
                with contextlib.suppress(CarrierDown, CarrierUnsure, CarrierRefused):
                    await self.action("Ping")
                if self.up and not self._lost.is_set():
                    continue
            self._lost.set()  # also for a link that is open but has not answered for too long
            self._drop()
            self._queue.put_nowait(Down())
            log.error("ami_link_lost", host=self.address.host, port=self.address.port)
            pause = BACKOFF_SECONDS[0]
            while not self._closed:
                await asyncio.sleep(pause)
                pause = min(pause * 2, BACKOFF_SECONDS[1])
                try:
                    await self._connect()
                except (CarrierDown, SignInRefused) as error:
                    log.warning("ami_link_still_down", why=str(error))
                    continue
                break

    async def _ask(self, name: str, headers: Mapping[str, str | list[str]], *, many: bool) -> list[Message]:
        action: dict[str, Any] = {"Action": _clean("Action", name)}
        for key, value in headers.items():
            key = _clean("header", key)
            action[key] = [_clean(key, v) for v in value] if isinstance(value, list) else _clean(key, value)
        manager = self._manager
        if manager is None or self._lost.is_set():
            raise CarrierDown("The link to Asterisk is down; no call is placed until it is back")
        future = manager.send_action(action, as_list=many)
        lost = asyncio.ensure_future(self._lost.wait())
        try:
            both: set[asyncio.Future[Any]] = {future, lost}
            await asyncio.wait(both, timeout=ACTION_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
        if not future.done():
            future.cancel()
            raise CarrierUnsure(f"Asterisk did not answer {name} within {ACTION_SECONDS:.0f} s")
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
    """End a manager for good: it neither reconnects nor sends what waited."""
    manager.connect = lambda *_, **__: None  # type: ignore[assignment,method-assign]
    manager.close()


def _listener(
    queue: asyncio.Queue[Any], booted: asyncio.Event, overflow: Callable[[], None]
) -> Callable[[Manager, Message], None]:
    """One guarded callback for all events; it only puts them on the queue (an exception would cut the link)."""

    def listen(_: Manager, message: Message) -> None:
        name = str(message["event"])
        if name == "FullyBooted":
            booted.set()
        if queue.qsize() >= MOST_EVENTS:
            overflow()
            return
        queue.put_nowait(AmiEvent(name, {str(k).lower(): str(v) for k, v in message.items()}))

    return listen


def _clean(key: str, value: str) -> str:
    """The value, if it can be a header's: no control character, no line or paragraph separator, not too long."""
    if any(unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} for c in value):
        raise CarrierRefused(f"{key} holds a control character; it was not sent to Asterisk")
    if len(value.encode()) + len(key) > LONGEST_LINE:
        raise CarrierRefused(f"{key} is too long for Asterisk; it was not sent")
    return value


class _Quiet:
    """panoramisk's own log lines hold secrets and numbers: they go nowhere."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_, **__: None
