"""Law is data: what a file may say, and what the law layer makes of it."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from ledger.interval import around
from ledger.region import Region
from schedules.cap import legal_cap
from schedules.errors import BadRules, UnknownLaw
from schedules.law_file import law_version, load_rules
from schedules.rules import Rules, Standstill
from schedules.window import legal_window

BE, NL, FR, DE = (Region(country) for country in ("BE", "NL", "FR", "DE"))
SATURDAY = date(2026, 11, 28)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


@pytest.mark.parametrize(
    ("clock", "open_"), [("06:59", False), ("07:00", True), ("19:59", True), ("20:00", False), ("00:00", False)]
)
def test_dutch_law_allows_saturday_from_seven_to_eight(rules: Rules, clock: str, open_: bool) -> None:
    window = legal_window(rules, NL, SATURDAY)
    assert window is not None
    assert (around(window, _minute(clock)) is not None) is open_


@pytest.mark.parametrize("day", ["2024-05-10", "2026-11-29", "2026-04-03", "2026-05-05", "2026-01-02"])
def test_dutch_law_closes_sundays_holidays_and_equated_days(rules: Rules, day: str) -> None:
    assert legal_window(rules, NL, date.fromisoformat(day)) == ()


def test_where_no_figure_was_found_there_is_none_and_never_all_day(rules: Rules) -> None:
    for region in (BE, FR):
        assert legal_window(rules, region, SATURDAY) is None
        # A wish or a call-back still stays inside our outer hours.
        assert rules.day(region, SATURDAY).limit == ((480, 1200),)
    assert legal_window(rules, DE, date(2026, 11, 29)) is None
    assert rules.day(DE, date(2026, 11, 29)).limit == ()


def test_german_policy_is_eight_to_eight_and_three_tries_a_day(rules: Rules) -> None:
    assert legal_window(rules, DE, SATURDAY) == ((480, 1200),)
    assert legal_cap(rules, DE, SATURDAY, 1) == 3
    assert legal_cap(rules, DE, SATURDAY, 7) is None
    assert legal_cap(rules, BE, SATURDAY, 1) is None


@pytest.mark.parametrize(
    ("region", "weekday", "saturday", "thirty"),
    [
        (BE, ((540, 1140),), ((600, 960),), 6),
        (NL, ((540, 1140),), ((600, 960),), 6),
        (DE, ((540, 1140),), ((600, 960),), 6),
        (FR, ((600, 780), (840, 1140)), (), 4),
    ],
)
def test_our_defaults_are_stricter_than_every_limit(
    rules: Rules, region: Region, weekday: object, saturday: object, thirty: int
) -> None:
    assert rules.day(region, date(2026, 11, 24)).normal == weekday
    assert rules.day(region, SATURDAY).normal == saturday
    assert rules.day(region, date(2026, 11, 29)).normal == ()
    assert rules.day(region, date(2026, 12, 25)).normal == ()
    caps = {cap.days: cap.limit for cap in reversed(rules.terms(region, SATURDAY).caps)}
    assert caps == {1: 1, 7: 3, 30: thirty}


def test_the_eves_close_at_four(rules: Rules) -> None:
    for day in (date(2026, 12, 24), date(2026, 12, 31)):
        assert rules.day(BE, day).normal == ((540, 960),)
        assert rules.day(FR, day).normal == ((600, 780), (840, 960))


def test_every_row_names_its_source_and_when_it_was_read(rules: Rules) -> None:
    rows = [row for profile in rules.profiles.values() for row in profile.rows] + list(rules.defaults)
    assert len(rows) > 30
    assert all(row.source and row.confidence and row.checked_on == date(2026, 11, 22) for row in rows)


def test_a_country_without_a_profile_is_refused(rules: Rules) -> None:
    with pytest.raises(UnknownLaw, match="ES"):
        rules.profile("ES")
    with pytest.raises(UnknownLaw, match="IE"):
        rules.day(Region("IE"), SATURDAY)


def test_a_review_holds_a_year_longer_and_then_stops(rules: Rules) -> None:
    assert rules.overdue(date(2027, 12, 31)) == ()
    assert "Belgium" in rules.overdue(date(2028, 1, 1))[0]
    (told,) = rules.overdue(date(2028, 1, 1), "NL")
    assert "the Netherlands" in told
    assert rules.standstill("BE", date(2028, 12, 31)) is None
    assert rules.standstill("BE", date(2029, 1, 1)) is Standstill.TOO_OLD
    assert rules.standstill("ES", SATURDAY) is Standstill.NO_PROFILE
    assert rules.standstill("BE", date(2023, 12, 31)) is Standstill.NO_CALENDAR


def test_the_version_changes_with_every_letter_of_the_law(tmp_path: Path) -> None:
    _copy(tmp_path)
    assert load_rules(tmp_path).version == law_version()
    assert len(law_version()) <= 32
    law = tmp_path / "be.toml"
    law.write_text(law.read_text() + "# read again\n")
    assert load_rules(tmp_path).version != law_version()


def test_a_row_changed_in_data_changes_what_is_allowed(tmp_path: Path) -> None:
    _copy(tmp_path)
    law = tmp_path / "be.toml"
    law.write_text(
        law.read_text()
        + """
[[row]]
name = "hours"
days = ["mon", "tue", "wed", "thu", "fri"]
value = ["10:00-12:00"]
force = "law"
source = "a new law"
confidence = "S1"
checked_on = 2026-11-22
valid_from = 2026-12-01
"""
    )
    changed = load_rules(tmp_path)
    assert changed.day(BE, date(2026, 11, 30)).normal == ((540, 1140),)
    assert changed.day(BE, date(2026, 12, 1)).normal == ((600, 720),)


_ROW = """
[[row]]
name = "hours"
days = ["mon"]
value = ["09:00-12:00"]
force = "law"
source = "somewhere"
confidence = "S1"
checked_on = 2026-11-22
"""


_US = "country = 'US'\nname = 'the United States'\nreviewed_until = 2027-12-31\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"09:00-12:00"', '"12:00-09:00"', "ends before it starts"),
        ('"09:00-12:00"', '"22:00-02:00"', "ends before it starts"),
        ('"09:00-12:00"', '"09:00-25:00"', "an hour that no day has"),
        ('"09:00-12:00"', '"09:00-09:00"', "ends when it starts"),
        ('"09:00-12:00"', '"9-12"', "no pair of hours"),
        ('"09:00-12:00"', '"٠٩:00-12:00"', "no pair of hours"),
        ('"09:00-12:00"', '"09:00-12:00", "11:00-13:00"', "overlap"),
        ('["09:00-12:00"]', "3", "list of hours"),
        ('["mon"]', '["monday"]', "days"),
        ('["mon"]', '["mon", "mon"]', "days"),
        ('days = ["mon"]\n', "", "days"),
        ('"law"', '"habit"', "force"),
        ('"S1"', '"sure"', "confidence"),
        ('"somewhere"', '" "', "source"),
        ("checked_on = 2026-11-22", 'checked_on = "today"', "checked_on"),
        ("checked_on = 2026-11-22", "", "checked_on"),
        ('"hours"', '"mood"', "mood"),
        ("checked_on", "valid_from = 2027-01-01\nvalid_to = 2026-01-01\nchecked_on", "valid_to"),
        ("checked_on", "colour = 1\nchecked_on", "colour"),
        ("force", 'regions = ["MA"]\nforce', "no part of BE"),
        ("force", 'regions = "MA"\nforce', "regions"),
        ("force", "regions = []\nforce", "regions"),
        ("force", "regions = [1]\nforce", "regions"),
    ],
)
def test_a_broken_row_is_named_and_nothing_is_taken(tmp_path: Path, old: str, new: str, message: str) -> None:
    _copy(tmp_path)
    law = tmp_path / "be.toml"
    law.write_text(law.read_text() + _ROW.replace(old, new, 1))
    with pytest.raises(BadRules, match=message) as told:
        load_rules(tmp_path)
    assert "be.toml, row 6" in str(told.value)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("be.toml", "country = 'BE'", r"no \[\[row\]\]"),
        ("be.toml", "not toml", "readable TOML"),
        ("be.toml", "country = 'Belgium'\nname = 'Belgium'\nreviewed_until = 2027-12-31\n" + _ROW, "country"),
        ("be.toml", "country = 'BE'\nreviewed_until = 2027-12-31\n" + _ROW, "name"),
        ("be.toml", "country = 'BE'\nname = 'Belgium'\n" + _ROW, "reviewed_until"),
        ("be.toml", "country = 'BE'\nname = 'Belgium'\nreviewed_until = 2027-12-31\n" + _ROW, "nothing is said of tue"),
        ("us.toml", _US + "live = 1\n" + _ROW, "live"),
        ("us.toml", _US + _ROW.replace("force", 'regions = ["MA", "MA"]\nforce'), "each once"),
        ("us.toml", _US + _ROW.replace("force", 'regions = ["XX"]\nforce'), "XX is no part of US"),
        ("us.toml", _US + _ROW.replace('force = "law"', 'regions = ["MA"]\nforce = "default"'), "whole country"),
        # What holds in one state says nothing of the others.
        ("us.toml", _US + _ROW.replace("force", 'regions = ["MA"]\nforce'), "nothing is said of mon"),
        ("default.toml", _ROW.replace('force = "law"', 'regions = ["MA"]\nforce = "default"'), "regions"),
        ("default.toml", _ROW, "default"),
        ("default.toml", _ROW.replace('"law"', '"default"'), "no hours for"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, file: str, text: str, message: str) -> None:
    _copy(tmp_path)
    (tmp_path / file).write_text(text)
    with pytest.raises(BadRules, match=message):
        load_rules(tmp_path)


def test_without_our_defaults_nothing_can_be_called(tmp_path: Path) -> None:
    _copy(tmp_path)
    (tmp_path / "default.toml").unlink()
    with pytest.raises(BadRules, match=r"default\.toml"):
        load_rules(tmp_path)


def _copy(folder: Path) -> None:
    for item in files("schedules").joinpath("law").iterdir():
        if item.name.endswith(".toml"):
            (folder / item.name).write_bytes(item.read_bytes())
