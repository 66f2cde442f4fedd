"""Everything that is written down comes back as it was."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from ivr import heard as h
from ivr import record as r
from ivr.act import Ask, Expect, HangUp, Say
from ivr.codec import CLASSES, briefing_from_json, briefing_to_json, from_json, heard_to_json, to_json
from ivr.intent import Wants
from ivr.outcome import OUTCOMES
from ivr.state import Proof, State, fresh
from ivr.testing import FINAL, INSTALMENT, INVOICE, POSTCODE, a_briefing, opening, plan
from ledger.money import Money
from voices.prompt import Choice, Count, Digits, Name, Ordinal, Phone, PromptClass, Sentences, Spoken

DAY = date(2026, 12, 1)
OPENING = opening(DAY, 10, 12)
SPOKEN = Spoken(
    "sum.check",
    {
        "agreement": Sentences((Spoken("agreement.promise", {"amount": Money(8550), "date": DAY}),)),
        "from": time(10, 30),
        "n": Count(3),
    },
)
SAMPLES: tuple[object, ...] = (
    *(h.Answered(), h.Keys("12"), h.Words("pay", (("date", "2026-12-04"),)), h.Silence(), h.Noise(), h.HungUp()),
    *(h.Recorded("a.wav", 12, "0"), h.KeyInGreeting("0")),
    *(h.KeysOnly(), h.MachineAnswered(), h.PaymentSeen(), h.TimeUp(), h.AgentGone("done"), h.CouldNotRecord()),
    *(Say(SPOKEN, PromptClass.DEBT, "slow"), Ask(Expect.DIGITS, digits=4, fewer=True), HangUp("over")),
    *(Wants(yes_no=True, options=("a",)), Ask(Expect.MENU, wants=Wants(date=True))),
    *(a_briefing(final=FINAL), POSTCODE, INVOICE, plan(100, 200), OPENING, FINAL),
    *(Money(-5, "GBP"), Name("Ada"), Digits("12 34"), Phone("+3292345678"), Count(2), Ordinal(5)),
    *(Choice("channel.sms"), Sentences((SPOKEN,)), SPOKEN),
    fresh(a_briefing()),
    State(
        proof=Proof.PROVED,
        said=(("open.ask", 2),),
        given=(("postcode", True),),
        promise_on=DAY,
        plan_day=5,
        monthly=Money(500),
        agreements=(SPOKEN,),
        settled=(1, 2),
    ),
    *(r.IdentityPassed(kinds=("postcode", "customer")), r.IdentityFailed(nth=2), r.AmountHeard(amount=Money(1))),
    r.PaymentDetailsGiven(amount=Money(1), invoices=(1,), by="voice"),
    r.PromiseMade(amount=Money(1), on=DAY, invoices=(1,)),
    r.PlanAgreed(instalments=(Money(1), Money(2)), dates=(DAY, DAY), invoices=(1,)),
    r.PlanRequested(monthly=Money(1), invoices=(1,), answer_by=DAY),
    *(r.InstalmentMoved(agreement_id=7, n=2, amount=Money(1), on=DAY, invoices=(1,)), INSTALMENT),
    r.DisputeRaised(kind="amount", invoices=(1,), department="billing", answer_by=DAY),
    r.StatementGiven(name="a.wav", seconds=12),
    *(r.CopyAsked(invoices=(1,), days=14), r.PaidClaimed(when="longer_ago", invoices=(1,))),
    *(r.HardshipTold(invoices=(1,)), r.CallbackAsked(by="machine", opening=OPENING, e164=None)),
    *(r.PersonAsked(why="key", opening=None, e164="+32470123456"), r.WishSaid(start=time(10), end=time(12))),
    *(r.OptedOut(e164=None), r.OptOutUndone(e164=None), r.WrongNumber(e164=None), r.NotAtHome()),
    *(r.DeceasedReported(answer_by=DAY), r.RepresentativeReported(answer_by=DAY), r.ComplaintMade(answer_by=DAY)),
    *(
        r.LetterAsked(),
        r.AgentAwaited(why="person", language="nl"),
        r.WaitEnded(),
        r.ListeningChanged(listening="slow"),
        r.LanguageChanged(language="fr"),
    ),
    r.CrisisHeard(e164=None),
)


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_it_comes_back_exactly(value: object) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_every_class_that_may_be_written_has_a_sample() -> None:
    assert {type(value) for value in SAMPLES} == set(CLASSES.values())


def test_every_record_has_its_outcome_or_rows_of_its_own() -> None:
    """No record class is forgotten where its consequences stand."""
    own_rows = {r.IdentityPassed, r.IdentityFailed, r.WishSaid, r.OptOutUndone, r.ListeningChanged, r.LanguageChanged,
                r.StatementGiven, r.AgentAwaited, r.WaitEnded}  # fmt: skip
    with_outcome = {outcome.record for outcome in OUTCOMES}
    assert with_outcome | own_rows == {cls for cls in CLASSES.values() if cls.__module__ == "ivr.record"}


def test_a_briefing_comes_back_with_its_instants_and_its_zone() -> None:
    briefing = a_briefing(now=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), final=FINAL)
    back = briefing_from_json(json.loads(json.dumps(briefing_to_json(briefing))))
    assert back == briefing
    assert back.zone == "Europe/Brussels"
    assert back.openings[0].from_at == briefing.openings[0].from_at


def test_what_is_not_listed_is_refused() -> None:
    with pytest.raises(TypeError):
        to_json(object())
    with pytest.raises(KeyError):
        from_json({"is": "Popen", "args": ["id"]})


def test_no_secret_and_no_stray_key_is_written_down() -> None:
    redacted = {"is": "Keys", "keys": "redacted"}
    assert heard_to_json(h.Keys("4417"), secret=True, choices="") == redacted
    assert heard_to_json(h.Keys("4417"), secret=False, choices="123*#") == redacted
    assert heard_to_json(h.Keys("7"), secret=False, choices="123*#") == redacted
    assert heard_to_json(h.Keys("2"), secret=False, choices="123*#")["keys"] == "2"
    assert heard_to_json(h.Keys("#"), secret=True, choices="")["keys"] == "#"
    assert heard_to_json(h.Keys("0712"), secret=False, choices="")["keys"] == "0712"


def test_of_words_only_what_was_understood_is_written_down_and_never_digits() -> None:
    said = h.Words("promise", (("date", "2026-12-04"), ("digits", "4417")))
    assert heard_to_json(said, secret=False, choices="")["slots"] == [["date", "2026-12-04"]]
    assert heard_to_json(said, secret=True, choices="")["slots"] == []


def test_a_state_never_holds_what_was_typed() -> None:
    """Only whether it was right: no field of the state could hold digits of identity."""
    state: Any = replace(fresh(a_briefing()), given=(("postcode", False),))
    assert is_dataclass(state)
    assert not [f.name for f in fields(state) if f.name in ("typed", "digits", "keys", "answers")]
