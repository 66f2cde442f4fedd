"""`beltoon agent`, as people and scripts meet it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import update
from typer.testing import CliRunner, Result

from books import add_debtor, number_of
from desk import cli
from desk.cli import agent as command
from desk.cli.agent_shown import floor_tables, lasted
from desk.migrate import migrate
from desk.wiring import open_database
from dialer.errors import BadAgent
from dialer.station_store import seen
from dialer.tables import AgentRow
from dialer.testing_floor import a_floor
from ivr.tables import TransferRow
from ledger.clock import real_now

PHONE = "+32 477 12 34 56"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setenv("BELTOON_TRUNK__CALLER_ID", "+3225550177")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    database = open_database(check=False)
    migrate(database)
    with database.unit_of_work() as session:
        add_debtor(session, 1)
    database.close()
    cli._gather()


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["agent", *words])


def shown(*words: str) -> str:
    done = run(*words)
    assert done.exception is None, done.exception
    return done.stdout


def ask(*words: str) -> Any:
    return json.loads(shown(*words, "--json"))


def add(name: str = "Bruno", phone: str = PHONE) -> None:
    shown("add", name, "--phone", phone, "--language", "nl", "--language", "fr")


def changed(row: Callable[[], Any]) -> None:
    database = open_database()
    with database.unit_of_work() as session:
        session.execute(row())
    database.close()


def test_an_agent_is_added_signed_on_sent_for_a_break_and_home() -> None:
    (made,) = ask("add", "Bruno", "--phone", PHONE, "--language", "fr", "--language", "nl")["agents"]
    assert (
        made.items() >= {"agent": "Bruno", "phone": "+32…56", "languages": ["nl", "fr"], "wrap_up_seconds": 20}.items()
    )
    for word, wanted in (("on", "on"), ("pause", "pause"), ("on", "on"), ("off", "off")):
        (now,) = ask(word, "Bruno")["agents"]
        assert (now["wanted"], now["state"]) == (wanted, "off")
    assert ask("list")["agents"] == [made]
    assert ask("remove", "Bruno") == {"removed": "Bruno"}
    assert ask("list") == {"agents": []}


def test_a_screen_never_shows_the_whole_telephone() -> None:
    add()
    assert "+32…56" in shown("list") and "123456" not in shown("list").replace(" ", "")
    assert "123456" not in shown("on", "Bruno").replace(" ", "")


def test_signing_on_says_when_their_telephone_rings() -> None:
    add()
    assert "rings when beltoon dial runs" in shown("on", "Bruno")
    database = open_database()
    seen(database, "dial-1", "dial", {}, real_now())
    database.close()
    assert "rings now" in shown("on", "Bruno")


def test_who_talks_goes_on_to_the_end_of_the_talk() -> None:
    add()
    shown("on", "Bruno")
    changed(lambda: update(AgentRow).values(state="talking"))
    assert "has a break when the talk is over" in shown("pause", "Bruno")
    assert "signs off when the talk is over" in shown("off", "Bruno")
    assert "Bruno takes calls." in shown("on", "Bruno")


def test_an_agent_is_changed() -> None:
    add()
    (now,) = ask("change", "Bruno", "--language", "de", "--wrap-up", "0", "--phone", "+32477000001")["agents"]
    assert (now["languages"], now["wrap_up_seconds"], now["phone"]) == (["de"], 0, "+32…01")
    assert "speaks de, wrap-up 5 s" in shown("change", "Bruno", "--wrap-up", "5")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "Br uno", "--phone", PHONE, "--language", "nl"), "name: 'Br uno'"),
        (("add", "Ada", "--phone", PHONE, "--language", "nl"), "name: Ada is taken"),
        (("add", "Chiara", "--phone", "112", "--language", "nl"), "phone: .* emergency"),
        (("add", "Chiara", "--phone", "+3290012345", "--language", "nl"), "phone: .* premium"),
        (("add", "Chiara", "--phone", number_of(1), "--language", "nl"), "phone: .* debtor D-1"),
        (("add", "Chiara", "--phone", "+3225550177", "--language", "nl"), "phone: .* call from"),
        (("add", "Chiara", "--phone", PHONE, "--language", "it"), "language: there is no 'it'"),
        (("add", "Chiara", "--phone", PHONE, "--language", "nl", "--wrap-up", "601"), "wrap_up: 601"),
        (("change", "Ada"), "change: nothing"),
        (("change", "Ada", "--language", "xx"), "language: there is no 'xx'"),
        (("on", "Ada", "Dirk"), "name: there is no agent 'Dirk'; there are: Ada"),
        (("pause", "Ada"), "name: Ada is signed off"),
        (("remove", "Dirk"), "name: there is no agent 'Dirk'"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field_and_nothing_changes(words: tuple[str, ...], told: str) -> None:
    add("Ada", "+32477000009")
    before = ask("list")
    with pytest.raises(BadAgent, match=f"^{told}") as refused:
        raise run(*words).exception or AssertionError("it was not refused")
    assert "\n" not in str(refused.value)
    assert ask("list") == before


@pytest.mark.parametrize("words", [("add", "Ada", "--phone", PHONE), ("add", "Ada", "--language", "nl"), ("on",)])
def test_what_is_missing_is_wrong_usage(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_the_floor_shows_who_waits_a_crisis_in_its_own_words() -> None:
    add()
    database = open_database()
    with database.unit_of_work() as session:
        session.add(TransferRow(call_id="c", turn=1, why="crisis", language="nl", state="waiting", asked_at=real_now()))
    database.close()
    told = shown("floor")
    assert "1 agent: 0 free, 0 busy; 1 wait" in told
    assert "unknown caller" in told and "a crisis" in told
    (waits,) = ask("floor")["waiting"]
    assert (waits["why"], waits["language"], waits["name"]) == ("crisis", "nl", None)


def test_the_floor_shows_with_whom_about_what_and_what_was_agreed_so_far() -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    screen = Console(width=200, record=True, file=io.StringIO())
    screen.print(floor_tables(a_floor(now), now, now))
    told = screen.export_text()
    assert "3 agents: 1 free, 2 busy; 2 wait" in told
    bruno, chiara, dirk = (line for line in told.splitlines() if "nl, fr" in line)
    assert all(words in bruno for words in ("talking", "2:00", "Els Janssens (D-1001), nl, stage 2", "120.00 EUR"))
    assert bruno.rstrip().endswith("promise 60.00 EUR by 2026-12-04; callback")
    assert chiara.split()[-2:] == ["kept", "0:00"]
    assert dirk.split()[-2:] == ["free", "1:30:00"]
    assert told.index("unknown caller") < told.index("An Maes")


def test_a_live_floor_is_drawn_anew_until_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    add()
    seconds: list[float] = []

    def second(pause: float) -> None:
        seconds.append(pause)
        if len(seconds) == 3:
            raise KeyboardInterrupt
        changed(lambda: update(AgentRow).values(state="ready", wanted="on"))

    monkeypatch.setattr(command, "sleep", second)
    assert "free" in shown("floor", "--watch")
    assert seconds == [1.0] * 3
    assert run("floor", "--watch", "--json").exit_code == 2


def test_how_long_it_lasts_is_told_in_minutes_and_never_below_nothing() -> None:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    told = [lasted(now - timedelta(seconds=seconds), now) for seconds in (-5, 0, 65, 3725)]
    assert told == ["0:00", "0:00", "1:05", "1:02:05"]
