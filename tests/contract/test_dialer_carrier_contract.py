"""What every carrier promises; kept by the fake and by our Asterisk, which calls a telephone at its trunk's end."""

from __future__ import annotations

import asyncio
import time

import pytest

from ami_stage import order
from carrier_ground import Ground, picked_up, ringing
from dialer.call import unanswered
from dialer.carrier import Ended, LinkBack, PickedUp, Ringing
from dialer.errors import CarrierRefused
from dialer.outcome import known_cause
from dialer.testing import (
    Answers,
    Busy,
    Congestion,
    NeverAnswers,
    Rejects,
    Script,
    Unallocated,
    Unanswered,
)
from ledger.contact import Disposition

ADA, BRUNO, CHIARA = "+3225550101", "+3225550102", "+3225550103"


# -- how a call goes -------------------------------------------------------------------------------------------------


async def test_what_it_tells_begins_with_who_is_there(ground: Ground) -> None:
    assert ground.told.events == [LinkBack(frozenset())]


async def test_a_call_that_is_answered_rings_is_picked_up_and_ends(ground: Ground) -> None:
    ground.script({ADA: Answers(after=0.2, talks=0.3)})
    call = order(ADA)
    await ground.carrier.place(call)
    end = await ground.told.end_of(call.attempt)
    assert end.answered
    assert not end.line_lost
    assert ground.told.about(call.attempt) == [Ringing(call.attempt), PickedUp(call.attempt), end]


async def test_a_call_that_is_answered_at_once_is_picked_up(ground: Ground) -> None:
    ground.script({ADA: Answers(talks=0.2)})
    call = order(ADA)
    await ground.carrier.place(call)
    assert (await ground.told.end_of(call.attempt)).answered
    assert ground.told.about(call.attempt)[-2] == PickedUp(call.attempt)


async def test_a_line_that_was_away_is_told_at_the_end(ground: Ground) -> None:
    ground.script({ADA: Answers(talks=2.0, line_lost=True)})
    call = order(ADA)
    await ground.carrier.place(call)
    end = await ground.told.end_of(call.attempt)
    assert (end.answered, end.line_lost) == (True, True)


@pytest.mark.parametrize(
    ("script", "cause", "disposition"),
    [
        (Busy(), 17, Disposition.BUSY),
        (Busy(after=0.2), 17, Disposition.BUSY),
        (Rejects(), 21, Disposition.REJECTED),
        (Rejects(after=0.2), 21, Disposition.REJECTED),
        (Unallocated(), 1, Disposition.UNALLOCATED),
        (Congestion(), 34, Disposition.CONGESTION),
    ],
    ids=lambda value: str(value) if isinstance(value, Disposition) else "",
)
async def test_how_nobody_answered_is_told_apart(
    ground: Ground, script: Unanswered, cause: int, disposition: Disposition
) -> None:
    ground.script({ADA: script})
    call = order(ADA)
    await ground.carrier.place(call)
    end = await ground.told.end_of(call.attempt)
    assert (end.cause, end.dial_status, end.answered, end.lost) == (cause, script.dial_status, False, False)
    assert unanswered(end.cause, end.dial_status) is disposition
    rang = [Ringing(call.attempt)] if script.after else []
    assert ground.told.about(call.attempt) == [*rang, end]


async def test_it_rings_no_longer_than_it_was_told_to(ground: Ground) -> None:
    ground.script({ADA: NeverAnswers()})
    call = order(ADA, ring_seconds=0.6)
    began = time.monotonic()
    await ground.carrier.place(call)
    end = await ground.told.end_of(call.attempt)
    assert 0.5 < time.monotonic() - began < 1.5
    assert (end.cause, end.answered) == (19, False)
    assert unanswered(end.cause, end.dial_status) is Disposition.NO_ANSWER


async def test_an_order_is_taken_before_anybody_answers(ground: Ground) -> None:
    """Placing does not wait for the telephone at the other end, which here is never picked up."""
    ground.script({ADA: NeverAnswers()})
    async with asyncio.timeout(0.5) as limit:
        await ground.carrier.place(order(ADA))
    assert not limit.expired()


# -- ending it -------------------------------------------------------------------------------------------------------


async def test_a_call_is_ended_while_it_rings(ground: Ground) -> None:
    ground.script({ADA: NeverAnswers()})
    call = order(ADA)
    await ground.carrier.place(call)
    await ringing(ground, call.attempt)
    await ground.carrier.hang_up(call.attempt)
    end = await ground.told.end_of(call.attempt)
    assert not end.answered
    assert unanswered(end.cause, end.dial_status, by_us=True) is Disposition.CANCELLED


async def test_a_call_is_ended_while_they_talk(ground: Ground) -> None:
    ground.script({ADA: Answers(talks=None)})
    call = order(ADA)
    await ground.carrier.place(call)
    await picked_up(ground, call.attempt)
    await ground.carrier.hang_up(call.attempt)
    end = await ground.told.end_of(call.attempt)
    assert (end.answered, end.line_lost) == (True, False)
    assert known_cause(end.cause, answered=end.answered) == 16


async def test_who_hangs_up_on_us_ends_it_normally(ground: Ground) -> None:
    """Asterisk tells no cause then (0): a BYE carries none."""
    ground.script({ADA: Answers(talks=0.2)})
    call = order(ADA)
    await ground.carrier.place(call)
    end = await ground.told.end_of(call.attempt)
    assert (end.answered, known_cause(end.cause, answered=end.answered)) == (True, 16)


async def test_to_end_what_is_over_or_never_was_is_no_error(ground: Ground) -> None:
    ground.script({ADA: Busy()})
    call = order(ADA)
    await ground.carrier.place(call)
    await ground.told.end_of(call.attempt)
    for attempt in (call.attempt, call.attempt, order().attempt):
        await ground.carrier.hang_up(attempt)
    await asyncio.sleep(0.05)
    assert len(ground.told.about(call.attempt)) == 1


# -- who is there ----------------------------------------------------------------------------------------------------


async def test_it_knows_who_rings_and_who_talks(ground: Ground) -> None:
    ground.script({ADA: NeverAnswers(), BRUNO: Answers(talks=None), CHIARA: Busy()})
    rings, talks, busy = order(ADA), order(BRUNO), order(CHIARA)
    assert await ground.carrier.alive() == frozenset()
    for call in (rings, talks, busy):
        await ground.carrier.place(call)
    await ringing(ground, rings.attempt)
    await picked_up(ground, talks.attempt)
    await ground.told.end_of(busy.attempt)
    assert await ground.carrier.alive() == {rings.attempt, talks.attempt}
    for call in (rings, talks):
        await ground.carrier.hang_up(call.attempt)
        await ground.told.end_of(call.attempt)
    assert await ground.carrier.alive() == frozenset()


async def test_many_calls_at_once_each_have_one_life_in_order(ground: Ground) -> None:
    people: dict[str, Script] = {f"+32255502{n:02}": Answers(after=0.1, talks=0.2) for n in range(10)}
    people |= {f"+32255503{n:02}": Busy(after=0.1) for n in range(10)}
    ground.script(people)
    calls = {number: order(number) for number in people}
    await asyncio.gather(*(ground.carrier.place(call) for call in calls.values()))
    for number, call in calls.items():
        await ground.told.end_of(call.attempt)
        kinds = [type(event) for event in ground.told.about(call.attempt)]
        assert kinds == ([Ringing, PickedUp, Ended] if isinstance(people[number], Answers) else [Ringing, Ended])
        assert ground.rang(number) == 1


# -- what it refuses -------------------------------------------------------------------------------------------------

BAD_NUMBERS = [
    "", "+", "3225550101", "003225550101", "+0225550101", "+32", "+3225550101&PJSIP/+44161@trunk", "+3225550101;tag=1",
    "+3225550101@elsewhere", "+32255,50101", "+32 2555 0101", "+32-255-50101", "+32PAYNOW", "+٣٢٢٥٥٥٠١٠١", "+1" * 12,
    "+3225550101\r\nApplication: System", "${EXTEN}", "s", "+32255501010000000", "112", "*21*3225550101#",
]  # fmt: skip


async def test_an_order_with_a_bad_number_never_leaves(ground: Ground) -> None:
    everybody: dict[str, Script] = {number: NeverAnswers() for number in (*BAD_NUMBERS, ADA)}
    ground.script(everybody)
    for number in BAD_NUMBERS:
        with pytest.raises(CarrierRefused):
            await ground.carrier.place(order(number))
        if number:
            with pytest.raises(CarrierRefused):
                await ground.carrier.place(order(ADA, caller_id=number))
    await asyncio.sleep(0.05)
    assert sum(ground.rang(number) for number in everybody) == 0
    assert await ground.carrier.alive() == frozenset()


@pytest.mark.parametrize("field", ["attempt", "entry", "fallback"])
async def test_an_order_whose_names_are_not_ours_never_leaves(ground: Ground, field: str) -> None:
    ground.script({ADA: NeverAnswers()})
    for name in ("x,LONGEST=99999", "a=1", "00000000-0000-4000-8000-00000000000g", "${SHELL(id)}", "../etc/passwd"):
        with pytest.raises(CarrierRefused):
            await ground.carrier.place(order(ADA, **{field: name}))
    assert ground.rang(ADA) == 0


async def test_an_attempt_is_placed_once(ground: Ground) -> None:
    ground.script({ADA: Busy(), BRUNO: NeverAnswers()})
    for number in (ADA, BRUNO):
        call = order(number)
        await ground.carrier.place(call)
        with pytest.raises(CarrierRefused):
            await ground.carrier.place(call)
        if number == ADA:
            await ground.told.end_of(call.attempt)
            with pytest.raises(CarrierRefused):
                await ground.carrier.place(call)
    await ringing(ground, call.attempt)
    assert (ground.rang(ADA), ground.rang(BRUNO)) == (1, 1)
