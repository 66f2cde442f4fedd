"""Pictures and tables of the documentation, drawn from what they tell of, so that they stay true.

    python tools/pictures.py                                writes them all anew
    beltoon demo --json > docs/pictures/demo.json           before it: another rehearsal for the picture of the terminal

A drawn part stands in its page between `<!-- drawn: NAME -->` and `<!-- end -->`. A test compares every one of them.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from charts import agent_life, call_life, dialogue
from rich.console import Console
from rich.text import Text

from desk.rehearsal.result import PersonShown, RefusalShown, Totals
from desk.rehearsal.screen import people_table, refused_table, totals_panel
from desk.settings import variables
from dialer.call import unanswered
from ivr.outcome import OUTCOMES, HoldRule, Outcome
from ivr.record import PromiseMade
from schedules.law_file import shipped_rules
from schedules.retry import next_step
from schedules.testing import a_standing, local

TOP = Path(__file__).resolve().parents[1]
PICTURES = TOP / "docs" / "pictures"
#: Columns of the pictured terminal.
WIDTH = 100

# -- tables ---------------------------------------------------------------------------------------------------------


def table(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A table of the page."""
    ruled = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*ruled, *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)])


def settings(part: str) -> str:
    """The settings of one part; empty: those of the whole."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name, (default, meaning) in variables().items():
            if name.rpartition("__")[0] == part:
                yield f"`BELTOON_{name.upper()}`", f"`{default}`" if default else "", meaning

    return table(("variable", "default", "meaning"), rows())


def outcomes() -> str:
    """`OUTCOMES`: what each answer makes, what it stops, who acts, what comes next."""
    headings = ("answer", "proof first?", "outcome", "written down as", "what stops", "who acts", "message", "then")
    return table(headings, (_outcome(one) for one in OUTCOMES if one.record is not None))


def _outcome(one: Outcome) -> tuple[str, ...]:
    stops = [_stopped(hold) for hold in one.holds] or [_quiet(one)]
    acts = (one.owner or "") + (f", within {_days(one.answer_days, 'working day')}" if one.answer_days else "")
    step = next_step(one.disposition, a_standing(), local("2026-11-24 10:30"), rules=shipped_rules())
    return (
        one.intent,
        "yes" if one.proof else "no",
        f"`{one.disposition}`",
        f"`{one.agreement}`" if one.agreement else "",
        "; ".join(stops),
        acts,
        "; ".join([f"`{name}`" for name in (one.template, one.alarm) if name]),
        step.kind.value,
    )


def _quiet(one: Outcome) -> str:
    if one.rest_days is None:
        return ""
    days = _days(one.rest_days, "day")
    return f"quiet until {days} after the promised day" if one.record is PromiseMade else f"quiet for {days}"


def _days(n: int, word: str) -> str:
    return f"{n} {word}{'s'[: n - 1]}"


def _stopped(hold: HoldRule) -> str:
    what = {"debtor": "the person", "number": "this number", "invoice": "these invoices"}[hold.scope]
    how = {None: "", "voice": " by telephone"}[hold.channel]
    until = "until a person lifts it" if hold.days is None else _days(hold.days, "day")
    return f"`{hold.kind}`: {what}{how}, {until}"


def unanswered_calls() -> str:
    """What a hang-up cause of the network means for a call that nobody answered."""
    causes: dict[str, list[int]] = defaultdict(list)
    for cause in range(1, 128):
        causes[unanswered(cause, None).value].append(cause)
    others = causes.pop("failed")
    assert others  # noqa: S101

    def rows() -> Iterator[tuple[str, ...]]:
        for disposition, numbers in causes.items():
            yield f"`{disposition}`", ", ".join(str(number) for number in numbers)
        yield "`failed`", "every other"

    return table(("outcome", "cause (Q.850)"), rows())


# -- the terminal ---------------------------------------------------------------------------------------------------


def people(document: dict[str, Any]) -> tuple[list[PersonShown], Totals]:
    """The values that `beltoon demo --json` told."""
    shown = []
    for one in document["debtors"]:
        told = {name: one[name] for name in ("debtor", "name", "disposition", "agreement", "calls", "rang_in")}
        refusal = one["refusal"]
        shown.append(
            PersonShown(
                **told,
                language="",
                placed_at=_when(one["placed_at"]),
                answered_at=_when(one["answered_at"]),
                first_audio_ms=one["first_audio_ms"],
                cause=one["hangup_cause"],
                refusal=refusal and RefusalShown(**{**refusal, "next_opening": _when(refusal["next_opening"])}),
            )
        )
    return shown, Totals(**document["totals"])


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def terminal() -> str:
    """What a rehearsal shows at its end, as an SVG that fetches nothing."""
    shown, sums = people(json.loads((PICTURES / "demo.json").read_text(encoding="utf-8")))
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
    )
    console.print(Text("$ make demo", style="bold"))
    for part in (people_table(shown), refused_table(shown), totals_panel(sums)):
        console.print(part)
    drawn = re.sub(r"@font-face \{.*?\}\n", "", console.export_svg(title="Beltoon", unique_id="demo"), flags=re.DOTALL)
    return drawn.replace("Fira Code, monospace", "Menlo, Consolas, DejaVu Sans Mono, monospace")


# -- pages ----------------------------------------------------------------------------------------------------------

#: Page and name of every drawn part, and what draws it.
DRAWN: dict[tuple[str, str], Callable[[], str]] = {
    ("ARCHITECTURE.md", "dialogue"): dialogue,
    ("ARCHITECTURE.md", "life of a call"): call_life,
    ("ARCHITECTURE.md", "life of an agent's line"): agent_life,
    ("docs/outcomes.md", "outcomes"): outcomes,
    ("docs/outcomes.md", "unanswered"): unanswered_calls,
    **{
        ("docs/settings.md", f"settings {part}".strip()): lambda part=part: settings(part)  # type: ignore[misc]
        for part in dict.fromkeys(name.rpartition("__")[0] for name in variables())
    },
}


def drawn_part(page: str, name: str) -> re.Match[str]:
    """The part of a page's text between its marks. Raises `SystemExit` where the page lacks them."""
    found = re.search(rf"(?<=<!-- drawn: {name} -->\n).*?(?=<!-- end -->)", page, re.DOTALL)
    if found is None:
        raise SystemExit(f"tools/pictures.py: no page part between <!-- drawn: {name} --> and <!-- end -->")
    return found


def main() -> int:
    """Write everything anew."""
    for (page, name), draw in DRAWN.items():
        path = TOP / page
        text = path.read_text(encoding="utf-8")
        at = drawn_part(text, name)
        path.write_text(text[: at.start()] + draw() + "\n" + text[at.end() :], encoding="utf-8")
    (PICTURES / "demo.svg").write_text(terminal(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
