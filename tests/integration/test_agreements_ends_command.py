"""`beltoon agreements end` and `lift` as people and scripts meet them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agreement_books import agreement, somebody
from books import add_hold, number_of
from desk import cli
from desk.migrate import migrate
from desk.wiring import campaign_clock, open_database
from ledger.errors import BadAnswer

WHY = ("--why", "looked at it")
BY = ("--by", "Bruno Maes")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Books with agreements 1 dispute, 2 person, 3 plan request; hold 1 of the dispute, 2 of the request; then holds
    3 manual, 4 opt-out, 5 wrong number."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    database = open_database(check=False)
    migrate(database)
    now = campaign_clock(database)()
    with database.unit_of_work() as session:
        for n in (1, 2, 3):
            somebody(session, n)
        due = now.date() + timedelta(days=5)
        agreement(session, 1, "dispute", owner="billing", due_on=due, made_at=now)
        agreement(session, 2, "person", owner="person", due_on=due, made_at=now, hold=False)
        agreement(session, 3, "plan_request", amount_minor=25_00, made_at=now)
        add_hold(session, "h3", debtor_id=3, kind="manual", from_at=now)
        add_hold(session, "h4", e164=number_of(2), kind="opt_out", channel="voice", from_at=now)
        add_hold(session, "h5", e164=number_of(1), kind="wrong_number", from_at=now)
    database.close()


def run(*words: str) -> Result:
    cli._gather()
    return CliRunner().invoke(cli.app, ["agreements", *words])


def told(*words: str) -> Any:
    done = run(*words, "--json")
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


def test_an_end_tells_what_went_with_it_and_which_rule_is_next() -> None:
    ended = told("end", "1", *WHY, "--as", "withdrawn")
    assert (ended["agreement"], ended["kind"], ended["state"], ended["lifted"]) == (1, "dispute", "withdrawn", [1])
    assert [(one["debtor"], one["rule"]) for one in ended["then"]] == [("D-1", "wrong_number")]
    (listed,) = [one for one in told()["holds"] if one["id"] == 1]
    assert (listed["lifted_why"], listed["lifted_by"][:3]) == ("looked at it", "cli")


def test_a_person_reads_what_came_of_it() -> None:
    lines = run("end", "2", *WHY, *BY).stdout.splitlines()
    assert lines[0] == "The request for a person 2 is over (kept); the rest after a talk begins."
    assert lines[1].startswith("D-2 may not be called now: Somebody asked us not to call here again (opt_out)")


def test_a_call_that_reached_nobody_is_noted_and_stays_a_task() -> None:
    assert "nobody was reached. The request for a person 2 stays open" in run("end", "2", *WHY, "--not-reached").stdout
    listed = {one["kind"]: one for one in told("tasks")["tasks"]}
    assert set(listed) == {"dispute", "person"}
    assert "called once, not reached" in listed["person"]["why"]
    assert "reached" in run("tasks").stdout  # the words before it may stand on the line above


def test_a_lift_is_kept_with_who_and_why() -> None:
    assert "Hold 3 (manual) is lifted." in run("lift", "3", *WHY, *BY).stdout
    (listed,) = [one for one in told()["holds"] if one["id"] == 3]
    assert (listed["lifted_by"], listed["lifted_why"]) == ("Bruno Maes", "looked at it")
    assert told("lift", "4", *WHY, *BY, "--asked-by-them")["kind"] == "opt_out"
    lifted = told("lift", "5", *WHY, *BY, "--number-of", "D-1")
    assert (lifted["reopened"], [one["rule"] for one in lifted["then"]]) == (False, ["dispute"])


def test_the_ids_are_shown_to_people_and_to_scripts() -> None:
    listed = told()
    assert [one["id"] for one in (*listed["holds"], *listed["opt_outs"])] == [1, 2, 3, 5, 4]
    shown = [line.split()[:2] for line in run().stdout.splitlines()]
    assert ["5", "wrong_number"] in shown and ["2", "D-2"] in shown


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("end", "99", *WHY), "id"),
        (("end", "3", *WHY), "id"),
        (("end", "1", *WHY, "--as", "lost"), "as"),
        (("end", "1", *WHY, "--not-reached"), "not-reached"),
        (("end", "1", "--why", " "), "why"),
        (("end", "1", "--why", "x" * 201), "why"),
        (("end", "1", "--why", "a\nb"), "why"),
        (("end", "1", *WHY, "--by", "\x1b[0m"), "by"),
        (("lift", "99", *WHY, *BY), "hold"),
        (("lift", "1", *WHY, *BY), "hold"),
        (("lift", "4", *WHY, *BY), "asked-by-them"),
        (("lift", "5", *WHY, *BY), "number-of"),
        (("lift", "5", *WHY, *BY, "--number-of", "D-2"), "number-of"),
        (("lift", "3", *WHY, *BY, "--asked-by-them"), "asked-by-them"),
        (("lift", "3", *WHY, "--by", ""), "by"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field_and_nothing_is_done(words: tuple[str, ...], field: str) -> None:
    before = told()
    done = run(*words)
    assert isinstance(done.exception, BadAnswer), done.stdout
    assert str(done.exception).startswith(f"{field}: ") and "\n" not in str(done.exception)
    assert told() == before


@pytest.mark.parametrize("words", [("end", "1"), ("lift", "3", *WHY), ("lift", "3", *BY), ("end", "one", *WHY)])
def test_what_is_left_out_is_asked_for(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
