"""How one debtor stands: everything that permission reads, frozen. The store gathers it; the rules decide on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.contact import Channel
from ledger.money import Money
from schedules.stage import NO_OWN_DAYS, OwnDays
from schedules.wish import Wish


@dataclass(frozen=True, kw_only=True, slots=True)
class Phone:
    """A number of the debtor that is in use."""

    #: E.164; empty where it could not be read.
    e164: str
    rank: int = 1
    #: `own`, `work` or `other`.
    kind: str = "own"
    #: `ledger.phone.Verdict`.
    verdict: str = "good"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """What stops contact. Of the person where both `e164` and `invoice_id` are None."""

    kind: str
    from_at: datetime
    #: Exclusive; None: until a person lifts it.
    until_at: datetime | None = None
    #: None: every channel.
    channel: str | None = None
    e164: str | None = None
    invoice_id: int | None = None
    #: Where it came from: a list, a call, a person.
    via: str = ""

    def stops(self, channel: Channel, now: datetime) -> bool:
        """Does it stop this channel now?"""
        ended = self.until_at is not None and self.until_at <= now
        return self.from_at <= now and not ended and self.channel in (None, channel)


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """What was agreed or asked: open, or ended so lately that it still keeps us quiet."""

    id: int
    #: `ledger.tables.AgreementRow.kind`.
    kind: str
    made_at: datetime
    #: open, kept, broken or withdrawn.
    state: str = "open"
    due_on: date | None = None
    #: Call-back: its window.
    from_at: datetime | None = None
    until_at: datetime | None = None
    ended_at: datetime | None = None
    #: Call-back: `machine` or `person`.
    owner: str | None = None
    #: Call-back: the number to call; None: any of the debtor's.
    e164: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice:
    """An invoice on which something is open."""

    id: int
    creditor_id: int
    creditor: str
    #: `creditor` calls for itself, `collector` for somebody else.
    role: str
    due_on: date
    issued_on: date
    open: Money
    first_letter_sent_on: date | None = None
    #: `post` or `email`.
    first_letter_by: str | None = None
    costs_in_letter: Money | None = None
    #: The creditor's last good update of payments; None: it sends none.
    payments_seen_at: datetime | None = None
    #: The creditor's own remainder that is not worth a call; None: the rules' own.
    part_paid: Money | None = None
    #: The creditor's own days of its reminders.
    own_days: OwnDays = NO_OWN_DAYS

    @property
    def call_days(self) -> int | None:
        """The creditor's own day of the second reminder, from which it calls; None: the rules' own."""
        return self.own_days[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One try to reach somebody, on any channel, of the last weeks."""

    channel: str
    #: E.164 or e-mail address.
    address: str
    begun_at: datetime
    #: The debtor's zone and local day, as they were when it began.
    zone: str
    local_date: date
    ended_at: datetime | None = None
    #: `ledger.contact.Disposition`; None while it lasts.
    disposition: str | None = None
    talked: bool = False
    right_party: bool = False
    #: The person asked for it (a call-back, a talk that the person rang us for): outside our own caps.
    solicited: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One debtor, as permission sees them at one moment."""

    debtor_id: int
    #: The stable name that commands and lists use.
    ref: str
    kind: str = "person"
    student: bool = False
    #: nl, fr, de or en; None: not known.
    language: str | None = None
    birth_date: date | None = None
    #: Where the person lives: what decides on law, holidays and zone.
    country: str | None = None
    region: str | None = None
    postcode: str | None = None
    zone: str | None = None
    email: str | None = None
    phones: tuple[Phone, ...] = ()
    holds: tuple[Hold, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    #: Invoices with something open.
    invoices: tuple[Invoice, ...] = ()
    #: How many invoices are settled in full.
    settled: int = 0
    #: The debtor's own contacts, the newest last.
    contacts: tuple[Contact, ...] = ()
    #: Contacts of other debtors at one of these numbers.
    shared: tuple[Contact, ...] = ()
    wishes: tuple[Wish, ...] = ()
    #: When the person came into the books; None: it was never noted.
    known_at: datetime | None = None
    #: Holds of the person that were lifted or have ended: while they held, the ladder stood still.
    past_holds: tuple[Hold, ...] = ()
