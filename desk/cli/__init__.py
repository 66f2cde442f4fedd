"""The command line: one file a command; this one gathers them and turns errors into one line."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import typer

from desk.errors import DeskError
from dialer.errors import DialerError
from ivr.errors import IvrError
from ledger.errors import LedgerError
from schedules.errors import SchedulesError
from voices.errors import VoicesError

app = typer.Typer(
    name="beltoon",
    help="Calls people about unpaid invoices, kindly and lawfully.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_OURS = (DeskError, DialerError, IvrError, LedgerError, SchedulesError, VoicesError)


@app.callback()
def _beltoon() -> None:
    """Calls people about unpaid invoices, kindly and lawfully."""


def _gather() -> None:
    for module in pkgutil.iter_modules(__path__):
        if module.name not in {"output"}:
            importlib.import_module(f"{__name__}.{module.name}")


def main() -> None:
    """The program `beltoon`: exit 0 done, 1 refused or failed with one line, 2 wrong usage."""
    _gather()
    try:
        app()
    except _OURS as error:
        sys.stderr.write(f"beltoon: {error}\n")
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
