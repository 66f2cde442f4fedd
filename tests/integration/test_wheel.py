"""Everything that runs is in the wheel: built, installed into an empty environment elsewhere, and tried from there."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
OURS = ("ledger", "schedules", "voices", "ivr", "dialer", "desk")
#: Somebody else's number: a short talk.
WRONG_NUMBER = "D-1012"


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel and sees the packages that Beltoon needs, but nothing of the checkout."""

    folder: Path
    #: Where people happen to be when they call it.
    elsewhere: Path

    @property
    def packages(self) -> Path:
        """Where the wheel was unpacked."""
        (found,) = self.folder.glob("lib/python3.*/site-packages")
        return found

    def beltoon(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the installed program, with these settings and no others."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("BELTOON_", "PYTHON"))}
        return subprocess.run(
            [str(self.folder / "bin/beltoon"), *arguments],
            cwd=self.elsewhere, env=own | settings, capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    installed = Installed(folder, tmp_path_factory.mktemp("elsewhere"))
    # the locked packages are seen; a .pth file of theirs, such as the checkout's own, is not
    (installed.packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return installed


def test_the_wheel_holds_every_file_that_runs_beside_the_code(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    folders = (TOP / name for name in (*OURS, "docker/asterisk", "docker/town"))
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    there = {str(path.relative_to(TOP)) for path in files if path.parent.name != "__pycache__"}
    assert "docker/asterisk/extensions.conf" in there
    assert {name.replace("docker/", "dialer/_docker/", 1) for name in there} <= inside
    assert {name.split("/")[0] for name in inside if ".dist-info/" not in name} == set(OURS)


def test_no_other_installed_package_claims_one_of_our_names() -> None:
    claimed = importlib.metadata.packages_distributions()
    for name in OURS:
        assert set(claimed.get(name, [])) <= {"beltoon"}, name
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        assert Path(found.origin).is_relative_to(TOP), name


def test_the_program_runs_from_anywhere_on_nothing_but_the_wheel(installed: Installed) -> None:
    helped = installed.beltoon("--help")
    assert "Calls people about unpaid invoices" in helped.stdout, helped.stderr
    where = [str(installed.folder / "bin/python"), "-c", "import desk; print(desk.__file__)"]
    said = subprocess.run(where, cwd=installed.elsewhere, capture_output=True, text=True, check=True).stdout
    assert Path(said.strip()).is_relative_to(installed.packages)


def test_it_makes_its_database_in_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = installed.beltoon("migrate", "--json", BELTOON_HOME=str(home))
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["revision"]
    assert (home / "beltoon.db").stat().st_size > 0


def test_what_a_company_installs_is_what_was_tested() -> None:
    tested = pinned("lock.txt")
    assert "sqlalchemy" in pinned("runtime.txt")
    assert pinned("runtime.txt").items() <= tested.items()
    needed = importlib.metadata.requires("beltoon") or []
    assert {re.split(r"[^\w-]", need)[0] for need in needed} <= pinned("runtime.txt").keys()


def pinned(name: str) -> dict[str, set[str]]:
    """The versions of each package that a file of requirements allows, with their hashes; where it is needed for,
    its marker, may be more in one file than in the other."""
    found: dict[str, set[str]] = {}
    for entry in (TOP / "requirements" / name).read_text().replace("\\\n", " ").splitlines():
        if match := re.match(r"([\w-]+)==", entry):
            found.setdefault(match[1], set()).add(re.sub(r" ; .*?(?= --hash)", "", " ".join(entry.split())))
    return found


@pytest.mark.asterisk
@pytest.mark.speech
def test_the_doctor_finds_nothing_wrong(installed: Installed, asterisk_root: Path, tmp_path: Path) -> None:
    settings = {"BELTOON_HOME": str(tmp_path), "BELTOON_ASTERISK__ROOT": str(asterisk_root)}
    installed.beltoon("migrate", **settings)
    looked = installed.beltoon("doctor", "--json", **settings)
    findings = json.loads(looked.stdout)["findings"]
    assert [finding for finding in findings if finding["health"] == "wrong"] == []
    assert looked.returncode == 0


@pytest.mark.asterisk
@pytest.mark.speech
def test_one_debtor_is_rehearsed(
    installed: Installed, asterisk_root: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = tmp_path / "one.csv"
    with (installed.packages / "dialer/_docker/town/debtors.csv").open(encoding="utf-8", newline="") as file:
        everybody = csv.DictReader(file)
        rows = [row for row in everybody if row["debtor"] == WRONG_NUMBER]
        columns = everybody.fieldnames or []
    with one.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    # a short path: Asterisk's console is a socket, whose name has at most 107 bytes
    home = tmp_path_factory.mktemp("books")
    settings = {
        "BELTOON_HOME": str(home),
        "BELTOON_ASTERISK__ROOT": str(asterisk_root),
        "BELTOON_VOICE__ENGINE": "espeak",  # four times as fast where nothing was rendered before
    }
    rehearsed = installed.beltoon("demo", "--people", str(one), "--json", **settings)
    assert rehearsed.returncode == 0, rehearsed.stderr
    told = json.loads(rehearsed.stdout)
    assert [(person["debtor"], person["disposition"]) for person in told["debtors"]] == [(WRONG_NUMBER, "wrong_number")]
    assert told["totals"]["agrees_with_town"]
