"""Nations of the United Kingdom and states of the United States: from the column, the post code, or every one."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

import pytest

from ledger.calendar import holiday_on, knows
from ledger.parts import parts_of
from ledger.region import Region, known_parts, region_of
from ledger.zone import candidate_zones, zone_fits, zones_of_address, zones_of_number


def _region(country: str, region: str | None = None, postcode: str | None = None) -> Region:
    found = region_of(country, region, postcode)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("region", "postcode", "parts"),
    [
        (None, "SW1A 1AA", ("ENG",)),
        (None, "m1 1ae", ("ENG",)),
        (None, "EH1 1YZ", ("SCT",)),
        (None, "G2 8DL", ("SCT",)),
        (None, "GL50 1AA", ("ENG", "WLS")),
        (None, "CF10 1EP", ("WLS",)),
        (None, "BT1 5GS", ("NIR",)),
        # Areas that cross a border lie in both.
        (None, "TD15 1AA", ("ENG", "SCT")),
        (None, "CA6 5AA", ("ENG", "SCT")),
        (None, "CH5 1AA", ("ENG", "WLS")),
        # The column settles it.
        ("SCT", "TD15 1AA", ("SCT",)),
        ("GB-NIR", None, ("NIR",)),
        # Nothing known: every nation.
        (None, None, ("ENG", "SCT", "WLS", "NIR")),
        (None, "XX1 1AA", ("ENG", "SCT", "WLS", "NIR")),
        ("Kent", "nonsense", ("ENG", "SCT", "WLS", "NIR")),
    ],
)
def test_a_british_address_names_its_nation(region: str | None, postcode: str | None, parts: tuple[str, ...]) -> None:
    assert _region("GB", region, postcode) == Region("GB", parts)


@pytest.mark.parametrize(
    ("region", "postcode", "parts"),
    [
        (None, "02134", ("MA",)),
        (None, "98101-1234", ("WA",)),
        (None, "90001", ("CA",)),
        (None, "25301", ("WV",)),
        (None, "12207", ("NY",)),
        # The city has rules beside its state's; its first three digits tell.
        (None, "10001", ("NY", "NYC")),
        (None, "11201", ("NY", "NYC")),
        ("NY", None, ("NY", "NYC")),
        ("NY", "12207", ("NY",)),
        ("NYC", None, ("NY", "NYC")),
        # One ZIP code beyond the water belongs to another state than its neighbours.
        (None, "06390", ("CT", "NY")),
        # Two that cross into California.
        (None, "89439", ("NV", "CA")),
        (None, "97635", ("OR", "CA")),
        # Column and post code name two states: both hold.
        ("US-MA", "90001", ("MA", "CA")),
    ],
)
def test_an_american_address_names_its_state(region: str | None, postcode: str | None, parts: tuple[str, ...]) -> None:
    assert _region("US", region, postcode) == Region("US", parts)


@pytest.mark.parametrize(
    ("region", "postcode"), [(None, None), ("ZZ", None), ("900", None), (None, "00000"), (None, "2134")]
)
def test_a_state_that_is_not_known_is_every_state(region: str | None, postcode: str | None) -> None:
    assert _region("US", region, postcode).parts == parts_of("US")
    assert known_parts("US") == frozenset(parts_of("US"))


@pytest.mark.parametrize(
    ("country", "region", "postcode", "law"),
    [
        ("GB", None, "JE2 3AB", "JE"),
        ("GB", None, "GY1 1AA", "GG"),
        ("GB", None, "IM1 1AA", "IM"),
        ("US", None, "00901", "PR"),
        ("US", "GU", None, "GU"),
        ("US", None, "96799", "AS"),
        ("US", "HI", "96799", "AS"),
        # Post for the forces: anywhere on earth, and no country's law.
        ("GB", None, "BFPO 57", "ZZ"),
        ("GB", None, "BF1 2AT", "ZZ"),
        ("US", None, "09094", "ZZ"),
        ("US", "AE", None, "ZZ"),
    ],
)
def test_a_place_apart_does_not_stand_under_this_law(
    country: str, region: str | None, postcode: str | None, law: str
) -> None:
    assert _region(country, region, postcode).country == law
    assert not knows(law, 2026)


@pytest.mark.parametrize(
    ("parts", "day", "closed"),
    [
        (("ENG",), "2026-04-06", True),
        (("SCT",), "2026-04-06", False),
        (("SCT",), "2026-01-02", True),
        (("ENG",), "2026-01-02", False),
        (("SCT",), "2026-11-30", True),
        (("NIR",), "2026-03-17", True),
        (("ENG",), "2026-03-17", False),
        (("ENG",), "2026-12-28", True),
        # Border areas, and nobody knows: closed where any is.
        (("ENG", "SCT"), "2026-01-02", True),
        (("ENG", "SCT", "WLS", "NIR"), "2026-03-17", True),
    ],
)
def test_holidays_differ_by_nation_and_are_closed_when_any_is(parts: tuple[str, ...], day: str, closed: bool) -> None:
    assert (holiday_on(date.fromisoformat(day), Region("GB", parts)) is not None) is closed


def test_american_holidays_are_the_nations_and_the_states() -> None:
    assert holiday_on(date(2026, 11, 26), Region("US")) == "Thanksgiving Day"
    patriots = date(2026, 4, 20)
    assert holiday_on(patriots, _region("US", "MA")) is not None
    assert holiday_on(patriots, _region("US", "WA")) is None
    assert holiday_on(patriots, _region("US")) is not None, "it may be Massachusetts"
    lincoln = date(2026, 2, 12)
    assert holiday_on(lincoln, _region("US", None, "10001")) == holiday_on(lincoln, _region("US", "NY", "12207"))


@pytest.mark.parametrize(
    ("region", "postcode", "zones"),
    [
        (None, "60601", ("America/Chicago",)),
        ("CA", None, ("America/Los_Angeles",)),
        (None, "10001", ("America/New_York",)),
        ("FL", None, ("America/New_York", "America/Chicago")),
        (None, "96813", ("Pacific/Honolulu",)),
    ],
)
def test_a_state_narrows_the_zones_of_an_american_address(
    region: str | None, postcode: str | None, zones: tuple[str, ...]
) -> None:
    assert zones_of_address("US", region, postcode) == zones


def test_without_a_state_every_zone_of_the_country_is_possible() -> None:
    assert {"America/New_York", "Pacific/Honolulu", "America/Adak"} <= set(zones_of_address("US"))
    assert zone_fits("US", "Pacific/Honolulu")
    assert not zone_fits("US", "Pacific/Honolulu", region="NY")


def test_every_zone_of_the_states_exists_and_every_zone_of_the_country_is_some_states() -> None:
    of_states = {zone for part in parts_of("US") for zone in zones_of_address("US", part)}
    assert of_states <= available_timezones()
    assert set(zones_of_address("US")) <= of_states


def test_a_british_mobile_is_in_the_zone_of_its_address() -> None:
    mobile = zones_of_number("+447911123456")
    assert len(mobile) > 1
    assert candidate_zones(zones_of_address("GB", None, "SW1A 1AA"), mobile) == ("Europe/London",)
