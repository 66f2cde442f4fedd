"""One campaign calls the people of `people.py`; the books are then held against what their telephones saw."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from heard import heard
from house import Debtor, House
from people import FLATMATES, PEOPLE, Person, hangs_up_in_the_greeting
from talker import Talker

from phone import IncomingCall
from phone.call_log import CallLog

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

#: Nobody's call lasts longer.
LONGEST_SECONDS = 150.0


@dataclass
class Campaign:
    """What came of it."""

    log: CallLog
    recordings: dict[str, bytes]
    calls: list[dict[str, Any]]
    agreements: dict[str, Any]
    #: By debtor: how we ended each turn, the keys of what we said.
    said: dict[str, list[list[str]]]
    refusals: dict[str, str]
    complaints: list[str]
    contacts: list[dict[str, Any]]
    exit_code: int
    seconds: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    def of(self, who: Debtor) -> dict[str, Any]:
        """The one call to this person."""
        (call,) = [call for call in self.calls if call["debtor"] == who.ref]
        return call


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    began = time.monotonic()
    house = House.build(tmp_path_factory.mktemp("people"))
    house.beltoon("migrate")
    with house.asterisk():
        house.campaign("people", [*(person.who for person in PEOPLE), *FLATMATES])
        found = asyncio.run(called(house))
    found.seconds = time.monotonic() - began
    yield found


async def called(house: House) -> Campaign:
    """The dialer calls everyone once; what was then in the books."""
    calls: dict[str, IncomingCall] = {}

    def persona_of(number: str) -> Any:
        play, who = next(
            ((person.play, person.who) for person in PEOPLE if person.who.number == number),
            (hangs_up_in_the_greeting, FLATMATES[0]),
        )

        async def persona(call: IncomingCall) -> None:
            calls[number] = call
            await play(call, Talker(call, who.customer))

        return persona

    async with house.telephone(persona_of) as phone:
        async with house.dialing() as dialer:
            began = time.monotonic()
            deadline = began + LONGEST_SECONDS
            while len(phone.log.calls) < len(PEOPLE) + 1 or await asyncio.to_thread(house.live_calls):
                assert time.monotonic() < deadline, [c for c in phone.log.rows() if c["ended"] is None]
                assert dialer.process.poll() is None, dialer.said()
                await asyncio.sleep(0.5)
            over = time.monotonic()
            refusals = {who.ref: (await asyncio.to_thread(house.document, "why", who.ref))["rule"] for who in FLATMATES}
            dialer.press()
            exit_code = await asyncio.to_thread(dialer.ended)
        log = phone.log
    return Campaign(
        log=log,
        recordings={number: call.record() for number, call in calls.items()},
        calls=house.document("calls")["calls"],
        agreements=house.document("agreements"),
        said=said_by_us(house),
        refusals=refusals,
        complaints=dialer.errors(),
        contacts=house.rows("SELECT d.ref, c.* FROM contact c JOIN debtor d ON d.id = c.debtor_id"),
        exit_code=exit_code,
        parts={"calling": over - began},
    )


def said_by_us(house: House) -> dict[str, list[list[str]]]:
    """By debtor, what each turn said."""
    turns = house.rows(
        "SELECT d.ref, t.acts FROM turn t JOIN conversation v ON v.id = t.conversation_id"
        " JOIN debtor d ON d.id = v.debtor_id ORDER BY t.conversation_id, t.n"
    )
    said: dict[str, list[list[str]]] = {}
    for turn in turns:
        keys = [act["spoken"]["key"] for act in json.loads(turn["acts"]) if act["is"] == "Say"]
        said.setdefault(turn["ref"], []).append(keys)
    return said


def person_test(person: Person) -> Any:
    return pytest.param(person, id=person.title.replace(" ", "-"))


@pytest.mark.parametrize("person", [person_test(one) for one in PEOPLE])
def test_a_person_is_called_once_and_the_books_tell_what_came_of_it(campaign: Campaign, person: Person) -> None:
    who = person.who
    assert len(campaign.log.to(who.number)) == 1
    call = campaign.of(who)
    assert call["disposition"] in person.dispositions
    agreed = [one["kind"] for one in campaign.agreements["agreements"] if one["debtor"] == who.ref]
    if len(person.dispositions) == 1:
        assert tuple(agreed) == person.agreements
    else:
        assert len(agreed) == len(set(agreed))
        assert ("promise" in agreed) == (call["disposition"] == "promise")
    if person.cause is not None:
        assert call["cause"] == person.cause
    if person.last is not None:
        assert person.last in [keys for keys in campaign.said[who.ref] if keys][-1]
    holds = campaign.agreements["holds"] + campaign.agreements["opt_outs"]
    standing = [one.get("kind", "opt_out") for one in holds if one["number"] and one["lifted_at"] is None]
    assert set(person.holds) <= set(standing)


@pytest.mark.parametrize("person", [person_test(one) for one in PEOPLE])
def test_what_was_confirmed_by_voice_is_in_the_books_once(campaign: Campaign, person: Person) -> None:
    confirmed = heard(campaign.recordings[person.who.number], "promise.done")
    promised = [
        one for one in campaign.agreements["agreements"] if one["debtor"] == person.who.ref and one["kind"] == "promise"
    ]
    assert len(promised) == 1 or not confirmed
    assert len(promised) <= 1
    assert confirmed == person.confirmed


def test_each_call_of_the_network_is_one_attempt_and_each_attempt_one_call(campaign: Campaign) -> None:
    assert set(campaign.log.times_called().values()) == {1}
    assert len(campaign.log.calls) == len(campaign.calls) == len(PEOPLE) + 1
    assert all(call["attempt"] and call["disposition"] and call["ended_at"] for call in campaign.calls)
    assert all(one["ended_at"] and one["disposition"] for one in campaign.contacts)
    answered = {call.number for call in campaign.log.calls if call.answered}
    booked = {call["debtor"] for call in campaign.calls if call["answered_at"]}
    people = {person.who.number: person.who.ref for person in PEOPLE} | {FLATMATES[0].number: FLATMATES[0].ref}
    assert {people[number] for number in answered} - {"P-4102"} == booked - {"P-4102"}


def test_of_two_at_one_telephone_one_is_called_and_the_other_has_a_true_reason(campaign: Campaign) -> None:
    called = [call["debtor"] for call in campaign.calls if call["debtor"] in {who.ref for who in FLATMATES}]
    assert len(called) == 1
    (other,) = {who.ref for who in FLATMATES} - set(called)
    assert campaign.refusals[other] == "cap_day_number"


def test_nobody_hears_of_a_debt_before_they_have_proved_who_they_are(campaign: Campaign) -> None:
    for person in PEOPLE:
        recording = campaign.recordings[person.who.number]
        if heard(recording, "due.friendly"):
            assert "id.done" in {key for keys in campaign.said[person.who.ref] for key in keys}


def test_the_dialer_ends_well_and_has_nothing_to_complain_of(campaign: Campaign) -> None:
    assert campaign.exit_code == 0
    assert campaign.complaints == []
