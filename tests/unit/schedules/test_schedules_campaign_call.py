"""How a campaign calls: script, carrier, who talks, and the number that is shown."""

from __future__ import annotations

from typing import Any

import pytest

from schedules.campaign import CampaignRules
from schedules.campaign_call import check_ours, who_talks
from schedules.errors import BadCampaign

OURS = "+3225550100"


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"script": "harsh"}, "script: there is no 'harsh'; write by_stage or friendly"),
        ({"carrier": "twilio"}, "carrier: 'twilio' can't place calls here; write asterisk"),
        ({"served_by": "robots"}, "served_by: 'robots' is nobody who can talk; write ivr or agents"),
        ({"caller_id": "112"}, "caller_id: 112 is an emergency number"),
        ({"caller_id": "1307"}, "caller_id: 1307 is a short code"),
        ({"caller_id": "+3290012345"}, "caller_id: .* premium"),
        ({"caller_id": "+881612345678"}, "caller_id: .* satellite"),
        ({"caller_id": "03 255 01 00"}, "caller_id: .* write it with"),
        ({"caller_id": "+32 2 555 01 00"}, "caller_id: .* write it with"),
        ({"caller_id": f"{OURS}&PJSIP/1"}, "caller_id: .* write it with"),
        ({"caller_id": 3225550100}, "caller_id: .* write it with"),
        ({"script": "friendly", "hand_over_to": "Iustitia"}, "script: friendly reads no last reminder"),
    ],
)
def test_what_can_not_be_used_is_refused_by_its_name(over: dict[str, Any], told: str) -> None:
    with pytest.raises(BadCampaign, match=told):
        CampaignRules(**over)


def test_rules_of_calls_come_back_from_the_books_as_they_went_in() -> None:
    rules = CampaignRules(script="friendly", served_by="agents", caller_id=OURS)
    assert CampaignRules.read(rules.stored()) == rules


@pytest.mark.parametrize(
    ("served_by", "person_first", "talks"),
    [
        ("ivr", False, "machine"),
        ("ivr", True, "agent first"),
        ("agents", False, "agent"),
        ("agents", True, "agent"),
    ],
)
def test_who_talks_is_said_by_the_campaign_and_else_by_the_persons_band(
    served_by: str, person_first: bool, talks: str
) -> None:
    assert who_talks(served_by, person_first) == talks


def test_a_version_from_before_there_was_a_choice_calls_as_it_did() -> None:
    rules = CampaignRules.read({"lines": 5})
    assert (rules.script, rules.served_by, rules.carrier, rules.caller_id) == ("by_stage", "ivr", "asterisk", None)


@pytest.mark.parametrize(("script", "stages"), [("by_stage", [1, 2, 3]), ("friendly", [1, 2, 2])])
def test_a_friendly_script_is_never_firm(script: str, stages: list[int]) -> None:
    assert [CampaignRules(script=script).told_stage(stage) for stage in (1, 2, 3)] == stages


def test_only_a_number_of_ours_is_shown() -> None:
    check_ours(None, ())
    check_ours(OURS, ("", OURS))
    with pytest.raises(BadCampaign, match=rf"caller_id: \+3225550199 is no number of ours.*ours: \{OURS}"):
        check_ours("+3225550199", (OURS, None))
    with pytest.raises(BadCampaign, match="caller_id"):
        check_ours(OURS, ("", None))
