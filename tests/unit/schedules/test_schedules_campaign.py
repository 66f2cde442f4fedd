"""Campaigns: their names, their rules, their life."""

from __future__ import annotations

from typing import Any

import pytest

from schedules.campaign import CAMPAIGN_MOVES, CampaignRules, CampaignState, check_name, moved
from schedules.errors import BadCampaign


@pytest.mark.parametrize("name", ["winter-reminders", "a", "2026.11_x", "A" * 64])
def test_a_name_is_letters_digits_and_little_else(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "-x", "--help", ".x", "a b", "a/b", "a\nb", "a\n", "é", "😀", "A" * 65, "a;b", "../x"]
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(BadCampaign, match="winter-reminders"):
        check_name(name)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"lines": 0}, "lines"),
        ({"lines": 1001}, "lines"),
        ({"lines": True}, "lines"),
        ({"lines": 2.5}, "lines"),
        ({"calls_per_second": 0}, "calls_per_second"),
        ({"calls_per_second": -1.0}, "calls_per_second"),
        ({"calls_per_second": float("nan")}, "calls_per_second"),
        ({"ring_seconds": 14}, "ring_seconds"),
        ({"ring_seconds": 61}, "ring_seconds"),
        ({"creditor": " "}, "creditor"),
    ],
)
def test_a_rule_out_of_bounds_is_named(over: dict[str, Any], field: str) -> None:
    with pytest.raises(BadCampaign, match=field):
        CampaignRules(**over)


def test_rules_come_back_from_the_books_as_they_went_in() -> None:
    rules = CampaignRules(creditor="Stroomdal", lines=5, calls_per_second=0.5, ring_seconds=30)
    assert CampaignRules.read(rules.stored()) == rules
    with pytest.raises(BadCampaign, match="colour"):
        CampaignRules.read({"colour": "red"})


def test_a_finished_campaign_stays_finished() -> None:
    for move in CAMPAIGN_MOVES:
        with pytest.raises(BadCampaign, match="finished"):
            moved("winter", CampaignState.FINISHED, move)


def test_starting_and_pausing_twice_harms_nothing() -> None:
    assert moved("winter", CampaignState.RUNNING, "start") is CampaignState.RUNNING
    assert moved("winter", CampaignState.PAUSED, "pause") is CampaignState.PAUSED
    with pytest.raises(BadCampaign, match="draft"):
        moved("winter", CampaignState.DRAFT, "pause")
