"""What every switchboard promises; kept by the fake and by our Asterisk, with telephones at its trunk's end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import pytest

from dialer.errors import CarrierRefused
from dialer.switchboard import BoardBack, CallerGone, KeyPressed, LegGone, OnFloor, Stand, TalkOver, new_leg
from switchboard_ground import MACHINE, People, an_order, asterisk_floor_ground, fake_floor_ground


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.asterisk)])
async def people(request: pytest.FixtureRequest) -> AsyncIterator[People]:
    if request.param == "fake":
        async with fake_floor_ground() as fake:
            yield cast(People, fake)
    else:
        async with asterisk_floor_ground(request.getfixturevalue("our_asterisk")) as real:
            yield real


async def test_what_it_tells_begins_with_the_lines_that_are_held(people: People) -> None:
    assert people.told == [BoardBack({})]


async def test_an_agent_who_signs_on_has_a_line_that_is_held(people: People) -> None:
    leg = await people.signed_on()
    assert await people.board.held() == {leg: Stand.FLOOR}


async def test_where_no_person_answers_the_line_is_gone(people: People) -> None:
    leg = await people.rung(MACHINE)
    await people.until(LegGone(leg))
    assert OnFloor(leg) not in people.told
    assert await people.board.held() == {}


async def test_who_is_put_through_is_told_and_held_as_joined(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    assert await people.board.held() == {leg: Stand.JOINED}


async def test_an_agent_who_is_done_is_free_for_the_next(people: People) -> None:
    leg = await people.signed_on()
    for n in (1, 2):
        channel = await people.caller()
        await people.joined(leg, channel, times=n)
        await people.agent_done(leg)
        await people.until(TalkOver(leg), times=n)
        await people.until(OnFloor(leg), times=n + 1)
        await people.caller_hangs_up(channel)
    assert await people.board.held() == {leg: Stand.FLOOR}


async def test_a_key_on_a_free_line_is_told_and_one_that_means_nothing_is_not(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    await people.agent_done(leg)
    await people.until(OnFloor(leg), times=2)
    for key in "72":
        await people.agent_presses(leg, key)
    await people.until(KeyPressed(leg, "2"))
    await people.agent_presses(leg, "4")  # they think better of it
    await people.until(KeyPressed(leg, "4"))
    assert [event.key for event in people.told if isinstance(event, KeyPressed)] == ["2", "4"]
    assert await people.board.held() == {leg: Stand.FLOOR}


async def test_a_talk_that_we_end_is_over_as_if_the_agent_were_done(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    await people.board.end_talk(leg)
    await people.until(TalkOver(leg))
    await people.until(OnFloor(leg), times=2)
    assert await people.board.follow(channel)


async def test_a_call_may_be_put_through_twice(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    await people.agent_done(leg)
    await people.until(OnFloor(leg), times=2)
    await people.joined(leg, channel, times=2)
    assert await people.board.held() == {leg: Stand.JOINED}


async def test_an_agent_who_hangs_up_is_gone_and_no_talk_of_theirs_is_over_in_good_order(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    await people.agent_hangs_up(leg)
    await people.until(LegGone(leg))
    assert TalkOver(leg) not in people.told
    assert await people.board.follow(channel)


async def test_a_caller_who_hangs_up_is_told_and_leaves_the_agent_on_the_floor(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.joined(leg, channel)
    await people.caller_hangs_up(channel)
    await people.until(CallerGone(channel))
    await people.until(OnFloor(leg), times=2)
    assert not await people.board.follow(channel)


async def test_the_end_of_a_caller_who_is_followed_is_told(people: People) -> None:
    channel = await people.caller()
    assert await people.board.follow(channel)
    await people.caller_hangs_up(channel)
    await people.until(CallerGone(channel))


async def test_a_caller_who_is_gone_is_refused_and_the_agent_stays_free(people: People) -> None:
    leg, channel = await people.signed_on(), await people.caller()
    await people.caller_hangs_up(channel)
    with pytest.raises(CarrierRefused):
        await people.board.join(an_order(leg, channel))
    assert await people.board.held() == {leg: Stand.FLOOR}


async def test_a_line_that_we_end_is_gone_and_ending_it_again_is_no_error(people: People) -> None:
    leg = await people.signed_on()
    await people.board.hang_up(leg)
    await people.until(LegGone(leg))
    await people.board.hang_up(leg)
    assert await people.board.held() == {}


async def test_nobody_is_told_on_a_line_that_is_not_there(people: People) -> None:
    with pytest.raises(CarrierRefused):
        await people.board.tell(new_leg(), "who-1")
