"""A town with one person of each kind on a real Asterisk, and what a test does there."""

from __future__ import annotations

import asyncio
import math
import sys
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.files import docker_folder
from dialer.ports import pick_ports
from phone import CallRefused, OutgoingCall, Phone

sys.path.insert(0, str(docker_folder("town")))

from build import build
from dialplan import Softphone
from log import TownCall, read_calls

KINDS = Path(__file__).with_name("town_kinds.toml")
#: Our number, as the town's people see it.
US = "+3225550142"
SOFIE = Softphone(user="sofie", secret="sofies-secret", number="+32470000100")


@dataclass(frozen=True)
class Town:
    """A town that stands."""

    folder: Path
    sip: tuple[str, int]
    #: Where the town expects Beltoon's Asterisk.
    peer_port: int

    async def calls_of(self, number: str) -> list[TownCall]:
        """What the town wrote down of this number's ended calls; it writes a moment after the end."""
        await asyncio.sleep(0.3)
        return [call for call in read_calls(self.folder) if call.number == number]


@contextmanager
def town_of_kinds(asterisk_root: Path) -> Iterator[Town]:
    """Built, started, and stopped in the end."""
    # Not pytest's own folder: started by root, Asterisk runs as somebody who may not look into it.
    with tempfile.TemporaryDirectory(prefix="town-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        first = pick_ports(104)
        build(
            folder / "town",
            asterisk_root,
            sip_port=first,
            peer=("127.0.0.1", first + 1),
            rtp_ports=(first + 4, first + 103),
            personas=KINDS,
            softphone=SOFIE,
        )
        process = AsteriskProcess(AsteriskTree(asterisk_root, ""), folder / "town")
        process.start()
        try:
            yield Town(folder / "town", ("127.0.0.1", first), first + 1)
        finally:
            process.stop()


def tone(seconds: float) -> bytes:
    """Something that is not silence: our prompt."""
    samples = (round(6000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(int(8000 * seconds)))
    return array("h", samples).tobytes()


async def refusal(phone: Phone, town: Town, number: str) -> int:
    """The SIP status with which a call to this number is refused."""
    with pytest.raises(CallRefused) as refused:
        await phone.ring(number, town.sip, caller_id=US).connected()
    return refused.value.status


async def answered(phone: Phone, town: Town, number: str) -> OutgoingCall:
    """A call that was taken."""
    call = phone.ring(number, town.sip, caller_id=US)
    await call.connected()
    return call
