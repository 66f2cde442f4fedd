"""What a person sees of a rehearsal: a live table with a bar, then everyone, then the sums."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from desk.cli.output import ALARMING, plain_table
from desk.rehearsal.result import PersonShown, Totals
from desk.rehearsal.store import CallShown
from desk.rehearsal.store import Progress as Stand
from ledger.contact import Disposition

_COLOURS = {"dialing": "dim", "ringing": "yellow", "talking": "bold green", "ended": "white"}
#: Calls shown at one time.
MOST_ROWS = 24


class Screen:
    """The live part. Without a terminal it writes a line when a call ends, and no bar."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn()
        )
        self._task = self._bar.add_task("wave 1", total=None, told="")
        self._live = Live(console=console, refresh_per_second=4) if console.is_terminal else None
        self._told: set[str] = set()

    def __enter__(self) -> Screen:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, wave: int, stand: Stand) -> None:
        """Draw how it stands."""
        told = f"{stand.live} on the line, {stand.ended} ended, {stand.waiting} waiting"
        total = max(1, len(stand.calls) + stand.waiting)
        self._bar.update(self._task, description=f"wave {wave + 1}", completed=stand.ended, total=total, told=told)
        if self._live is not None:
            self._live.update(Group(self._bar, _calls(stand.calls[:MOST_ROWS])))
            return
        for call in reversed(stand.calls):
            if call.state == "ended" and call.uuid not in self._told:
                self._told.add(call.uuid)
                self._console.print(f"  {call.direction:3} {call.name:28} {call.disposition}", markup=False)


def _calls(calls: Sequence[CallShown]) -> Table:
    table = plain_table("", "who", "state", "in the talk", "outcome", "first\nword", wraps=("who",))
    table.expand = True
    for call in calls:
        arrow = "→" if call.direction == "out" else "←"
        crisis = Disposition.CRISIS in (call.place, call.disposition)
        colour = ALARMING if crisis else _COLOURS.get(call.state, "")
        first = f"{call.first_audio_ms} ms" if call.first_audio_ms is not None else ""
        place = call.place if call.state == "talking" else ""
        table.add_row(arrow, Text(call.name), call.state, place, call.disposition or "", first, style=colour)
    return table


def people_table(people: Sequence[PersonShown]) -> Table:
    """Everyone who was called: what became of it."""
    headings = ("debtor", "name", "calls", "outcome", "agreed", "first\nword", "cause")
    table = plain_table(*headings, wraps=("name",), title="\nWhat happened to each person")
    for one in (p for p in people if p.calls or p.rang_in):
        calls = f"{one.calls}" + (f"+{one.rang_in} in" if one.rang_in else "")
        first = f"{one.first_audio_ms} ms" if one.first_audio_ms is not None else ""
        cause = "" if one.cause is None else str(one.cause)
        table.add_row(Text(one.debtor), Text(one.name), calls, one.disposition or "", one.agreement or "", first, cause)
    return table


def refused_table(people: Sequence[PersonShown]) -> Table:
    """Everyone who was not called, and why."""
    headings = ("debtor", "name", "rule", "reason", "next opening")
    table = plain_table(*headings, wraps=("name", "reason"), title="\nNot called, and why")
    for one in people:
        if one.refusal is not None:
            opening = one.refusal.next_opening
            when = f"{opening:%a %d %b %H:%M}" if opening else "not by itself"
            why = Text(one.refusal.reason)
            table.add_row(Text(one.debtor), Text(one.name), one.refusal.rule, why, when)
    return table


def totals_panel(sums: Totals) -> Panel:
    """The sums."""
    lines = [
        f"{sums.debtors} people: {sums.called} called, {sums.not_called} not called",
        f"{sums.calls} calls out, {sums.answered} picked up, {sums.calls_in} rang in",
        "agreed: " + (", ".join(f"{n} {kind}" for kind, n in sums.agreements.items()) or "nothing"),
    ]
    if sums.first_audio_p95_ms is not None:
        lines.append(f"first audible word after the answer: {sums.first_audio_p95_ms} ms (95 of 100 calls)")
    if sums.agrees_with_town is not None:
        lines.append(
            "the town's own call log agrees" if sums.agrees_with_town else f"the town's own log DIFFERS: {sums.town}"
        )
    return Panel("\n".join(lines), title="Totals")
