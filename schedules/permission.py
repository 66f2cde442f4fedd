"""May this person be contacted now? Pure: a frozen standing, an instant and the rules give `Allowed` or `Refused`.

The rules are asked in the order of `verdict.RULES`, and the first that refuses is named. With several numbers, or a
call-back that was asked for, each way is tried, and the refusal of the way that came furthest is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ledger.contact import Channel
from schedules.callback import Callback, callbacks
from schedules.campaign import CampaignRules
from schedules.campaign_clause import for_this_person
from schedules.cap import within_caps
from schedules.case import Case
from schedules.due import in_peace
from schedules.jurisdiction import known_law, known_zone
from schedules.number import in_order, may_be_rung
from schedules.person import of_age
from schedules.rest import rested
from schedules.rules import Rules
from schedules.standing import Phone, Standing
from schedules.step import in_step
from schedules.verdict import ORDER, Allowed, Refusal, Refused, Verdict
from schedules.window import closes_at, in_hours, lead

#: How far `next_opening` looks.
HORIZON = timedelta(days=62)
_MINUTE = timedelta(minutes=1)

Clause = Callable[[Case], list[Refusal]]
#: Facts of the person, which need no law; then what the law and our own hours say.
_FACTS: tuple[Clause, ...] = (known_law, known_zone, of_age, in_peace, for_this_person, may_be_rung)
_RULES: tuple[Clause, ...] = (in_step, rested, within_caps, in_hours)
#: A letter comes at any hour; only facts can stop it.
_CLAUSES = {channel: _FACTS if channel is Channel.POST else _FACTS + _RULES for channel in Channel}


def may_contact(
    standing: Standing,
    channel: Channel,
    now: datetime,
    *,
    rules: Rules,
    number: str | None = None,
    campaign: CampaignRules | None = None,
    known_at: datetime | None = None,
) -> Verdict:
    """May we begin a contact at this instant? `number` asks for that one only, else the first that may be rung.

    Without a campaign one open invoice of any creditor is enough. `now` is aware; nothing is read from a clock.
    `known_at`: when the books were read, if not at `now`: of a later day nobody knows yet what will have been paid.
    """
    best: tuple[float, Refusal, Case] | None = None
    for phone in _phones(standing, channel, number):
        asked = False
        for case in _ways(standing, channel, now, rules, phone, campaign, known_at or now):
            refusal = _first(case)
            if refusal is None:
                closes, before = _end(case), lead(case)
                if now + before <= closes:
                    return _allowed(case, closes, before)
                refusal = _last_dial(case, closes, before)
            # While a call-back stands open, its own refusal is the reason; our own initiative could only allow.
            asked = asked or case.callback is not None
            if best is None or (refusal.place > best[0] and asked is (case.callback is not None)):
                best = (refusal.place, refusal, case)
    assert best is not None  # noqa: S101 - there is always one way to ask
    _, refusal, case = best
    return Refused(
        channel=channel,
        number=case.phone.e164 if case.phone else None,
        rule=refusal.rule,
        reason=refusal.reason,
        value=refusal.value,
        source=refusal.source,
        confidence=refusal.confidence,
        zone=refusal.zone or (case.zones[0] if case.zones else None),
        law_version=rules.version,
        ask_all=lambda: tuple(sorted({one.rule for one in _every(case)}, key=ORDER.__getitem__)),
        ask_opening=lambda: next_opening(standing, channel, now, rules=rules, number=number, campaign=campaign),
    )


def next_opening(
    standing: Standing,
    channel: Channel,
    after: datetime,
    *,
    rules: Rules,
    number: str | None = None,
    campaign: CampaignRules | None = None,
    horizon: timedelta = HORIZON,
) -> datetime | None:
    """The first whole minute from `after` on at which `may_contact` allows, if nothing else happens meanwhile.

    None: not within the horizon, or only a person can change it.
    """
    first = _whole_minute(after)
    end = first + horizon
    found: datetime | None = None
    for phone in _phones(standing, channel, number):
        found = _search(first, found or end, _asking(standing, channel, rules, phone, None, campaign)) or found
        for callback in _callbacks(standing, channel, rules, phone, first, campaign):
            begin = max(first, _whole_minute(callback.from_at))
            last = min(found or end, callback.until_at or end)
            ask = _asking(standing, channel, rules, phone, callback, campaign)
            found = _search(begin, last, ask) or found
    return found


def _phones(standing: Standing, channel: Channel, number: str | None) -> tuple[Phone | None, ...]:
    if channel not in (Channel.VOICE, Channel.SMS):
        # Without an address the number still says whose time it is.
        return (None,) if standing.country or not standing.phones else in_order(standing)[:1]
    phones = in_order(standing)
    if number is not None:
        phones = tuple(phone for phone in phones if phone.e164 == number)
    return phones or (None,)


def _ways(
    standing: Standing,
    channel: Channel,
    now: datetime,
    rules: Rules,
    phone: Phone | None,
    campaign: CampaignRules | None,
    known_at: datetime,
) -> Sequence[Case]:
    """As the call-back that the person asked for, where its window is open; and on our own initiative."""
    case = Case(standing, channel, now, rules, phone=phone, campaign=campaign, known_at=known_at)
    if phone is None or channel is not Channel.VOICE or not standing.agreements:
        return (case,)
    asked_for = [
        Case(standing, channel, now, rules, phone=phone, callback=one, campaign=campaign, known_at=known_at)
        for one in callbacks(standing, case.terms.callback_tries.value)
        if one.is_for(phone) and one.holds_at(now)
    ]
    return (*asked_for, case)


def _callbacks(
    standing: Standing,
    channel: Channel,
    rules: Rules,
    phone: Phone | None,
    after: datetime,
    campaign: CampaignRules | None,
) -> list[Callback]:
    if phone is None or channel is not Channel.VOICE or not standing.agreements:
        return []
    tries = Case(standing, channel, after, rules, phone=phone, campaign=campaign).terms.callback_tries.value
    return [one for one in callbacks(standing, tries) if one.is_for(phone)]


def _first(case: Case) -> Refusal | None:
    for clause in _CLAUSES[case.channel]:
        found = clause(case)
        if found:
            return found[0]
    return None


def _every(case: Case) -> list[Refusal]:
    """Every rule that refuses by itself, in the order of the list; `last_dial` only where nothing else does."""
    judged = case.standstill is None and case.zone_known
    found = [one for clause in _CLAUSES[case.channel] if judged or clause in _FACTS for one in clause(case)]
    if not found:
        closes, before = _end(case), lead(case)
        return [] if case.now + before <= closes else [_last_dial(case, closes, before)]
    return sorted(found, key=lambda one: one.place)


def _last_dial(case: Case, closes: datetime, before: timedelta) -> Refusal:
    """Ringing and talking must end inside the hours too."""
    row = case.terms.last_dial_seconds.row
    clock = closes.astimezone(case.locals[0].tz)
    return Refusal(
        rule="last_dial",
        reason=f"The hours end at {clock:%H:%M}: a call begun now would not end inside them",
        value=f"{int(before.total_seconds())} seconds before {clock:%H:%M}",
        source=row.source,
        confidence=row.confidence,
        until=closes,
        zone=case.locals[0].name,
    )


def _end(case: Case) -> datetime:
    return case.now + HORIZON if case.channel is Channel.POST else closes_at(case)


def _allowed(case: Case, closes: datetime, before: timedelta) -> Allowed:
    return Allowed(
        channel=case.channel,
        number=case.phone.e164 if case.phone and case.channel in (Channel.VOICE, Channel.SMS) else None,
        zones=case.zones,
        closes_at=closes,
        dial_by=closes - before,
        callback_id=case.callback.agreement_id if case.callback else None,
        law_version=case.rules.version,
    )


def _asking(
    standing: Standing,
    channel: Channel,
    rules: Rules,
    phone: Phone | None,
    callback: Callback | None,
    campaign: CampaignRules | None,
) -> Callable[[datetime], list[Refusal]]:
    def ask(now: datetime) -> list[Refusal]:
        return _every(Case(standing, channel, now, rules, phone=phone, callback=callback, campaign=campaign))

    return ask


def _search(start: datetime, end: datetime, ask: Callable[[datetime], list[Refusal]]) -> datetime | None:
    """The first whole minute from `start`, before `end`, without a refusal. Each rule says until when it refuses."""
    moment = start
    while moment < end:
        refusals = ask(moment)
        if not refusals:
            return moment
        ends = [one.until for one in refusals]
        if None in ends:
            return None
        moment = max(moment + _MINUTE, _whole_minute(max(one for one in ends if one is not None)))
    return None


def _whole_minute(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE
