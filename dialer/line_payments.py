"""Payments that come in during calls: looked for in the books beside the line's loop, handed in between two turns.

The database only says "look again"; a look without a sign now and then makes up for one that was lost. Books that
change all the time (a launch of many calls) are looked into twice a second, not at every change.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Protocol

import structlog

from ivr.briefing import Briefing
from ivr.heard import PaymentSeen
from ledger.database import Database, Watch

log = structlog.get_logger(__name__)

#: How often we look for a sign of the books, how soon after a look into them they are looked into again at a sign,
#: and without one (seconds).
LOOK_SECONDS, REST_SECONDS, SWEEP_SECONDS = 0.25, 0.5, 1.0


def payment_in(briefing: Briefing, open_now: Mapping[int, int]) -> PaymentSeen | None:
    """What a conversation must hear when the books say that this is open (minor units by row id); None: nothing is
    paid since, or the invoice is not ours to tell about."""
    now = [(i, open_now.get(i.id, i.open.minor)) for i in briefing.invoices]
    if all(minor >= invoice.open.minor for invoice, minor in now):
        return None
    return PaymentSeen(open=tuple((invoice.id, minor) for invoice, minor in now if minor > 0))


class LooksForPayments(Protocol):
    """The conversations behind the line."""

    async def payments(self) -> Mapping[str, PaymentSeen]:
        """What live conversations are to hear, by call."""
        ...


class Talking(Protocol):
    """The line."""

    @property
    def talking(self) -> bool:
        """Somebody is on the line."""
        ...

    def payments_seen(self, news: Mapping[str, PaymentSeen]) -> None:
        """Hand them in, each at a good moment."""
        ...


async def follow_payments(database: Database, host: LooksForPayments, line: Talking) -> None:
    """Look for payments as long as somebody talks, until cancelled. No look is made in the running loop itself."""
    loop = asyncio.get_running_loop()
    watch: Watch | None = None
    swept = -math.inf
    try:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not line.talking:
                continue
            try:
                if watch is None:
                    watch = await asyncio.to_thread(database.watch)
                since = loop.time() - swept
                if since < REST_SECONDS:
                    continue
                if await asyncio.to_thread(watch.changed) or since > SWEEP_SECONDS:
                    swept = loop.time()
                    line.payments_seen(await host.payments())
            except Exception as error:  # whatever is wrong with the books, the calls go on and we look again
                log.warning("payments_not_looked_for", why=str(error))
    finally:
        if watch is not None:
            watch.close()
