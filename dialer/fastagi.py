"""FastAGI, as far as a call coming in needs it: Asterisk asks, we answer with a ticket or with nothing.

Asterisk opens a connection per call and sends `agi_…: value` lines; we set the variables and close. Without an answer
its dialplan goes on to the neutral sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

#: A question is read, and answered, within this.
READ_SECONDS, ANSWER_SECONDS = 2.0, 4.0
_MOST_LINES, _LONGEST_LINE = 100, 2048
#: A channel's unique id as Asterisk makes it.
_CHANNEL = re.compile(r"[0-9A-Za-z._-]{1,64}")


@dataclass(frozen=True)
class CallIn:
    """Somebody rings us. Numbers are digits and a plus; `caller` is empty when withheld. A hint, never a proof."""

    channel: str
    called: str
    caller: str


@dataclass(frozen=True)
class Ticket:
    """The answer: a ticket into the line, and the file to fall back on."""

    entry: str
    fallback: str = "inbound"


Answer = Callable[[CallIn], Awaitable[Ticket | None]]


class FastAgiServer:
    """Listens on loopback; asks `answer` for each call."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Begin to listen. Raises `OSError` when the port is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=_LONGEST_LINE)

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                said = await _read(reader)
            call = call_in(said)
            if call is None:
                log.warning("agi_question_refused")
                return
            async with asyncio.timeout(ANSWER_SECONDS):
                ticket = await self._answer(call)
            if ticket is not None:
                for name, value in (("UUID", ticket.entry), ("FALLBACK", ticket.fallback)):
                    writer.write(f'SET VARIABLE {name} "{value}"\n'.encode())
                    await writer.drain()
                    async with asyncio.timeout(READ_SECONDS):
                        await reader.readline()
        except (TimeoutError, OSError, ValueError) as error:
            log.warning("agi_unanswered", why=type(error).__name__)
        except Exception:
            log.exception("agi_failed")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> dict[str, str]:
    said: dict[str, str] = {}
    for _ in range(_MOST_LINES):
        line = (await reader.readline()).decode("utf-8", "replace").strip()
        if not line:
            break
        key, _, value = line.partition(":")
        said[key.strip()] = value.strip()
    return said


def call_in(said: dict[str, str]) -> CallIn | None:
    """The question as a value; None when it is not one that our dialplan asks."""
    channel = said.get("agi_uniqueid", "")
    if not _CHANNEL.fullmatch(channel):
        return None
    return CallIn(channel, _number(said.get("agi_arg_1", "")), _number(said.get("agi_arg_2", "")))


def _number(text: str) -> str:
    kept = "".join(c for c in text if c in "+0123456789")
    return kept if len(kept) <= 20 else ""
