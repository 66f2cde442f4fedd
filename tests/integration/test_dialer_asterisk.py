"""Our Asterisk as it is shipped: it boots without a complaint, listens on loopback, and is least privileged."""

from __future__ import annotations

import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from asterisk_calls import ADA, Watched, picks_up, watching
from asterisk_fixture import AMI_USER, OurAsteriskPair
from dialer.asterisk_process import ORDINARY_USER, AsteriskProcess
from dialer.asterisk_tree import GOOD_VERSION, default_cache, good, obtain
from dialer.errors import AsteriskDidNotStart, CarrierRefused
from dialer.instance import asterisk_folder, picked_ports, remove_asterisk_folder, start_asterisk

pytestmark = pytest.mark.asterisk


def test_it_boots_from_the_shipped_files_without_a_complaint(our_asterisk: OurAsteriskPair) -> None:
    complaints = [line for line in our_asterisk.boot_log if re.search(r"\b(ERROR|WARNING)\[", line)]
    assert complaints == []


def test_its_console_answers_with_a_good_version(our_asterisk: OurAsteriskPair) -> None:
    said = re.match(r"Asterisk (\d+\.\d+\.\d+)", our_asterisk.process.ask("core show version"))
    assert said is not None
    assert good(said[1]), GOOD_VERSION


def test_started_by_root_it_runs_as_an_ordinary_user_without_privileges(our_asterisk: OurAsteriskPair) -> None:
    status = Path(f"/proc/{our_asterisk.process.pid}/status").read_text()
    expected = pwd.getpwnam(ORDINARY_USER).pw_uid if os.geteuid() == 0 else os.geteuid()
    uids = re.search(r"^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)$", status, re.MULTILINE)
    assert uids is not None
    assert {int(uid) for uid in uids.groups()} == {expected}
    powers = re.search(r"^CapEff:\t([0-9a-f]+)$", status, re.MULTILINE)
    assert powers is not None
    assert int(powers[1], 16) == 0


def test_nothing_of_its_configuration_is_readable_by_others(our_asterisk: OurAsteriskPair) -> None:
    for path in (our_asterisk.process.top / "etc").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_it_listens_on_loopback_alone(our_asterisk: OurAsteriskPair) -> None:
    pid, ports = our_asterisk.process.pid, our_asterisk.ports
    sockets = {os.readlink(fd) for fd in Path(f"/proc/{pid}/fd").iterdir() if fd.is_symlink()}
    bound = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            address, port = fields[1].split(":")
            # its resolver of names asks from two UDP sockets of its own, on ports that the system chose
            named = table.startswith("tcp") or ports.sip <= int(port, 16) <= ports.rtp_to
            if f"socket:[{fields[9]}]" in sockets and fields[3] in ("0A", "07") and named:
                bound.add((table, address, int(port, 16)))
    assert {address for _, address, _ in bound} == {"0100007F"}
    # the sound of a call that has just ended may still have its pair of sockets
    sound = {("udp", "0100007F", port) for port in range(ports.rtp_from, ports.rtp_to + 1)}
    assert bound - sound == {("tcp", "0100007F", ports.ami), ("udp", "0100007F", ports.sip)}


@pytest.mark.parametrize("application", ["System", "TrySystem", "ExternalIVR", "MixMonitor", "Monitor", "Record"])
def test_no_application_is_loaded_that_runs_programs_or_records(
    our_asterisk: OurAsteriskPair, application: str
) -> None:
    assert "not registered" in our_asterisk.process.ask(f"core show application {application}")


@pytest.mark.parametrize("function", ["SHELL", "FILE", "ENV", "CURL", "DB"])
def test_no_function_is_loaded_that_reads_or_runs_what_is_outside(our_asterisk: OurAsteriskPair, function: str) -> None:
    assert "No function by that name" in our_asterisk.process.ask(f"core show function {function}")


def test_a_bridge_that_would_pass_packets_by_is_not_loaded(our_asterisk: OurAsteriskPair) -> None:
    assert "0 modules loaded" in our_asterisk.process.ask("module show like bridge_native_rtp")


# -- what the manager user may not do --------------------------------------------------------------------------------

FORBIDDEN = {
    "Command": {"Command": "core show uptime"},
    "QueueAdd": {"Queue": "all", "Interface": "PJSIP/trunk"},
    "MixMonitor": {"Channel": "PJSIP/trunk-1", "File": "../../etc/x.wav"},
    "CoreShowChannels": {},
    "GetConfig": {"Filename": "manager.conf"},
    "UpdateConfig": {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"},
    "CreateConfig": {"Filename": "mine.conf"},
    "ListCategories": {"Filename": "../../../etc/passwd"},
    "ModuleLoad": {"LoadType": "load", "Module": "app_system.so"},
    "Reload": {},
    "LoggerRotate": {},
    "DBPut": {"Family": "a", "Key": "b", "Val": "c"},
    "DialplanExtensionAdd": {"Context": "ivr", "Extension": "s", "Priority": "1", "Application": "System"},
    "UserEvent": {"UserEvent": "LineLost"},
    "AGI": {"Channel": "PJSIP/trunk-1", "Command": "EXEC System id"},
    "Filter": {"Operation": "Add", "Filter": "!."},
}


@pytest.mark.parametrize("action", FORBIDDEN)
async def test_the_manager_user_may_not(our_asterisk: OurAsteriskPair, action: str) -> None:
    async with our_asterisk.link() as link:
        with pytest.raises(CarrierRefused, match=r"Permission denied|Invalid/unknown command"):
            await link.action(action, **FORBIDDEN[action])
        await link.action("Ping")


async def test_a_program_can_not_be_run_by_an_originate(our_asterisk: OurAsteriskPair) -> None:
    proof = our_asterisk.process.top / "spool/proof"
    async with watching(our_asterisk) as watched, our_asterisk.trunk_phone(lambda _: picks_up):
        for application in ("System", "TrySystem", "ExternalIVR"):
            await _try(watched, Application=application, Data=f"touch {proof}")
        for variable in (f"FILE({proof},,,l)=x", f"SHELL(touch {proof})=x", f"X=${{SHELL(touch {proof})}}"):
            await _try(watched, Variable=variable, Application="Playback", Data="beltoon/inbound")
        await watched.link.action("Ping")
    assert not proof.exists()


async def _try(watched: Watched, **headers: str) -> None:
    """Ask for it; refused at once, or it fails when it is to be done, or nothing comes of it."""
    try:
        await watched.link.action("Originate", Channel=f"PJSIP/{ADA}@trunk", Async="false", Timeout="2000", **headers)
    except CarrierRefused:
        return


async def test_a_value_of_the_machine_can_not_be_read(our_asterisk: OurAsteriskPair) -> None:
    async with our_asterisk.link() as link:
        for variable in ("SHELL(id)", "FILE(/etc/passwd)", "ENV(PATH)", "${SHELL(id)}"):
            answer = None
            try:
                answer = await link.action("Getvar", Variable=variable)
            except CarrierRefused:
                continue
            assert answer.get("value", "") in ("", "(null)"), variable


# -- instances -------------------------------------------------------------------------------------------------------


@pytest.fixture
def home() -> Iterator[Path]:
    # Not pytest's own folder: the name of Asterisk's console socket must stay short.
    with tempfile.TemporaryDirectory(prefix="beltoon-home-") as name:
        yield Path(name)


def test_it_boots_as_quietly_with_a_trunk_that_wants_a_registration(home: Path) -> None:
    ours = {
        "ami_user": AMI_USER,
        "media_host": "127.0.0.1",
        "trunk_uri": "sip:127.0.0.1:9",
        "register_user": "beltoon",
        "register_secret": "between us",
        "match": "127.0.0.1,192.0.2.0/24",
    }
    process = start_asterisk(home, obtain(None, default_cache()), picked_ports(), ours, {}, stays=False)
    try:
        assert "trunk-registration" in process.ask("pjsip show registrations")
        assert "192.0.2.0/24" in process.ask("pjsip show identifies")
        log = (process.top / "log/messages").read_text()
        assert "ERROR" not in log
    finally:
        process.stop()
        remove_asterisk_folder(process.top)
    assert process.pid is None


def test_it_ends_with_the_process_that_started_it(home: Path) -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from dialer.asterisk_tree import default_cache, obtain\n"
        "from dialer.instance import picked_ports, start_asterisk\n"
        "ours = {'ami_user': 'x', 'media_host': '127.0.0.1', 'trunk_uri': 'sip:127.0.0.1:9'}\n"
        "tree = obtain(None, default_cache())\n"
        "process = start_asterisk(Path(sys.argv[1]), tree, picked_ports(), ours, {}, stays=False)\n"
        "print(process.pid, process.top, flush=True)\n"
        "time.sleep(60)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    pid, top = starter.stdout.readline().split()
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    deadline = time.monotonic() + 8
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()
    remove_asterisk_folder(Path(top))


def test_one_that_can_not_start_says_why(home: Path) -> None:
    top = asterisk_folder(home)
    (top / "log").mkdir()
    with pytest.raises(AsteriskDidNotStart, match=r"^Asterisk did not start: Unable to open Asterisk database"):
        AsteriskProcess(obtain(None, default_cache()), top).start()
    remove_asterisk_folder(top)
