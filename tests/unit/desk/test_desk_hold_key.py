"""The key of numbers on hold: made once in the home folder, or named; a doctor says when holds would be lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

import desk.cli.migrate  # noqa: F401 - so that the command is known
from books import add_debtor, add_hold, number_of
from desk import wiring
from desk.checkup import look
from desk.cli import app
from desk.errors import BadSetting
from desk.finding import Finding, Health
from ledger.database import Database, number_key

GOOD = "g" * 48


def migrated() -> None:
    """`beltoon migrate` went well."""
    asked = CliRunner().invoke(app, ["migrate"])
    assert asked.exit_code == 0, (asked.output, asked.exception)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of an instance whose tables are made."""
    for name in os.environ:
        if name.startswith("BELTOON_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    migrated()
    return tmp_path / "home"


def named(monkeypatch: pytest.MonkeyPatch, path: Path, text: str, mode: int = 0o600) -> Path:
    """A key file of one's own."""
    path.write_text(text)
    path.chmod(mode)
    monkeypatch.setenv("BELTOON_HOLD_KEY_FILE", str(path))
    return path


def held_without_a_key(home: Path) -> None:
    """Somebody opted out before there was a key."""
    old = Database(f"sqlite:///{home / 'beltoon.db'}")
    with old.unit_of_work() as session:
        add_debtor(session, 1)
        add_hold(session, "a", kind="opt_out", e164=number_of(1))
    old.close()


def finding() -> Finding:
    """What the doctor says of it."""
    (found,) = [one for one in look() if one.what == "hold key"]
    return found


def test_it_is_made_once_and_its_owner_alone_can_read_it(home: Path) -> None:
    file = home / "hold.key"
    made = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    with wiring.open_database().reading() as session:
        assert number_key(session) == wiring.number_key(home)
    assert file.read_text() == made
    assert len(made.strip()) >= wiring.SHORTEST_KEY


def test_a_named_one_is_used_instead(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named(monkeypatch, tmp_path / "ours", f"{GOOD}\n")
    with wiring.open_database().reading() as session:
        key = number_key(session)
    assert key is not None
    assert key.secret == GOOD


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [("short", 0o600, "is shorter than 32 characters"), ("", 0o600, "is shorter than"), (GOOD, 0o644, "chmod 600")],
)
def test_one_that_protects_nothing_is_refused_by_name(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, mode: int, told: str
) -> None:
    named(monkeypatch, tmp_path / "ours", text, mode)
    with pytest.raises(BadSetting, match=rf"^BELTOON_HOLD_KEY_FILE: .*{told}"):
        wiring.open_database()


def test_one_that_is_missing_is_never_made_anew(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BELTOON_HOLD_KEY_FILE", str(tmp_path / "lost"))
    with pytest.raises(BadSetting, match=r"^BELTOON_HOLD_KEY_FILE: .*lost can't be read"):
        wiring.open_database()
    assert not (tmp_path / "lost").exists()


def test_a_doctor_names_holds_without_a_hash_and_migrate_mends_them(home: Path) -> None:
    assert finding().health is Health.GOOD
    held_without_a_key(home)
    found = finding()
    assert found.health is Health.WRONG
    assert "run: beltoon migrate" in found.told
    migrated()
    assert finding().health is Health.GOOD


def test_a_doctor_sees_that_the_key_is_another(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held_without_a_key(home)
    migrated()
    named(monkeypatch, tmp_path / "ours", GOOD)
    found = finding()
    assert found.health is Health.WRONG
    assert "another key" in found.told
