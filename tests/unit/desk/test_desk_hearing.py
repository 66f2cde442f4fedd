"""What a house is told of its hearing, and how a rehearsal hears."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from desk.checkup import Finding, Health, look
from desk.cli import app
from desk.cli import voices as _voices  # noqa: F401 - puts the commands into the program
from desk.hearing import heard_in_words
from desk.migrate import migrate
from desk.rehearsal.listening import as_variables, listening
from desk.settings import Settings, TrunkSettings, VoicesSettings, read_settings
from desk.wiring import open_database
from dialer.station_store import seen
from ledger.clock import real_now


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    monkeypatch.setenv("BELTOON_VOICES__MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def a_model(models: Path, name: str) -> None:
    for file in ("am/final.mdl", "graph/HCLr.fst"):
        (models / name / file).parent.mkdir(parents=True, exist_ok=True)
        (models / name / file).touch()


def hearing() -> Finding:
    return next(finding for finding in look() if finding.what == "hearing")


def test_english_is_left_to_the_keys_until_the_house_chooses(models: Path) -> None:
    assert hearing().health is Health.NOTE
    assert hearing().told == "by keys alone: de, en, fr, nl; run: beltoon voices get de"


def test_the_doctor_warns_of_pocketsphinx_in_one_line(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_VOICES__POCKETSPHINX", "true")
    assert hearing().health is Health.NOTE
    assert hearing().told.startswith("en by pocketsphinx; by keys alone: de, fr, nl; pocketsphinx takes half of all")
    assert "\n" not in hearing().told


def test_it_does_not_warn_where_a_better_engine_hears(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_VOICES__POCKETSPHINX", "true")
    for name in ("en-us-0.15", "nl-0.22", "fr-0.22", "de-0.15"):
        a_model(models, f"vosk-model-small-{name}")
    assert hearing().health is Health.GOOD
    assert "pocketsphinx" not in hearing().told


def test_the_list_of_models_says_what_hears_now(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = CliRunner().invoke(app, ["voices", "models"]).output
    assert "Heard now: by keys alone: de, en, fr, nl." in said
    monkeypatch.setenv("BELTOON_VOICES__POCKETSPHINX", "true")
    said = CliRunner().invoke(app, ["voices", "models"]).output
    assert "Heard now: en by pocketsphinx; by keys alone: de, fr, nl." in " ".join(said.split())


def test_the_doctor_says_to_how_many_callers_the_line_listens(models: Path) -> None:
    database = open_database(read_settings(), check=False)
    migrate(database)
    seen(database, "dial-1", "dial", {"in_flight": 3}, real_now())
    seen(database, "line-1", "line", {"lag_p99_ms": 2.0, "live": 3, "listened_to": 2, "ears": 20}, real_now())
    told = next(finding.told for finding in look() if finding.what == "dialer")
    assert told.endswith("; it listens to 2 callers, and to 20 at most")
    seen(database, "line-1", "line", {"lag_p99_ms": 2.0, "live": 3, "listened_to": 0, "ears": 0}, real_now())
    assert "listens" not in next(finding.told for finding in look() if finding.what == "dialer")
    database.close()


# -- the rehearsal ---------------------------------------------------------------------------------------------------


def test_the_town_is_heard_by_the_same_on_every_machine(tmp_path: Path) -> None:
    a_model(tmp_path / "models", "vosk-model-small-nl-0.22")
    rich = Settings(voices=VoicesSettings(models=tmp_path / "models", servers="fr=ws://ears:2700"))
    for settings in (Settings(), rich):
        town = listening(settings, tmp_path / "demo", ring_me=False)
        assert heard_in_words(town) == "en by pocketsphinx; by keys alone: de, fr, nl"


def test_a_person_at_a_softphone_is_heard_by_all_that_is_here(tmp_path: Path) -> None:
    a_model(tmp_path / "models", "vosk-model-small-nl-0.22")
    settings = Settings(voices=VoicesSettings(models=tmp_path / "models"))
    told = heard_in_words(listening(settings, tmp_path / "demo", ring_me=True))
    assert told == "en by pocketsphinx; nl by vosk vosk-model-small-nl-0.22; by keys alone: de, fr"


@pytest.mark.parametrize("ring_me", [True, False])
def test_on_another_network_real_people_are_heard_as_the_house_chose(tmp_path: Path, ring_me: bool) -> None:
    settings = Settings(trunk=TrunkSettings(uri="sip:carrier.example:5060"))
    assert listening(settings, tmp_path, ring_me=ring_me) == settings.voices


def test_the_dialer_of_a_rehearsal_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTOON_VOICES__SERVERS", "nl=ws://ears:2700")
    town = listening(read_settings(), tmp_path, ring_me=False)
    for name, value in as_variables(town).items():
        monkeypatch.setenv(name, value)
    assert read_settings().voices == town
