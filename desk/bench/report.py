"""What a bench found: rows of our figure beside its baseline, the ratio, and whether the goal holds. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Goal(Protocol):
    """What a figure has to reach."""

    def text(self, unit: str) -> str:
        """The goal in words."""
        ...

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        """Is it reached? None where that can't be said without a baseline."""
        ...


@dataclass(frozen=True)
class AtLeast:
    """No less than a fixed figure."""

    least: float

    def text(self, unit: str) -> str:
        return f"at least {self.least:g} {unit}"

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        return ours >= self.least


@dataclass(frozen=True)
class AtMost:
    """No more than a fixed figure."""

    most: float

    def text(self, unit: str) -> str:
        return f"at most {self.most:g} {unit}"

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        return ours <= self.most


@dataclass(frozen=True)
class AtMostMore:
    """No more than so much above the baseline."""

    more: float

    def text(self, unit: str) -> str:
        return f"at most {self.more:g} {unit} above the baseline"

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        return None if baseline is None else ours <= baseline + self.more


@dataclass(frozen=True)
class AtLeastRatio:
    """No less than so much of the baseline."""

    share: float

    def text(self, unit: str) -> str:
        return f"at least {self.share:g} of the baseline"

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        return None if baseline is None else ours >= self.share * baseline


@dataclass(frozen=True)
class AtMostRatio:
    """No more than so many times the baseline."""

    times: float

    def text(self, unit: str) -> str:
        return f"at most {self.times:g} times the baseline"

    def holds(self, ours: float, baseline: float | None) -> bool | None:
        return None if baseline is None else ours <= self.times * baseline


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure."""

    name: str
    #: None where nothing could be measured.
    ours: float | None
    #: The barest thing that does the same; None where nothing bare does.
    baseline: float | None
    unit: str
    #: None: told for its own sake.
    goal: Goal | None = None
    #: What binds, where the goal is missed; how the figure came about.
    note: str | None = None

    @property
    def ratio(self) -> float | None:
        """Ours divided by the baseline."""
        return None if self.ours is None or not self.baseline else self.ours / self.baseline

    @property
    def holds(self) -> bool | None:
        """Is the goal reached? A goal for which nothing could be measured is not."""
        if self.goal is None:
            return None
        return False if self.ours is None else self.goal.holds(self.ours, self.baseline)


def document(bench: str, machine: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    """The bench as one JSON document (design.md, "The public face")."""
    return {
        "bench": bench,
        "machine": dict(machine),
        "rows": [
            {
                "name": row.name,
                "ours": _rounded(row.ours),
                "baseline": _rounded(row.baseline),
                "unit": row.unit,
                "ratio": _rounded(row.ratio),
                "goal": row.goal.text(row.unit) if row.goal else None,
                "holds": row.holds,
                "note": row.note,
            }
            for row in rows
        ],
    }


def share_of(values: Sequence[float], share: float) -> float | None:
    """The value below which this share of them lies (0.95: p95), by the nearest rank; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _rounded(value: float | None) -> float | None:
    """Four figures are more than any bench knows."""
    return None if value is None else float(f"{value:.4g}")
