"""People in the books for tests, a campaign that calls them, and a dialer's view of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.rules_apply import save, weigh
from dialer.call_store import briefing_json
from dialer.claim import Claimed, Claimer
from dialer.dial_store import DialBooks, Limits
from dialer.in_flight_store import FlightBooks
from dialer.outcome import CarriersEnd
from ivr.briefing import Briefing
from ivr.codec import briefing_from_json
from ivr.conversation import Conversations
from ivr.heard import Heard
from ivr.tables import ConversationRow
from ledger.clock import CampaignClock, Clock
from ledger.database import Base, Database
from ledger.tables import (
    AccountRow,
    AgreementRow,
    AllocationRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
)
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, fill_candidates, move_campaign
from schedules.law_file import shipped_rules
from schedules.rules_store import RulesBook
from schedules.rules_text import band_table
from voices.catalogue import text_version

BRUSSELS = ZoneInfo("Europe/Brussels")
#: Tuesday: everybody may be called.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=BRUSSELS)
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=BRUSSELS)
CREDITOR = "Stroomdal Energie"
#: Where our own people hear of a crisis.
ALARM_TO = "alarm@stroomdal.example"

#: How calls end at the carrier.
HUNG_UP = CarriersEnd(cause=16, dial_status="ANSWER", answered=True)
BUSY = CarriersEnd(cause=17, dial_status="BUSY", answered=False)
NO_ANSWER = CarriersEnd(cause=19, dial_status="NOANSWER", answered=False)
CANCELLED = CarriersEnd(cause=0, dial_status=None, answered=False, by_us=True)


@dataclass
class Hand:
    """A clock that is put forward by hand; two looks are never the same instant."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def pass_(self, **time: float) -> datetime:
        """Put it forward: `hours=2`."""
        self.now += timedelta(**time)
        return self.now


def number_of(n: int) -> str:
    """A mobile number of Belgium that is only this debtor's."""
    return f"+32470{n:06d}"


def add_debtor(session: Session, n: int, **over: Any) -> int:
    """A debtor of Antwerp, 70 years old: called by day. One number, one invoice of 120.00 EUR that is long due.

    `e164`, `open_minor`, `currency`, `creditor` (its id) may differ, and every field of the debtor's own row.
    """
    e164 = over.pop("e164", number_of(n))
    bill = {"open_minor": over.pop("open_minor", 120_00), "currency": over.pop("currency", "EUR")}
    creditor = over.pop("creditor", 1)
    if session.get(CreditorRow, creditor) is None:
        name = f"Creditor {creditor}" if creditor > 1 else CREDITOR
        session.add(CreditorRow(id=creditor, name=name, sender="Stroomdal", policy={}, callback_number="+3225550100"))
        session.flush()
    address = {"country": "BE", "postcode": "2000", "language": "nl", "birth_date": date(1956, 3, 2), **over}
    session.add(DebtorRow(id=n, ref=f"D-{n}", name=f"Els {'ABCDEFGHIJ'[n % 10]}anssens", **address))
    session.flush()
    session.add(
        AccountRow(
            id=n, creditor_id=creditor, debtor_id=n, customer_no=f"77{n:04d}", call_code="4821", secret_code="730951"
        )
    )
    session.add(PhoneRow(debtor_id=n, e164=e164, written=e164, verdict="good", from_at=LONG_AGO))
    session.flush()
    add_invoice(session, n, n, creditor_id=creditor, amount_minor=120_00, **bill)
    return n


def add_invoice(session: Session, id_: int, account_id: int, **over: Any) -> int:
    """One more invoice, long due."""
    bill = {"creditor_id": 1, "amount_minor": 120_00, "open_minor": 120_00, "currency": "EUR"}
    dates = {"issued_on": date(2026, 9, 1), "due_on": date(2026, 10, 1)}
    session.add(InvoiceRow(id=id_, account_id=account_id, number=f"2026-{id_:06d}", **{**bill, **dates, **over}))
    session.flush()
    return id_


def add_hold(session: Session, key: str, **over: Any) -> None:
    """A hold on every channel until somebody lifts it; `debtor_id`, `e164` or `invoice_id` says of whom."""
    session.add(HoldRow(**{"from_at": NOW, "by": "test", "via": "test", "source_key": key, **over}))


def pay(session: Session, invoice_id: int, minor: int = 120_00) -> None:
    """Money comes in for an invoice."""
    invoice = session.get_one(InvoiceRow, invoice_id)
    paid = PaymentRow(
        source="bank", reference=f"{invoice_id}-{minor}", amount_minor=minor, currency=invoice.currency,
        paid_on=NOW.date(), seen_at=NOW,
    )  # fmt: skip
    session.add(paid)
    session.flush()
    session.add(AllocationRow(payment_id=paid.id, invoice_id=invoice_id, amount_minor=minor))
    invoice.open_minor -= minor


def ask_callback(session: Session, debtor_id: int, at: datetime, hours: float = 2, **over: Any) -> None:
    """The person asked to be called back by us from `at` on."""
    session.add(
        AgreementRow(
            **{
                "source_key": f"callback-{debtor_id}-{at.isoformat()}",
                "debtor_id": debtor_id,
                "kind": "callback",
                "state": "open",
                "from_at": at,
                "until_at": at + timedelta(hours=hours),
                "owner": "machine",
                "detail": {},
                "made_at": at - timedelta(hours=20),
                **over,
            }
        )
    )


def add_campaign(database: Database, name: str = "winter", at: datetime = NOW, **rules: Any) -> None:
    """A campaign that runs, with everybody in it who owes something."""
    with database.unit_of_work() as session:
        create_campaign(session, name, CampaignRules(**rules), at, "test")
        move_campaign(session, name, "start", at, "test")
    fill_candidates(database, name, at)


def people(database: Database, count: int, **over: Any) -> None:
    """So many debtors, and a campaign that calls them."""
    with database.unit_of_work() as session:
        for n in range(1, count + 1):
            add_debtor(session, n, **over)
    add_campaign(database)


def senior_hours(**week: list[str]) -> dict[str, Any]:
    """A document of rules in which people of 65 to 79 have other hours."""
    bands = [band_table(band) for band in shipped_rules().bands.bands]
    next(band for band in bands if band["key"] == "senior")["hours"] = week
    return {"band": bands}


def apply_rules(database: Database, document: dict[str, Any], now: datetime = NOW) -> int:
    """Save a document as `beltoon rules apply` does; gives how many were woken."""
    book = RulesBook(shipped_rules())
    change = weigh(database, book, document, now, lambda _done, _all: None)
    return save(database, book, change, now, "test", "why", lambda _done, _all: None)[1]


def dial_books(
    database: Database, clock: CampaignClock, owner: str = "dial-1", fence: int = 1, per_second: float = 5.0
) -> DialBooks:
    """A dialer's view of the books."""
    who = Claimer(
        owner=owner,
        fence=fence,
        carrier="asterisk",
        rules=shipped_rules(),
        ring=timedelta(seconds=25),
        text_version=text_version,
    )
    limits = Limits(
        dialling=False, lines=20, calls_per_second=per_second, ring_seconds=25.0, longest_seconds=900.0, caller_id=None,
        lag_ms=0.0,
    )  # fmt: skip
    return DialBooks(database, clock, who, limits)


def flight_books(database: Database, clock: Clock) -> FlightBooks:
    """The books of calls that were claimed."""
    return FlightBooks(database, clock, RulesBook(shipped_rules()))


def rows(database: Database, row: type[Base], **where: Any) -> list[Any]:
    """Rows of a table, the first made first."""
    query = select(row).filter_by(**where).order_by(*row.__table__.primary_key)
    with database.reading() as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def everything_in(database: Database, tables: Sequence[type[Base]]) -> list[tuple[Any, ...]]:
    """All that stands in these tables: the same before and after, where nothing was written."""
    return [
        tuple(getattr(row, column.key) for column in table.__table__.columns)
        for table in tables
        for row in rows(database, table)
    ]


@dataclass
class Day:
    """Books, a clock and one dialer: enough to live through a day of calling."""

    database: Database
    clock: Hand = field(default_factory=Hand)

    def __post_init__(self) -> None:
        clock = CampaignClock(real=self.clock)
        self.dial = dial_books(self.database, clock)
        self.flight = flight_books(self.database, clock)
        self.talks = Conversations(self.database, self.clock, self.briefing, ALARM_TO)

    def briefing(self, call: str) -> Briefing:
        """What the conversation of a call will need, as it was frozen."""
        with self.database.reading() as session:
            return briefing_from_json(briefing_json(session, call))

    def claim(self, most: int = 50) -> list[Claimed]:
        """Claim whoever may be called now, and brief their calls, as the dialer does."""
        claimed = self.dial.claim(self.dial.next_up(most))
        self.dial.brief(claimed)
        return claimed

    def claim_one(self) -> Claimed:
        """The one who may be called now."""
        (one,) = self.claim()
        return one

    def answer(self, one: Claimed) -> None:
        """Somebody picks up, and our line begins the conversation."""
        self.flight.told([one.attempt], [one.attempt], {})
        self.talks.begin(self.briefing(one.attempt))

    def say(self, call: str, *heard: Heard) -> None:
        """The caller does this, one thing after another."""
        for n, what in enumerate(heard):
            self.talks.step(call, f"{self.rows(ConversationRow, call_id=call)[0].turn_no}-{n}", what)

    def end(self, one: Claimed, end: CarriersEnd) -> bool:
        """The carrier tells of the end; True when with it everything is settled."""
        return one.attempt in self.flight.told([], [], {one.attempt: end})

    def rows(self, row: type[Base], **where: Any) -> list[Any]:
        """Rows of a table, the first made first."""
        return rows(self.database, row, **where)

    def one(self, row: type[Base], **where: Any) -> Any:
        """The only row."""
        (found,) = self.rows(row, **where)
        return found

    def close(self) -> None:
        """Give everything back."""
        self.dial.leave()
