"""`beltoon demo --ring-me`: a person's own telephone, registered at the town, is rung as a debtor."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from house import House

from phone import Credentials, IncomingCall, Phone

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


async def told(output: asyncio.StreamReader, so_far: list[str], until: str) -> str:
    """Read until a word was printed; all that was printed."""
    while until not in "".join(so_far):
        so_far.append((await output.read(200)).decode(errors="replace"))
    return "".join(so_far)


async def test_a_telephone_registered_at_the_town_is_rung_and_hears_us(tmp_path: Path) -> None:
    house = House.build(tmp_path)
    for name in ("CLOCK", "TRUNK__URI", "TRUNK__CALLER_ID", "DIAL__LINES", "DIAL__CALLS_PER_SECOND"):
        del house.environment[f"BELTOON_{name}"]
    rang: list[str] = []

    async def me(call: IncomingCall) -> None:
        await call.answer(after=0.5)
        await call.wait_for_voice(within=5)
        rang.append("heard us")
        await call.press("9")
        await call.prompt_ended()

    command = (sys.executable, "-m", "desk", "demo", "--ring-me")
    demo = await asyncio.create_subprocess_exec(
        *command, env=house.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert demo.stdout is not None
    printed: list[str] = []
    async with asyncio.timeout(170), Phone(lambda _: me, port=0) as phone:
        said = await told(demo.stdout, printed, "as soon as it is registered")
        found = re.search(r"server\s+([\d.]+):(\d+).*user\s+(\S+)\s+password\s+(\S+)", said, re.DOTALL)
        assert found is not None, said
        host, port, user, secret = found.groups()
        await phone.register((host, int(port)), Credentials(user, secret))
        printed.append((await demo.stdout.read()).decode(errors="replace"))
        code = await demo.wait()
    assert (code, rang) == (0, ["heard us"]), "".join(printed)
    assert "opted_out" in "".join(printed)
