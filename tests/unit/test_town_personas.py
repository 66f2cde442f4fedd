"""Each person of the town, played against the script: what they mean to hear is asked, and it ends as expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from town_list import WAVES, expected, persona_of, rows

from dialer.briefing import Facts, brief, promise_days
from ivr.act import Ask, HangUp
from ivr.briefing import Briefing, OpenInvoice
from ivr.gather import Gather
from ivr.heard import Answered, Heard, HungUp, MachineAnswered, Silence, Words
from ivr.intent import understand
from ivr.outcome import OUTCOME_OF, disposition_of
from ivr.record import Record
from ivr.state import fresh
from ivr.turn import take_turn
from ledger.intake.amount import read_amount
from ledger.intake.day import read_day
from ledger.intake.place import read_postcode
from ledger.money import Money
from ledger.region import region_of
from ledger.zone import candidate_zones, zones_of_address, zones_of_number
from schedules.law_file import shipped_rules

from persona import Beeps, Hears, Line, Says, Step  # isort: skip - town_list shows the way

#: How a line that nobody answers ends, in the words of our own books.
NOBODY = {
    Line.BUSY: "busy",
    Line.NO_ANSWER: "no_answer",
    Line.REJECTED: "rejected",
    Line.UNALLOCATED: "unallocated",
    Line.CONGESTION: "congestion",
}


def talking() -> Iterator[str]:
    return (ref for ref, hopes in expected().items() if hopes["calls"] or hopes["inbound"])


def briefing(ref: str, direction: str, now: datetime) -> Briefing:
    """What the dialer would gather from the list."""
    first = rows()[ref][0]
    e164 = persona_of(ref).number
    region = region_of(first["country"], region=first["region"], postcode=first["postcode"])
    assert region is not None
    home = zones_of_address(first["country"], region=first["region"], postcode=first["postcode"], zone=first["zone"])
    zone = candidate_zones(home, zones_of_number(e164))[0]
    facts = Facts(
        call_id="00000000-0000-4000-8000-000000000001",
        direction=direction,
        debtor_id=1,
        full_name=first["name"],
        address_form=first["address_form"] or None,
        language=first["language"],
        region=region,
        zone=zone,
        listening="normal",
        sender=first["sender"] or first["creditor"],
        creditor=first["creditor"],
        callback_number=first["callback_number"],
        contact_person=first["contact_person"],
        iban=first["iban"].replace(" ", ""),
        policy={},
        call_code=first["call_code"],
        secret_code=first["secret_code"],
        customer_no=first["customer_no"],
        postcode=read_postcode(first["postcode"], first["country"]),
        house_number=first["house_number"],
        birth_date=read_day(first["birth_date"]),
        e164=e164,
        invoices=tuple(_invoices(ref, now.date())),
        stage=1,
        tries_today=0,
        broken_promises=0,
        has_mobile=True,
        email=None,
        voicemail_allowed=True,
    )
    return brief(facts, _permitted(now, ZoneInfo(zone)), promise_days(facts, now, shipped_rules()), now)


def _invoices(ref: str, today: date) -> Iterator[OpenInvoice]:
    for n, row in enumerate(rows()[ref], start=1):
        open_minor = read_amount(row["amount"], "EUR") - read_amount(row["paid"] or "0", "EUR")
        if open_minor and read_day(row["due"]) < today:
            yield OpenInvoice(
                id=n,
                number=row["invoice"],
                open=Money(open_minor),
                issued_on=read_day(row["issued"]),
                due_on=read_day(row["due"]),
                about=row["about"],
                reference=row["reference"],
            )


def _permitted(now: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Working days from nine to seven."""
    days = (now.astimezone(zone).date() + timedelta(days=n) for n in range(14))
    nine = [datetime(day.year, day.month, day.day, 9, tzinfo=zone) for day in days if day.weekday() < 5]
    return [(start, start.replace(hour=19)) for start in nine]


class Talk:
    """A conversation, as the line would hold it: keys come long after each other, none is another one's echo."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.state = fresh(briefing)
        self.records: list[Record] = []
        self.gather: Gather | None = None
        self.hears(Answered(speech=briefing.language == "en"))  # the language that is heard on any machine

    def hears(self, heard: Heard) -> None:
        turn = take_turn(self.briefing, self.state, heard)
        self.state = turn.state
        self.records += turn.records
        last = turn.acts[-1] if turn.acts else HangUp()
        self.gather = Gather(last, began_at=0.0) if isinstance(last, Ask) else None

    def says(self, text: str) -> None:
        assert self.gather is not None and self.gather.ask.wants is not None, "nobody hears words there"
        found = understand(text, self.briefing.language, self.gather.ask.wants, self.briefing.today)
        assert found is not None, f"{text!r} is not understood"
        self.hears(Words(found.intent, found.slots))

    def press(self, key: str) -> None:
        assert self.gather is not None, "nobody listens any more"
        decision = self.gather.press(key, at=60.0)
        if decision.heard is not None:
            self.hears(decision.heard)


def play(talk: Talk, steps: tuple[Step, ...]) -> None:
    """What the person does; then they say nothing more until we hang up."""
    asked = False
    for step in steps:
        if isinstance(step, Says) and asked and talk.state.speech:
            talk.says(step.text)
        asked = isinstance(step, Hears) and not step.keys
        if isinstance(step, Beeps):
            talk.hears(MachineAnswered())
        if not isinstance(step, Hears):
            continue
        assert talk.state.place == step.prompt
        for key in step.keys:
            talk.press(key)
        if step.hangs_up:
            talk.hears(HungUp())
    while talk.gather is not None:
        talk.hears(Silence())


def agreements(records: list[Record]) -> set[str]:
    return {kind for record in records if (kind := OUTCOME_OF[type(record)].agreement) is not None}


def check(talk: Talk, hoped: dict[str, Any]) -> None:
    assert disposition_of(talk.state) == hoped["disposition"]
    made = agreements([record for record in talk.records if type(record) in OUTCOME_OF])
    assert hoped["agreement"] in (made or {None})


@pytest.mark.parametrize("ref", sorted(talking()))
def test_each_call_ends_as_expected(ref: str) -> None:
    hopes = expected()[ref]
    persona = persona_of(ref)
    for hoped, call in zip(hopes["calls"], persona.calls, strict=True):
        now = WAVES[hoped["wave"] - 1]
        if call.line is not Line.ANSWERS:
            assert hoped["disposition"] == NOBODY[call.line]
            continue
        talk = Talk(briefing(ref, "out", now))
        play(talk, call.steps)
        check(talk, hoped)
    assert (persona.rings_in is not None) == (hopes["inbound"] is not None)
    if persona.rings_in is not None:
        talk = Talk(briefing(ref, "in", WAVES[0] + timedelta(minutes=1)))
        play(talk, persona.rings_in.steps)
        check(talk, hopes["inbound"])
