"""Where somebody lives, and the language spoken there."""

from __future__ import annotations

import pytest

from ledger.intake.finding import BadCell
from ledger.intake.place import (
    check_place,
    language_of,
    read_country,
    read_postcode,
    read_region,
    read_zone,
    stated_by_postcode,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BE", "BE"),
        ("be", "BE"),
        ("België", "BE"),
        ("Belgique", "BE"),
        ("Belgien", "BE"),
        ("Netherlands", "NL"),
        ("Nederland", "NL"),
        ("Allemagne", "DE"),
        ("UK", "GB"),
        ("États-Unis", "US"),
        ("La Réunion", "RE"),
    ],
)
def test_a_country_is_known_by_code_and_by_name(text: str, code: str) -> None:
    assert read_country(text) == code


@pytest.mark.parametrize("text", ["XX", "Belgie-Nederland", "EU", "B", "1", "Mars"])
def test_what_is_no_country_is_refused(text: str) -> None:
    with pytest.raises(BadCell, match="no country"):
        read_country(text)


def test_a_postcode_may_state_its_country() -> None:
    assert stated_by_postcode("B-9000") == "BE"
    assert stated_by_postcode("D 10115") == "DE"
    assert stated_by_postcode("1012 AB") == "NL"
    assert stated_by_postcode("9000") is None


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [("9000", "BE", "9000"), ("B-9000", "BE", "9000"), ("1012ab", "NL", "1012 AB"), ("SW1A 1AA", "GB", "SW1A 1AA")],
)
def test_a_postcode_is_kept_as_its_country_writes_it(text: str, country: str, code: str) -> None:
    assert read_postcode(text, country) == code


@pytest.mark.parametrize(
    ("text", "country", "fix"),
    [
        ("1067", "DE", "write 01067"),
        ("1000", "FR", "write 01000"),
        ("90000", "BE", "four digits"),
        ("1012", "NL", "two letters"),
        ("<b>", "GB", "letters and digits"),
    ],
)
def test_a_wrong_postcode_is_refused_with_its_fix(text: str, country: str, fix: str) -> None:
    with pytest.raises(BadCell) as refused:
        read_postcode(text, country)
    assert fix in refused.value.fix


@pytest.mark.parametrize("zone", ["EST", "GMT+5", "Etc/GMT+5", "Mars/Phobos", "../../etc/passwd", "UTC", "europe"])
def test_a_zone_that_is_no_place_is_refused(zone: str) -> None:
    with pytest.raises(BadCell, match="no time zone"):
        read_zone(zone, None, None, None)


def test_a_zone_that_contradicts_the_country_is_refused() -> None:
    assert read_zone("Europe/Brussels", "BE", None, "9000") == "Europe/Brussels"
    assert read_zone("Indian/Reunion", "RE", None, None) == "Indian/Reunion"
    with pytest.raises(BadCell, match="no zone of this address in BE"):
        read_zone("America/New_York", "BE", None, "9000")


def test_a_land_that_does_not_exist_is_refused() -> None:
    assert read_region("DE-BY", "DE") == "BY"
    with pytest.raises(BadCell, match="no German Land"):
        read_region("XY", "DE")


@pytest.mark.parametrize(
    ("country", "postcode", "language"),
    [
        ("NL", None, "nl"),
        ("FR", None, "fr"),
        ("RE", None, "fr"),
        ("DE", "10115", "de"),
        ("GB", None, "en"),
        ("BE", "9000", "nl"),
        ("BE", "3500", "nl"),
        ("BE", "1300", "fr"),
        ("BE", "5000", "fr"),
        ("BE", "4700", "de"),
        ("BE", "4000", "fr"),
        ("BE", "1000", None),
        ("BE", None, None),
        ("LU", None, None),
        (None, None, None),
    ],
)
def test_a_language_follows_only_where_the_address_speaks_one(
    country: str | None, postcode: str | None, language: str | None
) -> None:
    assert language_of(country, postcode) == language


def test_the_country_comes_from_the_postcode_before_the_number() -> None:
    place, findings = check_place(("", "1012 AB", "", "", ""), "BE")
    assert not findings.errors
    assert place is not None
    assert (place.country, place.language, place.language_given) == ("NL", "nl", False)
