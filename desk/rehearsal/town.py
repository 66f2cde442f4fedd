"""The town's process: built by its own builder, run like any Asterisk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from desk.errors import DeskError
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.files import docker_folder


def build_town(
    tree: AsteriskTree, first: int, ports: int, peer: str, *, softphone: str | None = None, stays: bool = False
) -> AsteriskProcess:
    """Build a town on the ports from `first` and start it. `softphone`: `user:secret:number`.

    Raises `DeskError`, `AsteriskDidNotStart`.
    """
    top = Path(tempfile.mkdtemp(prefix="beltoon-town-"))
    top.chmod(0o755)
    command = [
        sys.executable, str(docker_folder("town") / "build.py"), "--out", str(top / "town"),
        "--asterisk", str(tree.root), "--sip-port", str(first), "--rtp-ports", f"{first + 2}-{first + ports - 1}",
        "--peer", peer, "--cache", str(_voices()),
    ]  # fmt: skip
    if softphone is not None:
        command += ["--softphone", softphone]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeskError(f"The town could not be built: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    process = town_process(tree, top / "town", stays=stays)
    process.start()
    return process


def town_process(tree: AsteriskTree, folder: Path, *, stays: bool) -> AsteriskProcess:
    """The process of the town in a folder."""
    return AsteriskProcess(tree, folder, stays=stays)


def _voices() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "beltoon" / "town-voices"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
