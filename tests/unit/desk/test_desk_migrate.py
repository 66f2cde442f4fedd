"""`beltoon migrate`, and what other commands say of a database that was not migrated: one line, exit 1 (4 F 8)."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desk.cli import main
from desk.migrate import head


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database of this home is, or will be."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.delenv("BELTOON_DATABASE_URL", raising=False)
    return tmp_path / "beltoon.db"


def beltoon(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """One command as the shell runs it; its exit code."""
    monkeypatch.setattr("sys.argv", ["beltoon", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_it_makes_the_tables_and_tells_the_revision(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert beltoon(monkeypatch, "migrate", "--json") == 0
        assert json.loads(capsys.readouterr().out) == {"revision": head()}
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "command", [("calls",), ("agreements",), ("why", "4711"), ("campaign", "list"), ("import", "x")]
)
def test_a_command_on_a_database_without_tables_says_what_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    assert beltoon(monkeypatch, *command) == 1
    shown = capsys.readouterr()
    assert shown.err == "beltoon: The database has no tables yet; run: beltoon migrate\n"
    assert shown.out == ""


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("newer", "The database is newer than this program; update Beltoon"),
        ("strange", "This database holds tables that are not Beltoon's; name an empty one"),
        ("text", "is not a database; name another file"),
        ("truncated", "is damaged; restore a copy"),
    ],
)
def test_a_database_that_can_not_be_migrated_is_refused_in_one_line(
    file: Path,
    sqlite_books: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    state: str,
    told: str,
) -> None:
    if state == "text":
        file.write_text("creditor;customer_no\n" * 400)
    elif state == "truncated":
        file.write_bytes(sqlite_books.read_bytes()[:20000])
    else:
        if state != "strange":
            shutil.copy(sqlite_books, file)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            if state == "newer":
                other.execute("UPDATE alembic_version SET version_num = '9999'")
            elif state == "strange":
                other.execute("CREATE TABLE customers (id INTEGER)")
    before = file.read_bytes()
    assert beltoon(monkeypatch, "migrate") == 1
    said = capsys.readouterr().err
    assert said.startswith("beltoon: ")
    assert told in said
    assert said.count("\n") == 1
    assert file.read_bytes()[100:] == before[100:], "nothing of it was changed"
