"""The dialogue, the life of a call and that of an agent's line as Mermaid pictures, drawn from their tables."""

from __future__ import annotations

import re
from collections import defaultdict

from dialer.agent import AGENT_MOVES, AgentState
from dialer.call import CALL_MOVES, CallState
from ivr.drawing import drawing

#: The chapters of the dialogue, and the beginnings of their places' names. The start belongs to the first.
CHAPTERS = {
    "Who is there": ("[*]", "agent_first", "open", "inbound", "free"),
    "Somebody else answers": ("household", "relative", "other_ask"),
    "Proof of identity": ("id",),
    "What is open, and what to do about it": ("due", "menu"),
    "Paying now, or on a day": ("pay", "promise"),
    "Paying in instalments": ("plan", "move"),
    "Something is not right, or paying is not possible": ("why", "which", "dispute", "paid", "hard"),
    "Said at any moment": ("meant", "language", "crisis"),
    "Other ways, and the end": ("later", "agent_wait", "agent_more", "help", "stop", "other_self", "rest", "sum"),
}
_END = "[*]"
_ARROW = re.compile(r"\s+(\S+) --> (\S+) : (.*)")
_PLACE = re.compile(r"\s+(\w+) : (.*)")


def dialogue() -> str:
    """The script, one picture a chapter. An answer that leads to one of several places points at a box naming them."""
    targets: dict[tuple[str, str], list[str]] = defaultdict(list)
    names = {_END: "the end"}
    for line in drawing().splitlines():
        if arrow := _ARROW.fullmatch(line):
            targets[arrow[1], _short(arrow[3])].append(arrow[2])
        elif place := _PLACE.fullmatch(line):
            names[place[1]] = place[2]
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (source, label), ends in targets.items():
        target = "_or_".join(end.strip("[*]") or "end" for end in ends) if len(ends) > 1 else ends[0]
        if len(ends) > 1:
            names[target] = " / ".join(names.get(end, end).partition(" (")[0] for end in ends)
        arrows[source, target].append(label)
    return "\n\n".join(_picture(chapter, names, arrows) for chapter in CHAPTERS)


def _picture(chapter: str, names: dict[str, str], arrows: dict[tuple[str, str], list[str]]) -> str:
    mine = {ends: labels for ends, labels in arrows.items() if chapter_of(ends[0]) == chapter}
    shown = [name for name in dict.fromkeys(name for ends in mine for name in ends) if names.get(name)]
    lines = [f"    {name} : {names[name]}" for name in shown if name != _END]
    lines += [f"    {source} --> {target} : {' / '.join(labels)}" for (source, target), labels in mine.items()]
    return f"**{chapter}**\n\n" + _mermaid(["stateDiagram-v2", "    direction LR", *lines])


def chapter_of(node: str) -> str:
    """The chapter of a place. Raises `SystemExit` for one that no chapter names."""
    found = [chapter for chapter, begins in CHAPTERS.items() if any(_begins(node, one) for one in begins)]
    if len(found) != 1:
        raise SystemExit(f"tools/charts.py: say in CHAPTERS where the place {node} belongs")
    return found[0]


def _begins(node: str, beginning: str) -> bool:
    return node == beginning or node.startswith(f"{beginning}_")


def _short(label: str) -> str:
    """`digits: day and month` without the colon that a picture can't hold; `silence: silence` said once."""
    kind, colon, told = label.partition(": ")
    if not colon:
        return label
    return kind if told in kind else f"{kind}, {told}"


def call_life() -> str:
    """`CALL_MOVES`; what leaves a call as it is, is not drawn."""
    lines = [f"    [*] --> {CallState.DIALING} : claimed and committed"]
    for state, moves in CALL_MOVES.items():
        by_target: dict[CallState, list[str]] = defaultdict(list)
        for event, target in moves.items():
            if target is not state:
                by_target[target].append(event.value.replace("_", " "))
        lines += [f"    {state} --> {target} : {' / '.join(events)}" for target, events in by_target.items()]
    lines.append(f"    {CallState.ENDED} --> [*]")
    return _mermaid(["stateDiagram-v2", "    direction LR", *lines])


def agent_life() -> str:
    """`AGENT_MOVES`."""
    lines = [f"    [*] --> {AgentState.OFF} : added"]
    for state, moves in AGENT_MOVES.items():
        by_target: dict[AgentState, list[str]] = defaultdict(list)
        for event, target in moves.items():
            by_target[target].append(event.value.replace("_", " "))
        lines += [f"    {state} --> {target} : {' / '.join(events)}" for target, events in by_target.items()]
    return _mermaid(["stateDiagram-v2", "    direction LR", *lines])


def _mermaid(lines: list[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"])
