"""A call-back that the person asked for: its window, and whether it is spent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.contact import Channel
from schedules.standing import Agreement, Phone, Standing

_KINDS = frozenset({"callback", "person"})


@dataclass(frozen=True, slots=True)
class Callback:
    """When we are to call back, by machine."""

    agreement_id: int
    asked_at: datetime
    from_at: datetime
    #: Exclusive; None: as soon as possible, until it is spent.
    until_at: datetime | None
    #: None: any of the debtor's numbers.
    e164: str | None

    def is_for(self, phone: Phone) -> bool:
        """Is it about this number?"""
        return self.e164 is None or self.e164 == phone.e164

    def holds_at(self, now: datetime) -> bool:
        """Is its window open now?"""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


def callbacks(standing: Standing, tries: int) -> tuple[Callback, ...]:
    """The call-backs by machine that still stand: not served, with fewer than `tries` tries in their window."""
    return tuple(_unspent(standing, tries)) if standing.agreements else ()


def _unspent(standing: Standing, tries: int) -> Iterator[Callback]:
    for one in standing.agreements:
        if one.kind != "callback" or one.state != "open" or one.owner == "person":
            continue
        found = Callback(one.id, one.made_at, one.from_at or one.made_at, one.until_at, one.e164)
        made = [
            contact
            for contact in standing.contacts
            if contact.channel == Channel.VOICE and contact.begun_at > one.made_at and found.holds_at(contact.begun_at)
        ]
        if len(made) < tries and not any(contact.talked for contact in made):
            yield found


def waits_for_a_person(standing: Standing) -> Agreement | None:
    """The open request that one of our people calls: until then no machine does."""
    for one in standing.agreements:
        if one.kind in _KINDS and one.state == "open" and (one.kind == "person" or one.owner == "person"):
            return one
    return None
