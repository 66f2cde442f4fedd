"""The stage of a bench: a folder of its own, our Asterisk with a callee at its trunk, books full of people."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from desk import wiring
from desk.bench import people
from desk.bench.program import DialerProgram, Program
from desk.bench.telephone import as_ulaw, told
from desk.errors import DeskError
from desk.migrate import migrate
from desk.rehearsal.listening import as_variables
from desk.settings import Settings, VoicesSettings
from dialer.asterisk_process import AsteriskProcess
from dialer.errors import AsteriskMissing
from dialer.instance import Ports, remove_asterisk_folder, secret_file, start_asterisk
from dialer.playback import AUDIBLE
from dialer.ports import pick_ports
from dialer.station_store import pid_of
from ledger.clock import real_now
from ledger.database import Database
from ledger.intake.importing import import_list
from ledger.run_store import set_clock_offset
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, fill_candidates, move_campaign
from voices.audio import RATE_HZ
from voices.casting import VOICE_IDS
from voices.mastering import EDGE_MS
from voices.renderer import Urgency
from voices.speech import ahead, names

#: A Tuesday morning on which everybody may be called.
AT = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Europe/Brussels"))
#: Calls at one time for which there are RTP ports: some to spare for those that are ending.
CALLS = 400
#: The bare line speaks for one second, so that it is silent when a key is pressed.
BARE_BYTES = 2 * RATE_HZ
#: Our line listens within this after the dialer's start.
LINE_SECONDS = 30.0

Tell = Callable[[str], None]
P = TypeVar("P", Program, DialerProgram)


class BenchStage:
    """Asterisk, callee and rendered voices; books and a dialer as often as they are asked for."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        self._tell = tell
        self.folder = Path(tempfile.mkdtemp(prefix="beltoon-bench-"))
        first = pick_ports(6 + 2 * CALLS)
        self.ports = Ports(
            sip=first, ami=first + 1, audiosocket=first + 2, agi=first + 3,
            rtp_from=first + 6, rtp_to=first + 5 + 2 * CALLS,
        )  # fmt: skip
        self._callee_port = first + 4
        trunk = settings.trunk.model_copy(update={"uri": f"sip:127.0.0.1:{self._callee_port}", "register_user": ""})
        self.settings = settings.model_copy(update={"home": self.folder, "trunk": trunk, "database_url": ""})
        self._running: list[Program | DialerProgram] = []
        self._asterisk: AsteriskProcess | None = None

    @contextlib.contextmanager
    def built(self) -> Iterator[BenchStage]:
        """Everything is started, and ended at the end. Raises `DialerError`, `DeskError`."""
        try:
            self._build()
            yield self
        finally:
            for program in tuple(self._running):
                self.end(program)
            if self._asterisk is not None:
                self._asterisk.stop()
                remove_asterisk_folder(self._asterisk.top)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _build(self) -> None:
        tree = wiring.asterisk_tree(self.settings)
        if tree is None:
            raise AsteriskMissing("No Asterisk of a good version is here; run: beltoon asterisk get")
        self._tell("rendering the voices")
        render, cache = wiring.renderer(self.settings)
        render.want(names(people.spoken_names(), people.LANGUAGE), Urgency.NEXT)
        render.want(ahead(people.LANGUAGE), Urgency.AHEAD)
        render.wait()
        self._tell("starting Asterisk and the callee")
        sounds = wiring.fallback_sounds(render, cache)
        render.close()
        self._sound = self.folder / "sound.s16"
        self._sound.write_bytes(from_first_word(sounds[people.LANGUAGE])[:BARE_BYTES])
        self._asterisk = start_asterisk(
            self.folder, tree, self.ports, wiring.trunk_values(self.settings), sounds, stays=False
        )
        self.version = tree.version
        for name, text in people.WORDS.items():
            said = told(text, VOICE_IDS[people.LANGUAGE], before_ms=0, after_ms=0)
            last = len(said) - 2 * RATE_HZ * EDGE_MS // 1000  # a wait begins with a caller's last sound
            (self.folder / f"{name}.ulaw").write_bytes(as_ulaw(said[:last]))
        self.callee = self._start(Program("desk.bench.callee", str(self._callee_port), str(self.folder)))

    @property
    def asterisk_pid(self) -> int:
        """Our Asterisk's process."""
        return (self._asterisk.pid if self._asterisk else None) or 0

    @contextlib.contextmanager
    def books(self, count: int, lines: int, per_second: float) -> Iterator[Database]:
        """New books with so many people and a running campaign."""
        self._tell(f"importing {count} people")
        for old in self.folder.glob("beltoon.db*"):
            old.unlink()
        database = Database(self.settings.database)
        migrate(database)
        listed = self.folder / "people.csv"
        people.write_people(listed, count, AT.date())
        import_list(database, listed, AT)
        with database.unit_of_work() as session:
            set_clock_offset(session, AT - real_now())
            rules = CampaignRules(lines=lines, calls_per_second=per_second)
            create_campaign(session, "bench", rules, AT, "bench")
            move_campaign(session, "bench", "start", AT, "bench")
        fill_candidates(database, "bench", AT)
        yield database
        database.close()

    def bare_line(self) -> Program:
        """The bare server in the place of our line."""
        return self._start(Program("desk.bench.bare_line", "127.0.0.1", str(self.ports.audiosocket), str(self._sound)))

    def bare_loop(self, window: int, per_second: float) -> Program:
        """The bare dialer in the place of ours."""
        secret = str(secret_file(self.folder))
        return self._start(Program("desk.bench.bare_loop", str(self.ports.ami), secret, str(window), str(per_second)))

    def dialer(self, lines: int, per_second: float, ears: int | None = None) -> DialerProgram:
        """Ours, on the books that are open. `ears`: so many callers are listened to in English, as every machine can;
        0: as many as the engine measures; None: keys alone."""
        own = {k: v for k, v in os.environ.items() if k not in {"BELTOON_DATABASE_URL", "BELTOON_CLOCK"}}
        own |= {
            "BELTOON_HOME": str(self.folder),
            "BELTOON_DIAL__LINES": str(lines),
            "BELTOON_DIAL__CALLS_PER_SECOND": str(per_second),
            **as_variables(VoicesSettings(pocketsphinx=ears is not None, models=self.folder, streams=ears or 0)),
        }
        return self._start(DialerProgram(own, self.folder / "dial.log"))

    def line_pid(self, database: Database) -> int:
        """The process of our line, once it lives. Raises `DeskError` with the dialer's last words if it never does."""
        until = time.monotonic() + LINE_SECONDS
        while time.monotonic() < until:
            with database.reading() as session:
                pid = pid_of(session, "line", real_now())
            if pid is not None:
                return pid
            time.sleep(0.05)
        words = (self.folder / "dial.log").read_text(errors="replace").strip().splitlines()
        raise DeskError(f"The line did not start: {words[-1] if words else 'nothing was said'}")

    def end(self, program: Program | DialerProgram) -> None:
        """End one of them before its time."""
        program.end()
        self._running.remove(program)

    def _start(self, program: P) -> P:
        self._running.append(program)
        return program


def from_first_word(pcm: bytes) -> bytes:
    """A sound without the silence before its first word: the bare line waits for nothing."""
    samples = memoryview(pcm).cast("h")
    first = next((n for n, sample in enumerate(samples) if abs(sample) > AUDIBLE), 0)
    return pcm[2 * first :]
