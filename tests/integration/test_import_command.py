"""`beltoon import` and the listing commands, as people and scripts meet them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from a_list import good, write_list
from desk.cli import main

TOWN = Path(__file__).parents[2] / "docker" / "town" / "debtors.csv"


@dataclass(frozen=True)
class Told:
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert beltoon(home, "migrate").returncode == 0
    return home


def beltoon(home: Path, *arguments: str) -> Told:
    """The command in this process: starting Python anew for each would take most of the time."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    environment = {"BELTOON_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200"}
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "argv", ["beltoon", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Told(code, out.getvalue(), err.getvalue())


def document(home: Path, *arguments: str) -> Any:
    done = beltoon(home, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_the_program_itself_imports_a_list_and_exits(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from desk.cli import main; main()", "import", "--json"]
    environment = {**os.environ, "BELTOON_HOME": str(home)}
    for content, code in ((good(), 0), (good(amount="0"), 1)):
        path = write_list(tmp_path / "a.csv", content)
        done = subprocess.run([*command, str(path)], capture_output=True, env=environment, timeout=120, check=False)
        assert (done.returncode, done.stderr) == (code, b"")
        assert json.loads(done.stdout)["rows"] == 1


def test_a_good_list_is_imported_and_a_program_hears_how(home: Path, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", good(status="betwist"), good(invoice="2", phone_1="", paid="20"))
    told = document(home, "import", str(path))
    assert told == {
        "file": str(path),
        "rows": 2,
        "debtors": 1,
        "invoices": 2,
        "holds": 1,
        "written": 2,
        "already": 0,
        "known_since": None,
        "warnings": [],
        "errors": [],
        "more_warnings": 0,
        "more_errors": 0,
    }
    again = document(home, "import", str(path))
    assert (again["written"], again["already"], again["known_since"] is not None) == (0, 2, True)


def test_a_bad_list_exits_1_and_names_its_errors(home: Path, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", good(), good(invoice="2", amount="1.234"))
    told = beltoon(home, "import", str(path), "--json")
    assert told.returncode == 1
    (error,) = json.loads(told.stdout)["errors"]
    assert error == {
        "line": 3,
        "column": "amount",
        "reason": "1.234 can be read in two ways",
        "fix": "write 1234.00, or 1.23 with two decimals",
    }
    shown = beltoon(home, "import", str(path))
    assert shown.returncode == 1
    assert "Nothing was written" in shown.stdout


@pytest.mark.parametrize("name", ["none.csv", ".", "empty.csv"])
@pytest.mark.parametrize("option", [(), ("--json",), ("--dry-run",)])
def test_what_is_no_list_exits_1_with_one_line(home: Path, tmp_path: Path, name: str, option: tuple[str, ...]) -> None:
    (tmp_path / "empty.csv").touch()
    told = beltoon(home, "import", str(tmp_path / name), *option)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("beltoon: ")
    assert told.stderr.count("\n") == 1


def test_a_database_without_tables_is_told_in_one_line(tmp_path: Path) -> None:
    told = beltoon(tmp_path / "new", "import", str(write_list(tmp_path / "a.csv", good())))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "beltoon migrate" in told.stderr


def test_a_wrong_call_exits_2(home: Path) -> None:
    assert beltoon(home, "import").returncode == 2
    assert beltoon(home, "import", "a.csv", "--force").returncode == 2


def test_the_list_of_the_town_is_good(home: Path) -> None:
    dry = document(home, "import", str(TOWN), "--dry-run")
    told = document(home, "import", str(TOWN))
    with TOWN.open(encoding="utf-8-sig", newline="") as file:
        people = [row["debtor"] for row in csv.DictReader(file)]
    assert (told["rows"], told["invoices"], told["debtors"]) == (len(people), len(people), len(set(people)))
    assert (told["errors"], {**dry, "written": len(people)}) == ([], told)
    assert {warning["column"] for warning in told["warnings"]} == {"phone_1", "phone_2", "birth_date"}
    holds = document(home, "agreements")["holds"]
    assert sorted(hold["kind"] for hold in holds) == ["deceased", "dispute", "hardship", "mediation", "wrong_number"]


def test_agreements_lists_what_was_stopped_with_masked_numbers(home: Path, tmp_path: Path) -> None:
    rows = [
        good(status="opted_out"),
        good(invoice="2", customer_no="2", name="Jan Maes", phone_1="", status="deceased"),
    ]
    document(home, "import", str(write_list(tmp_path / "a.csv", *rows)))
    told = document(home, "agreements")
    assert told["agreements"] == []
    assert [(one["number"], one["debtor"], one["via"], one["lifted_at"]) for one in told["opt_outs"]] == [
        (None, "1001", "list a.csv", None),
        ("+32…56", None, "list a.csv", None),
    ]
    assert [(one["kind"], one["debtor"]) for one in told["holds"]] == [("deceased", "2")]
    assert len(document(home, "agreements", "--debtor", "1001")["opt_outs"]) == 2
    assert document(home, "agreements", "--debtor", "2")["opt_outs"] == []
    assert "1001" in beltoon(home, "agreements").stdout


@pytest.mark.parametrize("arguments", [("agreements", "--debtor", "nobody"), ("calls", "--campaign", "none")])
def test_what_is_not_found_exits_1_with_one_line(home: Path, arguments: tuple[str, ...]) -> None:
    told = beltoon(home, *arguments)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)


def test_a_campaign_is_made_started_paused_and_listed(home: Path) -> None:
    document(home, "import", str(TOWN))
    made = document(home, "campaign", "create", "winter", "--lines", "7", "--cps", "2.5", "--creditor", "Jardin Vert")
    assert (made["campaign"], made["state"], made["lines"], made["calls_per_second"]) == ("winter", "draft", 7, 2.5)
    assert made["debtors"] == 10
    assert document(home, "campaign", "start", "winter")["state"] == "running"
    assert document(home, "campaign", "pause", "winter")["state"] == "paused"
    assert [one["campaign"] for one in document(home, "campaign", "list")["campaigns"]] == ["winter"]
    assert document(home, "campaign", "show", "winter")["version"] == 1
    assert document(home, "calls", "--campaign", "winter") == {"calls": []}
    assert "winter is paused" in beltoon(home, "campaign", "show", "winter").stdout


@pytest.mark.parametrize("name", ["a\nb", "a/b", "", "🎄", "x" * 65, "../x"])
def test_a_campaigns_name_is_plain(home: Path, name: str) -> None:
    told = beltoon(home, "campaign", "create", name)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)


def test_a_wrong_campaign_is_told_in_one_line(home: Path) -> None:
    for arguments in (
        ("show", "none"),
        ("start", "none"),
        ("create", "x", "--lines", "0"),
        ("create", "x", "--cps", "nan"),
    ):
        told = beltoon(home, "campaign", *arguments)
        assert (told.returncode, told.stderr.count("\n")) == (1, 1), arguments


def test_a_history_is_imported_after_its_debtors_and_why_knows_of_it(home: Path, tmp_path: Path) -> None:
    document(home, "import", str(write_list(tmp_path / "people.csv", good(debtor="els"))))
    hold = {"debtor": "els", "kind": "hardship", "from": "2026-01-05T09:00:00+01:00"}
    told = document(home, "import", str(write_list(tmp_path / "holds.csv", hold)), "--kind", "holds")
    assert (told["rows"], told["written"], told["holds"], told["errors"]) == (1, 1, 1, [])
    assert "hardship" in document(home, "why", "els")["all"]
    bad = write_list(tmp_path / "bad.csv", {**hold, "from": "2026-01-05 09:00"})
    refused = beltoon(home, "import", str(bad), "--kind", "holds", "--json")
    assert refused.returncode == 1
    (error,) = json.loads(refused.stdout)["errors"]
    assert (error["line"], error["column"]) == (2, "from")
    assert beltoon(home, "import", str(bad), "--kind", "gossip").returncode == 2
