"""`beltoon rules`, `beltoon window` and the options of a campaign, as people type them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from desk import cli
from desk.campaign_options import edited, given
from desk.cli.window import with_window
from desk.errors import DeskError
from desk.migrate import migrate
from desk.rules_apply import read_file
from desk.wiring import open_database
from ledger.tables import AuditRow
from schedules.campaign import CampaignRules
from schedules.errors import BadCampaign, BadRules, SchedulesError
from schedules.hours_text import days_from
from schedules.law_file import shipped_rules
from schedules.tables import RulesVersionRow

TOP = Path(__file__).resolve().parents[3]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the town's list and a campaign that runs."""
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    migrate(open_database(check=False))
    say("import", str(TOP / "docker" / "town" / "debtors.csv"))
    say("campaign", "create", "winter")
    say("campaign", "start", "winter")
    return tmp_path


def say(*words: str) -> str:
    cli._gather()
    done = CliRunner().invoke(cli.app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def ask(*words: str) -> Any:
    return json.loads(say(*words, "--json"))


def test_what_is_exported_can_be_applied_and_changes_nothing(home: Path) -> None:
    file = home / "rules.toml"
    file.write_text(say("rules", "export"))
    told = ask("rules", "apply", str(file), "--note", "as it was")
    assert (told["version"], told["woken"], told["warnings"]) == (1, 0, [])
    assert all(line["week_before"] == line["week_after"] for line in told["effect"]["lines"])
    again = ask("rules", "export")
    assert (again["version"], again["note"], set(again["document"])) == (1, "as it was", {"source"})
    assert tomllib.loads(say("rules", "export")) == tomllib.loads(file.read_text())


def test_a_wrong_document_is_refused_by_check_and_apply_and_nothing_is_saved(home: Path) -> None:
    file = home / "rules.toml"
    file.write_text('[[row]]\nname = "hours"\ndays = ["sun"]\nvalue = ["10:00-12:00"]\n')
    for command in ("check", "apply"):
        with pytest.raises(BadRules, match=r"row 1 .hours., sun"):
            say("rules", command, str(file))
    file.write_text("[[row")
    with pytest.raises(BadRules, match="TOML"):
        say("rules", "check", str(file))
    with open_database().reading() as session:
        assert session.query(RulesVersionRow).all() == []


def test_check_saves_nothing_and_set_saves_one_window(home: Path) -> None:
    told = ask("window", "check", "senior", "weekdays", "10:00-12:00")
    assert (told["version"], told["woken"]) == (None, None)
    assert ask("window", "set", "senior", "mon,wed", "10:00-12:00,14:00-16:00", "--note", "short")["version"] == 1
    assert ask("window", "set", "unknown", "sat", "none", "--every-second")["version"] == 2
    shown = {(one["band"], one["turn"], one["country"]): one["days"] for one in ask("window", "show")["windows"]}
    senior = {one["day"]: one["hours"] for one in shown["senior", 1, "BE"]}
    assert senior["mon"] == ["10:00-12:00", "14:00-16:00"]
    assert senior["tue"] == ["10:00-12:00", "14:00-17:00"]
    assert {one["day"]: one["hours"] for one in shown["unknown", 2, "BE"]}["sat"] == []
    assert "senior" in say("window", "show")
    with open_database().reading() as session:
        assert [row.subject for row in session.query(AuditRow).filter_by(what="rules")] == ["version 1", "version 2"]


def test_a_file_that_cant_be_read_is_named_once_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'source = "Jos\xe9"')
    for name, why in (("none.toml", "no such file or directory"), ("latin.toml", "it is no text in UTF-8")):
        with pytest.raises(DeskError) as told:
            read_file(str(tmp_path / name))
        assert str(told.value) == f"{tmp_path / name} can't be read: {why}"


def test_a_mark_that_an_editor_puts_before_a_document_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('source = "the board"', encoding="utf-8-sig")
    assert read_file(str(tmp_path / "rules.toml")) == {"source": "the board"}


def test_the_past_can_be_exported(home: Path) -> None:
    ask("window", "set", "senior", "weekdays", "10:00-12:00")
    assert ask("rules", "export", "--at", "2020-01-01T00:00:00+01:00")["version"] is None


@pytest.mark.parametrize(
    ("band", "days", "hours", "told"),
    [
        ("senior", "weekdays", "07:00-09:00", "band senior, hours, mon"),
        ("senior", "weekdays", "12:00-10:00", "ends before it starts"),
        ("senior", "weekdays", "22:00-02:00", "cross midnight"),
        ("senior", "weekdays", "10:00-12:00,11:00-13:00", "overlap"),
        ("senior", "moonday", "10:00-12:00", "days: .* no day"),
        ("senior", "fri-mon", "10:00-12:00", "no day"),
        ("teen", "mon", "10:00-12:00", "there is no teen"),
    ],
)
def test_a_window_that_cant_be_is_refused(home: Path, band: str, days: str, hours: str, told: str) -> None:
    with pytest.raises(SchedulesError, match=told):
        say("window", "check", band, days, hours)


def test_only_a_band_whose_tries_take_turns_has_a_second_one() -> None:
    with pytest.raises(BadRules, match="take no turns"):
        with_window({}, shipped_rules(), "senior", ["mon"], [], second=True)


def test_days_are_written_as_people_do() -> None:
    assert days_from("weekdays") == ["mon", "tue", "wed", "thu", "fri"]
    assert days_from("mon, Wed-thu,sat") == ["mon", "wed", "thu", "sat"]


def test_a_campaign_is_edited_by_its_options_and_what_is_not_named_stays(home: Path) -> None:
    told = ask(
        "campaign", "edit", "winter", "--window", "mon-fri=10:00-12:00,14:00-15:00", "--window", "sat=10:00-11:00",
        "--start-on", "2026-12-01", "--end-on", "2026-12-24", "--daily-volume", "500", "--audience", "min_open=50.00",
        "--audience", "countries=BE,NL", "--audience", "stages=1,2",
    )  # fmt: skip
    assert told["windows"] == {"weekdays": ["10:00-12:00", "14:00-15:00"], "sat": ["10:00-11:00"]}
    assert told["audience"] == {"min_open_minor": 5000, "countries": ["BE", "NL"], "stages": [1, 2]}
    assert (told["start_on"], told["end_on"], told["daily_volume"]) == ("2026-12-01", "2026-12-24", 500)
    then = ask("campaign", "edit", "winter", "--end-on", "none", "--window", "none")
    assert (then["windows"], then["end_on"], then["start_on"]) == (None, None, "2026-12-01")
    assert then["version"] == told["version"] + 1
    with pytest.raises(BadCampaign, match="wider than our own hours"):
        say("campaign", "edit", "winter", "--window", "mon=08:00-12:00")
    assert ask("campaign", "show", "winter")["version"] == then["version"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"window": ["mon"]}, "windows: 'mon' lacks its hours"),
        ({"window": ["moon=10:00-12:00"]}, "windows, 'moon' is no day"),
        ({"window": ["mon=10:00-12:00", "mon=13:00-14:00"]}, "mon: is named twice"),
        ({"audience": ["colour=red"]}, "audience: 'colour'"),
        ({"audience": ["min_open=much"]}, "audience, min_open"),
        ({"audience": ["min_open=0.005"]}, "audience, min_open"),
        ({"audience": ["stages=x"]}, "audience, stages"),
        ({"daily_volume": "many"}, "daily_volume"),
        ({"start_on": "soon"}, "start_on"),
    ],
)
def test_an_option_that_cant_be_read_is_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(BadCampaign, match=told):
        texts = {name: value for name, value in options.items() if name == "start_on"}
        others = {"window": None, "daily_volume": None, "audience": None, **options}
        edited(CampaignRules(), given(texts, {}, others["window"], others["daily_volume"], others["audience"]))
