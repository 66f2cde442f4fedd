"""The time zones: one source for all, here, readable and young enough, or a refusal in one line."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from datetime import date, timedelta
from pathlib import Path

import pytest

import ledger.zone
from ledger.clock import real_now
from ledger.errors import ZonesUnusable
from ledger.zone_data import check_zones

#: As they stand in a release that was made in the half-year after 6 July 2026.
LISTED = (
    "# leap seconds\n#updated 1783323897 (2026-07-06 07:44:57 UTC)\n#expires 1814140800 (2027-06-28 00:00:00 UTC)\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "leapseconds").write_text(LISTED)
    (tmp_path / "tzdata.zi").write_text("# version 2026f\nR d 1916 o - Jun 14 23s 1 S\n")
    return tmp_path


@pytest.mark.parametrize("today", [date(2026, 7, 6), date(2026, 12, 31), date(2027, 7, 6), date(2028, 1, 5)])
def test_zones_of_the_last_year_are_good(folder: Path, today: date) -> None:
    assert check_zones(today, folder) == "2026f"


def test_zones_that_are_surely_older_than_a_year_are_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(ZonesUnusable) as told:
        check_zones(date(2028, 1, 6), folder)
    assert str(told.value) == (
        "The time zones (tzdata 2026f) are older than a year, brought up to date in July 2026:"
        " install a newer tzdata before anybody is called"
    )


@pytest.mark.parametrize("name", ["leapseconds", "tzdata.zi"])
def test_zones_that_are_not_all_there_are_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ZonesUnusable, match="can't be read"):
        check_zones(date(2026, 12, 1), folder)


@pytest.mark.parametrize(("name", "text"), [("leapseconds", "# nothing\n"), ("tzdata.zi", "# no version\n")])
def test_zones_that_do_not_tell_their_age_are_refused(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(ZonesUnusable, match="don't say"):
        check_zones(date(2026, 12, 1), folder)


def test_without_the_package_it_says_what_to_install() -> None:
    """In a Python in which the package can't be found."""
    script = (
        "import sys; sys.modules['tzdata'] = None\n"
        "from datetime import date\n"
        "from ledger.errors import ZonesUnusable\n"
        "from ledger.zone_data import check_zones\n"
        "try:\n    check_zones(date(2026, 12, 1))\n"
        "except ZonesUnusable as error:\n    print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "The time zones are missing: install the package tzdata\n"


def test_the_zones_that_we_ship_are_good_today_and_will_not_be_for_ever() -> None:
    today = real_now().date()
    assert check_zones(today)
    with pytest.raises(ZonesUnusable):
        check_zones(today + timedelta(days=2 * 365))


def test_no_zone_is_read_from_the_system() -> None:
    assert ledger.zone.tz("Europe/Brussels") is not None
    assert zoneinfo.TZPATH == ()
