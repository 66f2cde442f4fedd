"""What may be charged: the reference's test values, letters and their terms, and where nothing may be charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import Money
from ledger.region import Region
from schedules.cost_file import load_cost_rules, shipped_cost_rules
from schedules.costs import Claim, Contract, LawfulCosts, NoCosts, Why, costs_to_charge, lawful_costs, most_costs
from schedules.errors import BadRules
from schedules.letter_term import FirstLetter

RULES = shipped_cost_rules()
DUE, TODAY = date(2026, 9, 1), date(2026, 11, 24)
#: A Tuesday, long before today.
SENT = date(2026, 10, 6)


def claim(country: str = "BE", minor: int = 120_00, costs: int | None = 20_00, **over: Any) -> Claim:
    """A consumer's invoice, long due, with a letter whose term is over."""
    currency = over.pop("currency", "EUR")
    named = None if costs is None else Money(costs, currency)
    fields = {
        "region": Region(country), "party": "consumer", "role": "creditor", "principal": Money(minor, currency),
        "due_on": DUE, "letter": FirstLetter(sent_on=SENT, by="post", costs=named),
    }  # fmt: skip
    return Claim(**{**fields, **over})


def most(country: str, euros: float, **over: Any) -> int:
    found = most_costs(claim(country, round(euros * 100), **over), TODAY, rules=RULES)
    assert isinstance(found, LawfulCosts)
    return found.amount.minor


def why(one: LawfulCosts | NoCosts) -> Why:
    assert isinstance(one, NoCosts)
    assert one.reason
    return one.why


@pytest.mark.parametrize(
    ("euros", "costs"),
    [
        (100, 20),
        (150, 20),
        (150.01, 30),
        (300, 45),
        (500, 65),
        (500.01, 65),
        (1000, 90),
        (39_200, 2000),
        (50_000, 2000),
    ],
)
def test_belgium_has_three_tiers_and_a_ceiling(euros: float, costs: int) -> None:
    assert most("BE", euros) == costs * 100


@pytest.mark.parametrize(
    ("euros", "costs"),
    [(1, 40), (100, 40), (266.66, 40), (300, 45), (2500, 375), (3000, 425), (5000, 625), (10_000, 875),
     (200_000, 2775), (1_000_000, 6775), (2_000_000, 6775)],
)  # fmt: skip
def test_the_netherlands_have_a_scale_with_floor_and_ceiling(euros: float, costs: int) -> None:
    assert most("NL", euros) == costs * 100


def test_parts_of_a_cent_are_dropped_because_every_figure_is_a_maximum() -> None:
    assert most("BE", 150.09) == 30_00
    assert most("BE", 150.19) == 30_01
    assert most("NL", 300.06) == 45_00


@pytest.mark.parametrize("country", ["BE", "NL", "FR", "DE"])
def test_a_business_owes_forty_euro_and_the_directive_says_so(country: str) -> None:
    found = lawful_costs(claim(country, party="business", letter=None), TODAY, rules=RULES)
    assert isinstance(found, LawfulCosts)
    assert (found.amount, found.row.id, found.row.confidence) == (Money(40_00), "eu.late_payment", "S1")
    assert found.law == "eu.late_payment: Directive 2011/7/EU art. 6(1)"


@pytest.mark.parametrize(
    ("country", "party", "reason"),
    [
        ("FR", "consumer", Why.NOT_ALLOWED),
        ("DE", "consumer", Why.NO_FIGURE),
        ("GB", "consumer", Why.UNREAD),
        ("GB", "business", Why.UNREAD),
        ("US", "consumer", Why.NO_LAW),
        ("ES", "business", Why.NO_LAW),
    ],
)
def test_where_no_figure_is_known_nothing_may_be_charged(country: str, party: str, reason: Why) -> None:
    for role in ("creditor", "collector"):
        asked = claim(country, party=party, role=role)
        assert why(lawful_costs(asked, TODAY, rules=RULES)) is reason
        assert why(costs_to_charge(asked, TODAY, rules=RULES)) is reason


def test_another_currency_carries_no_costs() -> None:
    assert why(most_costs(claim("BE", currency="GBP"), TODAY, rules=RULES)) is Why.CURRENCY


# -- the letter and its term ----------------------------------------------------------------------------------------


def by(how: str, sent: date, costs: int | None = 20_00) -> FirstLetter:
    return FirstLetter(sent_on=sent, by=how, costs=None if costs is None else Money(costs))


@pytest.mark.parametrize(
    ("country", "how", "first"),
    [
        # Tuesday 3 November, post: 6 November is the third working day and day 1; day 14 is the 19th.
        ("BE", "post", date(2026, 11, 20)),
        ("BE", "email", date(2026, 11, 18)),
        # Three days' post: received on the 6th, day 1 is the 7th, day 14 the 20th.
        ("NL", "post", date(2026, 11, 21)),
        ("NL", "email", date(2026, 11, 18)),
    ],
)
def test_costs_wait_for_the_whole_term_of_the_letter(country: str, how: str, first: date) -> None:
    asked = claim(country, letter=by(how, date(2026, 11, 3)))
    assert why(lawful_costs(asked, first - timedelta(days=1), rules=RULES)) is Why.TERM_RUNS
    found = lawful_costs(asked, first, rules=RULES)
    assert isinstance(found, LawfulCosts)
    assert found.amount == Money(20_00)


def test_holidays_and_weekends_put_off_the_belgian_term() -> None:
    # Posted on Friday 30 October 2026; Sunday 1 November is All Saints' Day: Monday, Tuesday, Wednesday.
    asked = claim("BE", letter=by("post", date(2026, 10, 30)))
    assert why(lawful_costs(asked, date(2026, 11, 17), rules=RULES)) is Why.TERM_RUNS
    assert isinstance(lawful_costs(asked, date(2026, 11, 18), rules=RULES), LawfulCosts)
    # Posted on 23 December: the 24th, the 28th (Christmas is a holiday) and the 29th.
    late = replace(asked, letter=by("post", date(2026, 12, 23)))
    assert why(lawful_costs(late, date(2027, 1, 11), rules=RULES)) is Why.TERM_RUNS
    assert isinstance(lawful_costs(late, date(2027, 1, 12), rules=RULES), LawfulCosts)


@pytest.mark.parametrize("country", ["BE", "NL"])
def test_without_a_letter_or_without_costs_in_it_there_is_the_principal_alone(country: str) -> None:
    assert why(lawful_costs(claim(country, letter=None), TODAY, rules=RULES)) is Why.NO_LETTER
    assert why(lawful_costs(claim(country, costs=None), TODAY, rules=RULES)) is Why.NOT_NAMED
    assert why(lawful_costs(claim(country, costs=0), TODAY, rules=RULES)) is Why.NOT_NAMED


def test_a_letter_that_named_too_much_names_nothing() -> None:
    assert why(lawful_costs(claim("BE", costs=20_01), TODAY, rules=RULES)) is Why.NAMED_TOO_MUCH
    assert why(lawful_costs(claim("NL", costs=40_01), TODAY, rules=RULES)) is Why.NAMED_TOO_MUCH


def test_a_part_payment_after_the_letter_brings_the_ceiling_down() -> None:
    assert isinstance(lawful_costs(claim("BE", 300_00, costs=45_00), TODAY, rules=RULES), LawfulCosts)
    assert why(lawful_costs(claim("BE", 100_00, costs=45_00), TODAY, rules=RULES)) is Why.NAMED_TOO_MUCH


def test_who_named_less_than_the_law_allows_gets_what_was_named() -> None:
    found = lawful_costs(claim("BE", 1000_00, costs=15_00), TODAY, rules=RULES)
    assert isinstance(found, LawfulCosts)
    assert found.amount == Money(15_00)


def test_nothing_before_the_day_after_the_due_date() -> None:
    asked = claim("BE", party="business")
    assert why(lawful_costs(asked, DUE, rules=RULES)) is Why.NOT_DUE
    assert isinstance(lawful_costs(asked, DUE + timedelta(days=1), rules=RULES), LawfulCosts)


def test_we_charge_a_business_only_what_a_letter_named_although_the_law_wants_none() -> None:
    business = {"party": "business"}
    assert why(costs_to_charge(claim("BE", letter=None, **business), TODAY, rules=RULES)) is Why.NO_LETTER
    assert why(costs_to_charge(claim("BE", costs=41_00, **business), TODAY, rules=RULES)) is Why.NAMED_TOO_MUCH
    today = claim("BE", letter=by("post", TODAY, 40_00), **business)
    assert why(costs_to_charge(today, TODAY, rules=RULES)) is Why.TERM_RUNS
    found = costs_to_charge(claim("BE", costs=40_00, **business), TODAY, rules=RULES)
    assert isinstance(found, LawfulCosts)


def test_a_rule_holds_from_its_day_on() -> None:
    old = claim("BE", due_on=date(2023, 9, 1))
    assert why(most_costs(old, date(2023, 11, 30), rules=RULES)) is Why.NO_LAW


# -- the Netherlands: tax and instalments ---------------------------------------------------------------------------


def test_tax_comes_on_top_only_where_the_creditor_says_that_it_can_not_deduct_it() -> None:
    assert most("NL", 100) == 40_00
    assert most("NL", 100, vat_bp=2100) == 48_40
    assert most("BE", 100, vat_bp=2100) == 20_00


def contract(others: int = 0, each: int = 100_00, on_others: int = 0, lately: int = 0) -> Contract:
    return Contract(others=(Money(each),) * others, on_others=Money(on_others), lately=Money(lately))


def test_instalments_of_one_contract_are_one_claim() -> None:
    assert most("NL", 100, contract=contract(others=1)) == 40_00
    asked = claim("NL", 100_00, contract=contract(others=1, on_others=40_00, lately=40_00))
    assert why(most_costs(asked, TODAY, rules=RULES)) is Why.USED
    # Four of 100: 60 for all of them together; the first may carry 40, the next one what is left.
    assert most("NL", 100, contract=contract(others=3)) == 40_00
    assert most("NL", 100, contract=contract(others=3, on_others=40_00, lately=40_00)) == 20_00


def test_small_instalments_carry_at_most_140_in_six_months() -> None:
    assert most("NL", 100, contract=contract(lately=100_00)) == 40_00
    assert most("NL", 100, contract=contract(lately=120_00)) == 20_00
    assert why(most_costs(claim("NL", contract=contract(lately=140_00)), TODAY, rules=RULES)) is Why.USED
    # From 266.67 on an instalment is no small one.
    assert most("NL", 266.67, contract=contract(lately=140_00)) == 40_00


def test_belgium_knows_no_such_rule() -> None:
    assert most("BE", 100, contract=contract(others=3, on_others=60_00, lately=140_00)) == 20_00


# -- laws of the law ------------------------------------------------------------------------------------------------

COUNTRIES = st.sampled_from(["BE", "NL", "FR", "DE", "GB", "US"])
PARTIES = st.sampled_from(["consumer", "business"])
ROLES = st.sampled_from(["creditor", "collector"])


@given(COUNTRIES, PARTIES, ROLES, st.integers(1, 10**9), st.integers(0, 10**6), st.integers(0, 60))
def test_nothing_is_ever_charged_beyond_the_letter_and_the_law(
    country: str, party: str, role: str, minor: int, named: int, days: int
) -> None:
    asked = claim(country, minor, costs=named, party=party, role=role)
    on = SENT + timedelta(days=days)
    found, ceiling = costs_to_charge(asked, on, rules=RULES), most_costs(asked, on, rules=RULES)
    if isinstance(found, LawfulCosts):
        assert isinstance(ceiling, LawfulCosts)
        assert 0 < found.amount.minor == named <= ceiling.amount.minor
        assert isinstance(lawful_costs(asked, on, rules=RULES), LawfulCosts)
        assert on > SENT
        assert len(found.law) <= 120


@given(st.sampled_from(["BE", "NL"]), st.integers(1, 10**8), st.integers(0, 10**6))
def test_a_higher_principal_never_has_lower_costs(country: str, minor: int, more: int) -> None:
    assert most(country, minor / 100) <= most(country, (minor + more) / 100)


# -- data -----------------------------------------------------------------------------------------------------------


def shipped(tmp_path: Path) -> Path:
    for item in files("schedules").joinpath("law").joinpath("costs").iterdir():
        (tmp_path / item.name).write_bytes(item.read_bytes())
    return tmp_path


def test_a_row_changed_in_data_changes_what_may_be_charged(tmp_path: Path) -> None:
    folder = shipped(tmp_path)
    law = folder / "be.toml"
    law.write_text(law.read_text().replace("base_minor = 2000", "base_minor = 1500"))
    found = most_costs(claim("BE"), TODAY, rules=load_cost_rules(folder))
    assert isinstance(found, LawfulCosts)
    assert found.amount == Money(15_00)
    assert load_cost_rules(folder).version != RULES.version


def test_every_rule_names_its_source_and_when_it_was_read() -> None:
    assert len(RULES.rows) >= 7
    assert all(row.source and row.section and row.checked_on == date(2026, 11, 22) for row in RULES.rows)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('party = "consumer"', 'party = "anybody"', "party"),
        ("letter_days = 14\n", "", "letter_days"),
        ("post_working_days = 3\n", "", "letter_days"),
        ("most_minor = 200000", "most_minor = -1", "most_minor"),
        ("base_minor = 3000", "base_minor = 1000", "bands"),
        ("above_minor = 50000", "above_minor = 5000", "bands"),
        ("above_minor = 0", "above_minor = 10", "bands"),
        ('countries = ["BE"]', 'countries = ["Belgium"]', "countries"),
        ('roles = ["creditor", "collector"]', "roles = []", "roles"),
        ("checked_on = 2026-11-22", "", "checked_on"),
        ("valid_from = 2023-12-01", "valid_from = 2023-12-01\nvalid_to = 2020-01-01", "valid_to"),
        ("letter_days = 14", "letter_days = 14\nsecret = 1", "secret"),
        ("letter_days = 14", "letter_days = 14\nsmall_part_minor = 5", "small_part_minor"),
        ('id = "be.lump_sum"', 'id = "fr.none"', "id"),
        ('currency = "EUR"', 'currency = "euro"', "currency"),
    ],
)
def test_a_bad_rule_is_refused_with_its_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = shipped(tmp_path)
    law = folder / "be.toml"
    assert old in law.read_text()
    law.write_text(law.read_text().replace(old, new))
    with pytest.raises(BadRules, match=told):
        load_cost_rules(folder)
