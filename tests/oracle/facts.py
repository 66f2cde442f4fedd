"""Holds, agreements, wishes about the channel, and invoices: what says no at any hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ledger.calendar import nth_working_day_after
from oracle.finding import Finding, either, no, perhaps
from oracle.place import Place
from schedules.standing import Agreement, Hold, Invoice, Phone, Standing
from schedules.wish import ChannelWish, NumberWish

#: Agreements that stand until a person ends them, and the rule that they are (A7, A8; the conversation, section 4).
_STANDING = {
    "plan": "plan",
    "plan_request": "plan_request",
    "already_paid": "already_paid",
    "complaint": "complaint",
    "deceased": "deceased",
    "representative": "mediation",
}
_STALE = timedelta(hours=30)
_NUMBER_ONLY = ("opt_out", "wrong_number")
_INSTANT = timedelta(microseconds=1)
#: Agreements that keep us quiet, so that the ladder stands still meanwhile.
_QUIET = (*_STANDING, "promise", "dispute", "hardship", "copy")


def active(hold: Hold, now: datetime) -> bool:
    """From its beginning to its exclusive end (C27), by voice."""
    return hold.from_at <= now and (hold.until_at is None or now < hold.until_at) and hold.channel in (None, "voice")


def holds(standing: Standing, e164: str, now: datetime) -> Iterator[Finding]:
    """Of the person, and of this number. Those of an invoice stand with the invoices."""
    for hold in standing.holds:
        if not active(hold, now):
            continue
        if hold.e164 is not None:
            if hold.e164 == e164:
                yield no(hold.kind)
        elif hold.invoice_id is None:
            yield no(hold.kind)
        elif hold.kind == "dispute":
            # "automation for the person, all channels": one disputed invoice is enough.
            yield no("dispute", "invoice_hold")
            yield perhaps("dispute")
            yield perhaps("invoice_hold")


def agreements(standing: Standing, place: Place, now: datetime) -> Iterator[Finding]:
    """All but call-backs by us."""
    for one in standing.agreements:
        yield from _agreement(one, place, now)


def _agreement(one: Agreement, place: Place, now: datetime) -> Iterator[Finding]:
    kind, is_open = one.kind, one.state == "open"
    today = min(place.days(now))
    made = [(clock.date() - one.made_at.astimezone(clock.tzinfo).date()).days for clock in place.clocks(now)]
    if kind in _STANDING:
        if is_open:
            yield no(_STANDING[kind])
    elif kind == "dispute":
        if is_open:
            yield no("dispute")
        elif one.ended_at is not None:
            # C33: quiet on day 7 after the answer, open on day 8. A withdrawn dispute got no answer: open.
            answered = [
                (clock.date() - one.ended_at.astimezone(clock.tzinfo).date()).days for clock in place.clocks(now)
            ]
            quiet = min(answered) <= 7
            yield from either((quiet, False) if one.state == "withdrawn" else (quiet,), "dispute")
    elif kind == "hardship":
        if min(made) < 30:
            yield no("hardship") if is_open else perhaps("hardship")
    elif kind == "copy":
        if min(made) < 14:
            yield no("agreement", "rest") if is_open else perhaps("agreement", "rest")
    elif kind == "promise":
        # C8: a function of the date, not of the beat; kept and withdrawn ones are not spoken of.
        if one.due_on is not None and today <= one.due_on + timedelta(days=3) and one.state != "withdrawn":
            yield perhaps("promise") if one.state == "kept" else no("promise")
    elif is_open and (kind == "person" or (kind == "callback" and one.owner == "person")):
        # "until served": whether the machine is quiet meanwhile, and under which name, is open.
        yield perhaps("agreement", "callback_waits", "promise")


def numbers(standing: Standing, phone: Phone) -> Iterator[Finding]:
    """C30: work numbers never; C22: only by letter, only at number B."""
    if phone.verdict != "good" or not phone.e164:
        yield no("bad_number")
    if phone.kind == "work":
        yield no("bad_number", "no_number")
    for wish in standing.wishes:
        if isinstance(wish, ChannelWish) and "voice" not in wish.channels:
            yield no("wish_channel")
        if isinstance(wish, NumberWish) and wish.e164 != phone.e164:
            yield no("wish_number")


def invoices(
    standing: Standing, place: Place, now: datetime, known_at: datetime | None, *, feed: bool = True
) -> list[Finding]:
    """A16: allowed where at least one open invoice allows it. `feed` False: the creditor's news is not asked (B5)."""
    if not standing.invoices:
        return [no("paid") if standing.settled else no("nothing_open"), perhaps("paid"), perhaps("nothing_open")]
    each = [list(_invoice(standing, one, place, now, known_at, feed)) for one in standing.invoices]
    if any(not found for found in each):
        return []
    if len(each) == 1:
        return each[0]
    names = [name for found in each for one in found for name in one.rules]
    open_names = [perhaps(name) for name in names]
    if all(any(one.certain for one in found) for found in each):
        return [no(*names), *open_names]
    return open_names


def _invoice(
    standing: Standing, invoice: Invoice, place: Place, now: datetime, known_at: datetime | None, feed: bool
) -> Iterator[Finding]:
    today = min(place.days(now))
    for hold in standing.holds:
        if hold.invoice_id == invoice.id and active(hold, now):
            yield no(hold.kind, "invoice_hold")
            yield perhaps(hold.kind)
            yield perhaps("invoice_hold")
    # Is an invoice due on its due day? A call on that day is courtesy or reminder: open.
    if today < invoice.due_on:
        yield no("not_due") if invoice.role == "collector" else no("not_due", "ladder")
        yield perhaps("ladder")
        yield perhaps("not_due")
    elif today == invoice.due_on:
        yield perhaps("not_due")
    yield from _part_paid(standing, invoice, place, now)
    if invoice.role == "creditor":
        yield from _ladder(standing, invoice, place, now)
    else:
        yield from _letter(invoice, place, now)
    seen = invoice.payments_seen_at
    if feed and seen is not None and (known_at or now) - seen > _STALE:
        yield no("stale")


def _part_paid(standing: Standing, invoice: Invoice, place: Place, now: datetime) -> Iterator[Finding]:
    """C13: the open sum over the due invoices of a creditor is at most 500 cents, or the creditor's setting."""
    sums = []
    held = {hold.invoice_id for hold in standing.holds if active(hold, now)}
    for today in (min(place.days(now)), max(place.days(now)) + timedelta(days=-1)):
        same = [one for one in standing.invoices if one.creditor_id == invoice.creditor_id and one.due_on <= today]
        sums.append(sum(one.open.minor for one in same))
        sums.append(sum(one.open.minor for one in same if one.id not in held))
    threshold = invoice.part_paid.minor if invoice.part_paid is not None else 500
    if invoice.due_on < min(place.days(now)):
        yield from either((total <= threshold for total in sums), "part_paid")
    elif sum(one.open.minor for one in standing.invoices if one.creditor_id == invoice.creditor_id) <= threshold:
        yield perhaps("part_paid")


def _ladder(standing: Standing, invoice: Invoice, place: Place, now: datetime) -> Iterator[Finding]:
    """A10: before the local day due + 15 of the creditor's oldest open invoice, less the days slid by holds (C34).

    The ladder is data, per creditor (issue B): one that has a second step of its own calls from that.
    """
    second = 15 if invoice.call_days is None else invoice.call_days
    same = [one for one in standing.invoices if one.creditor_id == invoice.creditor_id]
    held = {hold.invoice_id for hold in standing.holds if active(hold, now)}
    today = min(place.days(now))
    answers = set()
    for due in {min(one.due_on for one in same), min((one.due_on for one in same if one.id not in held), default=None)}:
        if due is None:
            continue
        for wide in (True, False):
            stood = _days_stood_still(standing, place, due, today, wide=wide)
            for first in (due, due + timedelta(days=1)):
                # Whether the due day itself and today can be days that slide is open.
                slid = {day for day in stood if first <= day <= today}
                answers.add((today - due).days - len(slid) < second)
                answers.add((today - due).days - len(slid - {today}) < second)
    yield from either(answers, "ladder")


def _days_stood_still(standing: Standing, place: Place, due: date, today: date, *, wide: bool) -> set[date]:
    """Local days on which a person-wide hold or agreement was active; `wide`: by the widest reading of both."""
    zone = ZoneInfo(place.zones[0])
    spans: list[tuple[date, date]] = []
    for hold in (*standing.holds, *standing.past_holds):
        # One disputed invoice quiets the person; a hold of one channel may or may not be "person-wide".
        of_person = hold.e164 is None and (hold.invoice_id is None or (wide and hold.kind == "dispute"))
        if of_person and (wide or (hold.channel is None and hold.kind not in _NUMBER_ONLY)):
            last = today if hold.until_at is None else (hold.until_at - _INSTANT).astimezone(zone).date()
            spans.append((hold.from_at.astimezone(zone).date(), last))
    for one in standing.agreements:
        if wide or one.kind in _QUIET:
            spans.append((one.made_at.astimezone(zone).date(), _last_day(one, today, zone, wide=wide)))
    clipped = ((max(first, due), min(last, today)) for first, last in spans)
    return {first + timedelta(days=n) for first, last in clipped for n in range((last - first).days + 1)}


def _last_day(one: Agreement, today: date, zone: ZoneInfo, *, wide: bool) -> date:
    """The last day on which an agreement keeps us quiet."""
    made, ended = (at.astimezone(zone).date() if at else None for at in (one.made_at, one.ended_at))
    assert made is not None
    ends = [ended or (today if one.state == "open" else made)]
    if one.kind == "promise" and one.due_on is not None:
        ends.append(one.due_on + timedelta(days=3))
    elif one.kind == "hardship":
        ends.append(made + timedelta(days=29))
    elif one.kind == "copy":
        ends.append(made + timedelta(days=13))
    elif one.kind == "dispute" and ended is not None:
        ends.append(ended + timedelta(days=7))
    return max(ends) if wide else min(ends)


def _letter(invoice: Invoice, place: Place, now: datetime) -> Iterator[Finding]:
    """C14, C15, A11. BE: 14 days, from the third working day after posting, by mail the next day; GB: no letter; else
    the next day."""
    if place.country == "GB":
        return
    today, sent = min(place.days(now)), invoice.first_letter_sent_on
    if sent is None:
        yield no("letter")
        return
    if place.country != "BE":
        if today <= sent:
            yield no("letter")
        return
    by_mail = invoice.first_letter_by == "email"
    first = sent + timedelta(days=1) if by_mail else nth_working_day_after(sent, 3, place.region)
    if today < first + timedelta(days=14):
        yield no("letter")
