"""One running instance of ours: its folder, its lock, its block of ports, its Asterisk."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from dialer.asterisk_config import OurAsterisk, write_config
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.errors import AlreadyRunning, DialerError
from dialer.ports import pick_ports

#: SIP, AMI, AudioSocket, FastAGI, and RTP for 200 calls.
PORTS = 4 + 2 * 200
_FILE, _SECRET = "instance.json", "ami.secret"


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where this instance listens, all on loopback but SIP and RTP."""

    sip: int
    ami: int
    audiosocket: int
    agi: int
    rtp_from: int
    rtp_to: int


def picked_ports() -> Ports:
    """A block that is free now."""
    first = pick_ports(PORTS)
    return Ports(
        sip=first, ami=first + 1, audiosocket=first + 2, agi=first + 3, rtp_from=first + 4, rtp_to=first + PORTS - 1
    )


class FolderLock:
    """Held by whoever works in a folder; the kernel lets it go with the process."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[str] = (folder / f"{name}.lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise AlreadyRunning(f"Another {name} works in {folder}; stop it, or set BELTOON_HOME") from error

    def release(self) -> None:
        """Let go."""
        self._file.close()


def write_instance(home: Path, ports: Ports, top: Path, trunk: str = "") -> None:
    """Note where this instance listens, where its Asterisk's folder is, and to which trunk its calls go."""
    noted = {"ports": asdict(ports), "asterisk": str(top), "trunk": trunk}
    (home / _FILE).write_text(json.dumps(noted, indent=2) + "\n")


def noted_trunk(home: Path) -> str:
    """The trunk of the Asterisk that was started here, as `sip:host:port`; empty where none was."""
    with contextlib.suppress(OSError, ValueError):
        return str(json.loads((home / _FILE).read_text()).get("trunk", ""))
    return ""


def read_instance(home: Path) -> tuple[Ports, Path] | None:
    """What `write_instance` noted; None where no Asterisk of ours was started here."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads((home / _FILE).read_text())
        return Ports(**noted["ports"]), Path(noted["asterisk"])
    return None


def secret_file(home: Path) -> Path:
    """The file with the AMI secret of this instance, made at the first call, readable by its owner alone."""
    return made_secret(home / _SECRET)


def made_secret(path: Path) -> Path:
    """This file with a secret in it, made at the first call, readable by its owner alone."""
    with (
        contextlib.suppress(FileExistsError),
        os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file,
    ):
        file.write(secrets.token_hex(24) + "\n")
    return path


def read_secret(path: Path) -> str:
    """The secret in a file. Raises `DialerError` where it can't be read, or others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise DialerError(f"The secret in {path} can be read by others; run: chmod 600 {path}")
        return path.read_text().strip()
    except OSError as error:
        raise DialerError(f"The secret in {path} can't be read: {error.strerror}") from error


def asterisk_folder(home: Path) -> Path:
    """A folder for Asterisk's own files: in the home folder, or, when root starts it as an ordinary user, one that
    this user can reach."""
    if os.geteuid() != 0:
        folder = home.resolve() / "asterisk"
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    folder = Path(tempfile.mkdtemp(prefix="beltoon-"))
    folder.chmod(0o755)
    return folder


def start_asterisk(
    home: Path, tree: AsteriskTree, ports: Ports, ours: Mapping[str, str], sounds: Mapping[str, bytes], *, stays: bool
) -> AsteriskProcess:
    """Write the configuration and start our Asterisk. `ours`: trunk_uri, codecs, match … of `OurAsterisk`.

    Raises `AsteriskDidNotStart`.
    """
    top = asterisk_folder(home)
    config = OurAsterisk(
        sip_port=ports.sip,
        rtp_from=ports.rtp_from,
        rtp_to=ports.rtp_to,
        ami_port=ports.ami,
        ami_secret=read_secret(secret_file(home)),
        audiosocket_port=ports.audiosocket,
        agi_port=ports.agi,
        **ours,
    )
    write_config(config, tree, top, sounds)
    write_instance(home, ports, top, config.trunk_uri)
    process = AsteriskProcess(tree, top, stays=stays)
    process.start()
    return process


def remove_asterisk_folder(top: Path) -> None:
    """Asterisk's files are no longer needed."""
    shutil.rmtree(top, ignore_errors=True)
