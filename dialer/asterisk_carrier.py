"""Asterisk as a carrier: our orders become AMI actions, its events become ours. At most one Originate an attempt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from dialer.ami_link import AmiEvent, AmiLink, Down, Up
from dialer.carrier import CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, PlaceCall, Ringing, check, is_ours
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure

#: An Originate that failed before a channel lived brings no Hangup: after this long, its own answer is the end.
NO_CHANNEL_SECONDS = 1.5
#: How often Asterisk is asked which calls it holds; one that is missing twice has ended unheard.
SWEEP_SECONDS = 20.0
#: A Status that failed on a link that is up is asked for again after this long.
AGAIN_SECONDS = 1.0
#: So many of the latest orders are known by their attempt: half a minute of calling at any rate that we reach. An older
#: one comes back only past its row, which no longer stands at `dialing`.
KNOWN_ORDERS = 5_000
#: ChannelState of Newstate and Status events.
_RINGING, _UP = {"4", "5"}, "6"
#: OriginateResponse's Reason where no Hangup tells the cause: 1 and 3 no answer, 5 busy, 8 congestion.
_REASON_CAUSE = {"1": 19, "3": 19, "5": 17, "8": 34}


@dataclass
class _Live:
    """What we know of one attempt that Asterisk may hold."""

    #: A channel of it was seen: its end will be told by a Hangup.
    seen: bool = False
    dial_status: str | None = None
    ringing: bool = False
    answered: bool = False
    line_lost: bool = False


class AsteriskCarrier:
    """The `Carrier` port on one `AmiLink`. The attempt's uuid is ActionID and ChannelId."""

    name = "asterisk"

    def __init__(
        self, link: AmiLink, endpoint: str = "trunk", context: str = "ivr", sweep_seconds: float = SWEEP_SECONDS
    ) -> None:
        self._link = link
        self._endpoint = endpoint
        self._context = context
        self._sweep_seconds = sweep_seconds
        self._live: dict[str, _Live] = {}
        self._ordered: dict[str, None] = {}
        self._told: asyncio.Queue[CarrierEvent | None] = asyncio.Queue()

    async def place(self, call: PlaceCall) -> None:
        """One Originate, once. Raises `CarrierDown` or `CarrierRefused` (surely not placed) or `CarrierUnsure`."""
        check(call)
        if call.attempt in self._ordered:
            raise CarrierRefused("This attempt was placed before; it is never placed again")
        if not self._link.up:
            raise CarrierDown("The link to Asterisk is down; no call is placed until it is back")
        headers: dict[str, str | list[str]] = {
            "ActionID": call.attempt,
            "Channel": f"PJSIP/{call.e164}@{self._endpoint}",
            "Context": self._context,
            "Exten": "s",
            "Priority": "1",
            "Timeout": str(int(call.ring_seconds * 1000)),
            "ChannelId": call.attempt,
            "Async": "true",
            "Variable": [
                f"UUID={call.entry}",
                f"CALLID={call.attempt}",
                f"LONGEST={int(call.longest_seconds)}",
                f"FALLBACK={call.fallback}",
            ],
        }
        if call.caller_id:
            headers["CallerID"] = f"<{call.caller_id}>"
        self._live[call.attempt] = _Live()
        self._know(call.attempt)
        try:
            await self._link.action("Originate", **headers)
        except (CarrierDown, CarrierRefused):
            self._live.pop(call.attempt, None)
            self._ordered.pop(call.attempt, None)
            raise

    def _know(self, attempt: str) -> None:
        """It is ordered from now on; the oldest of too many is forgotten."""
        self._ordered[attempt] = None
        if len(self._ordered) > KNOWN_ORDERS:
            del self._ordered[next(iter(self._ordered))]

    async def hang_up(self, attempt: str) -> None:
        """End a call by its ChannelId; one that is no more is no error. Raises `CarrierDown`, `CarrierUnsure`."""
        try:
            await self._link.action("Hangup", Channel=attempt, Cause="16")
        except CarrierRefused:
            return

    async def alive(self) -> frozenset[str]:
        """The attempts that Asterisk holds, by a fresh Status. Raises `CarrierDown` when it can't be asked."""
        return frozenset(await self._held())

    async def events(self) -> AsyncIterator[CarrierEvent]:
        """Ringing, picked up, ended; lost and back. Ends with the link."""
        pump, sweep = asyncio.create_task(self._pump()), asyncio.create_task(self._sweep())
        try:
            while (event := await self._told.get()) is not None:
                yield event
            await pump
        finally:
            pump.cancel()
            sweep.cancel()

    # -- inside ------------------------------------------------------------------------------------------------

    async def _held(self) -> dict[str, str]:
        """The attempts that Asterisk holds, each with its ChannelState."""
        try:
            answers = await self._link.listing("Status")
        except (CarrierUnsure, CarrierRefused) as error:
            raise CarrierDown("Asterisk does not say which calls it holds") from error
        told = ((str(m.get("uniqueid", "")), str(m.get("channelstate", ""))) for m in answers if m.get("event"))
        return {name: state for name, state in told if is_ours(name)}

    async def _pump(self) -> None:
        try:
            async for event in self._link.events():
                if isinstance(event, Down):
                    self._told.put_nowait(LinkLost())
                elif isinstance(event, Up):
                    await self._back()
                else:
                    self._on(event)
        finally:
            self._told.put_nowait(None)

    async def _back(self) -> None:
        """Tell who is still there; whoever is not has ended while we could not hear (its cause is unknown)."""
        while True:
            before = set(self._live)
            try:
                held = await self._held()
                break
            except CarrierDown:
                if not self._link.up:  # lost again: it will be told
                    return
                await asyncio.sleep(AGAIN_SECONDS)
        for attempt in before - held.keys():
            self._live.pop(attempt, None)
        for attempt in held:  # also those of a dialer before us: we go on with them
            self._live.setdefault(attempt, _Live())
        self._told.put_nowait(LinkBack(frozenset(self._live)))  # with those that were placed in this moment
        self._learn(held)

    async def _sweep(self) -> None:
        """Events may be lost or unreadable: what Asterisk holds is asked for too, again and again."""
        missing: frozenset[str] = frozenset()
        while True:
            await asyncio.sleep(self._sweep_seconds)
            known = frozenset(self._live)
            try:
                held = await self._held()
            except CarrierDown:
                missing = frozenset()
                continue
            self._learn(held)
            for attempt in (known - held.keys()) & missing:
                self._end(attempt, 0, lost=True)
            missing = known - held.keys()

    def _learn(self, held: Mapping[str, str]) -> None:
        """What was answered while we could not hear."""
        for attempt, state in held.items():
            live = self._live.get(attempt)
            if live is not None and state == _UP and not live.answered:
                live.seen = live.answered = True
                self._told.put_nowait(PickedUp(attempt))

    def _on(self, event: AmiEvent) -> None:
        if event.name == "OriginateResponse":
            self._originated(event)
            return
        attempt = event["uniqueid"] or event["destuniqueid"]
        live = self._live.get(attempt)
        if live is None:
            return
        live.seen = True
        if event.name == "Newstate":
            if event["channelstate"] in _RINGING and not live.ringing and not live.answered:
                live.ringing = True
                self._told.put_nowait(Ringing(attempt))
            elif event["channelstate"] == _UP and not live.answered:
                live.answered = True
                self._told.put_nowait(PickedUp(attempt))
        elif event.name == "DialEnd":
            live.dial_status = event["dialstatus"] or live.dial_status
        elif event.name == "UserEvent" and event["userevent"] == "LineLost":
            live.line_lost = True
        elif event.name == "Hangup":
            self._end(attempt, _number(event["cause"]))

    def _originated(self, event: AmiEvent) -> None:
        """Only a failure matters here, and only where no Hangup will come: no channel ever lived."""
        attempt = event["ouractionid"]
        if attempt in self._live and event["response"] != "Success":
            cause = _REASON_CAUSE.get(event["reason"], 0)
            asyncio.get_running_loop().call_later(NO_CHANNEL_SECONDS, self._never_lived, attempt, cause)

    def _never_lived(self, attempt: str, cause: int) -> None:
        live = self._live.get(attempt)
        if live is not None and not live.seen:
            self._end(attempt, cause)

    def _end(self, attempt: str, cause: int, *, lost: bool = False) -> None:
        live = self._live.pop(attempt, None)
        if live is not None:
            self._told.put_nowait(Ended(attempt, cause, live.dial_status, live.answered, live.line_lost, lost))


def _number(text: str) -> int:
    """A Q.850 cause; 0 where Asterisk told none that can be read."""
    return int(text) if text.isascii() and text.isdigit() and int(text) < 128 else 0
