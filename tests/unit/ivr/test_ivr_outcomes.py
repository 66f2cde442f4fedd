"""Every answer by key and by word: the same rows in the books, and they are what the table of outcomes says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from books import rows
from ivr import record as r
from ivr.conversation import Conversations
from ivr.heard import Answered, Heard, HungUp, Keys, Silence, Words
from ivr.outcome import OUTCOMES, Outcome
from ivr.testing import INSTALMENT, TODAY, a_briefing
from ledger.database import Database
from ledger.tables import AgreementRow, HoldRow, OutboxRow
from plan_in_books import a_plan_that_stands

#: Ada proves who she is.
PROOF: tuple[Heard, ...] = tuple(Keys(keys) for keys in ("1", "1", "9000", "4417"))
YES, DAY = Words("yes"), ("date", "2026-12-03")


def keys(*typed: str) -> tuple[Heard, ...]:
    return tuple(Keys(one) for one in typed)


#: By record: the way by keys and the ways by words; after proof unless the outcome needs none.
WAYS: dict[type, tuple[tuple[Heard, ...], ...]] = {
    r.CrisisHeard: ((Words("crisis"),), (*PROOF, Words("crisis")), (Keys("2"), Words("crisis"))),
    r.DeceasedReported: (
        keys("8", "3"),
        (Words("deceased"), YES),
        (Words("deceased"), HungUp()),
        (*PROOF, Words("deceased"), Silence()),
    ),
    r.WrongNumber: (keys("2", "1"), (Words("wrong_person"), YES), (Words("no"), Words("wrong_person"))),
    r.RepresentativeReported: (
        keys("8", "2", "1"),
        (Words("representative"), YES),
        (*PROOF, Words("representative"), YES),
        (*PROOF, Words("representative"), HungUp()),
    ),
    r.PlanAgreed: (keys("2", "2", "1", "1"), (Words("plan", (("minor", "5000"),)), Words("no"), YES)),
    r.InstalmentMoved: (
        keys("2", "1", "1"),
        (Words("hardship"), Keys("2"), YES),
        (Words("promise", (DAY,)), YES),
        (Words("later"), Words("date", (DAY,)), YES),
    ),
    r.PromiseMade: (
        keys("2", "1", "1", "1"),
        (Words("promise", (DAY,)), YES),
        (Words("promise"), Words("date", (DAY,)), YES),
    ),
    r.DisputeRaised: (keys("3", "2", "3"), (Words("dispute", (("kind", "amount"),)),), (Words("dispute"), Keys("3"))),
    r.HardshipTold: (keys("4"), (Words("hardship"),), (Words("refuse"), Keys("1"))),
    r.PlanRequested: (keys("2", "2", "2", "5", "1"), (Words("plan", (("minor", "500"),)), YES)),
    r.PaidClaimed: (
        (*PROOF, *keys("3", "1", "2")),
        (*PROOF, Words("paid", (("when", "longer_ago"),))),
        (*PROOF, Words("paid"), Words("date", (("date", "2026-11-02"),))),
        (Words("paid"), YES),
    ),
    r.CopyAsked: (keys("3", "2", "1"), (Words("invoice_missing"),)),
    r.PaymentDetailsGiven: (keys("1", "1"), (Words("pay"), YES)),
    r.ComplaintMade: (keys("8", "1"), (Words("complaint"), YES)),
    r.OptedOut: (keys("9"), (Words("stop"),), (*PROOF, Words("stop"))),
    r.PersonAsked: (keys("0"), (Words("person"),), (*PROOF, Words("person")), (Words("hardship"),)),
    r.CallbackAsked: (keys("5", "1"), (Words("later"), Keys("1")), (Words("later", (("date", "2026-11-25"),)),)),
    r.NotAtHome: (keys("2", "2"), (Words("not_home"),)),
    r.LetterAsked: ((*keys("1", "1"), *keys(*("1111", "1111") * 3), Keys("1")),),
    r.AmountHeard: ((),),
}


def test_every_answer_of_the_table_has_its_ways() -> None:
    assert set(WAYS) == {outcome.record for outcome in OUTCOMES}


def said(conversations: Conversations, outcome: Outcome, way: Sequence[Heard]) -> None:
    for n, heard in enumerate((Answered(speech=True), *(PROOF if outcome.proof else ()), *way)):
        conversations.step(a_briefing().call_id, str(n), heard)


CASES = [(outcome, way) for outcome in OUTCOMES for way in WAYS[outcome.record]]


@pytest.mark.parametrize(("outcome", "way"), CASES, ids=lambda value: getattr(value, "intent", None))
def test_the_books_hold_what_the_table_says(
    database: Database, conversations: Conversations, outcome: Outcome, way: tuple[Heard, ...]
) -> None:
    if outcome.record is r.InstalmentMoved:
        a_plan_that_stands(database)
        conversations.begin(a_briefing(instalment=INSTALMENT))
    else:
        conversations.begin(a_briefing())
    said(conversations, outcome, way)
    holds, agreements, messages = (rows(database, row) for row in (HoldRow, AgreementRow, OutboxRow))
    assert {(hold.kind, hold.channel, hold.until_at) for hold in holds} == {
        (rule.kind, rule.channel, _until(rule.days)) for rule in outcome.holds
    }
    for hold in holds:
        owner = {"debtor": hold.debtor_id, "number": hold.e164, "invoice": hold.invoice_id}
        (rule,) = [rule for rule in outcome.holds if (rule.kind, rule.channel) == (hold.kind, hold.channel)]
        assert [scope for scope, whose in owner.items() if whose is not None] == [rule.scope]
    mine = [row for row in agreements if row.kind == outcome.agreement]
    assert len(mine) == (1 if outcome.agreement else 0)
    assert [row.template for row in messages if row.template == outcome.template] == [outcome.template] * bool(
        outcome.template
    )
    if outcome.owner == "person" and mine:
        assert mine[0].owner == "person"
    assert conversations.end(a_briefing().call_id) is outcome.disposition


def _until(days: int | None) -> datetime | None:
    if days is None:
        return None
    return datetime.combine(TODAY + timedelta(days=days), time(), ZoneInfo("Europe/Brussels"))


def test_of_a_crisis_no_word_is_kept_and_all_is_quiet(database: Database, conversations: Conversations) -> None:
    conversations.begin(a_briefing())
    for n, heard in enumerate((Answered(speech=True), *PROOF, Words("crisis"))):
        acts = conversations.step(a_briefing().call_id, str(n), heard)
    assert [act.spoken.key for act in acts if hasattr(act, "spoken")] == ["crisis"]
    (hold,) = rows(database, HoldRow)
    assert (hold.kind, hold.channel) == ("crisis", None)


def test_already_paid_before_proof_is_noted_without_a_word_of_what(
    database: Database, conversations: Conversations
) -> None:
    conversations.begin(a_briefing())
    for n, heard in enumerate((Answered(speech=True), Words("paid"), YES)):
        conversations.step(a_briefing().call_id, str(n), heard)
    assert [row.kind for row in rows(database, AgreementRow)] == ["already_paid"]


def test_a_wish_before_proof_is_taken_up_after_it(database: Database, conversations: Conversations) -> None:
    conversations.begin(a_briefing())
    acts: Sequence[Any] = ()
    for n, heard in enumerate((Answered(speech=True), Words("promise", (DAY,)), *PROOF)):
        acts = conversations.step(a_briefing().call_id, str(n), heard)
    assert [act.spoken.key for act in acts if hasattr(act, "spoken")] == ["id.done", "due.friendly", "promise.check"]
