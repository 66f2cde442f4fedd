"""A supervisor's document of rules: what may be saved, what is refused and why, and that no law is ever passed."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.interval import intersection, minus
from ledger.region import region_of
from schedules.band import Band
from schedules.errors import BadRules
from schedules.row import COUNTS, KINDS_OF_DAY, LESS_IS_STRICTER
from schedules.rules import Rules
from schedules.rules_check import check_document
from schedules.rules_document import read_document, rules_of
from schedules.rules_text import band_table, document_text

TODAY = date(2026, 11, 24)
#: A year with both eves and every holiday.
YEAR = [date(2026, 12, 1) + timedelta(days=n) for n in range(366)]


def live(rules: Rules) -> list[str]:
    """The countries in which somebody is called."""
    return [country for country, profile in rules.profiles.items() if profile.live]


def accepted(shipped: Rules, *rows: dict[str, Any], **over: Any) -> Rules:
    document = read_document({"row": list(rows), **over}, shipped.profiles)
    check_document(shipped, document, TODAY)
    return rules_of(shipped, document, 7)


def with_hours(shipped: Rules, key: str, **hours: Any) -> list[dict[str, Any]]:
    """The shipped bands as a document has them, one with other hours."""
    bands = [band_table(band) for band in shipped.bands.bands]
    next(band for band in bands if band["key"] == key)["hours"] = hours
    return bands


def day(rules: Rules, country: str, on: date) -> Any:
    region = region_of(country)
    assert region is not None
    return rules.day(region, on)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"name": "hours", "days": ["mon"], "value": ["12:00-10:00"]}, "row 1 (hours), value: .* before it starts"),
        ({"name": "hours", "days": ["mon"], "value": ["22:00-06:00"]}, "cross midnight"),
        ({"name": "hours", "days": ["mon"], "value": ["10:00-12:00", "11:00-13:00"]}, "overlap"),
        ({"name": "hours", "days": ["sat"], "value": ["10:00-20:30"]}, "row 1 .hours., sat: 20:00-20:30 may not"),
        ({"name": "hours", "days": ["sun"], "value": ["10:00-12:00"]}, "Sunday"),
        ({"name": "hours", "days": ["holiday"], "value": ["10:00-12:00"]}, "holidays"),
        ({"name": "hours", "country": "NL", "days": ["mon"], "value": ["06:00-12:00"]}, "Netherlands .*the law"),
        ({"name": "hours", "country": "XX", "days": ["mon"], "value": []}, "country"),
        ({"name": "hours", "value": ["10:00-12:00"]}, "days"),
        ({"name": "eve_hours", "value": ["00:00-17:00"]}, "may only be narrowed"),
        ({"name": "outer_hours", "days": ["mon"], "value": ["07:00-20:00"]}, "may only be narrowed"),
        ({"name": "attempts_1", "value": 2}, "value: at most 1 in Belgium"),
        ({"name": "attempts_1", "country": "DE", "value": 4}, "at most 3 in Germany: the law says 3"),
        ({"name": "attempts_30", "country": "FR", "value": 5}, "at most 4 in France"),
        ({"name": "rest_after_talk", "value": 3}, "at least 7"),
        ({"name": "letter_term_days", "country": "BE", "value": 10}, "at least 14 in Belgium: the law says 14"),
        ({"name": "stale_minutes", "value": 100_000}, "from 60 to 4320"),
        ({"name": "attempts_1", "value": 10**12}, "whole number"),
        ({"name": "attempts_1", "value": True}, "whole number"),
        ({"name": "attempts_1", "value": 1, "force": "law"}, "force"),
        ({"name": "colour", "value": 1}, "name"),
    ],
)  # fmt: skip
def test_what_passes_the_law_or_has_no_sense_is_refused_and_the_field_is_named(
    shipped: Rules, row: dict[str, Any], told: str
) -> None:
    with pytest.raises(BadRules, match=told.replace("1 (hours)", "1 .hours.")):
        accepted(shipped, row)


def test_a_bands_hours_outside_the_law_of_any_country_are_refused_not_cut(shipped: Rules) -> None:
    for hours in ({"weekdays": ["07:30-09:00"]}, {"sun": ["10:00-12:00"]}, {"sat": ["19:00-20:01"]}):
        with pytest.raises(BadRules, match="band senior, hours"):
            accepted(shipped, band=with_hours(shipped, "senior", **hours))


def test_a_bands_hours_outside_a_countrys_own_default_are_cut_with_a_warning(shipped: Rules) -> None:
    given_ = {"band": with_hours(shipped, "senior", weekdays=["10:00-15:00"])}
    warnings = check_document(shipped, read_document(given_, shipped.profiles), TODAY)
    assert warnings == (
        "band senior, hours, mon, tue, wed, thu, fri: in France our own hours leave 10:00-13:00, 14:00-15:00",
    )


def test_an_empty_document_says_that_all_would_be_as_shipped(shipped: Rules) -> None:
    (told,) = check_document(shipped, read_document({}, shipped.profiles), TODAY)
    assert "as shipped" in told


def test_shipped_bands_and_rows_may_be_saved_as_they_are_without_a_word(shipped: Rules) -> None:
    text = document_text(shipped, shipped, {})
    document = read_document(tomllib.loads(text), shipped.profiles)
    assert document.bands is not None
    assert (document.bands.bands, document.choices) == (shipped.bands.bands, ())
    assert check_document(shipped, document, TODAY) == ()
    plain = text.partition("# -- as shipped")[2].replace("\n# ", "\n")
    everything = read_document(tomllib.loads(plain.partition("\n")[2]), shipped.profiles)
    check_document(shipped, everything, TODAY)
    for country in live(shipped):
        for on in YEAR[:40]:
            assert day(rules_of(shipped, everything, 1), country, on).normal == day(shipped, country, on).normal


def test_what_was_chosen_comes_out_as_it_went_in(shipped: Rules) -> None:
    rows = [
        {"country": "FR", "name": "hours", "days": ["sat"], "value": ["10:00-12:00"]},
        {"name": "stale_minutes", "value": 600},
    ]
    document = {"source": 'a "board" of 3\\4', "row": rows, "band": with_hours(shipped, "adult", sat=["10:00-11:00"])}
    rules = rules_of(shipped, read_document(document, shipped.profiles), 3)
    again = tomllib.loads(document_text(rules, shipped, document))
    assert (again["row"], again["source"]) == (rows, document["source"])
    assert read_document(again, shipped.profiles).bands == read_document(document, shipped.profiles).bands


def test_a_choice_for_everywhere_cuts_a_countrys_own_default_and_one_for_a_country_replaces_it(shipped: Rules) -> None:
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    everywhere = {"name": "hours", "days": ["mon"], "value": ["09:00-16:00"]}
    rules = accepted(shipped, everywhere, {"name": "attempts_30", "value": 2})
    assert day(rules, "BE", monday).normal == ((540, 960),)
    assert day(rules, "FR", monday).normal == ((600, 780), (840, 960))
    assert day(rules, "FR", tuesday).normal == day(shipped, "FR", tuesday).normal
    assert min(cap.limit for cap in day(rules, "FR", monday).terms.caps if cap.days == 30) == 2
    moved = accepted(shipped, everywhere, {"country": "FR", "name": "hours", "days": ["sat"], "value": ["10:00-12:00"]})
    assert day(moved, "FR", date(2026, 11, 28)).normal == ((600, 720),)


def test_the_same_thing_said_twice_is_refused(shipped: Rules) -> None:
    row = {"name": "hours", "days": ["mon", "tue"], "value": []}
    with pytest.raises(BadRules, match="says for tue what another row"):
        accepted(shipped, row, {**row, "days": ["tue"]})


def test_a_version_names_both_and_fits_into_a_receipt(shipped: Rules) -> None:
    rules = rules_of(shipped, read_document({}, shipped.profiles), 12_345_678)
    assert rules.version == f"{shipped.version}+12345678"
    assert len(rules.version) <= 32


def test_a_law_that_became_stricter_still_cuts_what_was_saved_before(shipped: Rules) -> None:
    document = read_document({"row": [{"name": "hours", "days": ["sun"], "value": ["10:00-12:00"]}]}, shipped.profiles)
    for country in live(shipped):
        assert day(rules_of(shipped, document, 1), country, date(2026, 11, 29)).normal == ()


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


QUARTERS = st.integers(0, 96).map(lambda n: n * 15)
PAIRS = st.tuples(QUARTERS, QUARTERS).map(lambda pair: f"{clock(min(pair))}-{clock(max(pair))}")
HOURS = st.lists(PAIRS, max_size=2)
ROWS = st.one_of(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["hours", "outer_hours"]),
            "days": st.lists(st.sampled_from(KINDS_OF_DAY), min_size=1, max_size=3, unique=True),
            "value": HOURS,
        },
        optional={"country": st.sampled_from(["BE", "DE", "FR", "NL"])},
    ),
    st.fixed_dictionaries({"name": st.just("eve_hours"), "value": HOURS}),
    st.fixed_dictionaries(
        {"name": st.sampled_from(sorted(COUNTS)), "value": st.integers(0, 40)},
        optional={"country": st.sampled_from(["BE", "DE", "FR", "NL"])},
    ),
)
WEEKS = st.dictionaries(st.sampled_from(KINDS_OF_DAY[:7]), HOURS, min_size=1, max_size=4)


@given(row=ROWS, week=WEEKS, on=st.sampled_from(YEAR))
def test_no_document_that_is_accepted_allows_a_minute_outside_the_law_of_any_country(
    shipped: Rules, row: dict[str, Any], week: dict[str, list[str]], on: date
) -> None:
    try:
        rules = accepted(shipped, row, band=with_hours(shipped, "adult", **week))
    except BadRules:
        return
    for country in live(shipped):
        region = region_of(country)
        assert region is not None
        found, was = rules.day(region, on), shipped.day(region, on)
        lawful = was.limit if was.law is None else was.law
        assert minus(found.normal, lawful) == (), country
        assert minus(found.limit, was.limit) == (), country
        assert found.eve is None or minus(found.eve, was.eve or ()) == ()
        for band in rules.bands.bands:
            assert _inside(rules, band, region, on, lawful)
        for cap in was.terms.caps:
            if not cap.ours:
                assert min(one.limit for one in found.terms.caps if one.days == cap.days) <= cap.limit
        for profile_row in shipped.profile(country).rows:
            if not profile_row.is_default and profile_row.count is not None and "attempts" not in profile_row.name:
                value = getattr(found.terms, profile_row.name).value
                stricter = (
                    value <= profile_row.count if profile_row.name in LESS_IS_STRICTER else value >= profile_row.count
                )
                assert stricter, profile_row.name


def _inside(rules: Rules, band: Band, region: Any, on: date, lawful: Any) -> bool:
    found = rules.day(region, on)
    hours = [rules.banded(region, found, band, turn, evening=True).normal for turn in range(len(band.turns))]
    return all(intersection(one, lawful) == one for one in hours)
