"""Keeps the line's process alive: starts it, hears that it listens and that it works on, starts it anew when it dies
or hangs, ends it kindly.

A line that hangs is ended hard: then Asterisk finds the connection broken, and the callers hear the neutral sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping

import structlog

from dialer.errors import DialerError
from dialer.line_beat import LISTENING, MISSED_PAUSES, heard

log = structlog.get_logger(__name__)

#: A line listens within this after its start, and is gone this long after being asked to say goodbye.
START_SECONDS, GOODBYE_SECONDS = 20.0, 20.0
#: The pause before a line that died is started again.
AGAIN_SECONDS = 0.5


class LineKeeper:
    """One child process, `beltoon line`. `ready` while it listens and its beat is heard (`dialer.line_beat`)."""

    def __init__(self, environment: Mapping[str, str], command: tuple[str, ...] = ()) -> None:
        self._environment = dict(environment)
        self._command = command or (sys.executable, "-m", "desk", "line")
        self._child: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._ending = False

    @property
    def ready(self) -> bool:
        """Calls can be answered now."""
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        """The child, while it lives."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def start(self) -> None:
        """Start the line and wait until it listens. Raises `DialerError` with what it said last if it does not."""
        self._task = asyncio.create_task(self._keep())
        waiting = asyncio.create_task(self._ready.wait())
        both: set[asyncio.Future[object]] = {waiting, self._task}  # type: ignore[arg-type]
        await asyncio.wait(both, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not self.ready:
            waiting.cancel()
            await self.close()
            raise DialerError("The line did not start; see its log in the home folder")

    async def _keep(self) -> None:
        while not self._ending:
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            assert self._child.stdout is not None  # noqa: S101
            if not await self._watch(self._child.stdout) and not self._ending:
                log.error("line_hangs", pid=self._child.pid)
            with contextlib.suppress(ProcessLookupError):
                self._child.kill()
            code = await self._child.wait()
            self._ready.clear()
            if not self._ending:
                log.error("line_died", code=code)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _watch(self, pipe: asyncio.StreamReader) -> bool:
        """Follow the line from its first word. True: it has ended. False: it does not begin, or hangs."""
        try:
            async with asyncio.timeout(START_SECONDS):
                first = await pipe.readline()
        except TimeoutError:
            return False
        if first != LISTENING:
            return True
        self._ready.set()
        return await heard(pipe, self._missed)

    def _missed(self, silent: int) -> None:
        """Nobody new is called while the beat is missing."""
        if silent < MISSED_PAUSES:
            self._ready.set()
        else:
            self._ready.clear()

    async def close(self) -> None:
        """Every conversation says goodbye, then the line ends; a line that does not is ended."""
        self._ending = True
        if self._child is not None and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self._child.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self._child.kill()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
