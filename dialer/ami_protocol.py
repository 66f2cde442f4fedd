"""The wire of Asterisk's manager interface as panoramisk speaks it, with the holes of that protocol class closed.

What is closed here (each has a test): a letter split over two packets loses itself; one bad message takes the
connection and the rest of its packet along; a repeated header is a list; bare line feeds merge two messages; a line
without end grows for ever; an event that carries our ActionID passes for our answer.
"""

from __future__ import annotations

import codecs
import re
from collections import deque

import structlog
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

log = structlog.get_logger(__name__)

#: Asterisk's own messages stay far below this (in characters); a longer one is passed over, whatever it says.
LONGEST_MESSAGE = 1 << 20
#: A banner, then `Key: value` lines; some senders leave the space out.
_NO_SPACE = re.compile(r"^([A-Za-z][\w-]*):(?=\S)", re.MULTILINE)
#: Events that answer an action of ours; every other event is news, whatever ActionID it bears.
_ANSWERS = frozenset({"status", "statuscomplete"})


class GuardedProtocol(AMIProtocol):
    """One connection. A bad message is counted and dropped; what follows it in the same packet still counts."""

    def connection_made(self, transport: object) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        #: Messages dropped on this connection because they could not be read.
        self.poisoned = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        #: In the middle of a message that is too long.
        self._passing_over = False

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side has gone; perhaps before anybody had taken the connection into use."""
        if self.factory is not None:
            super().connection_lost(exc)
        self.closed = True

    def data_received(self, data: bytes) -> None:
        """Cut the stream into messages and hand each on."""
        text = self._rest + self._decoder.decode(data).replace("\r", "")
        if self.version is None and "\n" in text and text.startswith("Asterisk Call Manager/"):
            banner, text = text.split("\n", 1)
            self.version = banner.partition("/")[2].strip()
        if self._passing_over:
            before, end, text = text.partition("\n\n")
            if not end:
                self._rest = before[-1:]  # half of an end, perhaps
                return
            self._passing_over = False
        *messages, self._rest = text.split("\n\n")
        if len(self._rest) > LONGEST_MESSAGE:
            self._drop(len(self._rest))
            self._rest, self._passing_over = self._rest[-1:], True
        for text in messages:
            self._take(text.strip("\n"))

    def _take(self, text: str) -> None:
        if not text:
            return
        if len(text) > LONGEST_MESSAGE:
            self._drop(len(text))
            return
        try:
            message = _event(text) if text.startswith("Event:") else _message(text)
            if message is not None:
                self.handle_message(message)
        except Exception:
            self._drop(len(text))

    def _drop(self, length: int) -> None:
        self.poisoned += 1
        log.warning("ami_message_dropped", length=length)

    def handle_message(self, message: Message) -> None:
        """An answer goes to the action that waits for it, an event to whoever listens."""
        if "event" in message and str(message["event"]).lower() not in _ANSWERS:
            action_id = message.get("actionid")
            if action_id is not None:
                message["ActionID"], message["OurActionID"] = "", action_id
        super().handle_message(message)


def _event(text: str) -> Message:
    """An event, which has no body: most of what we hear. A header that came twice keeps its last value."""
    headers = {}
    for line in text.split("\n"):
        key, colon, value = line.partition(":")
        if colon:
            headers[key] = value.removeprefix(" ")
    return Message(headers)


def _message(text: str) -> Message | None:
    """An answer; None for what is no message."""
    message: Message | None = Message.from_line(_NO_SPACE.sub(r"\1: ", text).replace("\n", "\r\n"))
    if message is not None:
        one_value(message)
    return message


def one_value(message: Message) -> None:
    """A header that came twice keeps its last value: no list reaches our code."""
    for key in list(message):
        value = message[key]
        if isinstance(value, (list, deque)):
            message[key] = value[-1] if value else ""
