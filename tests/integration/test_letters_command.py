"""`beltoon letters`, as people and scripts meet it: from the list that comes in to the letter that is noted."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from a_list import good, write_list
from desk import cli
from desk.wiring import campaign_clock, ladder_books, open_database
from ledger.tables import DebtorRow, InvoiceRow
from schedules.ladder_store import walk

TODAY = date.today()  # noqa: DTZ011


def days(n: int) -> str:
    return (TODAY + timedelta(days=n)).isoformat()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign of two people: one a week late, one whose letter left long ago."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    dates = {"issued": days(-60), "call_code": "4821", "secret_code": "730951", "contact_person": "An Claes"}
    rows = (
        good(**dates, due=days(-7), tone="vriendelijk"),
        good(
            **dates, due=days(-40), customer_no="1002", name="Jan Peeters", birth_date="1980-01-01",
            phone_1="0470 12 34 57", invoice="2026-000118", first_letter_sent_on=days(-30), costs_in_letter="20,00",
            about="huur",
        ),
    )  # fmt: skip
    assert run("migrate") == (0, "")
    assert run("import", str(write_list(tmp_path / "list.csv", *rows))) == (0, "")
    assert run("campaign", "create", "winter") == (0, "")
    assert run("campaign", "start", "winter") == (0, "")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    """The exit code, and what was said of an error."""
    cli._gather()
    done = CliRunner().invoke(cli.app, words)
    return (done.exit_code, str(done.exception) if done.exception else "")


def document(*words: str) -> Any:
    cli._gather()
    done = CliRunner().invoke(cli.app, [*words, "--json"])
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def test_the_list_tells_who_gets_which_letter_with_codes_and_reason(home: Path) -> None:
    given = document("letters", "winter")
    assert (given["campaign"], given["marked_sent"]) == ("winter", None)
    (letter,) = given["letters"]
    told = {name: letter[name] for name in ("letter", "registered", "debtor", "name", "tone", "contact_person")}
    assert told == {
        "letter": "first_reminder", "registered": False, "debtor": "1001", "name": "Els Janssens", "tone": "friendly",
        "contact_person": "An Claes",
    }  # fmt: skip
    assert (letter["call_code"], letter["secret_code"]) == ("4821", "730951")
    assert letter["reason"].startswith("no first letter is on record")
    (invoice,) = letter["invoices"]
    # The creditor's name is no word of what it is for: electricity would name no costs.
    assert (invoice["invoice"], invoice["open"], invoice["costs_to_name"]) == ("2026-000117", "118.40", "20.00")
    shown = CliRunner().invoke(cli.app, ["letters", "winter"]).stdout
    assert "4821/730951" in shown
    assert "1 letter " in shown


def test_marking_fills_the_first_letter_once(home: Path) -> None:
    marked = document("letters", "winter", "--mark-sent", days(-1), "--invoice", "2026-000117", "--costs-named")
    assert (marked["marked_sent"], len(marked["letters"])) == (days(-1), 1)
    with open_database().reading() as session:
        row = session.query(InvoiceRow).filter_by(number="2026-000117").one()
        assert (row.first_letter_sent_on, row.first_letter_by) == (TODAY - timedelta(days=1), "post")
        assert row.costs_in_letter_minor == 20_00
        assert session.query(DebtorRow).filter_by(ref="1001").one().tone == "friendly"
    assert document("letters", "winter")["letters"] == []
    code, told = run("letters", "winter", "--mark-sent", days(0), "--invoice", "2026-000117")
    assert code == 1
    assert told == "invoice: no letter is listed about 2026-000117; it has one already, or needs none now"


def test_the_list_for_our_people_tells_kind_and_why(home: Path) -> None:
    database = open_database()
    walk(database, campaign_clock(database)(), ladder_books(database))
    (task,) = document("letters", "winter", "--handover")["tasks"]
    assert (task["kind"], task["debtor"], task["invoice"]) == ("essential", "1002", "2026-000118")
    assert "no automatic last reminder" in task["why"]
    assert "1 to look at" in CliRunner().invoke(cli.app, ["letters", "winter", "--handover"]).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["summer"], "There is no campaign summer"),
        (["winter", "--mark-sent", "yesterday"], "mark-sent: yesterday is no day; write 2026-12-28"),
        (["winter", "--mark-sent", days(3)], "mark-sent: .* is still to come"),
        (["winter", "--mark-sent", days(-300)], "mark-sent: .* lies before invoice 2026-000117 itself"),
        (["winter", "--mark-sent", days(0), "--by", "pigeon"], "by: pigeon is no way to send a letter"),
        (["winter", "--invoice", "2026-000117"], "mark-sent: give the day"),
        (["winter", "--costs-named"], "mark-sent: give the day"),
        (["winter", "--handover", "--mark-sent", days(0)], "handover: this list is only shown"),
    ],
)
def test_bad_input_gets_one_line_that_names_the_field(home: Path, words: list[str], told: str) -> None:
    code, said = run("letters", *words)
    assert code == 1
    assert "\n" not in said
    assert re.search(told, said), said
    assert len(document("letters", "winter")["letters"]) == 1
