"""What a conversation may use: everything is gathered before the number is dialled, and frozen.

Closed days, offers and openings are computed outside (`dialer.briefing`), so that the conversation needs no law,
no calendar and no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from ledger.money import Money


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One thing that proves identity. `kind`: postcode, house_number, customer, invoice, secret_code, birth_day."""

    kind: str
    #: The digits that are right. Several for `invoice` (each open one). Never spoken, never stored with a turn.
    answers: tuple[str, ...]
    #: `address`, `letter` or `birth`: two factors of one group never count as two.
    group: str

    @property
    def digits(self) -> int:
        """How many digits are asked for."""
        return len(self.answers[0])


@dataclass(frozen=True, kw_only=True)
class OpenInvoice:
    """An invoice that is due, as it is told after proof."""

    id: int
    number: str
    #: What is open, lawful costs included.
    open: Money
    issued_on: date
    due_on: date
    #: General word for what it is for.
    about: str | None
    #: Structured reference to pay with.
    reference: str | None


@dataclass(frozen=True, kw_only=True)
class PlanOffer:
    """A plan inside the policy: its instalments' sum is exactly what is open."""

    instalments: tuple[Money, ...]
    dates: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class DueInstalment:
    """The next instalment of a plan that stands."""

    #: The plan's row id, and which of its instalments.
    agreement_id: int
    n: int
    #: What of it is not paid yet; nothing: a payment came in meanwhile, and what is due of it is not known.
    amount: Money
    due_on: date
    #: The plan's invoices, by row id.
    invoices: tuple[int, ...]
    #: Every day to which it may be moved, once and at no cost; empty: it can't be moved any more.
    moves: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A time at which we may call back: from-to in the debtor's own zone."""

    day: date
    start: time
    end: time
    #: The same as instants.
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class FinalNotice:
    """The last reminder: a letter with exactly this went out, its term is over, the hand-over is planned."""

    #: The day of that letter and the costs in it; None: no costs.
    letter_on: date | None
    costs: Money | None
    #: Who pays before this day has settled everything.
    before: date
    #: Who gets the invoice afterwards.
    next_party: str


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Who we speak with, and all that may be said, asked and agreed on this call."""

    call_id: str
    #: `out`, or `in` for somebody who rings us.
    direction: str
    #: None: a caller whom we don't recognise.
    debtor_id: int | None
    full_name: str
    address_form: str
    #: nl-BE, nl-NL, fr-BE, fr-FR, de or en.
    language: str
    #: BE, NL, FR, DE: whose help lines and words hold.
    country: str
    #: `normal`, `slow`, or `slow_at_trouble`: slowly as soon as something was not understood.
    listening: str
    sender: str
    creditor: str
    #: True where sender and creditor are one: the creditor's name may then be heard by anybody.
    sender_is_creditor: bool
    callback_number: str | None
    contact_person: str | None
    #: The code that we say to prove ourselves; never a factor.
    call_code: str | None
    #: The number of this call: dialled or calling, E.164; None where withheld.
    e164: str | None
    factors: tuple[Factor, ...]
    #: Tries of identity that this person has left today, at most 3.
    tries_left: int
    #: IANA name of the debtor's own zone: `Europe/Brussels`. Quiet ends at a midnight there.
    zone: str
    #: Today in the debtor's zone, and the moment the briefing was made.
    today: date
    now: datetime
    #: 1, 2 or 3: friendly, friendly again, firm and last.
    stage: int
    invoices: tuple[OpenInvoice, ...]
    iban: str | None
    #: Promise: the first and last day that may be agreed, and days that are closed for banks between them.
    promise_from: date
    promise_until: date
    closed_days: tuple[date, ...]
    #: Two dates to offer by key 1 and 2.
    promise_dates: tuple[date, date]
    #: Promises of this debtor that were broken.
    broken_promises: int
    #: By falling monthly amount; the policy's plans of 2 to 6 instalments. Empty: no plan on offer.
    plans: tuple[PlanOffer, ...]
    #: The next openings for a call-back, at least two where the law leaves any.
    openings: tuple[Opening, ...]
    #: By when we answer in writing: dispute, complaint, plan request, and how far ahead a hold reaches.
    answer_by: date
    plan_answer_by: date
    #: `sms`, `email` or `post`: how what was agreed is confirmed.
    confirm_by: str
    #: Office hours of our people, spoken on a voicemail.
    office_from: time
    office_to: time
    #: A neutral message may be left on a voicemail (the cap of the rules allows it today).
    voicemail_allowed: bool = True
    #: The line of this call can record what somebody says about a dispute.
    statements: bool = False
    #: Only in stage 3 and only when all of it is true; None: the last reminder is not spoken.
    final: FinalNotice | None = None
    #: A plan that stands, by its next instalment; None: there is no plan.
    instalment: DueInstalment | None = None
    #: Of somebody who rings us: the day of our last call to them, where it was lately; None: there was none.
    called_on: date | None = None
    #: One of our people may be put through in this language: somebody who speaks it is signed on.
    agents: bool = False
    #: One of our people is kept for this call, and speaks first.
    person_first: bool = False
