"""Asterisk as a carrier: our orders become AMI actions, its events become ours. At most one Originate an attempt."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from dialer.ami_link import AmiEvent, AmiLink, Down, Up
from dialer.carrier import CarrierEvent, Ended, LinkBack, LinkLost, PickedUp, PlaceCall, Ringing
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure

#: An Originate that failed before a channel lived brings no Hangup: after this long, its own answer is the end.
NO_CHANNEL_SECONDS = 1.5
#: ChannelState of Newstate events.
_RINGING, _UP = {"4", "5"}, "6"
#: Our ChannelIds are uuids; Asterisk's own are `seconds.n`.
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: OriginateResponse's Reason where no Hangup tells the cause: 1 and 3 no answer, 5 busy, 8 congestion.
_REASON_CAUSE = {"1": 19, "3": 19, "5": 17, "8": 34}


@dataclass
class _Live:
    """What we know of one attempt that Asterisk may hold."""

    dial_status: str | None = None
    ringing: bool = False
    answered: bool = False
    line_lost: bool = False


class AsteriskCarrier:
    """The `Carrier` port on one `AmiLink`. The attempt's uuid is ActionID and ChannelId."""

    name = "asterisk"

    def __init__(self, link: AmiLink, endpoint: str = "trunk", context: str = "ivr") -> None:
        self._link = link
        self._endpoint = endpoint
        self._context = context
        self._live: dict[str, _Live] = {}
        self._told: asyncio.Queue[CarrierEvent] = asyncio.Queue()

    async def place(self, call: PlaceCall) -> None:
        """One Originate, once. Raises `CarrierDown` or `CarrierRefused` (surely not placed) or `CarrierUnsure`."""
        if not self._link.up:
            raise CarrierDown("The link to Asterisk is down; no call is placed until it is back")
        headers: dict[str, str | list[str]] = {
            "ActionID": call.attempt,
            "Channel": f"PJSIP/{_dialable(call.e164)}@{self._endpoint}",
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
            headers["CallerID"] = f"<{_dialable(call.caller_id)}>"
        self._live[call.attempt] = _Live()
        try:
            await self._link.action("Originate", **headers)
        except (CarrierDown, CarrierRefused):
            self._live.pop(call.attempt, None)
            raise

    async def hang_up(self, attempt: str) -> None:
        """End a call by its ChannelId; one that is no more is no error. Raises `CarrierDown`, `CarrierUnsure`."""
        try:
            await self._link.action("Hangup", Channel=attempt, Cause="16")
        except CarrierRefused:
            return

    async def alive(self) -> frozenset[str]:
        """The attempts that Asterisk holds, by a fresh Status. Raises `CarrierDown` when it can't be asked."""
        try:
            answers = await self._link.listing("Status")
        except (CarrierUnsure, CarrierRefused) as error:
            raise CarrierDown("Asterisk does not say which calls it holds") from error
        channels = (str(m.get("uniqueid", "")) for m in answers if m.get("event") == "Status")
        return frozenset(name for name in channels if _OURS.fullmatch(name))

    async def events(self) -> AsyncIterator[CarrierEvent]:
        """Ringing, picked up, ended; lost and back. Ends with the link."""
        pump = asyncio.create_task(self._pump())
        try:
            while True:
                getter = asyncio.ensure_future(self._told.get())
                both: set[asyncio.Future[object]] = {getter, pump}  # type: ignore[arg-type]
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if not getter.done():
                    getter.cancel()
                    return
                yield getter.result()
        finally:
            pump.cancel()

    # -- inside ------------------------------------------------------------------------------------------------

    async def _pump(self) -> None:
        async for event in self._link.events():
            if isinstance(event, Down):
                self._told.put_nowait(LinkLost())
            elif isinstance(event, Up):
                await self._back()
            else:
                self._on(event)

    async def _back(self) -> None:
        """Tell who is still there; whoever is not has ended while we could not hear (its cause is unknown)."""
        try:
            alive = await self.alive()
        except CarrierDown:
            return
        for attempt in [a for a in self._live if a not in alive]:
            self._live.pop(attempt)
        for attempt in alive:  # also those of a dialer before us: we go on with them
            self._live.setdefault(attempt, _Live())
        self._told.put_nowait(LinkBack(alive))

    def _on(self, event: AmiEvent) -> None:
        if event.name == "OriginateResponse":
            self._originated(event)
            return
        attempt = event["uniqueid"] or event["destuniqueid"]
        live = self._live.get(attempt)
        if live is None:
            return
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
        """Only a failure matters here, and only where no Hangup will come: the channel never lived."""
        attempt = event["ouractionid"]
        if attempt not in self._live or event["response"] == "Success":
            return
        cause = _REASON_CAUSE.get(event["reason"], 0)
        asyncio.get_running_loop().call_later(NO_CHANNEL_SECONDS, self._end, attempt, cause)

    def _end(self, attempt: str, cause: int) -> None:
        live = self._live.pop(attempt, None)
        if live is not None:
            self._told.put_nowait(Ended(attempt, cause, live.dial_status, live.answered, live.line_lost))


def _dialable(e164: str) -> str:
    """The number as it goes into a channel's name: a plus and digits. Raises `CarrierRefused` for anything else."""
    if not (e164.startswith("+") and e164[1:].isascii() and e164[1:].isdigit() and 7 <= len(e164) <= 16):
        raise CarrierRefused("Only a number in E.164 is dialled; this one is not")
    return e164


def _number(text: str) -> int:
    """A Q.850 cause; 0 where Asterisk told none that can be read."""
    return int(text) if text.isascii() and text.isdigit() and int(text) < 128 else 0
