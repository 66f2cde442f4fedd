"""Facts that a conversation commits before it confirms them. Each carries what the books need and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from ivr.briefing import Opening
from ledger.money import Money


@dataclass(frozen=True, kw_only=True)
class IdentityPassed:
    """Two factors of different groups were right, on this call."""

    #: Which factors, never their digits.
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityFailed:
    """A pair of factors was wrong; counted per person and day."""

    #: 1 for the first wrong pair of this call.
    nth: int


@dataclass(frozen=True, kw_only=True)
class AmountHeard:
    """The debtor, proved, was told what is open: a right-party contact even if nothing follows."""

    amount: Money


@dataclass(frozen=True, kw_only=True)
class PaymentDetailsGiven:
    """Amount, account and reference were given. `by`: `message` or `voice`."""

    amount: Money
    invoices: tuple[int, ...]
    by: str


@dataclass(frozen=True, kw_only=True)
class PromiseMade:
    """The debtor pays this amount on this day."""

    amount: Money
    on: date
    invoices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PlanAgreed:
    """A plan inside the policy; the instalments' sum is exactly what is open."""

    instalments: tuple[Money, ...]
    dates: tuple[date, ...]
    invoices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PlanRequested:
    """A plan outside the policy: the person's own figure a month. A person decides."""

    monthly: Money
    invoices: tuple[int, ...]
    answer_by: date


@dataclass(frozen=True, kw_only=True)
class InstalmentMoved:
    """The free move of an instalment: the plan stands, and this part of it has a later day."""

    agreement_id: int
    n: int
    #: What of it is not paid yet.
    amount: Money
    on: date
    invoices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class DisputeRaised:
    """Something is not right. `kind`: not_delivered, damaged, returned, amount or not_mine."""

    kind: str
    invoices: tuple[int, ...]
    #: billing, delivery or customers: who looks into it.
    department: str
    answer_by: date


@dataclass(frozen=True, kw_only=True)
class StatementGiven:
    """The dispute that was just raised, in the person's own words: recorded after their yes."""

    #: The name under which the sound is kept.
    name: str
    seconds: int


@dataclass(frozen=True, kw_only=True)
class CopyAsked:
    """The invoice never came: it is sent again, and there is time to look at it."""

    invoices: tuple[int, ...]
    #: Quiet days, the day itself included.
    days: int


@dataclass(frozen=True, kw_only=True)
class PaidClaimed:
    """The debtor says that it is paid. `when`: `today_or_yesterday` or `longer_ago`."""

    when: str
    invoices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class HardshipTold:
    """Paying is not possible now. The reason is neither asked nor stored."""

    invoices: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CallbackAsked:
    """We call back. `by`: `machine` or `person`; without an opening: as soon as possible."""

    by: str
    opening: Opening | None
    e164: str | None


@dataclass(frozen=True, kw_only=True)
class PersonAsked:
    """A person of ours is asked for. `why`: key, not_understood, promises_broken, summary, which_invoice,
    hardship, stranger, instalment, death (of somebody beside the debtor), lost (the line of our agent)."""

    why: str
    opening: Opening | None
    e164: str | None


@dataclass(frozen=True, kw_only=True)
class WishSaid:
    """Call always around this hour."""

    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class OptedOut:
    """This number is not called again. None: the number is withheld, the debtor himself is meant."""

    e164: str | None


@dataclass(frozen=True, kw_only=True)
class OptOutUndone:
    """The opt-out of this same call was a slip of the finger."""

    e164: str | None


@dataclass(frozen=True, kw_only=True)
class WrongNumber:
    """The debtor is not at this number."""

    e164: str | None


@dataclass(frozen=True, kw_only=True)
class NotAtHome:
    """Somebody else answered; the debtor is out."""


@dataclass(frozen=True, kw_only=True)
class DeceasedReported:
    """Somebody says that the debtor has died; not proved."""

    answer_by: date


@dataclass(frozen=True, kw_only=True)
class RepresentativeReported:
    """Somebody is appointed to act for the debtor (administrator, debt mediator)."""

    answer_by: date


@dataclass(frozen=True, kw_only=True)
class CrisisHeard:
    """Somebody spoke of ending their life, or of danger. No word of it is kept."""

    e164: str | None


@dataclass(frozen=True, kw_only=True)
class ComplaintMade:
    """A complaint about us."""

    answer_by: date


@dataclass(frozen=True, kw_only=True)
class LetterAsked:
    """A letter with a new code is wanted."""


@dataclass(frozen=True, kw_only=True)
class LanguageChanged:
    """`nl`, `fr`, `de` or `en` from now on, on later calls too."""

    language: str


@dataclass(frozen=True, kw_only=True)
class ListeningChanged:
    """`slow` from now on, on later calls too."""

    listening: str


@dataclass(frozen=True, kw_only=True)
class AgentAwaited:
    """Somebody waits on the line for one of our people. `why`: `person`, `crisis`, or `first`."""

    why: str
    #: nl, fr, de, en.
    language: str


@dataclass(frozen=True, kw_only=True)
class WaitEnded:
    """Nobody waits any more on this call: another way was chosen, or nobody came."""


Record = (
    IdentityPassed | IdentityFailed | AmountHeard | PaymentDetailsGiven | PromiseMade | PlanAgreed |
    PlanRequested | InstalmentMoved | DisputeRaised | StatementGiven | CopyAsked | PaidClaimed | HardshipTold |
    CallbackAsked | PersonAsked | WishSaid | OptedOut | OptOutUndone | WrongNumber | NotAtHome |
    DeceasedReported | RepresentativeReported | CrisisHeard | ComplaintMade | LetterAsked | LanguageChanged |
    ListeningChanged | AgentAwaited | WaitEnded
)  # fmt: skip
