"""What each answer does, as data: reference "what each answer does" (defaults; a stricter law wins).

Rest that permission computes from contacts (seven days after a right-party conversation, the part of day of a
"not at home") and the rest of a promise, which is read from its agreement, are no holds and stand here as `rest_days`
only. The rows stand in the order of their weight: the first that happened names the disposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr import record as r
from ivr.briefing import Briefing
from ivr.state import Proof, State
from ledger.contact import Disposition


@dataclass(frozen=True, kw_only=True)
class HoldRule:
    """What stops, and for how long."""

    #: One of the hold rules of permission's closed list.
    kind: str
    #: `debtor`, `number` or `invoice`.
    scope: str = "debtor"
    #: None: every channel.
    channel: str | None = None
    #: Quiet local days, today included; None: until a person lifts it.
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One row: what was said, what it makes, what stops, who must do what by when."""

    intent: str
    #: The record's class.
    record: type
    disposition: Disposition
    #: Only after two factors on this call.
    proof: bool
    #: `kind` of the agreement that is written; None: no agreement.
    agreement: str | None = None
    holds: tuple[HoldRule, ...] = ()
    #: Quiet local days that others compute; spoken as `quiet_until`.
    rest_days: int | None = None
    #: Who has to act: department, person, machine, matching.
    owner: str | None = None
    #: Their clock: working days.
    answer_days: int | None = None
    #: A promise made before, all of whose invoices this is about, is taken back unless its day is over: who told us in
    #: time has broken nothing.
    anew: bool = False
    #: Template of the message that confirms it; `channel` None: as the briefing says.
    template: str | None = None
    channel: str | None = None
    #: Template of the message to the house's own alarm address; None: nobody has to come at once.
    alarm: str | None = None


D = Disposition
OUTCOMES: tuple[Outcome, ...] = (
    Outcome(intent="crisis", record=r.CrisisHeard, disposition=D.CRISIS, proof=False, agreement="crisis",
            owner="person", holds=(HoldRule(kind="crisis", days=30),), alarm="alarm.crisis"),
    Outcome(intent="deceased", record=r.DeceasedReported, disposition=D.DECEASED, proof=False, agreement="deceased",
            holds=(HoldRule(kind="deceased"),), owner="person", answer_days=5),
    Outcome(intent="wrong number", record=r.WrongNumber, disposition=D.WRONG_NUMBER, proof=False,
            holds=(HoldRule(kind="wrong_number", scope="number"),)),
    Outcome(intent="representative", record=r.RepresentativeReported, disposition=D.REPRESENTATIVE, proof=False,
            agreement="representative", holds=(HoldRule(kind="mediation"),), owner="person", answer_days=5),
    Outcome(intent="plan inside policy", record=r.PlanAgreed, disposition=D.PLAN, proof=True, anew=True,
            agreement="plan", holds=(HoldRule(kind="plan"),), owner="matching", template="confirm.plan"),
    # The plan's own hold goes on; the instalment alone has another day.
    Outcome(intent="instalment moved", record=r.InstalmentMoved, disposition=D.PLAN, proof=True, owner="matching",
            template="plan.moved"),
    Outcome(intent="promise", record=r.PromiseMade, disposition=D.PROMISE, proof=True, anew=True, agreement="promise",
            rest_days=3, owner="matching", template="confirm.promise"),
    Outcome(intent="dispute", record=r.DisputeRaised, disposition=D.DISPUTE, proof=True, anew=True, agreement="dispute",
            holds=(HoldRule(kind="dispute"),), owner="department", answer_days=10, template="confirm.dispute"),
    Outcome(intent="hardship", record=r.HardshipTold, disposition=D.HARDSHIP, proof=True, anew=True,
            agreement="hardship", holds=(HoldRule(kind="hardship", days=30),), owner="person", answer_days=3,
            template="confirm.hardship"),
    Outcome(intent="plan outside policy", record=r.PlanRequested, disposition=D.PLAN_REQUEST, proof=True, anew=True,
            agreement="plan_request", holds=(HoldRule(kind="plan_request"),), owner="person", answer_days=5,
            template="confirm.plan_request"),
    Outcome(intent="already paid", record=r.PaidClaimed, disposition=D.ALREADY_PAID, proof=False,
            agreement="already_paid", owner="matching", template="confirm.already_paid", rest_days=10,
            # Ten days of quiet; after them a letter may ask for proof, but no automatic call follows.
            holds=(HoldRule(kind="already_paid", days=10), HoldRule(kind="already_paid", channel="voice"))),
    Outcome(intent="invoice not received", record=r.CopyAsked, disposition=D.COPY_REQUESTED, proof=True,
            agreement="copy", holds=(HoldRule(kind="invoice_hold", scope="invoice", days=14),), owner="outbox",
            template="copy.invoice"),
    Outcome(intent="pay", record=r.PaymentDetailsGiven, disposition=D.PAY, proof=True, rest_days=7,
            owner="matching", template="confirm.pay"),
    Outcome(intent="complaint", record=r.ComplaintMade, disposition=D.COMPLAINT, proof=False, agreement="complaint",
            holds=(HoldRule(kind="complaint"),), owner="person", answer_days=10, template="confirm.complaint"),
    Outcome(intent="stop", record=r.OptedOut, disposition=D.OPTED_OUT, proof=False,
            holds=(HoldRule(kind="opt_out", scope="number", channel="voice"),)),
    Outcome(intent="person", record=r.PersonAsked, disposition=D.PERSON, proof=False, agreement="person",
            owner="person", answer_days=1),
    Outcome(intent="later", record=r.CallbackAsked, disposition=D.CALLBACK, proof=False, agreement="callback"),
    Outcome(intent="not at home", record=r.NotAtHome, disposition=D.NOT_AT_HOME, proof=False, rest_days=2),
    Outcome(intent="new code", record=r.LetterAsked, disposition=D.IDENTITY_FAILED, proof=False, agreement="letter",
            owner="outbox", template="letter.new_code", channel="post"),
    Outcome(intent="amount heard", record=r.AmountHeard, disposition=D.HEARD, proof=True, rest_days=7),
)  # fmt: skip

OUTCOME_OF = {outcome.record: outcome for outcome in OUTCOMES}

#: What happened without a record, and how such a call ended.
MARKS = (
    ("paid_meanwhile", D.PAY),
    ("nothing_open", D.NOTHING_OPEN),
    ("identity_failed", D.IDENTITY_FAILED),
    ("voicemail", D.VOICEMAIL),
)
#: What any other happening outweighs.
_LIGHT = frozenset({r.AmountHeard})


def disposition_of(state: State) -> Disposition:
    """How a conversation ended, whoever hung up. `ABANDONED`: not even our first word was spoken."""
    if not state.turns:
        return Disposition.ABANDONED
    for outcome in OUTCOMES:
        if outcome.record not in _LIGHT and outcome.record.__name__ in state.facts:
            return outcome.disposition
    for mark, disposition in MARKS:
        if mark in state.facts:
            return disposition
    return Disposition.HEARD if r.AmountHeard.__name__ in state.facts else Disposition.NO_CONVERSATION


def talked(state: State) -> bool:
    """Somebody answered us with a key."""
    return state.touched


def right_party(state: State) -> bool:
    """We spoke with the debtor himself, proved on this call."""
    return state.proof is Proof.PROVED


def last_quiet_day(record: type, briefing: Briefing) -> date:
    """The last local day on which we stay quiet, today being the first (14 days: today + 13)."""
    days = OUTCOME_OF[record].rest_days
    if days is None:
        days = next(h.days for h in OUTCOME_OF[record].holds if h.days is not None)
    return briefing.today + timedelta(days=days - 1)


def promise_quiet_until(on: date) -> date:
    """The last quiet day after a promise: its date + 3, itself still quiet."""
    return on + timedelta(days=OUTCOME_OF[r.PromiseMade].rest_days or 0)


@dataclass(frozen=True, kw_only=True)
class HoldAsked:
    """A hold to write: exactly one of debtor, number and invoice."""

    kind: str
    debtor_id: int | None = None
    e164: str | None = None
    invoice_id: int | None = None
    channel: str | None
    #: Exclusive instant, a midnight in the debtor's zone; None: until a person lifts it.
    until_at: datetime | None


def holds_for(record: r.Record, briefing: Briefing) -> tuple[HoldAsked, ...]:
    """The holds that a record makes. An opt-out of a withheld number binds the debtor instead; nobody known: none."""
    outcome = OUTCOME_OF.get(type(record))
    return tuple(h for rule in outcome.holds for h in _written(rule, record, briefing)) if outcome else ()


def _written(rule: HoldRule, record: r.Record, briefing: Briefing) -> tuple[HoldAsked, ...]:
    until = None if rule.days is None else _midnight(briefing.today + timedelta(days=rule.days), briefing.zone)
    if rule.scope == "invoice":
        invoices: tuple[int, ...] = getattr(record, "invoices", ())
        return tuple(HoldAsked(kind=rule.kind, invoice_id=i, channel=rule.channel, until_at=until) for i in invoices)
    if rule.scope == "number" and briefing.e164 is not None:
        return (HoldAsked(kind=rule.kind, e164=briefing.e164, channel=rule.channel, until_at=until),)
    if briefing.debtor_id is None or rule.kind == "wrong_number":
        return ()
    return (HoldAsked(kind=rule.kind, debtor_id=briefing.debtor_id, channel=rule.channel, until_at=until),)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
