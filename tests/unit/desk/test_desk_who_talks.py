"""Who talks, a person of ours or the machine, as `plan`, `why`, `calls`, `campaign` and the doctor tell it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from books import BRUSSELS, CREDITOR, NOW, add_debtor, number_of
from desk import cli
from desk.checkup import look
from desk.finding import Finding
from desk.migrate import migrate
from desk.wiring import open_database
from dialer.tables import AgentRow, CallRow
from ivr.tables import TransferRow
from ledger.database import Database

#: Tuesday morning: both people of the books may be called.
MORNING = NOW.isoformat()


@pytest.fixture(autouse=True)
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Somebody of 70 (D-1) and somebody of 86 (D-2)."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    database = open_database(check=False)
    migrate(database)
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        add_debtor(session, 2, birth_date=date(1940, 3, 2))
    cli._gather()
    return database


def run(*words: str) -> tuple[str, str]:
    """What stands on standard output, and on standard error."""
    done = CliRunner().invoke(cli.app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def ask(*words: str) -> Any:
    return json.loads(run(*words, "--json")[0])


def add(name: str = "Bruno", number: str = "+32477000001") -> None:
    run("agent", "add", name, "--phone", number, "--language", "nl")


def doctor() -> Finding:
    return next(finding for finding in look() if finding.what == "agents")


@pytest.mark.parametrize(
    ("served_by", "talks"),
    [("ivr", {"D-1": "machine", "D-2": "agent first"}), ("agents", {"D-1": "agent", "D-2": "agent"})],
)
def test_a_plan_says_who_will_talk_with_whom(served_by: str, talks: dict[str, str]) -> None:
    run("campaign", "create", "winter", "--served-by", served_by)
    ahead = (datetime.now(BRUSSELS) + timedelta(days=n) for n in range(1, 8))
    mornings = [day.replace(hour=10, minute=30).isoformat() for day in ahead]
    at = next(morning for morning in mornings if ask("plan", "winter", "--at", morning)["people"])
    people = ask("plan", "winter", "--at", at)["people"]
    assert {one["debtor"]: one["talks"] for one in people} == talks
    shown, _ = run("plan", "winter", "--at", at)
    assert all(who in shown for who in talks.values())


def test_why_says_that_a_person_comes_first_and_its_document_stays_as_it_is() -> None:
    run("campaign", "create", "winter", "--served-by", "agents")
    assert "one of our people first, where one is free" in run("why", "D-2", "--at", MORNING)[0]
    assert "Who talks" not in run("why", "D-1", "--at", MORNING)[0]
    assert "Who talks" not in run("why", "D-2", "--at", MORNING, "--channel", "post")[0]
    assert "only while one" in run("why", "D-1", "--at", MORNING, "--campaign", "winter")[0]
    assert ask("why", "D-2", "--at", MORNING).keys() == ask("why", "D-1", "--at", MORNING).keys()


def test_a_campaign_of_agents_may_be_made_before_there_are_any_and_says_what_is_missing() -> None:
    _, note = run("campaign", "create", "winter", "--creditor", CREDITOR, "--served-by", "agents")
    assert note.startswith("no agents yet: beltoon agent add")
    out, note = run("campaign", "show", "winter", "--json")
    assert (json.loads(out)["served_by"], note) == ("agents", "")
    add()
    assert run("campaign", "start", "winter")[1] == ""


def test_the_doctor_says_what_a_campaign_of_agents_waits_for() -> None:
    assert (doctor().health, doctor().told) == ("good", "none, and none is needed")
    run("campaign", "create", "winter", "--served-by", "agents")
    assert doctor().health == "note"
    assert "nobody of winter is called" in doctor().told and "beltoon agent add NAME" in doctor().told
    add()
    assert doctor().told.endswith("run: beltoon agent on NAME")
    run("agent", "on", "Bruno")
    assert (doctor().health, doctor().told) == ("good", "1 of 1 signed on, 0 free")
    run("agent", "pause", "Bruno")
    assert doctor().health == "note"
    run("campaign", "start", "winter")
    assert doctor().health == "note"
    run("campaign", "pause", "winter")
    assert doctor().health == "good"


def test_the_doctor_warns_of_an_agents_telephone_that_has_become_a_debtors(books: Database) -> None:
    add()
    with books.unit_of_work() as session:
        session.execute(update(AgentRow).values(phone=number_of(2)))
    assert doctor().health == "wrong"
    assert "Bruno" in doctor().told and "beltoon agent off Bruno" in doctor().told


def test_the_list_of_calls_names_the_agent_who_was_joined_and_no_other(books: Database) -> None:
    def transfer(n: int, call: str, turn: int, agent: str | None, **over: Any) -> TransferRow:
        told = {"why": "person", "language": "nl", "state": "over", "asked_at": NOW, **over}
        return TransferRow(id=n, call_id=call, turn=turn, agent=agent, **told)

    calls = ("nobody", "taken", "joined", "twice")
    with books.unit_of_work() as session:
        for uuid in calls:
            told = {"carrier": "asterisk", "direction": "in", "state": "ended", "briefing": {}, "begun_at": NOW}
            session.add(CallRow(uuid=uuid, carrier_ref=uuid, **told))
        session.add_all(
            [
                transfer(1, "taken", 1, "Bruno", result="gone"),
                transfer(2, "joined", 1, "Bruno", joined_at=NOW),
                transfer(3, "twice", 1, "Bruno", joined_at=NOW, result="lost"),
                transfer(4, "twice", 5, "Chiara", joined_at=NOW),
                transfer(5, "twice", 9, None),
            ]
        )
    told = {one["call"]: one["agent"] for one in ask("calls")["calls"]}
    assert told == {"nobody": None, "taken": None, "joined": "Bruno", "twice": "Chiara"}
    shown, _ = run("calls")
    assert "with Bruno" in shown and "with Chiara" in shown
