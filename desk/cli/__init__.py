"""The command line: one file a command; this one gathers them and turns errors into one line."""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import sys
from typing import NoReturn

import typer

from desk.cli.output import in_any_letters
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
    try:
        _gather()
    except KeyboardInterrupt:  # Ctrl-C in the second in which the program itself is read
        sys.exit(130)
    in_any_letters()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, where what goes wrong can still be told in one line
    except _OURS as error:
        sys.stderr.write(f"beltoon: {error}\n")
        sys.exit(1)
    except BrokenPipeError:
        _leave_output()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stderr.write("beltoon: The output can't be written: no space is left; free some and try again\n")
        _leave_output()


def _leave_output() -> NoReturn:
    """End without another try to write what is left of the output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)
