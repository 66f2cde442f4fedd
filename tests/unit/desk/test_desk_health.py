"""`beltoon health`: what a container's health check asks."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.cli import app
from desk.cli.health import Process
from desk.migrate import migrate
from desk.wiring import open_database
from dialer.station_store import leave, seen
from ledger.clock import real_now
from ledger.database import Database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    database = open_database(check=False)
    migrate(database)
    return database


def test_processes_that_were_just_seen_are_healthy(database: Database) -> None:
    for role in ("dial", "line"):
        seen(database, f"{role}-1", role, {}, real_now())
    asked = CliRunner().invoke(app, ["health", "dial", "line", "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)) == (0, {"alive": {"dial": True, "line": True}})


def test_one_that_is_silent_is_not_however_well_the_other_is(database: Database) -> None:
    seen(database, "dial-1", "dial", {}, real_now())
    seen(database, "line-1", "line", {}, real_now() - timedelta(seconds=30))
    asked = CliRunner().invoke(app, ["health", "dial", "line", "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)) == (1, {"alive": {"dial": True, "line": False}})


def test_those_that_ended_are_not_there(database: Database) -> None:
    for process in Process:
        seen(database, f"{process}-1", process, {}, real_now())
        leave(database, f"{process}-1")
    asked = CliRunner().invoke(app, ["health", *Process, "--json"])
    assert (asked.exit_code, json.loads(asked.stdout)) == (1, {"alive": dict.fromkeys(Process, False)})


def test_a_process_that_does_not_exist_is_wrong_usage(database: Database) -> None:
    assert CliRunner().invoke(app, ["health", "dailer"]).exit_code == 2
