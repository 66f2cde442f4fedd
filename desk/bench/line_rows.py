"""The rows of the line's bench: what the callee heard in a run, beside what it heard of the bare line. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from desk.bench.report import AtMost, AtMostMore, Row, share_of

WAIT_GOAL, GAP_GOAL, WORDS_GOAL = AtMostMore(100.0), AtMost(40.0), AtMost(900.0)


@dataclass(frozen=True, kw_only=True)
class Speech:
    """How debtors who speak were heard in one run, from its first call on."""

    #: Callers who may be listened to at one time, as the engine measured it; None: it was not needed.
    ears: int | None
    #: Turns by what they heard.
    kinds: Counter[str]


@dataclass(frozen=True)
class Heard:
    """What the callee heard in one run, and what it cost."""

    calls: int
    reception: dict[str, Any]
    #: Processor time of one call, in percent of a core, by process.
    cpu: dict[str, float]
    #: Of debtors who speak, what became of it.
    speech: Speech | None = None
    #: So many calls there were when we began to measure, where it was not all of them.
    reached: int | None = None

    @property
    def at(self) -> str:
        """The size, for the name of a row."""
        few = f" ({self.reached} reached)" if self.reached not in (None, self.calls) else ""
        return f"{self.calls} call{'s'[: self.calls > 1]}{' that speak' if self.speech else ''}{few}"

    def p95(self, what: str) -> float | None:
        """Of the waits that ended; `missing` tells of the others."""
        return share_of([ms for ms in self.reception[what] if ms is not None], 0.95)

    def missing(self, what: str) -> int:
        """Waits that never ended."""
        return sum(ms is None for ms in self.reception[what])


def rows(ours: Heard, bare: Heard) -> list[Row]:
    """The figures of one size."""
    at = ours.at
    found = [_wait("answer to first audible speech", "answers", at, ours, bare)]
    found.append(_wait("key to next prompt", "keys", at, ours, bare))
    if ours.calls == 1:
        return found
    lost, bare_lost = ours.reception["lost"], bare.reception["lost"]
    found.append(Row(name=f"frames lost, {at}", ours=lost, baseline=bare_lost, unit="frames", goal=AtMost(0)))
    found.append(
        Row(
            name=f"gap between frames p99, {at}",
            ours=ours.reception["gap_p99"],
            baseline=bare.reception["gap_p99"],
            unit="ms",
            goal=GAP_GOAL,
            note=f"p99.9 {ours.reception['gap_p999']:.0f} ms, longest {ours.reception['gap_max']:.0f} ms;"
            f" bare {bare.reception['gap_p999']:.0f} and {bare.reception['gap_max']:.0f} ms",
        )
    )
    for name, process in (("our line", "line"), ("the dialer", "dialer"), ("Asterisk", "asterisk")):
        cpu = f"processor of {name} for a call, {at}"
        found.append(Row(name=cpu, ours=ours.cpu[process], baseline=bare.cpu[process], unit="% of a core"))
    return found


def spoken_rows(ours: Heard, bare: Heard) -> list[Row]:
    """The figures of one size in which every debtor speaks: those of `rows`, and how they were heard."""
    assert ours.speech is not None  # noqa: S101
    at, kinds = ours.at, ours.speech.kinds
    said = ours.reception["words"]
    waits = [ms for ms in said if ms is not None]
    median = share_of(waits, 0.5)
    note = f"{len(waits)} answered" + ("" if median is None else f", p50 {median:.0f} ms")
    told = kinds["deaf"] + kinds["KeysOnly"]
    return [
        *rows(ours, bare),
        Row(
            name=f"end of words to next prompt p95, {at}", ours=share_of(waits, 0.95), baseline=None, unit="ms",
            goal=WORDS_GOAL, note=f"{note}; {len(said) - len(waits)} said to nobody, who then took the key",
        ),
        Row(
            name=f"callers listened to at one time, {at}", ours=ours.speech.ears, baseline=None, unit="callers",
            note=f"calls that were asked for the keys: {told} of {kinds['Answered']}",
        ),
        Row(
            name=f"answers in words understood, {at}", ours=kinds["Words"], baseline=None, unit="turns",
            note=f"and {kinds['Noise']} not",
        ),
        Row(
            name=f"processor of the recogniser for a call, {at}", ours=ours.cpu.get("recogniser"), baseline=None,
            unit="% of a core",
        ),
    ]  # fmt: skip


def _wait(name: str, what: str, at: str, ours: Heard, bare: Heard) -> Row:
    median = share_of([ms for ms in ours.reception[what] if ms is not None], 0.5)
    note = f"{len(ours.reception[what])} measured" + ("" if median is None else f", p50 {median:.0f} ms")
    if missing := ours.missing(what) + bare.missing(what):
        note += f", {missing} never heard it"
    return Row(
        name=f"{name} p95, {at}",
        ours=ours.p95(what) if not ours.missing(what) else None,
        baseline=bare.p95(what),
        unit="ms",
        goal=WAIT_GOAL,
        note=note,
    )
