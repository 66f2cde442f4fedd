"""Started with time zones that are old or broken, the dialer refuses in one line, and the doctor names them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
#: The day on which a release of early 2023 was brought up to date.
OLD = "#updated 1673308800 (2023-01-10 00:00:00 UTC)"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A package of time zones that somebody forgot for years; it comes before the one that is installed."""
    with as_file(files("tzdata")) as package:
        shutil.copytree(package, tmp_path / "packages" / "tzdata")
    listed = tmp_path / "packages/tzdata/zoneinfo/leapseconds"
    listed.write_text(re.sub(r"(?m)^#updated .*$", OLD, listed.read_text()))
    return tmp_path


def _beltoon(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(folder / "packages"), str(TOP)]),
        "BELTOON_HOME": str(folder / "home"),
    }
    command = [sys.executable, "-m", "desk", *words]
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)


def test_the_dialer_does_not_start(old: Path) -> None:
    refused = _beltoon(old, "dial")
    assert refused.returncode == 1
    (line,) = [one for one in refused.stderr.splitlines() if one]
    assert "older than a year, brought up to date in January 2023: install a newer tzdata" in line


def test_the_doctor_names_them(old: Path) -> None:
    looked = _beltoon(old, "doctor", "--json")
    assert looked.returncode == 1
    found = {one["what"]: one for one in json.loads(looked.stdout)["findings"]}["time zones"]
    assert found["health"] == "wrong"
    assert "older than a year" in found["told"]


def test_zones_that_are_broken_are_told_and_nothing_starts(old: Path) -> None:
    (old / "packages/tzdata/zoneinfo/leapseconds").unlink()
    refused = _beltoon(old, "dial")
    assert refused.returncode == 1
    assert "tzdata" in refused.stderr
    assert "Traceback" not in refused.stderr
