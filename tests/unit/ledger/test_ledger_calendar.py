"""Public holidays of four countries, and the working days between them."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.calendar import bank_closed_days, holiday_on, is_working_day, knows, nth_working_day_after
from ledger.errors import UnknownCalendar
from ledger.region import Region, region_of

BE, NL, FR = Region("BE"), Region("NL"), Region("FR")
BERLIN, BAVARIA = Region("DE", ("BE",)), Region("DE", ("BY",))


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        (BE, "2026-07-21", "National Day"),
        (BE, "2026-11-11", "Armistice Day"),
        (BE, "2026-12-25", "Christmas Day"),
        (NL, "2026-04-03", "Good Friday"),
        (NL, "2026-04-27", "King's Day"),
        (NL, "2026-05-05", "Liberation Day"),
        (NL, "2027-05-05", "Liberation Day"),
        (NL, "2026-12-26", "Second Day of Christmas"),
        (NL, "2024-05-10", "equated with a public holiday"),
        (NL, "2024-12-27", "equated with a public holiday"),
        (NL, "2026-01-02", "equated with a public holiday"),
        (NL, "2026-05-15", "equated with a public holiday"),
        (NL, "2028-05-26", "equated with a public holiday"),
        (FR, "2026-05-08", "Victory Day"),
        (FR, "2026-07-14", "National Day"),
        (Region("FR", ("57",)), "2026-04-03", "Good Friday"),
        (Region("FR", ("57",)), "2026-12-26", "Saint Stephen's Day"),
        (Region("FR", ("974",)), "2026-12-20", "Abolition of Slavery"),
        (BERLIN, "2026-03-08", "Women's Day"),
        (BERLIN, "2026-10-03", "German Unity Day"),
        (BAVARIA, "2026-01-06", "Epiphany"),
        (BAVARIA, "2026-08-15", "Assumption Day"),
        (Region("DE", ("SN",)), "2026-06-04", "Corpus Christi"),
        (Region("DE", ("SN",)), "2026-11-18", "Repentance and Prayer Day"),
    ],
)
def test_nobody_works_on_a_public_holiday(region: Region, day: str, name: str) -> None:
    assert holiday_on(date.fromisoformat(day), region) == name


@pytest.mark.parametrize(
    ("region", "day"),
    [
        # Community days, Good Friday and the day after Christmas are working days in Belgium.
        (BE, "2026-07-11"),
        (BE, "2025-11-15"),
        (BE, "2026-04-03"),
        (BE, "2026-12-26"),
        (NL, "2025-01-02"),
        (FR, "2026-04-03"),
        (BERLIN, "2026-01-06"),
        (BERLIN, "2026-10-31"),
        (BAVARIA, "2026-10-31"),
    ],
)
def test_what_is_a_holiday_elsewhere_is_none_here(region: Region, day: str) -> None:
    assert holiday_on(date.fromisoformat(day), region) is None


def test_a_land_that_is_not_known_is_closed_when_any_is() -> None:
    unknown = region_of("DE")
    assert unknown is not None
    for day in ("2026-01-06", "2026-03-08", "2026-08-08", "2026-10-31", "2026-11-18"):
        assert holiday_on(date.fromisoformat(day), unknown) is not None


@pytest.mark.parametrize("postcode", ["00123", "05001", "1234", "Dresden"])
def test_a_german_post_code_that_says_nothing_is_any_land(postcode: str) -> None:
    assert region_of("DE", postcode=postcode) == region_of("DE")


def test_a_german_post_code_opens_the_days_that_are_holidays_elsewhere_only() -> None:
    dresden, hamburg = region_of("DE", postcode="01067"), region_of("DE", postcode="20095")
    assert dresden is not None
    assert hamburg is not None
    assert holiday_on(date(2026, 8, 15), dresden) is None
    assert holiday_on(date(2026, 11, 18), dresden) == "Repentance and Prayer Day"
    assert holiday_on(date(2026, 11, 18), hamburg) is None
    assert holiday_on(date(2026, 10, 31), hamburg) == "Reformation Day"


@pytest.mark.parametrize(
    ("country", "region", "postcode", "expected"),
    [
        ("DE", "DE-BY", "80331", ("BY",)),
        ("DE", "BY", "86150", ("BY", "Augsburg")),
        ("DE", "be", None, ("BE",)),
        # The column settles it; else the first two digits name every Land that they reach into.
        ("DE", "NW", "10115", ("NW",)),
        ("DE", None, "10115", ("BE",)),
        ("DE", None, "80331", ("BY",)),
        ("DE", None, "86150", ("BY", "Augsburg")),
        ("DE", None, "89312", ("BW", "BY")),
        ("DE", None, "37308", ("HE", "NI", "NW", "TH")),
        ("FR", None, "67000", ("57",)),
        ("FR", None, "75001", ("",)),
        ("FR", None, "97400", ("974",)),
        ("FR", "RE", None, ("974",)),
        ("FR", "57", "75001", ("57",)),
        ("FR", "GES", None, ("", "57")),
        ("RE", None, None, ("974",)),
        ("BE", "VLG", "2000", ("",)),
    ],
)
def test_the_region_column_goes_before_the_post_code(
    country: str, region: str | None, postcode: str | None, expected: tuple[str, ...]
) -> None:
    found = region_of(country, region, postcode)
    assert found is not None
    assert found.parts == expected


def test_overseas_france_stands_under_french_law() -> None:
    assert region_of("RE") == Region("FR", ("974",))
    assert region_of(None) is None


def test_a_year_without_a_table_is_not_known() -> None:
    assert knows("BE", 2035)
    assert not knows("BE", 2036)
    assert not knows("BE", 2023)
    assert knows("NL", 2028)
    assert not knows("NL", 2029), "the decree of equated days is not loaded"
    assert not knows("ES", 2026)


def test_a_country_without_a_table_is_refused() -> None:
    with pytest.raises(UnknownCalendar, match="ES"):
        holiday_on(date(2026, 1, 1), Region("ES"))


def test_working_days_are_monday_to_friday_without_holidays() -> None:
    # Christmas 2026 is a Friday: the third working day after the 23rd is Tuesday the 29th.
    assert not is_working_day(date(2026, 12, 25), BE)
    assert not is_working_day(date(2026, 11, 28), BE)
    assert nth_working_day_after(date(2026, 12, 23), 1, BE) == date(2026, 12, 24)
    assert nth_working_day_after(date(2026, 12, 23), 3, BE) == date(2026, 12, 29)
    with pytest.raises(ValueError, match="from 1"):
        nth_working_day_after(date(2026, 12, 23), 0, BE)


def test_banks_are_closed_on_weekends_and_holidays() -> None:
    closed = bank_closed_days(date(2026, 12, 24), date(2026, 12, 28), BE)
    assert closed == (date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 27))
