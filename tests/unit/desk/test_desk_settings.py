"""Settings: every variable is known, can be read, and is named when it is wrong; secrets are files (4 F)."""

from __future__ import annotations

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from desk import wiring
from desk.cli import main
from desk.errors import BadSetting
from desk.settings import Settings, read_settings, variables
from desk.stand_in import refuse_rehearsed_clock, start_clock
from dialer.errors import DialerError
from dialer.instance import Ports, read_secret, write_instance
from dialer.tables import CallRow
from ledger.clock import real_now
from ledger.database import Database
from ledger.run_store import clock_offset, set_clock_offset

CLOCK = "2031-11-24T10:00:00+01:00"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("BELTOON_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    """The settings with these variables, each written without its prefix."""
    for name, value in values.items():
        monkeypatch.setenv(f"BELTOON_{name}", value)
    return read_settings()


# -- wrong values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LOG", "loud", "give debug, info, warning or error"),
        ("CLOCK", "2026-11-24T10:00:00", "write the zone too"),
        ("ALARM__EMAIL", "the alarm", "write one e-mail address, as alarm@example.be"),
        ("CLOCK", "9999-12-31T23:00:00-05:00", "check the year"),
        ("CLOCK", "tomorrow", "write a time as 2026-11-24T10:00:00+01:00"),
        ("CLOCK", "1795510800", "write a time as"),
        ("ASTERISK__HOST", "pbx one", "write a host name or an address"),
        ("ASTERISK__AMI_PORT", "70000", "65535"),
        ("ASTERISK__AMI_PORT", "5038x", "integer"),
        ("ASTERISK__AMI_USER", "me\r\nAction: Command", "write a name"),
        ("ASTERISK__SIP_PORT", "40000", "32767"),
        ("ASTERISK__RTP_PORTS", "20000", "write two ports below 32768 as A-B"),
        ("ASTERISK__RTP_PORTS", "20000-10000", "write two ports"),
        ("ASTERISK__RTP_PORTS", "١٠٠٠-٢٠٠٠", "write two ports"),
        ("TRUNK__URI", "carrier.example:5060", "write it as sip:host:port"),
        ("TRUNK__URI", "sip:", "write it as sip:host:port"),
        ("TRUNK__URI", "sip:host:99999", "at most 65535"),
        ("TRUNK__URI", "sip:host:5060\nqualify=no", "write it as sip:host:port"),
        ("TRUNK__URI", "sip:host;transport=tcp", "write it as sip:host:port"),
        ("TRUNK__CODECS", "ulaw; alaw", "write names of codecs"),
        ("TRUNK__CALLER_ID", "03 255 01 00", "write the number with + and its country"),
        ("TRUNK__CALLER_ID", "+3225550100&PJSIP/1", "write the number with +"),
        ("TRUNK__MATCH", "192.0.2.10\n[evil]", "write addresses as"),
        ("TRUNK__REGISTER_USER", "user = admin", "write a name"),
        ("MEDIA__HOST", "192.0.2.10", "AudioSocket has no password"),
        ("MEDIA__PORTS", "9092", "write two ports"),
        ("VOICE__ENGINE", "robot", "give pyttsx3, espeak or piper"),
        ("DIAL__LINES", "0", "greater than or equal to 1"),
        ("DIAL__LINES", "401", "less than or equal to 400"),
        ("DIAL__CALLS_PER_SECOND", "0", "greater than 0"),
        ("DIAL__CALLS_PER_SECOND", "nan", "less than or equal to 1000"),
        ("DIAL__RING_SECONDS", "10", "greater than or equal to 15"),
        ("DIAL__LONGEST_CALL_SECONDS", "1e9", "less than or equal to 3600"),
    ],
)
def test_a_wrong_value_is_told_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        given(monkeypatch, **{name: value})
    assert str(caught.value).startswith(f"BELTOON_{name}: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUNK__URI", "sip:127.0.0.1"),
        ("TRUNK__URI", "sip:[2001:db8::1]:5060"),
        ("TRUNK__URI", "sip:account@sip.carrier.example:5060"),
        ("TRUNK__MATCH", "192.0.2.10, 2001:db8::/64"),
        ("TRUNK__CODECS", "alaw,g722"),
        ("TRUNK__CALLER_ID", "+3225550100"),
        ("ASTERISK__RTP_PORTS", "10000-10401"),
        ("MEDIA__HOST", "::1"),
        ("CLOCK", CLOCK),
    ],
)
def test_a_good_value_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    taken: object = given(monkeypatch, **{name: value})
    for part in name.lower().split("__"):
        taken = getattr(taken, part)
    assert taken not in (None, "", ())


@pytest.mark.parametrize(
    "name",
    ["BELTOON_HOEM", "BELTOON_TRUNK__URL", "BELTOON_ASTERISK", "BELTOON_TRUNK_URI", "BELTOON_DIAL__RINGS__SECONDS"],
)
def test_a_variable_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(BadSetting, match=rf"^{name} is no setting of Beltoon; see docs/settings.md$"):
        read_settings()


@pytest.mark.parametrize("name", ["ASTERISK__AMI_SECRET", "TRUNK__SECRET", "TRUNK__PASSWORD"])
def test_a_secret_is_a_file_and_never_a_value(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BadSetting, match="no setting") as caught:
        given(monkeypatch, **{name: "s3cr3t"})
    assert "s3cr3t" not in str(caught.value)


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = given(monkeypatch, TRUNK__URI="", DIAL__LINES="", CLOCK="", DATABASE_URL="")
    assert (empty.trunk.uri, empty.dial.lines, empty.clock) == ("", 20, None)
    assert empty.database.endswith("home/beltoon.db")


def test_every_variable_tells_what_it_means() -> None:
    told = variables()
    assert len(told) > 20
    assert all(meaning for _, meaning in told.values())
    assert all(re.fullmatch(r"[a-z_]+(__[a-z_]+)?", name) for name in told)
    assert not [name for name in told if "secret" in name and not name.endswith("_file")]


def test_a_wrong_setting_ends_a_command_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BELTOON_DIAL__LINES", "many")
    monkeypatch.setattr("sys.argv", ["beltoon", "calls"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("beltoon: BELTOON_DIAL__LINES: ")


# -- files and folders -----------------------------------------------------------------------------------------------


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ami.secret"
    path.write_text("s3cr3t\n")
    path.chmod(0o600)
    assert read_secret(path) == "s3cr3t"
    for mode in (0o640, 0o604, 0o660):
        path.chmod(mode)
        with pytest.raises(DialerError, match=f"can be read by others; run: chmod 600 {path}") as caught:
            read_secret(path)
        assert "s3cr3t" not in str(caught.value)


def test_a_secret_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DialerError, match=f"{path} can't be read: {why}"):
            read_secret(path)


def test_a_home_that_can_not_be_made_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        settings = given(monkeypatch, HOME=str(home))
        with pytest.raises(BadSetting, match=f"^BELTOON_HOME: the folder {home} can't be made"):
            wiring.open_database(settings)


def test_a_new_home_is_its_owners_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        settings = given(monkeypatch, HOME=str(tmp_path / "new"))
        wiring.open_database(settings, check=False).close()
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


# -- the rehearsed clock ---------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path, sqlite_books: Path) -> Database:
    (tmp_path / "home").mkdir()
    shutil.copy(sqlite_books, tmp_path / "home" / "beltoon.db")
    return Database(f"sqlite:///{tmp_path / 'home' / 'beltoon.db'}")


def offset(database: Database) -> timedelta:
    with database.reading() as session:
        return timedelta(milliseconds=clock_offset(session))


@pytest.mark.parametrize("host", ["127.0.0.1:5062", "localhost:5062", "[::1]:5062", "me@127.0.0.1"])
def test_the_clock_starts_where_it_is_set_and_runs_at_normal_speed(
    monkeypatch: pytest.MonkeyPatch, database: Database, host: str
) -> None:
    settings = given(monkeypatch, CLOCK=CLOCK, TRUNK__URI=f"sip:{host}")
    assert settings.clock is not None
    begun = real_now()
    start_clock(settings, database)
    now = wiring.campaign_clock(database)()
    assert settings.clock - timedelta(seconds=1) <= now <= settings.clock + (real_now() - begun) + timedelta(seconds=1)
    before = offset(database)
    start_clock(settings, database)
    assert offset(database) == before, "a process that starts later goes by the same clock"


@pytest.mark.parametrize(
    "uri", ["sip:sip.carrier.example:5060", "sip:192.0.2.10", "sip:127.0.0.1@192.0.2.10", "sip:localhost.example"]
)
def test_a_real_trunk_refuses_a_rehearsed_clock(monkeypatch: pytest.MonkeyPatch, database: Database, uri: str) -> None:
    settings = given(monkeypatch, CLOCK=CLOCK, TRUNK__URI=uri)
    with pytest.raises(BadSetting, match=r"BELTOON_CLOCK.* is a real trunk"):
        wiring.open_database(settings)
    assert offset(database) == timedelta(0)


def test_a_trunk_that_our_asterisk_was_started_with_counts_too(
    monkeypatch: pytest.MonkeyPatch, database: Database, tmp_path: Path
) -> None:
    ports = Ports(sip=1, ami=2, audiosocket=3, agi=4, rtp_from=5, rtp_to=6)
    write_instance(tmp_path / "home", ports, tmp_path, "sip:sip.carrier.example")
    with pytest.raises(BadSetting, match=r"sip:sip\.carrier\.example is a real trunk"):
        start_clock(given(monkeypatch, CLOCK=CLOCK), database)


def test_an_asterisk_of_somebody_elses_whose_trunk_nobody_knows_refuses_it(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    with pytest.raises(BadSetting, match="where your Asterisk's calls go is not known: set BELTOON_TRUNK__URI"):
        start_clock(given(monkeypatch, CLOCK=CLOCK, ASTERISK__AMI_PORT="5038", MEDIA__PORTS="9092-9093"), database)


def test_nobody_is_called_by_a_rehearsed_clock_through_a_real_trunk_later(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """The clock was set, then the variable is taken away and the real trunk put in."""
    with database.unit_of_work() as session:
        set_clock_offset(session, timedelta(days=3))
    refuse_rehearsed_clock(given(monkeypatch, TRUNK__URI="sip:127.0.0.1:5062"), database)
    with pytest.raises(BadSetting, match="is a real trunk"):
        refuse_rehearsed_clock(given(monkeypatch, TRUNK__URI="sip:sip.carrier.example"), database)
    with database.unit_of_work() as session:
        set_clock_offset(session, timedelta(0))
    refuse_rehearsed_clock(given(monkeypatch, TRUNK__URI="sip:sip.carrier.example"), database)


def test_books_that_hold_real_calls_keep_real_time(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    with database.unit_of_work() as session:
        session.add(
            CallRow(uuid="u", carrier="asterisk", carrier_ref="c", direction="in", state="ended", briefing={},
                    begun_at=real_now())
        )  # fmt: skip
    with pytest.raises(BadSetting, match="BELTOON_CLOCK: this database holds calls of real time"):
        start_clock(given(monkeypatch, CLOCK=CLOCK, TRUNK__URI="sip:127.0.0.1:5062"), database)
    assert offset(database) == timedelta(0)
