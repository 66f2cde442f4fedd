"""What commands write, wherever it goes: a poor terminal, a full disk, a pipe that somebody closed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk.cli.output import counted

#: A document and a table with letters that ASCII lacks.
_SAYS = """
import desk.cli
from desk.cli.output import console, print_json
def gather(): {gather}
desk.cli._gather = gather
desk.cli.app = lambda: {what}
desk.cli.main()
"""
_JSON, _WORDS = "print_json({'number': '+32…07', 'name': 'Zoë'})", "console.print('Zoë +32…07')"


def run(what: str, out: int, gather: str = "pass", **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", _SAYS.format(what=what, gather=gather)]
    return subprocess.run(command, stdout=out, stderr=subprocess.PIPE, env={**os.environ, **env}, check=False)


def test_where_few_letters_are_known_a_document_loses_nothing_and_words_are_still_told() -> None:
    poor = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert json.loads(run(_JSON, subprocess.PIPE, **poor).stdout) == {"number": "+32…07", "name": "Zoë"}
    told = run(_WORDS, subprocess.PIPE, **poor)
    assert (told.returncode, told.stdout.decode().strip()) == (0, "Zo? +32?07")


@pytest.mark.parametrize("what", [_JSON, _WORDS])
def test_a_full_disk_is_told_in_one_line(what: str) -> None:
    with Path("/dev/full").open("wb") as full:
        told = run(what, full.fileno())
    assert told.returncode == 1
    assert told.stderr.decode().splitlines() == [
        "beltoon: The output can't be written: no space is left; free some and try again"
    ]


def test_an_interrupt_while_the_program_is_read_ends_it_without_a_word() -> None:
    told = run(_JSON, subprocess.PIPE, gather="raise KeyboardInterrupt")
    assert (told.returncode, told.stdout, told.stderr) == (130, b"", b"")


def test_a_reader_who_goes_is_no_error_to_tell() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    told = run("[print_json({}) for _ in range(100_000)]", writes)
    os.close(writes)
    assert (told.returncode, told.stderr) == (1, b"")


def test_one_of_a_kind_is_not_told_as_several() -> None:
    assert [counted(n, "person", "people") for n in (0, 1, 2)] == ["0 people", "1 person", "2 people"]
    assert [counted(n, "row") for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]
