"""One running Asterisk, ours or the town's: started, awaited, asked, stopped by its pid."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from dialer.asterisk_tree import AsteriskTree
from dialer.errors import AsteriskDidNotStart

#: How long a start may take; usually half a second.
START_SECONDS = 30.0
#: How long a stop may take before it is killed; usually two seconds.
STOP_SECONDS = 8.0
#: Whom Asterisk runs as when root starts it.
ORDINARY_USER = "nobody"
_PID_FILE = "asterisk.pid"
_COLOURS = re.compile("\x1b\\[[0-9;]*m")


class AsteriskProcess:
    """Asterisk in the foreground with the configuration in `top/etc`. It ends with the process that started it,
    unless `stays` is set."""

    def __init__(self, tree: AsteriskTree, top: Path, *, stays: bool = False) -> None:
        self.tree = tree
        self.top = top.resolve()
        self.stays = stays
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is fully booted. Raises `AsteriskDidNotStart` with the last thing it said."""
        command = self.tree.command("-f", "-C", str(self.top / "etc/asterisk.conf"))
        if shutil.which("setpriv"):
            wrap = ["setpriv"] if self.stays else ["setpriv", "--pdeathsig", "TERM"]
            if os.geteuid() == 0:
                user = pwd.getpwnam(ORDINARY_USER)
                _give(self.top, user.pw_uid, user.pw_gid)
                wrap += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--no-new-privs"]
            if len(wrap) > 1:
                command = [*wrap, *command]
        with (self.top / "log/output").open("wb") as output:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", start_new_session=True
            )
        (self.top / _PID_FILE).write_text(str(self._child.pid))
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._child.poll() is not None:
                break
            if "fully booted" in self.ask("core waitfullybooted"):
                return
            time.sleep(0.05)
        self.stop()
        raise AsteriskDidNotStart(f"Asterisk did not start: {self._last_words()} (see {self.top}/log)")

    def ask(self, question: str) -> str:
        """What the console answers; empty when it does not."""
        command = self.tree.command("-C", str(self.top / "etc/asterisk.conf"), "-rx", question)
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout
        return ""

    @property
    def pid(self) -> int | None:
        """The process, if it runs."""
        if self._child is not None:
            return self._child.pid if self._child.poll() is None else None
        return pid_in(self.top)

    def stop(self) -> None:
        """End it, if it runs: kindly, then surely."""
        pid = self.pid
        if pid is None:
            return
        for sign, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 2.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and self.pid is not None:
                time.sleep(0.05)
            if self.pid is None:
                break
        (self.top / _PID_FILE).unlink(missing_ok=True)

    def _last_words(self) -> str:
        for name in ("messages", "output"):
            with contextlib.suppress(OSError):
                lines = (self.top / "log" / name).read_text(errors="replace").strip().splitlines()
                if lines:
                    return _COLOURS.sub("", lines[-1])
        return "it said nothing"


def pid_in(top: Path) -> int | None:
    """The Asterisk that runs from this folder, whoever started it; None where none does."""
    top = top.resolve()
    with contextlib.suppress(OSError, ValueError):
        pid = int((top / _PID_FILE).read_text())
        if str(top) in Path(f"/proc/{pid}/cmdline").read_text():
            return pid
    return None


def _give(folder: Path, uid: int, gid: int) -> None:
    """Make the ordinary user the owner of the instance's folder and all in it."""
    os.chown(folder, uid, gid)
    for path in folder.rglob("*"):
        os.chown(path, uid, gid, follow_symlinks=False)
