"""What the dialer's tests stand on: a manager interface of our own, and a link to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ami_stage import CALM, SECRET, USER, address_of
from dialer.ami_link import AmiLink
from dialer.instance import pick_ports
from phone.ami_server import AmiServer


@pytest.fixture
async def server() -> AsyncIterator[AmiServer]:
    """Speaks AMI as Asterisk does, on a port of its own."""
    async with AmiServer(USER, SECRET, port=pick_ports(1)) as ami:
        yield ami


@pytest.fixture
async def link(server: AmiServer) -> AsyncIterator[AmiLink]:
    """Our link, signed on there."""
    link = AmiLink(address_of(server), CALM)
    await link.start()
    yield link
    await link.close()
