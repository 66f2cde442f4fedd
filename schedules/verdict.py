"""The answer to "may this person be contacted now", and the closed list of rules that can say no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

#: Every rule id, from the one that is named first to the last. Scripts rely on these words. Those that no rule gives
#: yet (`letter`, `ladder`, `stale`, `band` …) keep their place for the rules of age, letters and the ladder.
_CLOSED_LIST = """
no_law no_profile_live no_zone
minor
deceased mediation crisis hardship dispute complaint plan_request plan already_paid manual paid part_paid not_due
invoice_hold agreement nothing_open
no_number bad_number opt_out wrong_number wish_channel wish_number
letter ladder stale first_contact
promise callback_waits rest rest_abandoned voicemail_cap not_home student_wait two_failures
cap_day cap_7 cap_30 cap_day_number cap_7_number cap_30_number
holiday sunday
wish
band
xmas_close
outer_hours default_hours
law_day law_hours
last_dial
"""
RULES = tuple(_CLOSED_LIST.split())
ORDER = {rule: n for n, rule in enumerate(RULES)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One rule's no."""

    #: One of `RULES`.
    rule: str
    #: A sentence that a person understands.
    reason: str
    #: What the rule says here: hours, a count, a date.
    value: str | None = None
    source: str | None = None
    #: S1, S2, M or D for a rule; None for a fact of the books.
    confidence: str | None = None
    #: The rule certainly says no before this instant; None: until a person or a payment changes something.
    until: datetime | None = None
    #: The zone whose clock said no; None: the rule reads no clock.
    zone: str | None = None
    #: Said by the campaign's own hours, which stand between wish and band and share an id with ours.
    of_campaign: bool = False

    @property
    def place(self) -> float:
        """Where it stands in the order in which rules are named."""
        return ORDER["wish"] + 0.5 if self.of_campaign else ORDER[self.rule]


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """Now, at this number, until `closes_at`. `dial_by` is the last instant at which a call may begin."""

    channel: str
    #: E.164; None for e-mail and post.
    number: str | None
    #: Every zone that was looked at, the address's own first.
    zones: tuple[str, ...]
    closes_at: datetime
    dial_by: datetime
    #: The agreement id of the call-back that this contact keeps: then it is solicited. None: our own initiative.
    callback_id: int | None
    law_version: str

    @property
    def zone(self) -> str:
        """The zone in which the contact's local date is counted."""
        return self.zones[0]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Not now: the narrowest rule that refuses, in words, and when the first opening is."""

    channel: str
    #: The number that came furthest; None where there is none.
    number: str | None
    rule: str
    reason: str
    value: str | None
    source: str | None
    confidence: str | None
    #: The zone whose clock said no, else the person's own; None: no zone is known.
    zone: str | None
    law_version: str
    #: Asked only by those who want to know: every rule that refuses by itself, and the search for the next opening.
    ask_all: Callable[[], tuple[str, ...]] = field(repr=False, compare=False)
    ask_opening: Callable[[], datetime | None] = field(repr=False, compare=False)

    @cached_property
    def all(self) -> tuple[str, ...]:
        """Every rule that refuses by itself, in the order of `RULES`."""
        return self.ask_all()

    @cached_property
    def next_opening(self) -> datetime | None:
        """The first whole minute from the asked instant on that is allowed; None: only a person can change it."""
        return self.ask_opening()


Verdict = Allowed | Refused
