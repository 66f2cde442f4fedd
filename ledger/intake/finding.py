"""What is found while checking: errors that refuse a list, warnings that don't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


class BadCell(Exception):
    """A cell can't be taken as it stands; says why and what to write instead."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


@dataclass(frozen=True)
class RowError:
    """Why a list is refused, where, and what to do about it."""

    #: Line of the file on which the row begins, from 1.
    line: int
    column: str
    reason: str
    fix: str


@dataclass(frozen=True)
class RowWarning:
    """What a person should know of a row that is taken all the same."""

    line: int
    column: str
    reason: str


class Findings:
    """Errors and warnings of one group of cells, not yet bound to a line."""

    __slots__ = ("errors", "warnings")

    def __init__(self) -> None:
        self.errors: list[tuple[str, str, str]] = []
        self.warnings: list[tuple[str, str]] = []

    def read(self, column: str, reader: Callable[..., T], *given: Any) -> T | None:
        """The value that `reader` makes of what is given; None and an error where it can't."""
        try:
            return reader(*given)
        except BadCell as bad:
            self.errors.append((column, bad.reason, bad.fix))
            return None

    def refuse(self, column: str, reason: str, fix: str) -> None:
        """An error that no single reader sees."""
        self.errors.append((column, reason, fix))

    def warn(self, column: str, reason: str) -> None:
        """Something to know that refuses nothing."""
        self.warnings.append((column, reason))
