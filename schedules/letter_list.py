"""Letters that our people send: to whom, about what, plain or registered, and why. Pure.

The first reminder letter comes first where the law says so (BE XIX.2, NL 6:96(6) BW, FR R.124-4, DE § 13a RDG): a
call or a message never replaces it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger.contact import Channel
from schedules.campaign import CampaignRules
from schedules.case import Case
from schedules.costs import LawfulCosts, most_costs
from schedules.first_contact import possible_channels
from schedules.ladder import FIRST, SECOND, step_on
from schedules.ladder_charge import claim_of
from schedules.ladder_move import by_creditor, case_of, left_alone
from schedules.ladder_value import Bill, Charge, LadderBooks, OnLadder
from schedules.person import of_age
from schedules.retry import budget_used
from schedules.slide import is_slid, slid_days


class Kind(StrEnum):
    """What a letter is."""

    FIRST_REMINDER = "first_reminder"
    REMINDER = "reminder"
    LAST_REMINDER = "last_reminder"
    NEW_CODE = "new_code"
    COPY = "copy"
    CONFIRMATION = "confirmation"
    BUDGET_USED = "budget_used"
    NO_CALL = "no_call"


#: Why each is sent, where the message itself doesn't say it.
REASONS = {
    Kind.FIRST_REMINDER: "no first letter is on record",
    Kind.REMINDER: "no other way reaches this person",
    Kind.LAST_REMINDER: "last reminder before we hand over",
    Kind.NEW_CODE: "proof of identity failed on a call: this person asked for a letter with a code",
    Kind.COPY: "this person asked for the invoice again",
    Kind.CONFIRMATION: "what was agreed or asked is confirmed in writing",
    Kind.BUDGET_USED: "called as often as the rules allow, and nobody talked with us",
    Kind.NO_CALL: "no number of this person may be called",
}
#: What waits in the outbox to go by post, by its template.
_BY_TEMPLATE = {
    "letter.new_code": Kind.NEW_CODE,
    "copy.invoice": Kind.COPY,
    "ladder.first_reminder": Kind.REMINDER,
    "ladder.second_reminder": Kind.REMINDER,
    "ladder.last_reminder": Kind.LAST_REMINDER,
}
#: Asked for by the person: it goes out whatever else is on hold, but not to the dead.
_ASKED_FOR = frozenset({Kind.NEW_CODE, Kind.COPY, Kind.CONFIRMATION})
_NEVER = frozenset({"deceased", "minor"})


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message of the outbox that waits to go by post."""

    id: int
    template: str
    slots: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """An invoice in a letter, and the most that the law lets this letter name as costs (None: nothing)."""

    bill: Bill
    costs: LawfulCosts | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter to send."""

    kind: Kind
    debtor_id: int
    #: The customer number that it is written to; None: nothing is open there, any of the person's.
    account_id: int | None
    parts: tuple[Part, ...]
    registered: bool
    reason: str
    #: The row of the outbox that it comes from; None: from the standing itself.
    outbox_id: int | None = None
    #: What makes a letter of the standing the same one; None: the invoices' own fields tell that it was sent.
    cause: str | None = None


def letters_for(
    one: OnLadder,
    waiting: Collection[Waiting],
    sent: Collection[str],
    now: datetime,
    books: LadderBooks,
    campaign: CampaignRules,
) -> list[Letter]:
    """Every letter that this debtor should get now. `sent` are causes of letters that are out."""
    case = case_of(one, now, books, campaign)
    found = [letter for item in waiting if (letter := _from_outbox(one, item, case, books)) is not None]
    if left_alone(case) or is_slid(case.earliest_date, slid_days(case)):
        return found
    found += _first_letters(one, case, books)
    if not any(letter.kind is Kind.FIRST_REMINDER for letter in found):
        found += [letter for letter in _unreached(one, case, books) if letter.cause not in sent]
    return found


def _from_outbox(one: OnLadder, item: Waiting, case: Case, books: LadderBooks) -> Letter | None:
    kind = _BY_TEMPLATE.get(item.template, Kind.CONFIRMATION)
    if kind in _ASKED_FOR:
        holds = {hold.kind for hold in one.standing.holds if hold.stops(Channel.POST, case.now)}
        if of_age(case) or holds & _NEVER:
            return None
    elif left_alone(case):
        return None
    about = set(item.slots.get("invoices") or ())
    bills = [bill for bill in one.bills if bill.invoice.id in about]
    if kind not in _ASKED_FOR and not bills:
        return None
    registered = any(step.registered for step in books.ladder.ladder.steps if f"ladder.{step.name}" == item.template)
    return Letter(
        kind=kind,
        debtor_id=one.standing.debtor_id,
        account_id=(bills or list(one.bills))[0].account_id if one.bills else None,
        parts=tuple(Part(bill=bill) for bill in bills),
        registered=registered,
        reason=str(item.slots.get("why") or REASONS[kind]),
        outbox_id=item.id,
    )


def _first_letters(one: OnLadder, case: Case, books: LadderBooks) -> list[Letter]:
    """One a customer number, about all that is late there and of which no letter is on record."""
    slid = slid_days(case)
    found = []
    for bills in by_creditor(one.bills, case):
        wanted: dict[int, list[Bill]] = {}
        for bill in bills:
            reached = step_on(bill.invoice.due_on, case.earliest_date, slid, bill.ladder)
            late = bill.invoice.due_on < case.earliest_date
            ripe = late and (bill.invoice.role == "collector" or (reached is not None and reached >= FIRST))
            if ripe and bill.invoice.first_letter_sent_on is None:
                wanted.setdefault(bill.account_id, []).append(bill)
        for account_id, ripe_bills in wanted.items():
            parts: list[Part] = []
            for bill in ripe_bills:
                parts.append(_part(one, bill, bills, parts, case, books))
            found.append(_letter(one, Kind.FIRST_REMINDER, account_id, tuple(parts), None))
    return found


def _part(
    one: OnLadder, bill: Bill, bills: tuple[Bill, ...], before: list[Part], case: Case, books: LadderBooks
) -> Part:
    """With the costs that the letter may name, beside those that it names already."""
    if case.region is None or bill.essential:
        return Part(bill=bill)
    named = [Charge(bill=part.bill, costs=part.costs) for part in before if part.costs is not None]
    claim = claim_of(bill, bills, one.standing.kind, case.region, named)
    costs = most_costs(claim, case.earliest_date, rules=books.costs)
    return Part(bill=bill, costs=costs if isinstance(costs, LawfulCosts) else None)


def _unreached(one: OnLadder, case: Case, books: LadderBooks) -> list[Letter]:
    """Nobody talks with us, or no number is left: the letter that says so in writing."""
    groups = by_creditor(one.bills, case)
    if not groups:
        return []
    oldest = groups[0][0]
    late = tuple(Part(bill=bill) for bill in groups[0] if bill.invoice.due_on < case.earliest_date)
    if not late:
        return []
    found = []
    if budget_used(one.standing, case.now, rules=books.rules):
        last = max(contact.local_date for contact in one.standing.contacts if contact.channel == Channel.VOICE)
        cause = f"letter:budget_used:{one.standing.debtor_id}:{last}"
        found.append(_letter(one, Kind.BUDGET_USED, oldest.account_id, late, cause))
    slid = slid_days(case)
    reached = step_on(oldest.invoice.due_on, case.earliest_date, slid, oldest.ladder)
    if reached is not None and reached >= SECOND and Channel.VOICE not in possible_channels(case):
        found.append(_letter(one, Kind.NO_CALL, oldest.account_id, late, f"letter:no_call:{oldest.invoice.id}"))
    return found


def _letter(one: OnLadder, kind: Kind, account_id: int, parts: tuple[Part, ...], cause: str | None) -> Letter:
    return Letter(
        kind=kind,
        debtor_id=one.standing.debtor_id,
        account_id=account_id,
        parts=parts,
        registered=False,
        reason=REASONS[kind],
        cause=cause,
    )
