"""The line: Asterisk's AudioSocket connections on loopback, one clock for all. A `Connection` with a good ticket is a
`LiveCall`.

Nothing here touches a database: `Host` does, elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from dialer.connection import Connection
from dialer.line_port import Host
from dialer.live_call import LiveCall
from dialer.ticker import Ticker
from ivr.heard import PaymentSeen
from voices.ears import Ears


class LineServer:
    """Listens for Asterisk's AudioSocket connections on loopback."""

    def __init__(self, host: Host, longest_seconds: float = 900.0, ears: Ears | None = None) -> None:
        self.host = host
        self.ears = ears
        self.longest_seconds = longest_seconds
        self.ticker = Ticker()
        self.live: set[LiveCall] = set()
        self.strangers = 0
        self._server: asyncio.Server | None = None

    async def start(self, address: str, port: int) -> None:
        """Begin to listen. Raises `OSError` when the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), address, port, backlog=512)
        self.ticker.start()

    def say_goodbye(self) -> None:
        """Every conversation ends politely now."""
        for call in tuple(self.live):
            call.time_up()

    @property
    def talking(self) -> bool:
        """Somebody is on the line."""
        return bool(self.live)

    def payments_seen(self, news: Mapping[str, PaymentSeen]) -> None:
        """All that live conversations must hear of payments, each when our words are over and nobody is typing."""
        for call in tuple(self.live):
            call.payment_seen(news)

    async def close(self) -> None:
        """Listen no more; what is live is cut."""
        if self._server is not None:
            self._server.close()
        for call in tuple(self.live):
            call.cut()
        await asyncio.gather(*[call.ended.wait() for call in tuple(self.live)])
        await self.ticker.stop()
