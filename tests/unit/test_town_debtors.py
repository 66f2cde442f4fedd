"""The town's list: everybody on it has a telephone in the town, and an outcome that the rules agree with."""

from __future__ import annotations

from datetime import datetime

import pytest
from town_list import WAVES, expected, personas, rows, telephones

from ledger.contact import Channel, Disposition
from ledger.intake.amount import read_amount
from ledger.intake.day import read_day
from ledger.intake.sender import reveals
from ledger.intake.words import Status, read_status
from ledger.money import Money
from ledger.reference import wrong_reference
from schedules.law_file import shipped_rules
from schedules.permission import may_contact
from schedules.standing import Contact, Hold, Invoice, Phone, Standing
from schedules.verdict import RULES, Allowed, Refused, Verdict

#: The hold that each status of a list makes, on the person or on the number.
HOLDS = {
    Status.DISPUTED: "dispute",
    Status.OPTED_OUT: "opt_out",
    Status.DECEASED: "deceased",
    Status.HARDSHIP: "hardship",
    Status.MEDIATION: "mediation",
    Status.WRONG_NUMBER: "wrong_number",
    Status.MINOR: "minor",
}
BEFORE = datetime.fromisoformat("2026-11-23T08:00:00+01:00")


def standing(ref: str) -> Standing:
    """How a debtor stands when the list has just been read."""
    lines = rows()[ref]
    first = lines[0]
    status = next((s for line in lines if (s := read_status(line["status"])) in HOLDS), None)
    invoices = tuple(
        Invoice(
            id=n,
            creditor_id=1,
            creditor=line["creditor"],
            role=line["role"],
            due_on=read_day(line["due"]),
            issued_on=read_day(line["issued"]),
            open=Money(minor),
            first_letter_sent_on=read_day(line["first_letter_sent_on"]) if line["first_letter_sent_on"] else None,
            first_letter_by=line["first_letter_by"] or None,
        )
        for n, line in enumerate(lines, start=1)
        if (minor := read_amount(line["amount"], "EUR") - read_amount(line["paid"] or "0", "EUR"))
    )
    return Standing(
        debtor_id=1,
        ref=ref,
        kind="business" if first["kind"] == "zelfstandige" else "person",
        student=first["student"] == "ja",
        birth_date=read_day(first["birth_date"]),
        country=first["country"],
        region=first["region"] or None,
        postcode=first["postcode"],
        zone=first["zone"] or None,
        phones=tuple(
            Phone(e164=e164, rank=rank, verdict=verdict)
            for rank, (verdict, e164) in enumerate(telephones(ref), start=1)
        ),
        holds=(Hold(kind=HOLDS[status], from_at=BEFORE),) if status else (),
        invoices=invoices,
        settled=len(lines) - len(invoices),
        shared=_shared(ref),
    )


def _shared(ref: str) -> tuple[Contact, ...]:
    """The call of the first wave to somebody before them on the list who shares the telephone."""
    own = {e164 for _, e164 in telephones(ref)}
    for other, hopes in expected().items():
        for _, e164 in telephones(other):
            if other < ref and e164 in own and hopes["calls"]:
                zone = "Europe/Brussels"
                return (
                    Contact(channel="voice", address=e164, begun_at=WAVES[0], zone=zone, local_date=WAVES[0].date()),
                )
    return ()


def asked(ref: str, wave: int) -> Verdict:
    return may_contact(standing(ref), Channel.VOICE, WAVES[wave - 1], rules=shipped_rules())


def test_the_list_expects_something_of_everybody() -> None:
    assert list(expected()) == list(rows())
    for ref, hopes in expected().items():
        assert bool(hopes["calls"]) != bool(hopes["refusal"]), ref
        assert hopes["disposition"] == (hopes["calls"][-1]["disposition"] if hopes["calls"] else None)


def test_every_number_of_the_list_has_a_persona_and_every_persona_stands_on_the_list() -> None:
    on_the_list = {e164 for ref in rows() for _, e164 in telephones(ref) if e164}
    assert on_the_list == set(personas())


def test_the_outcomes_are_words_of_the_books_and_the_refusals_rules_of_permission() -> None:
    for hopes in expected().values():
        ends = [*hopes["calls"], *([hopes["inbound"]] if hopes["inbound"] else [])]
        assert {end["disposition"] for end in ends} <= set(Disposition)
        assert hopes["refusal"] is None or hopes["refusal"] in RULES


@pytest.mark.parametrize("ref", [ref for ref, hopes in expected().items() if hopes["refusal"]])
def test_whoever_is_not_called_is_refused_by_that_rule(ref: str) -> None:
    for wave in (1, 2):
        verdict = asked(ref, wave)
        assert isinstance(verdict, Refused)
        assert verdict.rule == expected()[ref]["refusal"]


@pytest.mark.parametrize("ref", [ref for ref, hopes in expected().items() if hopes["calls"]])
def test_whoever_is_called_may_be_called_then_and_not_before(ref: str) -> None:
    wave = expected()[ref]["calls"][0]["wave"]
    assert isinstance(asked(ref, wave), Allowed)
    if wave == 2:
        assert isinstance(asked(ref, 1), Refused)


def test_references_are_right_and_senders_tell_nothing() -> None:
    for lines in rows().values():
        for line in lines:
            assert wrong_reference(line["reference"]) is None
            assert reveals(line["sender"] or line["creditor"]) is None
