"""Whose time: from the address and the number together."""

from __future__ import annotations

import pytest

from ledger.zone import candidate_zones, tz, zone_fits, zones_of_address, zones_of_number


@pytest.mark.parametrize(
    ("address", "zones"),
    [
        (("BE",), ("Europe/Brussels",)),
        (("NL",), ("Europe/Amsterdam",)),
        (("DE",), ("Europe/Berlin",)),
        (("FR", None, "75001"), ("Europe/Paris",)),
        (("FR", None, "97100"), ("America/Guadeloupe",)),
        (("FR", None, "97410"), ("Indian/Reunion",)),
        (("FR", None, "98800"), ("Pacific/Noumea",)),
        (("YT",), ("Indian/Mayotte",)),
        (("FR", "RE"), ("Indian/Reunion",)),
        (("BE", None, None, "Europe/Lisbon"), ("Europe/Lisbon",)),
        (("BE", None, None, "Mars/Phobos"), ("Europe/Brussels",)),
        ((None,), ()),
        (("XX",), ()),
    ],
)
def test_an_address_names_its_zones(address: tuple[str | None, ...], zones: tuple[str, ...]) -> None:
    assert zones_of_address(*address) == zones


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        ("+32470123456", ("Europe/Brussels",)),
        ("+262692123456", ("Indian/Mayotte", "Indian/Reunion")),
        ("+12125551234", ("America/New_York",)),
        ("+34612345678", ("Atlantic/Canary", "Europe/Madrid")),
        ("+80012345678", ()),
        ("", ()),
    ],
)
def test_a_number_names_its_zones(e164: str, zones: tuple[str, ...]) -> None:
    assert zones_of_number(e164) == zones


@pytest.mark.parametrize(
    ("address", "number", "zones"),
    [
        # What both allow.
        (("Indian/Reunion",), ("Indian/Mayotte", "Indian/Reunion"), ("Indian/Reunion",)),
        # They share none: all of both must be open.
        (("Europe/Brussels",), ("America/New_York",), ("Europe/Brussels", "America/New_York")),
        (("Indian/Reunion",), ("Europe/Paris",), ("Indian/Reunion", "Europe/Paris")),
        # One of them says nothing.
        (("Europe/Brussels",), (), ("Europe/Brussels",)),
        ((), ("Europe/Madrid",), ("Europe/Madrid",)),
        ((), (), ()),
    ],
)
def test_zones_are_those_that_address_and_number_both_allow(
    address: tuple[str, ...], number: tuple[str, ...], zones: tuple[str, ...]
) -> None:
    assert candidate_zones(address, number) == zones


def test_a_french_address_without_post_code_is_settled_by_the_number() -> None:
    assert candidate_zones(zones_of_address("FR"), zones_of_number("+33612345678")) == ("Europe/Paris",)


def test_only_a_zone_that_the_country_does_not_have_contradicts_the_address() -> None:
    assert zone_fits("BE", "Europe/Brussels")
    assert not zone_fits("BE", "Europe/Amsterdam")
    assert not zone_fits("BE", "Mars/Phobos")
    assert zone_fits("FR", "Indian/Reunion", postcode="97410")
    assert not zone_fits("FR", "Europe/Paris", postcode="97410")


def test_a_zone_that_does_not_exist_is_none() -> None:
    assert tz("Mars/Phobos") is None
    assert tz("../etc/passwd") is None
    assert tz("") is None
