"""The worlds in which contracts are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from carrier_ground import Ground, asterisk_ground, fake_ground


@pytest.fixture(params=["fake", pytest.param("asterisk", marks=pytest.mark.asterisk)])
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Ground]:
    if request.param == "fake":
        async with fake_ground() as fake:
            yield fake
    else:
        async with asterisk_ground(request.getfixturevalue("our_asterisk")) as real:
            yield real
