"""What the doctor tells of the link to our Asterisk."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.checkup import look
from desk.finding import Finding, Health
from dialer.instance import Ports, write_instance
from dialer.ports import pick_ports

PORTS = Ports(sip=5060, ami=5038, audiosocket=9092, agi=4573, rtp_from=10000, rtp_to=10200)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path))
    return tmp_path


def link() -> Finding:
    return next(finding for finding in look() if finding.what == "link")


def test_an_asterisk_that_was_never_started_is_no_fault(home: Path) -> None:
    assert (link().health, link().told) == (Health.NOTE, "our Asterisk does not run; start: beltoon asterisk start")


def test_one_that_was_stopped_is_no_fault_either(home: Path) -> None:
    write_instance(home, PORTS, home / "asterisk")
    assert (link().health, link().told) == (Health.NOTE, "our Asterisk does not run; start: beltoon asterisk start")


@pytest.mark.parametrize("pid", ["", "999999999", "1"], ids=["none", "gone", "another's"])
def test_one_that_died_is_told_as_such(home: Path, pid: str) -> None:
    top = home / "asterisk"
    top.mkdir()
    (top / "asterisk.pid").write_text(pid)
    write_instance(home, PORTS, top)
    assert link().health is Health.WRONG
    assert "has died" in link().told


def test_yours_is_asked_whatever_became_of_ours(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_instance(home, PORTS, home / "asterisk")
    port = pick_ports(1)
    monkeypatch.setenv("BELTOON_ASTERISK__AMI_PORT", str(port))
    assert link().health is Health.WRONG
    assert str(port) in link().told
