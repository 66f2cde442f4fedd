"""A vosk-server over its websocket behind our port, for models that live on other machines.

Its protocol: `{"config": …}` first, then sound, each piece of which is answered; `{"eof" : 1}`, written exactly so,
asks for the last answer. A server drops words that its model lacks without telling: its operator has checked them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect

from voices.audio import RATE_HZ
from voices.errors import CannotHear
from voices.recogniser import Pieces, Reading, fitting, vosk_reading

#: A server that answers later than this is of no use to somebody who waits on the telephone.
ANSWER_SECONDS = 2.0
_READINGS = 3
_UNKNOWN = "[unk]"
_END = '{"eof" : 1}'
#: An answer is a few words; whoever sends more is no vosk-server.
_LONGEST_ANSWER = 65_536


class VoskServerRecogniser:
    """One server, which has one language."""

    parallel = True
    whole = False

    def __init__(self, address: str) -> None:
        """`address`: ws://host:port. Raises `CannotHear` where nobody answers there."""
        self._address = address
        self.name = f"vosk-server {address}"
        self._connect().close()

    def unknown(self, words: Sequence[str]) -> frozenset[str]:
        """Nobody can ask a server which words it knows."""
        return frozenset()

    def open(self, phrases: Sequence[str], repeated: Sequence[str] = ()) -> VoskServerStream:
        """A connection for one utterance. Raises `CannotHear`."""
        connection = self._connect()
        config = {"sample_rate": RATE_HZ, "max_alternatives": _READINGS, "phrase_list": [*phrases, _UNKNOWN]}
        try:
            connection.send(json.dumps({"config": config}, ensure_ascii=False))
        except (OSError, WebSocketException) as fault:
            raise CannotHear(f"{self.name} is gone: {fault}") from fault
        return VoskServerStream(connection, self.name)

    def _connect(self) -> ClientConnection:
        try:
            return ExitStack().enter_context(connect(
                self._address, open_timeout=ANSWER_SECONDS, close_timeout=ANSWER_SECONDS, max_size=_LONGEST_ANSWER,
                compression=None,
            ))  # fmt: skip
        except (OSError, WebSocketException, InvalidURI) as fault:
            raise CannotHear(f"{self.name} does not answer: {fault}") from fault


class VoskServerStream:
    """One utterance, one connection."""

    def __init__(self, connection: ClientConnection, name: str) -> None:
        self._connection, self._name = connection, name
        self._pieces = Pieces()

    def feed(self, pcm: bytes) -> str | None:
        """What it may be so far. Raises `CannotHear` where the server is late, gone or talks nonsense."""
        answer = self._ask(pcm)
        if "partial" not in answer:
            self._pieces.ended(vosk_reading(answer, _UNKNOWN))
            return self._pieces.so_far("")
        return self._pieces.so_far(fitting(str(answer["partial"]), _UNKNOWN))

    def end(self) -> Reading:
        """The whole utterance. Raises as `feed`."""
        last = vosk_reading(self._ask(_END), _UNKNOWN)
        self._connection.close()
        return self._pieces.whole(last)

    def _ask(self, message: str | bytes) -> dict[str, Any]:
        try:
            self._connection.send(message)
            answer = json.loads(self._connection.recv(timeout=ANSWER_SECONDS))
        except (OSError, WebSocketException, ValueError) as fault:
            raise CannotHear(f"{self._name} gave no answer: {fault or 'too late'}") from fault
        if not isinstance(answer, dict):
            raise CannotHear(f"{self._name} is no vosk-server")
        return answer
