"""`beltoon agreements` and what one of our people does with it, as people and scripts meet it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agreement_books import agreement, plan, somebody
from desk import cli
from desk.migrate import migrate
from desk.wiring import campaign_clock, open_database
from ledger.calendar import is_working_day
from ledger.errors import BadAnswer
from ledger.region import Region


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Books with a plan of debtor 1 (id 1) and a request of debtor 2 (id 2); a day to which the first part may move."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    database = open_database(check=False)
    migrate(database)
    now = campaign_clock(database)()
    today = now.date()
    with database.unit_of_work() as session:
        somebody(session, 1)
        somebody(session, 2)
        plan(session, 1, (today + timedelta(days=5), today + timedelta(days=35)), made_at=now)
        agreement(session, 2, "plan_request", amount_minor=25_00, made_at=now)
    database.close()
    later = next(day for n in range(6, 14) if is_working_day(day := today + timedelta(days=n), Region("BE")))
    return {"to": later.isoformat(), "first": (today + timedelta(days=20)).isoformat()}


def run(*words: str) -> Result:
    cli._gather()
    return CliRunner().invoke(cli.app, ["agreements", *words])


def told(*words: str) -> Any:
    done = run(*words, "--json")
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


def test_a_person_moves_an_instalment_and_answers_a_request(days: dict[str, str]) -> None:
    moved = told("move", "1", "--instalment", "1", "--to", days["to"])
    assert moved["moved"]["due_on"] == days["to"]
    answered = told("answer", "2", "accept", "--first", days["first"])
    assert [part["amount"] for part in answered["instalments"]] == ["25.00"] * 4 + ["20.00"]
    assert answered["instalments"][0]["due_on"] == days["first"]
    listed = {one["id"]: one for one in told()["agreements"]}
    assert listed[1]["instalments"][0]["due_on"] == days["to"]
    assert (listed[2]["state"], listed[answered["made"]]["kind"]) == ("kept", "plan")
    assert "plan" in run().stdout


def test_a_refusal_names_the_call_that_one_of_us_makes(days: dict[str, str]) -> None:
    refused = told("answer", "2", "refuse")
    assert refused["instalments"] == []
    assert {one["id"]: one["kind"] for one in told()["agreements"]}[refused["made"]] == "person"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("move", "1", "--instalment", "1", "--to", "tomorrow"), "to"),
        (("move", "1", "--instalment", "9", "--to", "2030-01-02"), "instalment"),
        (("move", "2", "--instalment", "1", "--to", "2030-01-02"), "id"),
        (("answer", "2", "perhaps"), "answer"),
        (("answer", "1", "accept"), "id"),
        (("answer", "2", "refuse", "--first", "2030-01-02"), "first"),
        (("answer", "2", "accept", "--first", "2190-01-02"), "first"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(days: dict[str, str], words: tuple[str, ...], field: str) -> None:
    before = told()
    done = run(*words)
    assert isinstance(done.exception, BadAnswer)
    assert str(done.exception).startswith(f"{field}: ") and "\n" not in str(done.exception)
    assert told() == before


def test_the_list_of_tasks_may_be_empty(days: dict[str, str]) -> None:
    assert told("tasks") == {"tasks": []}
    assert "0 to look at" in run("tasks").stdout
