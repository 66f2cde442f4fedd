"""An Asterisk that lies in a folder: where its modules are and how it is started. `/` is the system's own."""

from __future__ import annotations

from pathlib import Path

_MACHINES = ("x86_64-linux-gnu", "aarch64-linux-gnu")


class TreeError(Exception):
    """There is no Asterisk in this folder; the message says what was looked for."""


def modules_of(root: Path) -> Path:
    """The folder of its modules. Raises `TreeError`."""
    folders = [root / "usr/lib" / machine / "asterisk/modules" for machine in _MACHINES]
    for folder in (*folders, root / "usr/lib/asterisk/modules"):
        if folder.is_dir():
            return folder
    raise TreeError(f"{root} holds no Asterisk (usr/lib/…/asterisk/modules)")


def command(root: Path, *arguments: str) -> list[str]:
    """How it is started: with the tree's own loader and libraries, unless it is the system's. Raises `TreeError`.

    `-f -C DIR/etc/asterisk.conf` runs it; `-C … -rx "core waitfullybooted"` answers when it is ready.
    """
    program = str(root / "usr/sbin/asterisk")
    if root == Path("/"):
        return [program, *arguments]
    for machine in _MACHINES:
        libraries = root / "usr/lib" / machine
        for loader in sorted(libraries.glob("ld-linux-*.so.*")):
            return [str(loader), "--library-path", str(libraries), program, *arguments]
    raise TreeError(f"{root} has no loader (usr/lib/…/ld-linux-*.so.*)")
