"""Somebody in a crisis: the alarm comes with the note of the call, before all other tasks, until one of us called."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from agreement_books import agreement, somebody
from books import ALARM_TO, NOW, Day, number_of, people
from desk import cli
from desk.alarms import AGAIN, Alarms
from desk.cli.output import console
from dialer.fastagi import CallIn
from dialer.inbound_store import expect
from ivr.conversation import Conversations
from ivr.heard import Answered, Words
from ivr.tables import TurnRow
from ledger.clock import real_now
from ledger.errors import BadAnswer
from ledger.tables import AgreementRow, AuditRow, HoldRow, OutboxRow
from schedules.agreement_task_store import agreement_tasks
from schedules.crisis_store import called
from schedules.law_file import shipped_rules
from schedules.note_store import note_task


def in_crisis(day: Day) -> None:
    """The first debtor is called, answers, and says something that no machine may hear out."""
    people(day.database, 1)
    one = day.claim_one()
    day.answer(one)
    day.say(one.attempt, Answered(speech=True), Words("crisis"))


def rings_in(day: Day, caller: str, alarm_to: str | None = ALARM_TO) -> None:
    """The same of somebody whom we don't know."""
    with day.database.unit_of_work() as session:
        call = CallIn("PJSIP/trunk-1", called="+3225550100", caller=caller)
        _, briefing, _ = expect(session, call, shipped_rules(), day.clock(), real_now())
    talks = Conversations(day.database, day.clock, day.briefing, alarm_to)
    talks.begin(briefing)
    for n, heard in enumerate((Answered(speech=True), Words("crisis"))):
        talks.step(briefing.call_id, str(n), heard)


def listed(day: Day) -> list[tuple[str, str | None]]:
    with day.database.reading() as session:
        return [(one.kind, one.debtor) for one in agreement_tasks(session, NOW)]


def test_the_alarm_goes_to_the_house_with_the_note_of_the_call_and_holds_no_word(day: Day) -> None:
    in_crisis(day)
    alarm, crisis = day.one(OutboxRow), day.one(AgreementRow)
    assert (alarm.template, alarm.channel, alarm.state, alarm.debtor_id) == ("alarm.crisis", "email", "pending", 1)
    call = crisis.source_key.partition(":")[0]
    assert alarm.slots == {"to": ALARM_TO, "call": call, "e164": number_of(1), "language": "nl-BE"}
    assert crisis.detail == {"e164": number_of(1)}
    assert day.rows(TurnRow)[-1].heard == {"is": "Words", "intent": "crisis", "slots": []}


def test_of_a_caller_whom_nobody_knows_the_alarm_says_where_to_call(day: Day) -> None:
    rings_in(day, "+32470999999")
    alarm = day.one(OutboxRow)
    assert (alarm.debtor_id, alarm.slots["e164"]) == (None, "+32470999999")
    with day.database.reading() as session:
        (task,) = agreement_tasks(session, NOW)
    assert (task.debtor, task.name, task.id) == (None, None, None)
    assert task.why.endswith("call them now, at +32470999999")


def test_a_house_without_an_address_has_the_task_alone(day: Day) -> None:
    rings_in(day, "anonymous", alarm_to=None)
    assert day.rows(OutboxRow) == []
    with day.database.reading() as session:
        (task,) = agreement_tasks(session, NOW)
    assert "their number was withheld" in task.why


def test_it_stands_before_every_other_task_until_one_of_us_has_called_and_the_quiet_days_stay(day: Day) -> None:
    with day.database.unit_of_work() as session:
        somebody(session, 7)
        late = agreement(session, 7, "dispute")
        note_task(session, "dispute_late:1", "dispute_late", late, "nobody answered", NOW, urgent=True)
    in_crisis(day)
    assert listed(day) == [("crisis", "D-1"), ("dispute_late", "D-7")]
    crisis = day.one(AgreementRow, kind="crisis")
    with day.database.unit_of_work() as session:
        called(session, crisis.id, day.clock(), "cli hilde")
    assert listed(day) == [("dispute_late", "D-7")]
    assert day.one(AgreementRow, kind="crisis").state == "kept"
    assert day.one(HoldRow, kind="crisis").lifted_at is None
    assert [row.by for row in day.rows(AuditRow, what="agreement_ended")] == ["cli hilde"]


def test_an_alarm_is_ended_once_and_nothing_else_is_ended_like_it(day: Day) -> None:
    in_crisis(day)
    with day.database.unit_of_work() as session:
        somebody(session, 7)
        dispute = agreement(session, 7, "dispute").id
        called(session, day.one(AgreementRow, kind="crisis").id, day.clock(), "cli hilde")
    crisis = day.one(AgreementRow, kind="crisis").id
    for id_, why in ((crisis, "was ended on"), (dispute, "is a dispute"), (99, "there is no agreement 99")):
        with pytest.raises(BadAnswer, match=why), day.database.unit_of_work() as session:
            called(session, id_, day.clock(), "cli hilde")


def test_the_terminal_shows_it_at_once_and_again_until_one_of_us_has_called(day: Day) -> None:
    shown: list[str] = []
    alarms = Alarms(day.database, shown.append)
    alarms.look(NOW)
    assert shown == []
    in_crisis(day)
    crisis = day.one(AgreementRow).id
    for at in (NOW, NOW + AGAIN / 2, NOW + AGAIN):
        alarms.look(at)
    assert len(shown) == 2
    assert "D-1" in shown[0] and number_of(1) in shown[0] and f"beltoon agreements called {crisis}" in shown[0]
    with day.database.unit_of_work() as session:
        called(session, crisis, day.clock(), "cli hilde")
    alarms.look(NOW + 2 * AGAIN)
    assert len(shown) == 2


def test_the_commands_mark_it_and_end_it(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    in_crisis(day)
    monkeypatch.setenv("BELTOON_DATABASE_URL", day.database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(console, "width", 160)
    cli._gather()

    def run(*words: str) -> str:
        return CliRunner().invoke(cli.app, ["agreements", *words], catch_exceptions=False).stdout

    crisis = day.one(AgreementRow).id
    shown = run("tasks")
    assert "!!" in shown and "call them now" in shown
    (task,) = json.loads(run("tasks", "--json"))["tasks"]
    assert (task["id"], task["kind"], task["urgent"], task["agreement"]) == (None, "crisis", True, crisis)
    assert json.loads(run("called", str(crisis), "--json"))["agreement"] == crisis
    assert json.loads(run("tasks", "--json")) == {"tasks": []}
