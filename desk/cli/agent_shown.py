"""Agents and their floor, as a document and as a table for people. Telephone numbers are masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from desk.cli.output import ALARMING, plain_table
from dialer.agent import CRISIS, Agent
from dialer.wallboard import Post, Talk, Waiter, Wallboard, stands
from ledger.phone import mask

#: Why somebody waits, in the words of people.
_WHY = {CRISIS: "a crisis", "person": "asked for a person", "first": "a person first"}
_STRANGER = "unknown caller"


def agent_document(one: Agent) -> dict[str, Any]:
    """An agent, as `agent list` tells."""
    return {
        "agent": one.name,
        "phone": mask(one.phone),
        "languages": list(one.languages),
        "wrap_up_seconds": round(one.wrap_up.total_seconds()),
        **_state(one),
    }


def floor_document(board: Wallboard, at: datetime) -> dict[str, Any]:
    """The floor at a moment of real time."""
    return {
        "at": at.isoformat(),
        "free": board.counts.free,
        "busy": board.counts.busy,
        "agents": [
            {
                "agent": post.agent.name,
                "languages": list(post.agent.languages),
                **_state(post.agent),
                "talk": None if post.talk is None else _talk(post.talk),
            }
            for post in board.posts
        ],
        "waiting": [
            {
                "call": one.waiting.call,
                "name": one.name or None,
                "language": one.waiting.language,
                "why": one.waiting.why,
                "since": one.waiting.since.isoformat(),
            }
            for one in board.waiting
        ],
    }


def _state(one: Agent) -> dict[str, Any]:
    return {"wanted": one.wanted.value, "state": one.state.value, "since": one.since.isoformat()}


def _talk(talk: Talk) -> dict[str, Any]:
    whom = talk.whom
    return {
        "call": talk.call,
        "debtor": whom.debtor if whom else None,
        "name": (whom.name or None) if whom else None,
        "language": whom.language if whom else None,
        "open": str(whom.open.decimal) if whom else None,
        "currency": whom.open.currency if whom else None,
        "stage": whom.stage if whom else None,
        "proved": talk.proved,
        "recorded": list(talk.recorded),
        "said": talk.said,
    }


def agents_table(found: Sequence[Agent]) -> Table:
    """Every agent, as `agent list` shows them."""
    headings = ("agent", "phone", "speaks", "state", "since (UTC)", "wrap-up")
    table = plain_table(*headings, wraps=("agent",), caption=f"{len(found)} {_agents(len(found))}")
    for one in found:
        wrap_up = f"{one.wrap_up.total_seconds():.0f} s"
        since = f"{one.since:%d %b %H:%M}"
        table.add_row(Text(one.name), mask(one.phone), ", ".join(one.languages), stands(one), since, wrap_up)
    return table


def floor_tables(board: Wallboard, real_now: datetime, now: datetime) -> RenderableType:
    """The floor for people. Agents stand where they do in real time; who waits does so in the campaign's, `now`."""
    counts = board.counts
    told = (
        f"{counts.agents} {_agents(counts.agents)}: {counts.free} free, {counts.busy} busy; {len(board.waiting)} wait"
    )
    headings = ("agent", "speaks", "state", "for", "with", "proved", "open", "recorded")
    table = plain_table(*headings, wraps=("agent", "with", "recorded"), title="The floor", caption=told)
    for post in board.posts:
        table.add_row(*_cells(post, real_now))
    if not board.waiting:
        return table
    waits = plain_table("waits", "speaks", "why", "for", wraps=("waits",), title="\nOn the line, waiting")
    for one in board.waiting:
        waits.add_row(*_waiter(one, now), style=ALARMING if one.waiting.why == CRISIS else None)
    return Group(table, waits)


def _agents(n: int) -> str:
    return "agent" if n == 1 else "agents"


def _cells(post: Post, now: datetime) -> tuple[str | Text, ...]:
    agent, talk = post.agent, post.talk
    first = (Text(agent.name), ", ".join(agent.languages), stands(agent), lasted(agent.since, now))
    if talk is None or talk.whom is None:
        return (*first, "", "", "", "")
    whom = talk.whom
    who = f"{whom.name} ({whom.debtor})" if whom.debtor else whom.name or _STRANGER
    named = Text(f"{who}, {whom.language}, stage {whom.stage}")
    proved = "yes" if talk.proved else Text("not yet", style=ALARMING)
    made = [*talk.recorded, *([f"it was: {talk.said.replace('_', ' ')}"] if talk.said else [])]
    return (*first, named, proved, str(whom.open) if whom.open else "", Text("; ".join(made)))


def _waiter(one: Waiter, now: datetime) -> tuple[str | Text, ...]:
    waiting = one.waiting
    why = _WHY.get(waiting.why, waiting.why)
    return Text(one.name or _STRANGER), waiting.language, why, lasted(waiting.since, now)


def lasted(since: datetime, now: datetime) -> str:
    """How long it has lasted: `2:05`, `1:02:05`; never below nothing, where two machines' clocks differ."""
    seconds = max(0, int((now - since).total_seconds()))
    minutes, hours = seconds // 60 % 60, seconds // 3600
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
