"""`beltoon demo` as anybody starts it: in the town, and at a telephone network that is not ours."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from heard import heard
from house import Debtor, House, until

from dialer.files import docker_folder
from phone import IncomingCall

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

TOP = Path(__file__).parents[2]
EXPECTED: dict[str, dict[str, Any]] = json.loads((docker_folder("town") / "expected.json").read_text())
#: Three people with telephones of the test.
PEOPLE = (Debtor(6001), Debtor(6002), Debtor(6003))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home folder for rehearsals; the demo builds all else by itself, and sets its own clock."""
    house = House.build(tmp_path)
    for name in ("CLOCK", "TRUNK__URI", "TRUNK__CALLER_ID", "DIAL__LINES", "DIAL__CALLS_PER_SECOND"):
        del house.environment[f"BELTOON_{name}"]
    return house


def town_calls(log: Path, folder: Path) -> list[dict[str, Any]]:
    """Every call that the town wrote down, read by its own reader."""
    folder.mkdir()
    (folder / "log").symlink_to(log)
    reader = docker_folder("town") / "log.py"
    done = subprocess.run([sys.executable, reader, folder], capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_rehearsal_in_the_town_ends_for_everyone_as_it_is_written(house: House, tmp_path: Path) -> None:
    done = house.run("demo", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    came_of_it = {
        one["debtor"]: (
            one["disposition"],
            one["agreement"],
            one["refusal"] and one["refusal"]["rule"],
            one["calls"],
            one["rang_in"],
        )
        for one in document["debtors"]
    }
    assert came_of_it == {
        debtor: (
            one["disposition"],
            one["agreement"],
            one["refusal"],
            len(one["calls"]),
            int(one["inbound"] is not None),
        )
        for debtor, one in EXPECTED.items()
    }
    assert house.processes() == []
    rehearsed = House(house.home / "demo", 0, house.environment | {"BELTOON_HOME": str(house.home / "demo")})
    calls = rehearsed.document("calls")["calls"]
    for debtor, one in EXPECTED.items():
        out = [call["disposition"] for call in calls if call["debtor"] == debtor and call["direction"] == "out"]
        assert out == [call["disposition"] for call in one["calls"]]
        came_in = [call["disposition"] for call in calls if call["debtor"] == debtor and call["direction"] == "in"]
        assert came_in == ([one["inbound"]["disposition"]] if one["inbound"] else [])
    seen = town_calls(house.home / "demo" / "town-log", tmp_path / "town")
    attempts = rehearsed.rows("SELECT e164 FROM attempt")
    assert Counter(c["number"] for c in seen if not c["rang_in"]) == Counter(row["e164"] for row in attempts)
    totals = document["totals"]
    assert totals["agrees_with_town"] is True
    assert (totals["calls"], totals["calls_in"]) == (len(attempts), sum(c["rang_in"] for c in seen))


def test_making_ready_leaves_standard_output_to_the_document() -> None:
    own = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")}
    done = subprocess.run(["make", "asterisk"], cwd=TOP, env=own, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "Asterisk" in done.stderr


async def test_only_the_trunks_address_leads_the_rehearsal_to_another_network(house: House) -> None:
    people = house.list_of("three", PEOPLE)
    house.environment["BELTOON_TRUNK__URI"] = f"sip:127.0.0.1:{house.trunk_port}"
    calls: list[IncomingCall] = []

    async def listens(call: IncomingCall) -> None:
        calls.append(call)
        await call.answer()
        await call.prompt_ended()
        await call.hang_up()

    async with house.telephone(lambda _: listens) as phone:
        done = await asyncio.to_thread(house.run, "demo", "--json", "--people", str(people))
        assert done.returncode == 0, done.stderr
        assert phone.log.times_called() == {who.number: 1 for who in PEOPLE}
    assert all(heard(call.record(), "open.hello") for call in calls)
    document = json.loads(done.stdout)
    assert [one["disposition"] for one in document["debtors"]] == ["no_conversation"] * 3
    assert document["totals"]["agrees_with_town"] is None
    assert house.processes() == []


async def test_ctrl_c_twice_says_goodbye_and_leaves_no_process_and_no_half_written_call(house: House) -> None:
    people = house.list_of("three", PEOPLE)
    house.environment["BELTOON_TRUNK__URI"] = f"sip:127.0.0.1:{house.trunk_port}"
    calls: list[IncomingCall] = []

    async def stays(call: IncomingCall) -> None:
        calls.append(call)
        await call.answer()
        await call.until_over(90.0)

    async with house.telephone(lambda _: stays) as phone:
        demo = subprocess.Popen(  # noqa: ASYNC220 (it returns at once)
            house.command("demo", "--json", "--people", str(people)), env=house.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        await until(lambda: len(calls) == len(PEOPLE), within=120)
        for call in calls:
            await call.wait_for_voice()
        demo.send_signal(signal.SIGINT)
        await asyncio.sleep(0.5)
        assert demo.poll() is None, "after one Ctrl-C conversations run on"
        demo.send_signal(signal.SIGINT)
        told, said = await asyncio.to_thread(demo.communicate, timeout=60)
        assert demo.returncode == 130, said.decode()
        assert phone.log.times_called() == {who.number: 1 for who in PEOPLE}
    assert all(heard(call.record(), "trouble.time_up") for call in calls)
    assert all(call.log.ended_by == "them" for call in calls)
    document = json.loads(told)
    assert [one["disposition"] for one in document["debtors"]] == ["no_conversation"] * 3
    rehearsed = House(house.home / "demo", 0, house.environment | {"BELTOON_HOME": str(house.home / "demo")})
    assert rehearsed.live_calls() == 0
    assert rehearsed.rows("SELECT 1 FROM attempt WHERE ended_at IS NULL OR disposition IS NULL") == []
    assert house.processes() == []
