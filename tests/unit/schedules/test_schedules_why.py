"""What is told and kept of a verdict."""

from __future__ import annotations

import json

from ledger.contact import Channel
from schedules.permission import may_contact
from schedules.receipt import receipt_fields
from schedules.rules import Rules
from schedules.testing import a_hold, a_standing, an_agreement, local
from schedules.verdict import RULES
from schedules.why import why_document

KEYS = [
    "debtor",
    "at",
    "verdict",
    "channel",
    "number",
    "reason",
    "rule",
    "source",
    "confidence",
    "zone",
    "next_opening",
    "all",
]


def test_a_refusal_is_one_stable_document(rules: Rules) -> None:
    at = local("2026-11-28 20:30", "Europe/Amsterdam")
    standing = a_standing("NL")
    told = why_document(standing, may_contact(standing, Channel.VOICE, at, rules=rules), at)
    assert list(told) == KEYS
    assert json.loads(json.dumps(told)) == {
        "debtor": "4711",
        "at": "2026-11-28T20:30:00+01:00",
        "verdict": "refused",
        "channel": "voice",
        "number": "+31…78",
        "reason": "20:30 is outside our hours in the Netherlands on Saturday, 10:00-16:00",
        "rule": "default_hours",
        "source": "project default",
        "confidence": "D",
        "zone": "Europe/Amsterdam",
        "next_opening": "2026-11-30T09:00:00+01:00",
        "all": ["default_hours", "law_hours"],
    }


def test_an_allowance_has_the_same_keys(rules: Rules) -> None:
    at = local("2026-11-24 10:30")
    told = why_document(a_standing(), may_contact(a_standing(), Channel.VOICE, at, rules=rules), at)
    assert list(told) == KEYS
    assert told["verdict"] == "allowed"
    assert told["reason"] == "May be contacted until 18:54:35"
    assert (told["rule"], told["all"], told["next_opening"]) == (None, [], "2026-11-24T10:30:00+01:00")


def test_a_letter_may_go_at_any_hour(rules: Rules) -> None:
    at = local("2026-11-24 22:30")
    told = why_document(a_standing(), may_contact(a_standing(), Channel.POST, at, rules=rules), at)
    assert told["reason"] == "May be written to at any hour"


def test_where_a_review_is_too_old_the_source_is_the_file_that_says_so(rules: Rules) -> None:
    at = local("2029-01-01 10:30")
    told = why_document(a_standing(), may_contact(a_standing(), Channel.VOICE, at, rules=rules), at)
    assert (told["rule"], told["source"]) == ("no_law", "schedules/law/be.toml, reviewed_until")


def test_where_only_a_person_can_help_there_is_no_opening(rules: Rules) -> None:
    at = local("2026-11-24 10:30")
    held = a_standing(holds=(a_hold("deceased", via="list debtors.csv"),))
    told = why_document(held, may_contact(held, Channel.VOICE, at, rules=rules), at)
    assert (told["rule"], told["next_opening"], told["source"]) == ("deceased", None, "list debtors.csv")


def test_without_zone_or_number_the_document_still_stands(rules: Rules) -> None:
    at = local("2026-11-24 10:30")
    nowhere = a_standing(None, phones=())
    told = why_document(nowhere, may_contact(nowhere, Channel.VOICE, at, rules=rules), at)
    assert (told["rule"], told["zone"], told["number"]) == ("no_law", None, None)


def test_a_receipt_keeps_rule_value_source_zone_and_version(rules: Rules) -> None:
    at = local("2026-11-29 11:00")
    kept = receipt_fields(may_contact(a_standing(), Channel.VOICE, at, rules=rules), 1, Channel.VOICE, at, rules)
    assert kept == {
        "debtor_id": 1,
        "asked_at": at,
        "channel": "voice",
        "law_version": rules.version,
        "verdict": "refused",
        "rule": "sunday",
        "value": "closed",
        "source": "project default: rest days stay quiet",
        "zone": "Europe/Brussels",
    }


def test_a_receipt_of_a_call_back_names_what_was_asked(rules: Rules) -> None:
    at = local("2026-11-24 19:30")
    asked = an_agreement("callback", local("2026-11-23 10:00"), id=7, from_at=at, until_at=local("2026-11-24 20:00"))
    verdict = may_contact(a_standing(agreements=(asked,)), Channel.VOICE, at, rules=rules)
    kept = receipt_fields(verdict, 1, Channel.VOICE, at, rules)
    assert (kept["verdict"], kept["rule"], kept["source"]) == ("allowed", None, "agreement 7")


def test_a_receipt_fits_its_row_whatever_was_said(rules: Rules) -> None:
    at = local("2026-11-24 10:30")
    held = a_standing(holds=(a_hold("manual", via="x" * 500),))
    kept = receipt_fields(may_contact(held, Channel.VOICE, at, rules=rules), 1, Channel.VOICE, at, rules)
    assert len(kept["source"]) == 200
    assert all(len(rule) <= 24 for rule in RULES)
    assert len(kept["law_version"]) <= 32
