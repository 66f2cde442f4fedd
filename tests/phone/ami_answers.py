"""How Asterisk 22.10 answers manager actions, word for word; and the makings of other answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from phone.ami_wire import Action

if TYPE_CHECKING:
    from phone.ami_server import AmiConnection

Answer = Callable[["AmiConnection", Action], Awaitable[None]]


def success(message: str, *fields: tuple[str, str]) -> Answer:
    """`Response: Success` with a message."""
    return _response("Success", ("Message", message), *fields)


def refuse(message: str) -> Answer:
    """`Response: Error` with a message."""
    return _response("Error", ("Message", message))


def late(seconds: float, then: Answer) -> Answer:
    """The same answer, after a while; other actions are answered meanwhile."""

    async def answer(link: AmiConnection, action: Action) -> None:
        await asyncio.sleep(seconds)
        await then(link, action)

    return answer


async def never(link: AmiConnection, action: Action) -> None:
    """No answer at all, on a link that lives."""


def status_of(channels: Iterable[Mapping[str, str]]) -> Answer:
    """The list that `Status` gives: one event for each channel."""
    listed = [dict(channel) for channel in channels]

    async def answer(link: AmiConnection, action: Action) -> None:
        await link.respond(action, "Success", ("EventList", "start"), ("Message", "Channel status will follow"))
        for channel in listed:
            await link.send((("Event", "Status"), ("Privilege", "Call"), *channel.items(), ("ActionID", action.id)))
        count = str(len(listed))
        complete = (("EventList", "Complete"), ("ListItems", count), ("Items", count))
        await link.send((("Event", "StatusComplete"), ("ActionID", action.id), *complete))

    return answer


def _response(kind: str, *fields: tuple[str, str]) -> Answer:
    async def answer(link: AmiConnection, action: Action) -> None:
        await link.respond(action, kind, *fields)

    return answer


async def _login(link: AmiConnection, action: Action) -> None:
    server = link.server
    if (action.first("Username"), action.first("Secret")) != (server.user, server.secret):
        # Asterisk itself takes a second over this.
        await link.respond(action, "Error", ("Message", "Authentication failed"))
        link.close()
        return
    await link.respond(action, "Success", ("Message", "Authentication accepted"))
    link.logged_in = True
    if server.fully_booted:
        uptime = (("Uptime", "1"), ("LastReload", "1"))
        await link.send((("Event", "FullyBooted"), ("Privilege", "system,all"), *uptime, ("Status", "Fully Booted")))


async def _ping(link: AmiConnection, action: Action) -> None:
    await link.respond(action, "Success", ("Ping", "Pong"), ("Timestamp", f"{time.time():.6f}"))


async def _logoff(link: AmiConnection, action: Action) -> None:
    await link.respond(action, "Goodbye", ("Message", "Thanks for all the fish."))
    link.close()


async def _unknown(link: AmiConnection, action: Action) -> None:
    hint = f"Invalid/unknown command: {action.name}. Use Action: ListCommands to show available commands."
    await link.respond(action, "Error", ("Message", hint if action.name else "Missing action in request"))


async def _originate(link: AmiConnection, action: Action) -> None:
    queued = bool(action.first("Channel"))
    answer = success("Originate successfully queued") if queued else refuse("Channel not specified")
    await answer(link, action)


#: By name in small letters. Calls and channels are the script's own: no channel exists until it says so.
STANDARD: dict[str, Answer] = {
    "login": _login,
    "logoff": _logoff,
    "ping": _ping,
    "events": _response("Success", ("Events", "On")),
    "originate": _originate,
    "status": status_of([]),
    "hangup": refuse("No such channel"),
    "setvar": refuse("No such channel"),
    "absolutetimeout": refuse("No such channel"),
    "redirect": refuse("Channel does not exist"),
    "not logged in": refuse("Permission denied"),
    "unknown": _unknown,
}
