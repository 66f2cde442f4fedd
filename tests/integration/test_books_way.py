"""The way of one debtor through the books, without a telephone: a list, a campaign, a call, a promise, and why."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import desk.cli.agreements
import desk.cli.calls
import desk.cli.campaign
import desk.cli.import_
import desk.cli.why  # noqa: F401
from a_list import good, write_list
from books import BUSY, HUNG_UP, NOW, Day, add_campaign
from desk.cli import app
from desk.health_store import wrong_balances
from dialer.outcome_store import settle_all
from dialer.tables import AttemptRow
from ivr.act import Say
from ivr.heard import Answered, Keys
from ivr.tables import TurnRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.intake.checking import check_list
from ledger.intake.importing import finish_imports, import_list
from ledger.intake.survey import survey
from ledger.intake.writing import stage_list
from ledger.run_store import set_clock_offset
from ledger.tables import AgreementRow, DebtorRow, HoldRow, OutboxRow
from schedules.campaign_store import count_candidates, running
from schedules.law_file import shipped_rules

#: Els promises; Jan has paid; Rosa disputes; Piet said stop; Ada lives in France; Karl's number can't be read.
PEOPLE = (
    good(customer_no="77-1001", debtor="els", secret_code="730951", call_code="4821"),
    good(customer_no="77-1001", debtor="els", invoice="2026-000118", amount="20,00"),
    good(customer_no="77-1002", debtor="jan", name="Jan Maes", invoice="2", phone_1="0470 00 00 02", paid="118,40"),
    good(customer_no="77-1003", debtor="rosa", name="Rosa Claes", invoice="3", phone_1="0470 00 00 03",
         status="disputed"),
    good(customer_no="77-1004", debtor="piet", name="Piet D'Hondt", invoice="4", phone_1="0470 00 00 04",
         status="opted_out"),
    good(customer_no="77-1005", debtor="ada", name="Ada Noël-Dupré", invoice="5", phone_1="+33 6 12 34 56 78",
         country="FR", postcode="75001", language="fr"),
    good(customer_no="77-1006", debtor="karl", name="Karl O'Brien-Łukasz", invoice="6", phone_1="1234"),
)  # fmt: skip
#: From the first word to a promise of both invoices, agreed at the end; proof: postcode and customer number.
KEYS = ("1", "1", "9000", "1001", "2", "2", "1", "1", "1", "1")


@pytest.fixture
def beltoon(database: Database, books_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A command on these books, at the campaign's time; its document."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setenv("BELTOON_DATABASE_URL", books_url)
    with database.unit_of_work() as session:
        set_clock_offset(session, NOW - real_now())

    def run(*words: str) -> Any:
        asked = CliRunner().invoke(app, [*words, "--json"])
        assert asked.exit_code == 0, (asked.output, asked.exception)
        return json.loads(asked.stdout)

    return run


def test_from_a_list_to_a_promise_and_the_reason_why_nobody_calls_again(day: Day, beltoon: Any, tmp_path: Path) -> None:
    path = write_list(tmp_path / "list.csv", *PEOPLE)
    assert beltoon("import", str(path))["rows"] == len(PEOPLE)
    day.clock.now = NOW + timedelta(minutes=5)
    assert beltoon("campaign", "create", "winter")["debtors"] == 5, "Jan owes nothing"
    assert beltoon("campaign", "start", "winter")["state"] == "running"
    with day.database.reading() as session:
        (campaign,) = running(session)
        assert count_candidates(session, campaign.id) == 5

    # Who may be called is; why the others are not is told.
    who = {one.id: one.ref for one in day.rows(DebtorRow)}
    claimed = {who[one.debtor_id]: one for one in day.claim()}
    assert sorted(claimed) == ["ada", "els"]
    rules = {name: beltoon("why", name)["rule"] for name in ("jan", "rosa", "piet", "karl")}
    assert rules == {"jan": "paid", "rosa": "dispute", "piet": "opt_out", "karl": "bad_number"}

    # Ada is busy; Els promises what is open on both invoices.
    assert day.end(claimed["ada"], BUSY)
    els = claimed["els"]
    day.answer(els)
    day.say(els.attempt, Answered(), *map(Keys, KEYS))
    assert not day.end(els, HUNG_UP)
    day.talks.ending(
        els.attempt, lambda session: settle_all(session, [els.attempt], day.clock(), real_now(), rules=shipped_rules())
    )

    (agreement,) = day.rows(AgreementRow)
    assert (agreement.kind, agreement.amount_minor, agreement.currency) == ("promise", 138_40, "EUR")
    assert agreement.due_on > date(2026, 11, 24)
    assert [one.template for one in day.rows(OutboxRow)] == ["confirm.promise"]
    attempts = {who[one.debtor_id]: one for one in day.rows(AttemptRow)}
    assert (attempts["els"].disposition, attempts["els"].next_step) == ("promise", "none")
    assert (attempts["ada"].disposition, attempts["ada"].next_step) == ("busy", "retry")
    assert _no_digits_of_proof(day)

    # What people and programs are told of it.
    told = beltoon("why", "els", "--at", "2026-11-24T15:00:00+01:00")
    assert (told["verdict"], told["rule"]) == ("refused", "promise")
    assert told["next_opening"] is not None
    earlier = beltoon("why", "els", "--at", "2026-11-24T10:34:00+01:00")
    assert earlier["verdict"] == "allowed", "before the call nothing stood in the way"
    calls = {one["debtor"]: one for one in beltoon("calls")["calls"]}
    assert (calls["els"]["disposition"], calls["ada"]["disposition"]) == ("promise", "busy")
    assert (calls["els"]["ended_by"], calls["ada"]["ended_by"]) == ("us", None)
    assert [one["kind"] for one in beltoon("agreements")["agreements"]] == ["promise"]
    with day.database.reading() as session:
        assert wrong_balances(session) == 0
    day.clock.pass_(hours=4)
    assert day.claim() == []


def _no_digits_of_proof(day: Day) -> bool:
    """What was typed to prove identity stands in no turn."""
    stored = json.dumps([[turn.heard, turn.acts] for turn in day.rows(TurnRow)])
    return '"9000"' not in stored and '"1001"' not in stored


def test_the_same_turn_told_twice_binds_once(day: Day, tmp_path: Path) -> None:
    import_list(day.database, write_list(tmp_path / "list.csv", *PEOPLE), NOW)
    add_campaign(day.database)
    els = next(one for one in day.claim() if one.e164 == "+32470123456")
    day.answer(els)
    acts: list[Any] = []
    for n, heard in enumerate((Answered(), *map(Keys, KEYS[:9]))):
        for _ in range(2):
            acts.append(day.talks.step(els.attempt, str(n), heard))
    assert acts[::2] == acts[1::2]
    assert any(isinstance(act, Say) for act in acts[-1])
    assert len(day.rows(AgreementRow)) == 1
    assert len(day.rows(TurnRow)) == len(KEYS)


def test_a_list_that_a_crash_cut_short_is_finished_on_either_engine(day: Day, tmp_path: Path) -> None:
    found = survey(write_list(tmp_path / "list.csv", *PEOPLE))
    checked = check_list(day.database, found, NOW, lambda at: None)
    stage_list(day.database, found, checked, NOW)
    checked.close()
    assert day.rows(DebtorRow) == []
    assert finish_imports(day.database) == 1
    assert len(day.rows(DebtorRow)) == 6
    assert {one.kind for one in day.rows(HoldRow)} >= {"dispute", "opt_out"}
    again = import_list(day.database, tmp_path / "list.csv", NOW + timedelta(days=1))
    assert (again.written, again.already) == (0, len(PEOPLE))
