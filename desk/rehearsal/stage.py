"""The stage of a rehearsal: a folder of its own, our Asterisk, the town, an empty database, a dialer."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk import wiring
from desk.errors import DeskError
from desk.migrate import migrate
from desk.rehearsal.listening import as_variables
from desk.rehearsal.town import build_town
from desk.settings import Settings
from dialer.asterisk_process import AsteriskProcess
from dialer.asterisk_tree import AsteriskTree
from dialer.errors import AlreadyRunning
from dialer.instance import FolderLock, Ports, picked_ports, remove_asterisk_folder, start_asterisk
from dialer.ports import pick_ports
from ledger.clock import real_now
from ledger.database import Database
from ledger.run_store import set_clock_offset
from voices.cache import PieceCache
from voices.renderer import Renderer

#: Rehearsals that may run side by side in one home folder.
SIDE_BY_SIDE = 20
#: Our number in the town.
OUR_NUMBER = "+3225550100"


@dataclass(frozen=True)
class Softphone:
    """How a person registers a telephone at the town, and as which debtor it is called."""

    user: str
    secret: str
    number: str
    host: str
    port: int


class Stage:
    """Everything that a rehearsal starts, and ends."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._tree: AsteriskTree | None = None
        self._asterisk: AsteriskProcess | None = None
        self._town: AsteriskProcess | None = None
        self._dialer: subprocess.Popen[bytes] | None = None
        self.home, self._lock = _own_folder(settings.home / "demo")
        self.database: Database | None = None
        self.softphone: Softphone | None = None
        #: How the people of this rehearsal are heard.
        self.voices = settings.voices

    @property
    def has_town(self) -> bool:
        """The public network is our own town, whose log can be compared."""
        return self._town is not None

    @property
    def town_folder(self) -> Path:
        """The town's folder, with its log."""
        assert self._town is not None  # noqa: S101
        return self._town.top

    def build(self, render: Renderer, cache: PieceCache, ring_me: str | None = None) -> None:
        """Get Asterisk, start ours and, unless the settings name another network, the town.

        `ring_me`: the number that a softphone at the town takes. Raises `DialerError`, `DeskError`.
        """
        settings = self._settings
        self._tree = wiring.asterisk_tree(settings, self._tell)
        assert self._tree is not None  # noqa: S101
        ports = picked_ports()
        trunk = settings.trunk.uri
        if not trunk:
            first = pick_ports(wiring.TOWN_PORTS)
            trunk = f"sip:127.0.0.1:{first}"
            self._tell("building the town")
            self._start_town(first, ports, ring_me)
        self._tell("starting our Asterisk")
        sounds = wiring.fallback_sounds(render, cache)
        self._asterisk = start_asterisk(
            self.home, self._tree, ports, wiring.trunk_values(settings, trunk), sounds, stays=False
        )

    def _start_town(self, first: int, ours: Ports, ring_me: str | None) -> None:
        assert self._tree is not None  # noqa: S101
        softphone = None
        if ring_me is not None:
            self.softphone = Softphone("me", secrets.token_hex(6), ring_me, "127.0.0.1", first)
            softphone = f"me:{self.softphone.secret}:{ring_me}"
        peer = f"127.0.0.1:{ours.sip}"
        self._town = build_town(self._tree, first, wiring.TOWN_PORTS, peer, softphone=softphone)

    def registered(self) -> bool:
        """Has the softphone registered at the town?"""
        assert self._town is not None  # noqa: S101
        assert self.softphone is not None  # noqa: S101
        return f"{self.softphone.user}/sip:" in self._town.ask("pjsip show contacts")

    def open_books(self, at: datetime) -> Database:
        """An empty database whose clock stands at `at`."""
        database = Database(f"sqlite:///{self.home.resolve() / 'beltoon.db'}", number_key=wiring.number_key(self.home))
        migrate(database)
        self.database = database
        self.set_clock(at)
        return database

    def set_clock(self, at: datetime) -> None:
        """The campaign's clock jumps; every process follows."""
        assert self.database is not None  # noqa: S101
        with self.database.unit_of_work() as session:
            set_clock_offset(session, at - real_now())

    def environment(self) -> Mapping[str, str]:
        """The settings of this rehearsal, for its children."""
        own = {k: v for k, v in os.environ.items() if k not in {"BELTOON_DATABASE_URL", "BELTOON_CLOCK"}}
        return own | {
            **as_variables(self.voices),
            "BELTOON_HOME": str(self.home.resolve()),
            "BELTOON_TRUNK__CALLER_ID": self._settings.trunk.caller_id or OUR_NUMBER,
        }

    def start_dialer(self) -> None:
        """`beltoon dial`, as anybody would start it."""
        with (self.home / "dial.log").open("wb") as log:
            self._dialer = subprocess.Popen(
                [sys.executable, "-m", "desk", "dial", "--with-parent"],
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check_dialer(self) -> None:
        """Raises `DeskError` with its last words if the dialer has ended."""
        if self._dialer is not None and self._dialer.poll() is not None:
            words = (self.home / "dial.log").read_text(errors="replace").strip().splitlines()
            raise DeskError(f"The dialer has ended: {words[-1] if words else 'it said nothing'}")

    def stop_dialer(self) -> None:
        """One more signal: the first ends dialling, the second says goodbye."""
        if self._dialer is not None and self._dialer.poll() is None:
            self._dialer.send_signal(signal.SIGTERM)

    def dialer_ended(self, within: float) -> bool:
        """Wait so many seconds for the dialer's end."""
        if self._dialer is None:
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._dialer.wait(within)
        return self._dialer.poll() is not None

    def strike(self) -> None:
        """End all that was started, the last first. Database and logs stay; may be called twice."""
        if self._dialer is not None and not self.dialer_ended(0):
            self.stop_dialer()
            self.stop_dialer()
            if not self.dialer_ended(30):
                self._dialer.kill()
        for process in (self._asterisk, self._town):
            if process is not None:
                process.stop()
                if process is self._town:
                    self._keep_town_log()
                remove_asterisk_folder(process.top.parent if process is self._town else process.top)
        self._asterisk = self._town = self._dialer = None
        if self.database is not None:
            self.database.close()
        self._lock.release()

    def _keep_town_log(self) -> None:
        with contextlib.suppress(OSError):
            shutil.copytree(self.town_folder / "log", self.home / "town-log", dirs_exist_ok=True)


def _own_folder(base: Path) -> tuple[Path, FolderLock]:
    """The first folder `demo`, `demo-2` … that nobody works in, emptied."""
    for n in range(1, SIDE_BY_SIDE + 1):
        home = base if n == 1 else base.with_name(f"{base.name}-{n}")
        home.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock = FolderLock(home, "demo")
        except AlreadyRunning:
            continue
        for path in home.iterdir():
            if path.name != "demo.lock":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return home, lock
    raise AlreadyRunning(f"{SIDE_BY_SIDE} rehearsals run in {base.parent} already; stop one of them")
