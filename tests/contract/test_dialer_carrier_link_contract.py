"""What every carrier promises when its link breaks; kept by the fake and by our Asterisk behind a link that is cut."""

from __future__ import annotations

import asyncio

import pytest

from ami_stage import order
from carrier_ground import Ground, is_, picked_up, ringing
from dialer.carrier import Ended, LinkBack, LinkLost
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure
from dialer.testing import Answers, NeverAnswers

ADA, BRUNO, CHIARA = "+3225550101", "+3225550102", "+3225550103"


async def lost(ground: Ground) -> None:
    ground.cut()
    await ground.told.until(is_(LinkLost))


async def back(ground: Ground, times: int = 2) -> frozenset[str]:
    """Who is there when the link is back (for the second time: the first was at the beginning)."""
    await ground.told.until(lambda _: ground.told.count(LinkBack) >= times)
    return [event.alive for event in ground.told.events if isinstance(event, LinkBack)][-1]


async def test_while_the_link_is_lost_nothing_is_placed_then_or_later(ground: Ground) -> None:
    ground.script({ADA: NeverAnswers()})
    await lost(ground)
    call = order(ADA)
    with pytest.raises(CarrierDown):
        await ground.carrier.place(call)
    with pytest.raises(CarrierDown):
        await ground.carrier.alive()
    with pytest.raises(CarrierDown):
        await ground.carrier.hang_up(call.attempt)
    ground.mend()
    assert await back(ground) == frozenset()
    await asyncio.sleep(0.1)
    assert ground.rang(ADA) == 0


async def test_calls_go_on_over_a_lost_link_and_what_came_of_them_is_told(ground: Ground) -> None:
    ground.script({ADA: NeverAnswers(), BRUNO: Answers(after=0.4, talks=None), CHIARA: Answers(talks=0.4)})
    rings, answers, ends = order(ADA), order(BRUNO), order(CHIARA)
    for call in (rings, answers, ends):
        await ground.carrier.place(call)
    await picked_up(ground, ends.attempt)
    await ringing(ground, answers.attempt)
    await lost(ground)
    await asyncio.sleep(0.8)
    ground.mend()
    assert await back(ground) == {rings.attempt, answers.attempt}
    await picked_up(ground, answers.attempt)
    for call in (rings, answers):
        await ground.carrier.hang_up(call.attempt)
        await ground.told.end_of(call.attempt)
    assert not [event for event in ground.told.about(ends.attempt) if isinstance(event, Ended)]


async def test_an_order_whose_answer_is_lost_is_unsure_rings_once_and_goes_on(ground: Ground) -> None:
    ground.script({ADA: Answers(after=0.8, talks=0.2)})
    ground.lose_next_answer()
    call = order(ADA)
    with pytest.raises(CarrierUnsure):
        await ground.carrier.place(call)
    assert await back(ground) == {call.attempt}
    with pytest.raises(CarrierRefused):
        await ground.carrier.place(call)
    assert (await ground.told.end_of(call.attempt)).answered
    assert ground.rang(ADA) == 1
