"""Asterisk as a switchboard: agents' lines are channels of ours that wait in its dialplan (docker/asterisk)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from dialer.ami_link import AmiEvent, AmiLink, Down, Up
from dialer.carrier import E164, SENTENCE, UUID
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.switchboard import (
    LEG_PREFIX,
    BoardBack,
    BoardEvent,
    BoardLost,
    CallerGone,
    Join,
    Joined,
    KeyPressed,
    LegGone,
    OnFloor,
    RingAgent,
    Stand,
    TalkOver,
)

#: A Status that failed on a link that is up is asked for again after this.
AGAIN_SECONDS = 1.0
#: Agents' lines are told from calls by their names.
_LEG = re.compile(rf"{LEG_PREFIX}{UUID.pattern}")
#: A channel as Asterisk names it, and the file of a whisper as we do.
_CHANNEL = re.compile(r"[A-Za-z0-9/-]{1,80}")
_WHISPER = re.compile(r"[a-z0-9-]{0,60}")
_KEY = re.compile(r"[1-5]")
_OF_USER_EVENT: dict[str, Callable[[str], BoardEvent]] = {"AgentReady": OnFloor, "TalkOver": TalkOver}


class AsteriskSwitchboard:
    """The `Switchboard` port on one `AmiLink`, beside the carrier's."""

    def __init__(self, link: AmiLink, endpoint: str = "trunk") -> None:
        self._link = link
        self._endpoint = endpoint
        #: Callers whose end we tell of.
        self._callers: set[str] = set()

    async def ring(self, order: RingAgent) -> None:
        """One Originate, once; raises as the port says."""
        sounds = {"SENTENCE": order.sentence, "WHOWASIT": order.who_was_it, "NOTED": order.noted}
        named = all(SENTENCE.fullmatch(name) for name in sounds.values() if name) and order.sentence
        if not _LEG.fullmatch(order.leg) or not E164.fullmatch(order.e164) or not named:
            raise CarrierRefused("An agent's line is named by us, and their telephone is a number in E.164")
        headers: dict[str, str | list[str]] = {
            "ActionID": order.leg,
            "Channel": f"PJSIP/{order.e164}@{self._endpoint}",
            "Context": "agent-on",
            "Exten": "s",
            "Priority": "1",
            "Timeout": str(int(order.ring_seconds * 1000)),
            "ChannelId": order.leg,
            "Variable": [f"{name}={value}" for name, value in sounds.items() if value],
            "Async": "true",
        }
        if order.caller_id:
            headers["CallerID"] = f"<{order.caller_id}>"
        await self._link.action("Originate", **headers)

    async def tell(self, leg: str, whisper: str) -> None:
        """Setvar and Redirect."""
        await self._set(leg, WHISPER=_whisper(whisper))
        await self._redirect(leg, "hear")

    async def join(self, order: Join) -> None:
        """The caller gets the tickets back to us, then the agent's line takes him. Nothing of it is heard by him
        before; if the agent's line is gone, he is still with us."""
        if not (UUID.fullmatch(order.back_done) and UUID.fullmatch(order.back_lost)):
            raise CarrierRefused("Tickets are uuids; this one is not")
        name = await self._name_of(order.channel)
        self._callers.add(order.channel)
        back = {"BACKDONE": order.back_done, "BACKLOST": order.back_lost, "AGENTLEG": order.leg}
        await self._set(order.channel, **back)
        await self._set(order.leg, DEBTOR=name, WHISPER=_whisper(order.whisper))
        await self._redirect(order.leg, "take")

    async def end_talk(self, leg: str) -> None:
        """The agent's line is taken out of the talk; the caller comes back by himself."""
        await self._redirect(leg, "over")

    async def follow(self, channel: str) -> bool:
        """By its id; asked of Asterisk."""
        self._callers.add(channel)
        try:
            await self._name_of(channel)
        except CarrierRefused:
            self._callers.discard(channel)
            return False
        return True

    async def hang_up(self, leg: str) -> None:
        """By its ChannelId."""
        try:
            await self._link.action("Hangup", Channel=leg, Cause="16")
        except CarrierRefused:
            return

    async def held(self) -> dict[str, Stand]:
        """By a fresh Status. Raises `CarrierDown`."""
        try:
            answers = await self._link.listing("Status")
        except (CarrierUnsure, CarrierRefused) as error:
            raise CarrierDown("Asterisk does not say which lines it holds") from error
        told = [m for m in answers if m.get("event") and _LEG.fullmatch(str(m.get("uniqueid", "")))]
        return {str(m["uniqueid"]): _stand(m) for m in told}

    async def events(self) -> AsyncIterator[BoardEvent]:
        """What concerns agents' lines, and callers who were put through."""
        async for event in self._link.events():
            if isinstance(event, Down):
                yield BoardLost()
            elif isinstance(event, Up):
                self._callers.clear()  # whose end was missed is asked for anew (`follow`)
                if (held := await self._held_now()) is not None:
                    yield BoardBack(held)
            elif (told := self._told(event)) is not None:
                yield told

    # -- inside ------------------------------------------------------------------------------------------------

    async def _held_now(self) -> dict[str, Stand] | None:
        """What it holds, asked for until it says so; None: the link was lost again, which will be told."""
        while self._link.up:
            try:
                return await self.held()
            except CarrierDown:
                await asyncio.sleep(AGAIN_SECONDS)
        return None

    def _told(self, event: AmiEvent) -> BoardEvent | None:
        channel = event["uniqueid"]
        if event.name == "Hangup" and channel in self._callers:
            self._callers.discard(channel)
            return CallerGone(channel)
        if (
            event.name == "OriginateResponse"
            and event["response"] != "Success"
            and _LEG.fullmatch(event["ouractionid"])
        ):
            return LegGone(event["ouractionid"])
        if not _LEG.fullmatch(channel):
            return None
        if event.name == "Hangup":
            return LegGone(channel)
        if event.name == "BridgeEnter":
            return Joined(channel)
        if event.name == "UserEvent" and event["userevent"] == "AgentKey" and _KEY.fullmatch(event["key"]):
            return KeyPressed(channel, event["key"])
        if event.name == "UserEvent":
            told = _OF_USER_EVENT.get(event["userevent"])
            return None if told is None else told(channel)
        return None

    async def _name_of(self, channel: str) -> str:
        """Asterisk's name of a channel that we know by its id. Raises `CarrierRefused` where it is no more."""
        answers = await self._link.listing("Status", Channel=channel)
        for one in answers:
            if one.get("event") and str(one.get("uniqueid")) == channel:
                name = str(one.get("channel", ""))
                if _CHANNEL.fullmatch(name):
                    return name
        raise CarrierRefused("The caller is no more")

    async def _set(self, channel: str, **values: str) -> None:
        for name, value in values.items():
            await self._link.action("Setvar", Channel=channel, Variable=name, Value=value)

    async def _redirect(self, leg: str, exten: str) -> None:
        await self._link.action("Redirect", Channel=leg, Context="agent", Exten=exten, Priority="1")


def _stand(status: Mapping[str, Any]) -> Stand:
    if status.get("bridgeid"):
        return Stand.JOINED
    return Stand.FLOOR if status.get("context") == "agent" else Stand.SIGNING_ON


def _whisper(name: str) -> str:
    if not _WHISPER.fullmatch(name):
        raise CarrierRefused("A whisper is named by small letters, digits and dashes")
    return name
