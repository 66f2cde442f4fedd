"""The last reminder reaches those whose stage is the last, as the campaign's candidate says, and nobody before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from books import Day, add_campaign, add_debtor
from dialer.fastagi import CallIn
from dialer.inbound_store import expect
from ivr.act import Say
from ivr.testing import after
from ledger.clock import real_now
from ledger.tables import ChargeRow, InvoiceRow
from schedules.law_file import shipped_rules
from schedules.tables import CandidateRow
from voices.spoken import in_writing

HAND_OVER = "Kantoor Maes"
#: From the first question to what is open.
PROOF = ("1", "1", "2000", "0001")


def prepared(day: Day, stage: int, letter: date | None = date(2026, 10, 20), **rules: Any) -> None:
    """Els owes 120 euro, a letter went out, and her campaign has brought her to this stage."""
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        session.execute(update(InvoiceRow).values(first_letter_sent_on=letter, first_letter_by="post"))
    add_campaign(day.database, **{"hand_over_to": HAND_OVER, **rules})
    with day.database.unit_of_work() as session:
        session.execute(update(CandidateRow).values(stage=stage))


def told(day: Day) -> tuple[list[str], str]:
    """What Els hears of the debt, once she has proved that it is she: the prompts, and their words."""
    briefing = day.briefing(day.claim_one().attempt)
    turn = after(briefing, *PROOF)
    said = [act.spoken for act in turn.acts if isinstance(act, Say)]
    return [one.key for one in said], " ".join(in_writing(one, briefing.language) for one in said)


def test_a_friendly_script_never_speaks_in_the_tone_of_the_last_stage(day: Day) -> None:
    prepared(day, 3, hand_over_to=None, script="friendly")
    (prospect,) = day.dial.next_up(10)
    assert prospect.stage == 2
    assert day.briefing(day.claim_one().attempt).stage == 2


def test_at_the_last_stage_the_last_reminder_is_read_and_its_name_is_rendered_before_the_call(day: Day) -> None:
    prepared(day, 3)
    (prospect,) = day.dial.next_up(10)
    assert HAND_OVER in prospect.names
    keys, words = told(day)
    assert keys == ["id.done", "due.firm", "final", "menu.main"]
    assert "laatste herinnering" in words
    assert HAND_OVER in words


@pytest.mark.parametrize("stage", [1, 2])
def test_before_the_last_stage_the_tone_is_friendly_however_late_the_invoice(day: Day, stage: int) -> None:
    prepared(day, stage)
    (prospect,) = day.dial.next_up(10)
    assert HAND_OVER not in prospect.names
    keys, words = told(day)
    assert keys == ["id.done", "due.friendly", "menu.main"]
    assert "laatste" not in words
    assert HAND_OVER not in words


@pytest.mark.parametrize("letter", [None, date(2026, 11, 10)], ids=["no letter is recorded", "its term is not over"])
def test_a_creditor_whose_letter_is_not_out_for_its_term_speaks_in_a_friendly_tone(
    day: Day, letter: date | None
) -> None:
    prepared(day, 3, letter=letter)
    (prospect,) = day.dial.next_up(10)
    assert HAND_OVER not in prospect.names
    assert told(day)[0] == ["id.done", "due.friendly", "menu.main"]


def test_where_nobody_gets_the_invoices_next_the_last_reminder_is_not_said_but_the_tone_is_firm(day: Day) -> None:
    prepared(day, 3, hand_over_to=None)
    assert told(day)[0] == ["id.done", "due.firm", "menu.main"]


def test_costs_are_named_when_they_are_charged_as_the_letter_named_them(day: Day) -> None:
    prepared(day, 3)
    with day.database.unit_of_work() as session:
        session.execute(update(InvoiceRow).values(costs_in_letter_minor=20_00, open_minor=140_00))
        charge = {"kind": "costs", "step": 1, "amount_minor": 20_00, "currency": "EUR", "law": "test"}
        session.add(ChargeRow(invoice_id=1, made_at=day.clock(), **charge))
    assert "20 euro kosten" in told(day)[1].replace("€ 20,00", "20 euro")


def test_somebody_who_rings_us_hears_the_tone_of_their_stage_but_no_last_reminder(day: Day) -> None:
    """It is read on our own call; who rings by himself wants to settle something."""
    prepared(day, 3)
    call = CallIn(channel="in-1", caller="+32470000001", called="+3225550100")
    with day.database.unit_of_work() as session:
        _, briefing, _ = expect(session, call, shipped_rules(), day.clock(), real_now())
    assert (briefing.stage, briefing.final) == (3, None)
