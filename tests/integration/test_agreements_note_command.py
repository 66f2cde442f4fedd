"""`beltoon agreements note` as people and scripts meet it: shown, told as JSON, listed with who noted it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agreement_books import somebody
from books import CREDITOR
from desk import cli
from desk.migrate import migrate
from desk.wiring import campaign_clock, open_database
from ivr.errors import BadNote
from ledger.calendar import is_working_day
from ledger.region import Region
from ledger.tables import InvoiceRow


@pytest.fixture
def friday(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> date:
    """Books with debtor 1, who owes 120.00 since long; a day on which a payment may be promised."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    database = open_database(check=False)
    migrate(database)
    today = campaign_clock(database)().date()
    with database.unit_of_work() as session:
        somebody(session, 1)
        session.get_one(InvoiceRow, 1).due_on = today - timedelta(days=60)
    database.close()
    return next(day for n in range(6, 14) if is_working_day(day := today + timedelta(days=n), Region("BE")))


def run(*words: str) -> Result:
    cli._gather()
    return CliRunner().invoke(cli.app, ["agreements", *words])


def note(*words: str) -> Result:
    return run("note", "D-1", *words, "--by", "Bruno Maes")


def told(done: Result) -> Any:
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


def listed() -> Any:
    return told(run("--json"))


def test_a_promise_is_shown_told_and_listed_with_who_noted_it(friday: date) -> None:
    shown = note("promise", "--on", friday.isoformat(), "--amount", "€ 50,00").stdout
    assert shown.splitlines() == [
        "Noted by Bruno Maes for D-1:",
        f"  promise; 50.00 EUR; on {friday}; invoice 2026-000001",
        "  confirmed in writing, by sms",
    ]
    (one,) = listed()["agreements"]
    assert (one["kind"], one["state"], one["amount"], one["noted_by"]) == ("promise", "open", "50.00", "Bruno Maes")
    assert "noted by" in (table := run().stdout)
    assert "Bruno Maes" in table


def test_the_same_command_twice_says_that_it_was_noted_before(friday: date) -> None:
    words = ("promise", "--on", friday.isoformat())
    note(*words)
    assert "It was noted before" in note(*words).stdout
    again = told(note(*words, "--json"))
    assert (again["written"], again["already"]) == (False, True)
    assert [one["due_on"] for one in again["agreements"]] == [friday.isoformat()]
    assert len(listed()["agreements"]) == 1


def test_a_dry_run_tells_each_part_and_writes_nothing(friday: date) -> None:
    before = listed()
    shown = note("plan", "--instalments", "3", "--dry-run").stdout
    assert shown.startswith("Nothing is written; this would be:\n  plan; 120.00 EUR")
    assert shown.count("40.00 EUR on") == 3
    document = told(note("plan", "--instalments", "3", "--dry-run", "--json"))
    assert (document["written"], document["agreements"][0]["id"]) == (False, None)
    assert listed() == before


def test_a_plan_outside_the_policy_is_said_to_be_a_request(friday: date) -> None:
    assert "plan request; outside the creditor's policy, so one of us answers" in note("plan", "--monthly", "5").stdout


def test_a_call_back_is_shown_by_the_persons_own_clock(friday: date) -> None:
    shown = note("callback", "--at", f"{friday}T10:30").stdout
    assert f"callback; {friday:%a %d %b %Y} 10:30-12:30 (Europe/Brussels)" in shown


def test_a_stop_is_listed_under_the_name_of_who_heard_it(friday: date) -> None:
    assert "opt out: no contact with +32…01 (voice) until one of us lifts it" in note("stop").stdout
    (one,) = listed()["opt_outs"]
    assert one["via"] == "noted by Bruno Maes"
    assert "noted by Bruno Maes" in run().stdout


def test_a_promise_in_place_of_another_says_which(friday: date) -> None:
    note("promise", "--on", friday.isoformat())
    document = told(note("promise", "--on", friday.isoformat(), "--creditor", CREDITOR, "--json"))
    assert document["withdrawn"] == [1]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("promise", "--on", "tomorrow"), "on"),
        (("promise", "--on", "2026-01-02"), "on"),
        (("promise",), "on"),
        (("plan",), "instalments"),
        (("plan", "--monthly", "1.234"), "monthly"),
        (("dispute", "--kind", "ugly"), "kind"),
        (("callback", "--at", "soon"), "at"),
        (("complaint", "--number", "+32470000001"), "number"),
        (("crisis",), "kind"),
        (("prayer",), "kind"),
        (("stop", "--token", "a b"), "token"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(friday: date, words: tuple[str, ...], field: str) -> None:
    done = note(*words)
    assert isinstance(done.exception, BadNote)
    assert str(done.exception).startswith(f"{field}: ") and "\n" not in str(done.exception)
    assert listed() == {"agreements": [], "opt_outs": [], "holds": []}


def test_nobody_notes_without_a_name(friday: date) -> None:
    assert run("note", "D-1", "stop").exit_code == 2
    assert isinstance(run("note", "D-1", "stop", "--by", " ").exception, BadNote)
