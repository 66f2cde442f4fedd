"""One house for each module: migrated, its Asterisk running, nobody on its list yet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.beltoon("migrate")
    house.beltoon("campaign", "list")  # the first command that looks at the clock starts it
    with house.asterisk():
        yield house
