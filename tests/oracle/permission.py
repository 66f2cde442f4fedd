"""The whole answer: what every rule says of one person, one number and one instant, and the first open minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oracle import facts, hours, talk
from oracle.finding import ORDER, Finding, no, perhaps, refused
from oracle.person import minor_on
from oracle.place import Place, place_of
from schedules.standing import Agreement, Phone, Standing

_MINUTE = timedelta(minutes=1)
_UNTOLD = {"ladder", "wish_channel", "wish_number"}


@dataclass(frozen=True)
class Asked:
    """One question; `feed` False: as the search for an opening asks it (B5)."""

    standing: Standing
    now: datetime
    known_at: datetime | None = None
    feed: bool = True


def findings(asked: Asked, phone: Phone | None) -> list[Finding]:
    """What every rule says of a call to this number, or of the person who has none."""
    standing, now = asked.standing, asked.now
    place = place_of(standing, phone.e164 if phone else None)
    if isinstance(place, str):
        return [no(place), *_blind()]
    found = list(_always(asked, phone, place))
    if phone is None:
        # Which rules besides are told of a person without a number is open.
        return [*found, no("no_number"), *_blind()]
    found += _when(standing, phone, place, now)
    if not refused(found) and _too_late(standing, phone, place, now):
        # It is named only where nothing else refuses: what may refuse may stand in its place.
        others = {name for one in found for name in one.rules}
        strict = _too_late(standing, phone, place, now, strict=True)
        found += [perhaps("last_dial"), *([no("last_dial", *others)] if strict else [])]
    return found


def _blind() -> Iterator[Finding]:
    """Without a law or a clock nothing else can be asked in full; what is told besides is open."""
    yield from (perhaps(rule) for rule in ORDER)


def _always(asked: Asked, phone: Phone | None, place: Place) -> Iterator[Finding]:
    """What holds at any hour."""
    standing, now = asked.standing, asked.now
    if any(minor_on(standing, day) for day in place.days(now)):
        yield no("minor")
    yield from facts.holds(standing, phone.e164 if phone else "", now)
    asked_back = phone is not None and callback_state(standing, phone, now) in ("open", "perhaps")
    found = facts.invoices(standing, place, now, asked.known_at, feed=asked.feed)
    found += facts.numbers(standing, phone) if phone is not None else ()
    for one in found:
        # A9 does not tell whether a call-back waits for the ladder, or passes a wish about channel or number: open.
        yield perhaps(*one.rules) if asked_back and one.rules & _UNTOLD else one


def _when(standing: Standing, phone: Phone, place: Place, now: datetime) -> list[Finding]:
    """Agreements, rests, caps and the clock; a call-back in its window passes our own (A9)."""
    promised = list(facts.agreements(standing, place, now))
    ours = [
        *talk.rests(standing, phone.e164, place, now),
        *talk.caps(standing, phone.e164, place, now),
        *hours.clock_rules(standing, place, now),
    ]
    state = callback_state(standing, phone, now)
    if state == "none":
        return [*promised, *talk.legal_cap(standing, phone.e164, place, now), *ours]
    if state == "waits":
        return [*promised, no("callback_waits"), *talk.legal_cap(standing, phone.e164, place, now), *ours]
    kept = [*hours.callback_rules(place, now), *talk.legal_cap(standing, phone.e164, place, now)]
    if state == "perhaps":
        names = {name for one in (*promised, *ours, *kept) for name in one.rules} | {"callback_waits"}
        # Whether it passes our own rules or waits: what the law says no to stays refused, under some name.
        return [*map(perhaps, names), *([no(*names)] if refused(kept) else [])]
    # A9 does not tell of a promise, of the abandoned number, of parts of the day or of wishes: open.
    kept += [one if "promise" not in one.rules else perhaps(*one.rules) for one in promised]
    unsaid = {"rest_abandoned", "not_home", "student_wait", "wish"}
    return [*kept, *(perhaps(*one.rules) for one in ours if one.rules & unsaid)]


def callback_state(standing: Standing, phone: Phone, now: datetime) -> str:
    """`none`, `waits` (before its window), `open` (in it, for this number), or `perhaps` where the texts are silent."""
    states = {_state(one, standing, phone, now) for one in standing.agreements if _by_us(one)}
    states.discard("none")
    if not states:
        return "none"
    return states.pop() if len(states) == 1 else "perhaps"


def _by_us(one: Agreement) -> bool:
    return one.kind == "callback" and one.owner != "person" and one.state == "open"


def _state(one: Agreement, standing: Standing, phone: Phone, now: datetime) -> str:
    if one.from_at is None or one.until_at is None:
        return "perhaps"
    if now < one.from_at:
        return "waits"
    if now >= one.until_at:
        return "none"
    tried = [
        made for made in standing.contacts if made.channel == "voice" and one.from_at <= made.begun_at < one.until_at
    ]
    if sum(made.solicited for made in tried) >= 2:
        return "none"
    if len(tried) >= 2:
        return "perhaps"
    return "open" if one.e164 in (None, phone.e164) else "perhaps"


def _too_late(standing: Standing, phone: Phone, place: Place, now: datetime, *, strict: bool = False) -> bool:
    """C1: the talk must end inside the interval. `strict`: counts only what ends it by every reading."""
    in_window = callback_state(standing, phone, now) in ("open", "perhaps")
    for instant in (now, *minutes(now, now + hours.LAST_DIAL)):
        found = _clock_only(standing, phone, place, instant)
        # A call-back's window ends: whether a talk may go on in hours of our own is open (C1).
        ended = not strict and in_window and callback_state(standing, phone, instant) != "open"
        if ended or (refused(found) if strict else found):
            return True
    return False


def _clock_only(standing: Standing, phone: Phone, place: Place, instant: datetime) -> list[Finding]:
    if callback_state(standing, phone, instant) == "open":
        return hours.callback_rules(place, instant)
    if any(_by_us(one) for one in standing.agreements):
        return _when(standing, phone, place, instant)
    found = hours.clock_rules(standing, place, instant)
    # A part of the day that is to be left alone begins (C12), a call-back's window ends: open whether that is an end.
    rests = talk.rests(standing, phone.e164, place, instant)
    return [*found, *(perhaps(*one.rules) for one in rests if "not_home" in one.rules)]


def answers(asked: Asked) -> dict[str | None, list[Finding]]:
    """The findings for each number of the person; None: there is no number."""
    phones = asked.standing.phones
    return {phone.e164: findings(asked, phone) for phone in phones} or {None: findings(asked, None)}


def shut(standing: Standing, now: datetime, *, known_at: datetime | None = None) -> bool:
    """Refused by every reading, at every number, whatever the creditor's news (B5)."""
    asked = Asked(standing, now, known_at, feed=False)
    return all(refused(found) for found in answers(asked).values())


def opened(standing: Standing, now: datetime) -> bool:
    """Allowed by every reading, at some number."""
    return any(not found for found in answers(Asked(standing, now, feed=False)).values())


def minutes(first: datetime, last: datetime) -> Iterator[datetime]:
    """The whole minutes from `first` on, before `last`."""
    instant = first.astimezone(UTC)
    whole = instant.replace(second=0, microsecond=0)
    instant = whole if whole == instant else whole + _MINUTE
    while instant < last:
        yield instant
        instant += _MINUTE
