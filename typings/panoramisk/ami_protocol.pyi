import asyncio
from collections import deque
from typing import Any

from .message import Message

class AMIProtocol(asyncio.Protocol):
    transport: asyncio.Transport
    closed: bool
    queue: deque[str]
    responses: dict[str, Any]
    version: str | None
    factory: Any
    def handle_message(self, message: Message) -> None: ...
    def connection_lost(self, exc: Exception | None) -> None: ...
    def close(self) -> None: ...
