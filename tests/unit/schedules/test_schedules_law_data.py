"""A row that is changed in a law file changes the verdict: no figure of a law stands in code."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from ledger.contact import Channel
from schedules.law_file import load_rules
from schedules.permission import may_contact
from schedules.rules import Rules
from schedules.standing import Standing
from schedules.testing import ZONES, a_contact, a_standing, a_talk, an_agreement, an_invoice, local, with_open_bands
from schedules.verdict import Refused

NOON = "2026-11-24 12:00"
#: What stands in the head of every `[[row]]` here: a law that somebody passed tomorrow.
_HEAD = 'source = "a new law"\nconfidence = "S1"\nchecked_on = 2026-11-22\n'


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be changed."""
    for item in files("schedules").joinpath("law").iterdir():
        if item.name.endswith(".toml"):
            (tmp_path / item.name).write_bytes(item.read_bytes())
    return tmp_path


def _rules(law: Path) -> Rules:
    return with_open_bands(load_rules(law))


def _add(law: Path, file: str, row: str) -> Rules:
    path = law / file
    path.write_text(path.read_text() + "\n[[row]]\n" + row + "\n" + _HEAD)
    return _rules(law)


def _change(law: Path, file: str, old: str, new: str) -> Rules:
    path = law / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return _rules(law)


def _said(standing: Standing, rules: Rules, clock: str = NOON) -> tuple[str, str | None] | None:
    """The rule that refuses and its source; None: allowed."""
    zone = ZONES[standing.country or "BE"]
    verdict = may_contact(standing, Channel.VOICE, local(clock, zone), rules=rules)
    return (verdict.rule, verdict.source) if isinstance(verdict, Refused) else None


def test_an_hour(law: Path) -> None:
    assert _said(a_standing(), _rules(law)) is None
    lunch = 'name = "hours"\ndays = ["tue"]\nvalue = ["09:00-12:00", "13:30-18:00"]\nforce = "law"'
    changed = _add(law, "be.toml", lunch)
    assert _said(a_standing(), changed) == ("law_hours", "a new law")
    assert _said(a_standing(), changed, "2026-11-24 13:30") is None
    assert _said(a_standing("NL"), changed) is None, "another country's law is its own"


def test_an_hour_of_a_part_of_a_country(law: Path) -> None:
    row = 'name = "hours"\nregions = ["SCT"]\ndays = ["tue"]\nvalue = ["13:00-15:00"]\nforce = "law"'
    changed = _add(law, "gb.toml", row)
    assert _said(a_standing("GB", postcode="EH1 1YZ"), changed) == ("law_hours", "a new law")
    assert _said(a_standing("GB", postcode="TD15 1AA"), changed) == ("law_hours", "a new law")
    assert _said(a_standing("GB", postcode=None), changed) == ("law_hours", "a new law")
    assert _said(a_standing("GB", postcode="SW1A 1AA"), changed) is None


def test_a_default_hour(law: Path) -> None:
    morning = '"09:00-19:00"'
    changed = _change(law, "default.toml", morning, '"13:00-19:00"')
    assert _said(a_standing(), changed) == ("default_hours", "project default: safe under every reading of the"
                                            " countries' rules")  # fmt: skip


def test_a_cap(law: Path) -> None:
    once = a_standing(contacts=(a_contact(local("2026-11-12 12:00")),))
    assert _said(once, _rules(law)) is None
    changed = _add(law, "be.toml", 'name = "attempts_30"\nvalue = 1\nforce = "law"')
    assert _said(once, changed) == ("cap_30", "a new law")


def test_a_cap_that_is_looser_than_our_own_changes_nothing(law: Path) -> None:
    today = a_standing(contacts=(a_contact(local("2026-11-24 10:00")),))
    changed = _add(law, "be.toml", 'name = "attempts_1"\nvalue = 5\nforce = "law"')
    assert _said(today, changed) == _said(today, _rules(law))


def test_a_cap_that_comes_into_force_on_a_day(law: Path) -> None:
    row = 'name = "attempts_30"\nvalue = 1\nforce = "law"\nvalid_from = 2026-11-24'
    once = a_standing(contacts=(a_contact(local("2026-11-12 12:00")),))
    changed = _add(law, "be.toml", row)
    assert _said(once, changed, "2026-11-23 12:00") is None
    assert _said(once, changed) == ("cap_30", "a new law")


def test_a_rest(law: Path) -> None:
    spoken = a_standing(contacts=(a_talk(local("2026-11-13 12:00")),))
    assert _said(spoken, _rules(law)) is None
    changed = _add(law, "be.toml", 'name = "rest_after_talk"\nvalue = 14\nforce = "law"')
    assert _said(spoken, changed) == ("rest", "a new law")
    assert _said(spoken, changed, "2026-11-27 12:00") is None


def test_a_rest_after_a_promise(law: Path) -> None:
    promised = a_standing(agreements=(an_agreement("promise", local("2026-11-10 12:00"), due_on=date(2026, 11, 18)),))
    assert _said(promised, _rules(law)) is None
    changed = _change(law, "default.toml", 'name = "promise_quiet"\nvalue = 3', 'name = "promise_quiet"\nvalue = 6')
    assert (_said(promised, changed) or ("",))[0] == "promise"


@pytest.mark.parametrize(
    ("old", "new", "opens"),
    [
        # Posted on Monday the 2nd: the third working day after it is Thursday the 5th, and fourteen days follow.
        ("", "", date(2026, 11, 19)),
        ('name = "letter_term_days"\nvalue = 14', 'name = "letter_term_days"\nvalue = 21', date(2026, 11, 26)),
        ('name = "letter_post_days"\nvalue = 3', 'name = "letter_post_days"\nvalue = 5', date(2026, 11, 23)),
    ],
)
def test_a_term_of_the_letter(law: Path, old: str, new: str, opens: date) -> None:
    changed = _change(law, "be.toml", old, new) if old else _rules(law)
    claim = an_invoice(role="collector", first_letter_sent_on=date(2026, 11, 2), first_letter_by="post")
    written = a_standing(invoices=(claim,))
    assert (_said(written, changed, f"{opens - timedelta(days=1)} 12:00") or ("",))[0] == "letter"
    assert _said(written, changed, f"{opens} 12:00") is None


def test_whether_a_letter_comes_first(law: Path) -> None:
    claim = a_standing("GB", invoices=(an_invoice(role="collector"),))
    assert _said(claim, _rules(law)) is None
    changed = _add(law, "gb.toml", 'name = "letter_first"\nvalue = 1\nforce = "law"')
    assert (_said(claim, changed) or ("",))[0] == "letter"


def test_a_day_of_the_ladder(law: Path) -> None:
    young = a_standing(invoices=(an_invoice(due_on=date(2026, 11, 8)),))
    assert _said(young, _rules(law)) is None
    changed = _change(
        law, "default.toml", 'name = "ladder_call_days"\nvalue = 15', 'name = "ladder_call_days"\nvalue = 20'
    )
    assert (_said(young, changed) or ("",))[0] == "ladder"


def test_whether_a_country_is_called_at_all(law: Path) -> None:
    grace = a_standing("US")
    assert (_said(grace, _rules(law)) or ("",))[0] == "no_profile_live"
    assert _said(grace, _change(law, "us.toml", "live = false", "live = true")) is None
    shut = _change(law, "be.toml", 'country = "BE"', 'country = "BE"\nlive = false')
    assert (_said(a_standing(), shut) or ("",))[0] == "no_profile_live"


def test_until_when_a_review_holds(law: Path) -> None:
    changed = _change(law, "be.toml", "reviewed_until = 2027-12-31", "reviewed_until = 2025-11-23")
    verdict = may_contact(a_standing(), Channel.VOICE, local(NOON), rules=changed)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.reason) == (
        "no_law", "The rules of Belgium were reviewed until 2025-11-23; have them reviewed before anybody is called"
    )  # fmt: skip


def test_a_year_without_a_table_of_holidays_is_refused_in_one_line(law: Path) -> None:
    rules = _change(law, "nl.toml", "reviewed_until = 2027-12-31", "reviewed_until = 2040-12-31")
    verdict = may_contact(a_standing("NL"), Channel.VOICE, local("2029-05-08 12:00", ZONES["NL"]), rules=rules)
    assert isinstance(verdict, Refused)
    assert (verdict.rule, verdict.value, verdict.next_opening) == ("no_law", "holidays of 2029", None)
    assert verdict.reason == "The public holidays of the Netherlands in 2029 are not loaded; nobody there is called"
