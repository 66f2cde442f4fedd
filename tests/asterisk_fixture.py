"""A real Asterisk of ours for a test worker: booted from the shipped files, its trunk a test telephone's address."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dialer.ami_link import AmiAddress, AmiLink
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import default_cache, obtain
from dialer.instance import Ports, picked_ports, read_secret, remove_asterisk_folder, secret_file, start_asterisk
from dialer.ports import pick_ports
from phone import Phone, sound
from phone.phone import Personas

AMI_USER = "beltoon"
#: The neutral sentences of these tests are tones, so that a telephone can tell which one it hears (in hertz).
INBOUND_HZ, DUTCH_HZ = 440.0, 700.0
SENTENCE_MS = 400


@dataclass(frozen=True)
class OurAsteriskPair:
    """Our Asterisk, running, and the place where its trunk's other end is to listen."""

    home: Path
    ports: Ports
    process: AsteriskProcess
    trunk_port: int
    #: Every line of notice and above that it wrote while it started.
    boot_log: tuple[str, ...]

    @property
    def ami(self) -> AmiAddress:
        return AmiAddress("127.0.0.1", self.ports.ami, AMI_USER, read_secret(secret_file(self.home)))

    @property
    def sip(self) -> tuple[str, int]:
        """Where a call comes in."""
        return "127.0.0.1", self.ports.sip

    def trunk_phone(self, personas: Personas | None = None) -> Phone:
        """A telephone with every number of the world, at the trunk's other end."""
        return Phone(personas, port=self.trunk_port)

    @contextlib.asynccontextmanager
    async def link(self) -> AsyncIterator[AmiLink]:
        """A link that is signed in."""
        link = AmiLink(self.ami)
        await link.start()
        try:
            yield link
        finally:
            await link.close()

    def log(self) -> list[str]:
        """Every line of notice and above that it has written, of all tests of this worker."""
        return _log_of(self.process)


def _log_of(process: AsteriskProcess) -> list[str]:
    return (process.top / "log/messages").read_text(errors="replace").splitlines()


@pytest.fixture(scope="session")
def our_asterisk() -> Iterator[OurAsteriskPair]:
    tree = obtain(None, default_cache())
    home = Path(tempfile.mkdtemp(prefix="beltoon-home-"))
    ports, trunk_port = picked_ports(), pick_ports(1)
    ours = {"ami_user": AMI_USER, "media_host": "127.0.0.1", "trunk_uri": f"sip:127.0.0.1:{trunk_port}"}
    sentences = {
        "inbound": sound.tone(INBOUND_HZ, SENTENCE_MS),
        "nl-BE": sound.tone(DUTCH_HZ, SENTENCE_MS),
    }
    process = start_asterisk(home, tree, ports, ours, sentences, stays=False)
    try:
        yield OurAsteriskPair(home, ports, process, trunk_port, tuple(_log_of(process)))
    finally:
        process.stop()
        remove_asterisk_folder(process.top)
        shutil.rmtree(home, ignore_errors=True)
