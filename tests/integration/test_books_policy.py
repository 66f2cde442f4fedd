"""A creditor's policy in real books: set by the command, it holds for the next call, and the past keeps its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from books import CREDITOR, NOW, add_campaign, add_debtor
from desk.cli import app
from desk.cli import creditor as _creditor  # noqa: F401 - puts the commands into the program
from desk.migrate import migrate
from desk.wiring import open_database
from ledger.contact import Channel
from ledger.database import Database
from ledger.tables import AuditRow, InvoiceRow, PolicyVersionRow
from schedules.errors import BadRules
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.policy_store import creditor_of, save_policy
from schedules.queue import NEVER
from schedules.standing_store import standing_of
from schedules.tables import CandidateRow
from schedules.verdict import Allowed
from schedules.wake_store import unfinished_policies, wake_after_policy

RULES = shipped_rules()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    database = open_database(check=False)
    migrate(database)
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    database.close()
    return tmp_path


def ask(*words: str) -> Any:
    done = CliRunner().invoke(app, ["creditor", *words, "--json"])
    if isinstance(done.exception, BadRules):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_policy_is_checked_set_shown_and_taken_back(home: Path) -> None:
    said = ("second_reminder=20", "plan_most=4", "plan_least=25.00", "essential=no", "vat_not_deductible=21")
    policy = {
        "ladder": {"second_reminder": 20}, "plan_most": 4, "plan_least_minor": 2500, "essential": False,
        "vat_not_deductible_bp": 2100,
    }  # fmt: skip
    checked = ask("check", CREDITOR, *said)
    assert (checked["policy"], checked["version"], checked["saved"]) == (policy, 1, False)
    assert ask("show", CREDITOR)["policy"] == {}
    done = ask("set", CREDITOR, *said, "--note", "contract of 2026")
    assert (done["policy"], done["version"], done["calls_from_day"], done["saved"]) == (policy, 2, 20, True)
    back = ask("set", CREDITOR, "second_reminder=none", "essential=none", "plan_most=none")
    assert back["policy"] == {"plan_least_minor": 2500, "vat_not_deductible_bp": 2100}
    assert ask("list")["creditors"] == [{name: value for name, value in back.items() if name != "saved"}]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Nobody", "plan_most=4"), "creditor: there is no Nobody"),
        ((CREDITOR, "plan_most"), "'plan_most': lacks its value"),
        ((CREDITOR, "colour=red"), "colour: is nothing that a creditor decides"),
        ((CREDITOR, "plan_most=many"), "plan_most: 'many' is no whole number"),
        ((CREDITOR, "part_paid=0.001"), "part_paid: '0.001' can't be read"),
        ((CREDITOR, "part_paid=60.00"), "part_paid: an amount from 0.00 to 50.00"),
        ((CREDITOR, "essential=perhaps"), "essential: 'perhaps' says neither"),
        ((CREDITOR, "second_reminder=3"), "second_reminder"),
        ((CREDITOR, "plan_most=4", "last_reminder=5"), "last_reminder"),
    ],
)
def test_bad_input_gets_one_line_that_names_the_field_and_nothing_is_saved(
    home: Path, words: tuple[str, ...], told: str
) -> None:
    for verb in ("check", "set"):
        with pytest.raises(BadRules, match=told):
            ask(verb, *words)
    assert (ask("show", CREDITOR)["policy"], ask("show", CREDITOR)["version"]) == ({}, 1)


@pytest.fixture
def owing(database: Database) -> Iterator[Database]:
    """Somebody whose invoice has been late for sixteen days."""
    with database.unit_of_work() as session:
        add_debtor(session, 1)
        session.execute(update(InvoiceRow).values(due_on=NOW.date() - timedelta(days=16)))
    add_campaign(database)
    yield database


def set_ladder(database: Database, days: int) -> None:
    with database.unit_of_work() as session:
        before = creditor_of(session, CREDITOR)
        save_policy(session, before, {"ladder": {"second_reminder": days}}, NOW, "test", "why")


def rule_of(database: Database, at: Any = None) -> str | None:
    with database.reading() as session:
        verdict = may_contact(standing_of(session, 1, at), Channel.VOICE, at or NOW, rules=RULES)
    return None if isinstance(verdict, Allowed) else verdict.rule


def test_a_new_policy_holds_at_once_and_the_past_keeps_what_held_then(owing: Database) -> None:
    assert rule_of(owing) is None
    set_ladder(owing, 20)
    assert rule_of(owing) == "ladder"
    assert rule_of(owing, NOW) == "ladder"
    assert rule_of(owing, NOW - timedelta(minutes=1)) is None
    with owing.reading() as session:
        kept = session.execute(select(PolicyVersionRow.n, PolicyVersionRow.policy).order_by(PolicyVersionRow.n)).all()
        assert kept == [(1, {}), (2, {"ladder": {"second_reminder": 20}})]
        assert session.scalar(select(AuditRow.subject).where(AuditRow.what == "creditor policy")) == CREDITOR


def test_two_who_change_one_policy_at_once_are_told(owing: Database) -> None:
    with owing.unit_of_work() as session:
        before = creditor_of(session, CREDITOR)
    set_ladder(owing, 20)
    with owing.unit_of_work() as session, pytest.raises(BadRules, match="changed meanwhile"):
        save_policy(session, before, {}, NOW, "test", None)


def test_whoever_owes_the_creditor_is_looked_at_again(owing: Database) -> None:
    with owing.unit_of_work() as session:
        session.execute(update(CandidateRow).values(next_eligible_at=NOW + timedelta(days=9)))
        add_debtor(session, 2, creditor=2)
    add_campaign(owing, "other")
    with owing.unit_of_work() as session:
        session.execute(update(CandidateRow).values(next_eligible_at=NOW + timedelta(days=9)))
        here = creditor_of(session, CREDITOR).id
    assert wake_after_policy(owing, here, NOW) == 2
    with owing.reading() as session:
        moved = session.execute(
            select(CandidateRow.debtor_id, CandidateRow.open_until).where(CandidateRow.next_eligible_at <= NOW)
        ).all()
    assert {tuple(one) for one in moved} == {(1, NEVER)}


def test_a_waking_that_was_broken_off_is_done_by_the_next_beat(owing: Database) -> None:
    def waiting(now: datetime = NOW) -> list[int]:
        with owing.reading() as session:
            return unfinished_policies(session, now)

    assert waiting() == []
    set_ladder(owing, 20)
    (creditor,) = waiting()
    wake_after_policy(owing, creditor, NOW)
    assert waiting() == []
    set_ladder(owing, 22)
    assert waiting() == [creditor]
    assert waiting(NOW + timedelta(days=8)) == [], "marks that are forgotten wake nobody again"
