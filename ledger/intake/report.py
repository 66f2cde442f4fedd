"""What became of a list, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from ledger.intake.finding import RowError, RowWarning

Found = TypeVar("Found", RowError, RowWarning)

#: So many errors and so many warnings are told; of the others only how many.
MOST_TOLD = 1000


@dataclass
class Report:
    """Counts of what the list holds, and what was done with it."""

    file: str
    #: Rows with something in them.
    rows: int = 0
    #: Humans, invoices and holds that the list names, known before or not.
    debtors: int = 0
    invoices: int = 0
    holds: int = 0
    #: Rows that changed the books, and rows that the books said already.
    written: int = 0
    already: int = 0
    warnings: list[RowWarning] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    more_warnings: int = 0
    more_errors: int = 0
    #: When the very same file was imported before; then nothing was done.
    known_since: datetime | None = None
    #: The letter that Excel shows above each column, for a workbook.
    letters: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Has the list an error? Then nothing of it was written."""
        return bool(self.errors)

    def tell(self, errors: tuple[RowError, ...], warnings: tuple[RowWarning, ...]) -> None:
        """Note what was found in a row."""
        if errors:
            room = MOST_TOLD - len(self.errors)
            self.errors.extend([self._placed(one) for one in errors[:room]])
            self.more_errors += len(errors[room:])
        if warnings:
            room = MOST_TOLD - len(self.warnings)
            self.warnings.extend([self._placed(one) for one in warnings[:room]])
            self.more_warnings += len(warnings[room:])

    def _placed(self, found: Found) -> Found:
        """In a workbook the reason begins with the cell as Excel shows it: `cell N3: …`."""
        letter = self.letters.get(found.column)
        return replace(found, reason=f"cell {letter}{found.line}: {found.reason}") if letter else found

    def as_json(self) -> dict[str, Any]:
        """The stable document."""
        return {
            "file": self.file,
            "rows": self.rows,
            "debtors": self.debtors,
            "invoices": self.invoices,
            "holds": self.holds,
            "written": self.written,
            "already": self.already,
            "known_since": self.known_since.isoformat() if self.known_since else None,
            "warnings": [asdict(one) for one in self.warnings],
            "errors": [asdict(one) for one in self.errors],
            "more_warnings": self.more_warnings,
            "more_errors": self.more_errors,
        }
