"""What a day's walk of the ladder does for one debtor: message, costs, tasks for people. Pure.

Nobody is moved who is under age, on hold, in an agreement, waits for one of us, or has paid: then there is no move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from ledger.contact import Channel
from ledger.tone import Tone, tone_for
from schedules.callback import waits_for_a_person
from schedules.campaign import CampaignRules
from schedules.campaign_call import Script
from schedules.case import Case
from schedules.common_hour import no_common_hour
from schedules.courtesy import courtesy_opening
from schedules.due import to_tell_of
from schedules.first_contact import Choice, choose, possible_channels
from schedules.hold import person_holds
from schedules.jurisdiction import known_law, known_zone
from schedules.ladder import COURTESY, HAND_OVER, LAST, SECOND, Step, step_on
from schedules.ladder_charge import charges
from schedules.ladder_value import (
    ESSENTIAL,
    HANDED_OVER,
    MINOR,
    NO_HOUR,
    SILENT,
    Bill,
    Charge,
    LadderBooks,
    Message,
    Move,
    OnLadder,
    Task,
)
from schedules.letter import term_over_on
from schedules.number import in_order
from schedules.permission import next_opening
from schedules.person import of_age
from schedules.slide import is_slid, slid_days
from schedules.standing import Invoice

#: A message that can't go out within this time is thought of again on a later day.
_SOON = timedelta(days=2)
_MESSAGES = frozenset({Channel.SMS, Channel.EMAIL})


def move(one: OnLadder, now: datetime, books: LadderBooks, campaign: CampaignRules) -> Move | None:
    """The debtor's move on the day of `now`; None: nothing may be done, or it is too early for everything.

    The oldest invoice gives the stage. A person with several creditors gets one message a day, the oldest claim's.
    """
    case = case_of(one, now, books, campaign)
    if of_age(case):
        return _by_a_person(one, case)
    band = case.rules.bands.of(one.standing, case.earliest_date)
    slid = slid_days(case)
    if left_alone(case) or is_slid(case.earliest_date, slid):
        return None
    possible = possible_channels(case)
    owed = by_creditor(one.bills, case)
    found = _never_an_hour(one, owed, case)
    for bills in owed:
        reached = step_on(bills[0].invoice.due_on, case.earliest_date, slid, bills[0].ladder)
        step = step_of(bills[0], reached, case.earliest_date)
        if step is None:
            continue
        ways = {to: where for to, where in possible.items() if step.n != COURTESY or to in _MESSAGES}
        choice = choose(band, step.stage, ways, one.standing.contacts, books.ladder.silence)
        wanted = not one.message_today and (found is None or found.message is None)
        message = _message(one, bills, step, choice, ways, case) if wanted else None
        added: tuple[Charge, ...] = ()
        if message is not None and step.n == LAST and case.region is not None:
            added = charges(bills, one.standing.kind, case.region, case.earliest_date, slid, books.costs)
        found = Move(
            stage=step.stage if found is None or found.stage is None else found.stage,
            message=message if found is None else found.message or message,
            charges=added if found is None else found.charges + added,
            tasks=(*(() if found is None else found.tasks), *_tasks(one, bills[0], step, choice, reached)),
        )
    return found


def _by_a_person(one: OnLadder, case: Case) -> Move | None:
    """Nobody under age is called or written to by a machine: one of our people writes the letter (issue B)."""
    bills = (bill for group in by_creditor(one.bills, case) for bill in group)
    late = [bill for bill in bills if bill.invoice.due_on < case.earliest_date]
    if not late or person_holds(case) or (MINOR, late[0].invoice.id) in one.tasks:
        return None
    why = f"Under 18, due {late[0].invoice.due_on}: no machine calls or writes; a letter by one of us"
    return Move(stage=None, tasks=(Task(kind=MINOR, bill=late[0], why=why),))


def _never_an_hour(one: OnLadder, owed: list[tuple[Bill, ...]], case: Case) -> Move | None:
    """Who can't be called at any hour is not silently left out: one of us looks at number and address."""
    late = [bills[0] for bills in owed if bills[0].invoice.due_on < case.earliest_date]
    if not late or (NO_HOUR, late[0].invoice.id) in one.tasks:
        return None
    why = no_common_hour(one.standing, case.now, case.rules)
    return None if why is None else Move(stage=None, tasks=(Task(kind=NO_HOUR, bill=late[0], why=why),))


def case_of(one: OnLadder, now: datetime, books: LadderBooks, campaign: CampaignRules) -> Case:
    """The question that a letter would ask: facts of the person, and whose day it is."""
    phone = next(iter(in_order(one.standing)), None)
    return Case(one.standing, Channel.POST, now, books.rules, phone=phone, campaign=campaign)


def left_alone(case: Case) -> bool:
    """Is this person to be left in peace, or unknown to the law? Then nothing of the ladder happens."""
    stops = any(clause(case) for clause in (known_law, known_zone, of_age, person_holds))
    return stops or waits_for_a_person(case.standing) is not None


def by_creditor(bills: Iterable[Bill], case: Case) -> list[tuple[Bill, ...]]:
    """Open invoices by creditor and currency, the oldest first; those on hold or too small to tell of are left out."""
    today, wanted = case.earliest_date, case.campaign.creditor if case.campaign is not None else None
    due = {invoice.id for invoice in to_tell_of(case)}
    held = {hold.invoice_id for hold in case.standing.holds if hold.stops(Channel.POST, case.now)}
    told = [
        bill
        for bill in bills
        if wanted in (None, bill.invoice.creditor)
        and bill.invoice.id not in held
        and (bill.invoice.id in due or (bill.invoice.due_on >= today and _worth_it(bill, case)))
    ]
    told.sort(key=lambda bill: (*_owed_to(bill), bill.invoice.due_on, bill.invoice.id))
    return sorted((tuple(group) for _, group in groupby(told, _owed_to)), key=lambda group: group[0].invoice.due_on)


def step_of(oldest: Bill, reached: int | None, today: date) -> Step | None:
    """The step to be done: no hand-over before the last reminder and its days, and neither for essential services.

    A courtesy notice comes in time or not at all, and never from a collector.
    """
    steps = oldest.ladder.steps
    if reached is None:
        return None
    if reached == COURTESY:
        return None if today > oldest.invoice.due_on or oldest.invoice.role == "collector" else steps[COURTESY]
    if reached >= LAST and oldest.essential:
        return steps[SECOND]
    if reached == HAND_OVER:
        sent = oldest.sent.get(LAST)
        between = timedelta(days=steps[HAND_OVER].days - steps[LAST].days)
        return steps[LAST] if sent is None or today - sent < between else steps[HAND_OVER]
    return steps[reached]


def _worth_it(bill: Bill, case: Case) -> bool:
    """Is more open than the remainder that is let go? (`to_tell_of` asks it of what is due.)"""
    small = bill.invoice.part_paid
    return bill.invoice.open.minor > (case.terms.part_paid_minor.value if small is None else small.minor)


def _owed_to(bill: Bill) -> tuple[int, str]:
    return bill.invoice.creditor_id, bill.invoice.open.currency


def _message(
    one: OnLadder, bills: tuple[Bill, ...], step: Step, choice: Choice, ways: Mapping[Channel, str], case: Case
) -> Message | None:
    """What is written; None: it was, the telephone does it, or it must wait."""
    oldest, today = bills[0], case.earliest_date
    # The last reminder of somebody who is called is a letter beside the call.
    channel = Channel.POST if choice.channel is Channel.VOICE and step.n == LAST else choice.channel
    letter = channel is Channel.POST
    if step.n == HAND_OVER or step.n in oldest.sent or channel is Channel.VOICE or (letter and step.n == COURTESY):
        return None
    # The first letter stands on a list of its own; nothing goes by post before it, and of a collector nothing at all.
    first = oldest.invoice.first_letter_sent_on
    if (first is None or first >= today) and (letter or oldest.invoice.role == "collector"):
        return None
    due_at = case.now if letter else _leaves_at(one, channel, ways[channel], step, case)
    if due_at is None:
        return None
    late = tuple(bill for bill in bills if bill.invoice.due_on < today)
    return Message(
        step=step,
        channel=channel,
        to=None if letter else ways[channel],
        due_at=due_at,
        tone=tone_for(_tone_of(one, oldest.invoice, case), step.tone),
        bills=(oldest,) if step.n == COURTESY else late,
        why=choice.why if channel is choice.channel else "last reminder: a letter beside the call",
    )


def _tone_of(one: OnLadder, invoice: Invoice, case: Case) -> str | None:
    """The person's own tone; nobody gets a firm text in a campaign whose script is friendly, or before the first
    letter's term is over."""
    over = None if case.region is None else term_over_on(invoice, case.terms, case.region)
    unwritten = over is None or case.earliest_date < over
    friendly = unwritten or (case.campaign is not None and case.campaign.script == Script.FRIENDLY)
    return Tone.FRIENDLY.value if friendly else one.tone


def _leaves_at(one: OnLadder, channel: Channel, to: str, step: Step, case: Case) -> datetime | None:
    number = to if channel is Channel.SMS else None
    if step.n == COURTESY:
        return courtesy_opening(one.standing, channel, case.now, _SOON, rules=case.rules, number=number)
    campaign = case.campaign
    return next_opening(
        one.standing, channel, case.now, rules=case.rules, number=number, campaign=campaign, horizon=_SOON
    )


def _tasks(one: OnLadder, oldest: Bill, step: Step, choice: Choice, reached: int | None) -> tuple[Task, ...]:
    invoice = oldest.invoice
    whys: dict[str, str] = {}
    if oldest.essential and reached is not None and reached >= LAST:
        whys[ESSENTIAL] = (
            f"Essential service, due {invoice.due_on}: no automatic last reminder; one of us decides what helps"
        )
    if choice.look:
        whys[SILENT] = f"{choice.why}: look before anything is handed over"
    if step.n == HAND_OVER:
        letter = invoice.first_letter_sent_on
        written = f"first letter {letter}" if letter else "no first letter is on record: look first"
        whys[HANDED_OVER] = f"Due {invoice.due_on}, {written}, last reminder {oldest.sent[LAST]}"
    return tuple(
        Task(kind=kind, bill=oldest, why=why) for kind, why in whys.items() if (kind, invoice.id) not in one.tasks
    )
