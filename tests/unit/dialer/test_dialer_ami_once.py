"""A debtor is never rung twice because a link broke: what was sent once is not sent again, by us or by panoramisk."""

from __future__ import annotations

import asyncio

import pytest

from ami_stage import CALM, HASTY, SECRET, USER, address_of, order, stage
from dialer.ami_link import AmiLink
from dialer.carrier import LinkBack, LinkLost
from dialer.errors import CarrierDown, CarrierRefused, CarrierUnsure, SignInRefused
from dialer.ports import pick_ports
from phone.ami_server import AmiServer, Cut

#: panoramisk itself connects anew after this many seconds, unless it is kept from it.
PANORAMISK_AGAIN = 2.0


@pytest.mark.parametrize(("when", "read"), [(Cut.BEFORE_READING, 0), (Cut.BEFORE_ANSWERING, 1)])
@pytest.mark.parametrize("away", [0.0, 1.0])
async def test_an_originate_whose_answer_was_lost_is_never_sent_again(
    server: AmiServer, when: Cut, read: int, away: float
) -> None:
    async with stage(server) as here:
        server.cut_at("Originate", when)
        call = order()
        with pytest.raises(CarrierUnsure):
            await here.carrier.place(call)
        if away:
            server.shut()
            await asyncio.sleep(away)
            server.open()
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        with pytest.raises(CarrierRefused):
            await here.carrier.place(call)
        await here.link.action("Ping")
        assert len(server.named("Originate")) == read


async def test_an_originate_that_was_queued_before_the_cut_is_never_sent_again(server: AmiServer) -> None:
    async with stage(server) as here:
        server.cut_at("Originate", Cut.AFTER_ANSWERING)
        await here.placed()
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        await here.link.action("Ping")
    assert [action.connection for action in server.named("Originate")] == [1]


async def test_an_originate_while_the_link_is_down_is_refused_and_not_sent_later(server: AmiServer) -> None:
    async with stage(server) as here:
        server.shut()
        server.cut()
        await here.told.until(lambda event: isinstance(event, LinkLost))
        with pytest.raises(CarrierDown):
            await here.placed()
        server.open()
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        await here.link.action("Ping")
    assert server.named("Originate") == []


async def test_a_connection_that_ended_never_comes_back_by_itself(server: AmiServer) -> None:
    """panoramisk connects and signs in again by itself; we would have two ears, and hear everything twice."""
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as closed, stage(server) as here:
        closed.shut()
        with pytest.raises(CarrierDown):
            await AmiLink(address_of(closed), HASTY).start()
        with pytest.raises(SignInRefused):
            await AmiLink(address_of(server, "a guess"), CALM).start()
        closed.open()
        server.cut()
        await here.told.until(lambda _: here.told.count(LinkBack) == 2)
        made = server.made
        await asyncio.sleep(PANORAMISK_AGAIN + 0.2)
        assert (server.made, closed.made) == (made, 0)
        assert len(server.connections) == 1
