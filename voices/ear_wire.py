"""What passes between the line and a child that hears: framed messages on its standard input and output. Pure."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from voices.ears import Event, Listening, Lost, Partial, Pause, SpeechBegan, Utterance

#: Kind, ear, length of what follows.
_HEADER = struct.Struct("<BII")
#: No message is longer: 20 s of sound both ways are 640 kB.
LONGEST = 1_000_000
#: What a child may answer at once: words, never sound.
LONGEST_ANSWER = 65_536
#: Openings that are kept ready; a question's is some 20 kB.
_QUESTIONS = 512


class Kind(IntEnum):
    """What a message is. To the child, then from it."""

    OPEN = 1
    #: One frame, fresh from the line.
    FEED = 2
    #: Sound of before, for an ear that moves to a fresh child.
    REPLAY = 3
    CLOSE = 4
    READY = 65
    BEAT = 66
    EVENT = 67
    #: This language can't be heard with this model, now or later.
    REFUSED = 68
    #: Words that the model lacks, told once each.
    MISSING = 69


class Garbled(ValueError):
    """These bytes are no messages of ours."""


@dataclass(frozen=True)
class Message:
    """One message."""

    kind: Kind
    ear: int = 0
    body: bytes = b""

    def packed(self) -> bytes:
        """As it travels."""
        return _HEADER.pack(self.kind, self.ear, len(self.body)) + self.body

    @property
    def json(self) -> dict[str, Any]:
        """The body as a document. Raises `Garbled`."""
        try:
            found = json.loads(self.body)
        except ValueError as fault:
            raise Garbled(str(fault)) from None
        if not isinstance(found, dict):
            raise Garbled("no document")
        return found


class Reader:
    """Puts messages together from pieces of a stream."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """All messages that are whole now. Raises `Garbled`."""
        self._held += piece
        while len(self._held) >= _HEADER.size:
            kind, ear, length = _HEADER.unpack_from(self._held)
            if length > self._longest or kind not in Kind.__members__.values():
                raise Garbled(f"kind {kind}, {length} bytes")
            end = _HEADER.size + length
            if len(self._held) < end:
                return
            message = Message(Kind(kind), ear, bytes(self._held[_HEADER.size : end]))
            del self._held[:end]
            yield message


def document(kind: Kind, ear: int = 0, **told: object) -> bytes:
    """A message with a document, as it travels."""
    return Message(kind, ear, _body(**told)).packed()


def _body(**told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def opening(ear: int, listening: Listening) -> bytes:
    """Open an ear."""
    return Message(Kind.OPEN, ear, _listened(listening)).packed()


@lru_cache(_QUESTIONS)
def _listened(listening: Listening) -> bytes:
    told = {"phrases": listening.grammar, "patient": listening.patient, "pauses": listening.pauses}
    return _body(**told, sayings=listening.sayings, repeated=listening.repeated)


def sound(kind: Kind, ear: int, heard: bytes, played: bytes) -> bytes:
    """Sound both ways; `played` may be left out where we were silent."""
    return Message(kind, ear, struct.pack("<I", len(heard)) + heard + played).packed()


def both_ways(body: bytes) -> tuple[bytes, bytes]:
    """What was heard and what was played. Raises `Garbled`."""
    if len(body) < 4:
        raise Garbled("sound without its length")
    split = 4 + int.from_bytes(body[:4], "little")
    return body[4:split], body[split:]


def event_message(ear: int, event: Event) -> bytes:
    """An event on its way to the line."""
    match event:
        case SpeechBegan():
            return document(Kind.EVENT, ear, event="began")
        case Partial(text):
            return document(Kind.EVENT, ear, event="partial", text=text)
        case Pause(text):
            return document(Kind.EVENT, ear, event="pause", text=text)
        case Utterance(text, others):
            return document(Kind.EVENT, ear, event="utterance", text=text, others=others)
        case Lost(why):
            return document(Kind.EVENT, ear, event="lost", why=why)


def event_of(message: Message) -> Event:
    """The event that a message tells. Raises `Garbled`."""
    match message.json:
        case {"event": "began"}:
            return SpeechBegan()
        case {"event": "partial", "text": str(text)}:
            return Partial(text)
        case {"event": "pause", "text": str(text)}:
            return Pause(text)
        case {"event": "utterance", "text": str(text), "others": [*others]} if all(isinstance(o, str) for o in others):
            return Utterance(text, tuple(others))
        case {"event": "lost", "why": str(why)}:
            return Lost(why)
    raise Garbled("no event")
