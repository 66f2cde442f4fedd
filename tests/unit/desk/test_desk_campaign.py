"""`beltoon campaign`: what it may say, shown and edited; a wrong word is refused by its name and nothing is saved."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from books import CREDITOR, add_debtor
from desk.checkup import look
from desk.cli import app
from desk.cli import campaign as _campaign  # noqa: F401 - puts the commands into the program
from desk.errors import DeskError
from desk.migrate import migrate
from desk.wiring import open_database
from ledger.clock import real_now
from ledger.errors import LedgerError
from ledger.tables import AgreementRow
from schedules.errors import BadCampaign

#: The creditor's own number to call back on, and the settings'.
CALL_BACK, TRUNK = "+3225550100", "+3225550177"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setenv("BELTOON_TRUNK__CALLER_ID", TRUNK)
    database = open_database(check=False)
    migrate(database)
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    database.close()


def run(*words: str) -> str:
    """What the command prints; its own error is raised."""
    done = CliRunner().invoke(app, ["campaign", *words])
    if isinstance(done.exception, (BadCampaign, DeskError, LedgerError)):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def ask(*words: str) -> dict[str, Any]:
    """Its document."""
    found: dict[str, Any] = json.loads(run(*words, "--json"))
    return found


def promised(until: datetime | None) -> None:
    """The debtor is to be called back by machine until then."""
    database = open_database()
    with database.unit_of_work() as session:
        row = AgreementRow(
            source_key="c", debtor_id=1, kind="callback", state="open", owner="machine", made_at=real_now(),
            from_at=real_now(), until_at=until, detail={},
        )  # fmt: skip
        session.add(row)
    database.close()


def test_a_campaign_is_finished_for_good() -> None:
    run("create", "winter")
    assert ask("finish", "winter")["state"] == "finished"
    with pytest.raises(BadCampaign, match="is finished; it can't start"):
        run("start", "winter")


def test_a_campaign_that_owes_a_call_back_is_not_finished_unless_another_one_makes_it() -> None:
    run("create", "winter")
    promised(real_now() + timedelta(hours=2))
    with pytest.raises(BadCampaign, match="still owes call-backs to 1 of its people"):
        run("finish", "winter")
    run("create", "spring")
    run("start", "spring")
    assert ask("finish", "winter")["state"] == "finished"


def test_a_call_back_whose_time_is_over_holds_no_campaign_open() -> None:
    run("create", "winter")
    promised(real_now() - timedelta(hours=2))
    assert ask("finish", "winter")["state"] == "finished"


def test_a_campaign_says_script_carrier_who_talks_and_which_number_is_shown() -> None:
    made = ask("create", "winter", "--creditor", CREDITOR, "--script", "friendly", "--caller-id", CALL_BACK)
    said = {"script": "friendly", "served_by": "ivr", "carrier": "asterisk", "caller_id": CALL_BACK}
    assert said.items() <= made.items()
    assert ask("show", "winter") == made
    assert ask("list")["campaigns"] == [made]
    shown = run("show", "winter")
    assert all(f"{name}: {value}" in shown for name, value in said.items())
    assert CALL_BACK in run("list")


def test_what_is_edited_while_it_runs_is_a_new_version_and_none_takes_it_back() -> None:
    ask("create", "winter", "--start-on", "2026-12-01")
    ask("start", "winter")
    edited = ask("edit", "winter", "--caller-id", TRUNK, "--script", "friendly", "--end-on", "2026-12-31")
    assert (edited["state"], edited["version"]) == ("running", 2)
    assert (edited["caller_id"], edited["start_on"], edited["end_on"]) == (TRUNK, "2026-12-01", "2026-12-31")
    back = ask("edit", "winter", "--caller-id", "none", "--script", "none", "--start-on", "none")
    assert (back["caller_id"], back["script"], back["start_on"]) == (None, "by_stage", None)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--carrier", "twilio"), "carrier: 'twilio'"),
        (("--served-by", "robots"), "served_by: 'robots'"),
        (("--script", "harsh"), "script: there is no 'harsh'"),
        (("--caller-id", "112"), "caller_id: 112 is an emergency number"),
        (("--caller-id", "+3225550199"), "caller_id: .* no number of ours"),
        # The creditor's number is shown only where the campaign is that creditor's.
        (("--caller-id", CALL_BACK), "caller_id: .* no number of ours"),
    ],
)
def test_a_wrong_word_is_refused_by_its_name_and_nothing_is_saved(words: tuple[str, str], told: str) -> None:
    with pytest.raises(BadCampaign, match=told):
        run("create", "autumn", *words)
    ask("create", "winter")
    with pytest.raises(BadCampaign, match=told):
        run("edit", "winter", *words)
    assert [one["version"] for one in ask("list")["campaigns"]] == [1]


def test_a_campaign_that_is_no_longer_the_creditors_does_not_keep_its_number() -> None:
    ask("create", "winter", "--creditor", CREDITOR, "--caller-id", CALL_BACK)
    with pytest.raises(BadCampaign, match="caller_id"):
        run("edit", "winter", "--creditor", "none")


def test_a_number_that_is_ours_no_longer_is_told_by_the_doctor_and_starts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask("create", "winter", "--caller-id", TRUNK)
    assert dict(caller_ids()) == {"caller ids": "good"}
    monkeypatch.setenv("BELTOON_TRUNK__CALLER_ID", "+3225550188")
    assert dict(caller_ids()) == {"caller ids": "wrong"}
    with pytest.raises(BadCampaign, match="no number of ours"):
        run("start", "winter")


def caller_ids() -> list[tuple[str, str]]:
    """What the doctor says of the numbers that are shown."""
    return [(one.what, one.health.value) for one in look() if one.what == "caller ids"]
