"""A whole Beltoon for a test: a home folder of its own, our Asterisk, its commands; the trunk ends at a test telephone.

Everything is settled by the environment, as anybody would do it. The campaign's clock stands at Tuesday 24 November
2026, 10:30 in Brussels.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from a_list import cells, write_list
from desk.wiring import campaign_clock
from dialer.ports import pick_ports
from ledger.database import Database
from ledger.intake.importing import import_list
from phone import Phone
from phone.phone import Personas
from schedules.campaign import CampaignRules
from schedules.campaign_store import create_campaign, fill_candidates, move_campaign

CLOCK = "2026-11-24T10:30:00+01:00"
#: A dialer listens within this; on an idle machine in three seconds.
START_SECONDS = 40.0


async def until(true: Callable[[], bool], within: float = 60.0) -> None:
    """Look again and again until something is so. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 (what other processes do sets no event)
            await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Debtor:
    """Somebody on a list: everyone lives in Ghent, and types these digits to prove who they are."""

    n: int
    language: str = "nl"
    #: Another's number, for two people at one telephone.
    telephone_of: int | None = None

    postcode = "9000"

    @property
    def ref(self) -> str:
        return f"P-{self.n}"

    @property
    def customer(self) -> str:
        """The last four digits of the customer number."""
        return f"{self.n:04d}"

    @property
    def number(self) -> str:
        return f"+32470{self.telephone_of or self.n:06d}"

    def row(self, creditor: str) -> dict[str, str]:
        return cells(
            creditor=creditor,
            sender=creditor,
            debtor=self.ref,
            customer_no=f"77{self.customer}",
            name=("Els Janssens", "Jan Peeters", "Rosa Claes")[self.n % 3],
            birth_date="1956-03-02",
            language=self.language,
            callback_number="+3225550100",
            iban="BE71 0961 2345 6769",
            phone_1=self.number,
            secret_code=f"55{self.customer}",
            invoice=f"2026-{self.n:06d}",
        )


@dataclass
class House:
    """One home folder and what runs for it. `environment` may be changed for what is started next."""

    home: Path
    trunk_port: int
    environment: dict[str, str] = field(default_factory=dict)
    _held: socket.socket | None = field(default=None, repr=False)

    @classmethod
    def build(cls, home: Path, **settings: str) -> House:
        """An empty house: no database, no Asterisk. `settings` are variables without their prefix."""
        trunk = pick_ports(1)
        own = {
            "HOME": str(home),
            "CLOCK": CLOCK,
            "TRUNK__URI": f"sip:127.0.0.1:{trunk}",
            "TRUNK__CALLER_ID": "+3225550100",
            "VOICE__ENGINE": "espeak",
            "DIAL__LINES": "60",
            "DIAL__CALLS_PER_SECOND": "50",
        } | settings
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BELTOON_")}
        house = cls(home, trunk, clean | {f"BELTOON_{name}": value for name, value in own.items()})
        house._keep()
        return house

    # -- commands ------------------------------------------------------------------------------------------------

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "desk", *arguments]

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command, to its end, whatever comes of it."""
        environment = self.environment | {f"BELTOON_{name}": value for name, value in settings.items()}
        return subprocess.run(
            self.command(*arguments), env=environment, capture_output=True, text=True, timeout=480, check=False
        )

    def beltoon(self, *arguments: str) -> None:
        """One command that must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr

    def document(self, *arguments: str) -> Any:
        """What a command tells a program."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def list_of(self, name: str, people: Sequence[Debtor]) -> Path:
        """A file with these people, owed to a creditor of this campaign's own."""
        return write_list(self.home / f"{name}.csv", *(who.row(f"Stroomdal {name}") for who in people))

    def campaign(self, name: str, people: Sequence[Debtor]) -> None:
        """Import these people, and start a campaign that may call them now; by the commands."""
        self.beltoon("import", str(self.list_of(name, people)))
        self.beltoon("campaign", "create", name, "--creditor", f"Stroomdal {name}")
        self.beltoon("campaign", "start", name)

    async def hand_over(self, name: str, people: Sequence[Debtor], *, starts: bool = True) -> None:
        """The same as `campaign`, quicker: without a process for each step. People may be known and not be called."""
        await asyncio.to_thread(self._hand_over, name, people, starts)

    def _hand_over(self, name: str, people: Sequence[Debtor], starts: bool) -> None:
        database = Database(f"sqlite:///{self.home / 'beltoon.db'}")
        clock = campaign_clock(database)
        report = import_list(database, self.list_of(name, people), clock())
        assert report.errors == []
        if starts:
            rules = CampaignRules(creditor=f"Stroomdal {name}", lines=60, calls_per_second=50.0, ring_seconds=60)
            with database.unit_of_work() as session:
                create_campaign(session, name, rules, clock(), "test")
                move_campaign(session, name, "start", clock(), "test")
            fill_candidates(database, name, clock())
        database.close()

    @contextlib.contextmanager
    def asterisk(self) -> Iterator[None]:
        """Our Asterisk, running."""
        self.beltoon("asterisk", "start")
        try:
            yield
        finally:
            self.beltoon("asterisk", "stop")

    @contextlib.asynccontextmanager
    async def dialing(self, **settings: str) -> AsyncIterator[Dialer]:
        """`beltoon dial`, until it is stopped; at the end it is asked twice, and then nothing of it is left.

        The telephones of the test go on meanwhile: whoever waits for a process here does so in a thread.
        """
        dialer = Dialer.start(self, settings)
        try:
            await asyncio.to_thread(dialer.until_listening)
            yield dialer
        finally:
            await asyncio.to_thread(dialer.end)

    # -- the telephone -------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def telephone(self, personas: Personas | None = None) -> AsyncIterator[Phone]:
        """Every number of the world, at the trunk's other end."""
        self._let_go()
        try:
            async with Phone(personas, port=self.trunk_port) as phone:
                yield phone
        finally:
            await asyncio.sleep(0.05)  # its socket closes when the loop comes round
            self._keep()

    def _keep(self) -> None:
        """Nobody else takes the trunk's port while no telephone is there: other instances pick theirs at any time."""
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        held.bind(("127.0.0.1", self.trunk_port))
        self._held = held

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()

    @property
    def sip(self) -> tuple[str, int]:
        """Where a call comes in."""
        return "127.0.0.1", int(self.ports["sip"])

    @property
    def ports(self) -> dict[str, int]:
        """Where our Asterisk and the line listen."""
        noted: dict[str, int] = json.loads((self.home / "instance.json").read_text())["ports"]
        return noted

    # -- the books, as another program reads them ------------------------------------------------------------------

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds; nothing is changed."""
        with contextlib.closing(self.books()) as books:
            return [dict(row) for row in books.execute(query, values)]

    def books(self) -> sqlite3.Connection:
        """A connection of one's own, in autocommit."""
        books = sqlite3.connect(self.home / "beltoon.db", timeout=20, isolation_level=None, check_same_thread=False)
        books.row_factory = sqlite3.Row
        return books

    def line_pid(self) -> int:
        """The process of the newest line."""
        (row,) = self.rows("SELECT pid FROM station WHERE role = 'line' ORDER BY seen_at DESC LIMIT 1")
        return int(row["pid"])

    def live_calls(self) -> int:
        return int(self.rows("SELECT count(*) AS n FROM call WHERE state <> 'ended'")[0]["n"])

    def dispositions(self, *people: Debtor) -> list[str | None]:
        """How the one call to each of them ended; None while it lasts. Whoever was called twice fails here."""
        query = "SELECT a.disposition FROM attempt a JOIN debtor d ON d.id = a.debtor_id WHERE d.ref = ?"
        found = [self.rows(query, who.ref) for who in people]
        assert all(len(attempts) <= 1 for attempts in found), found
        return [attempts[0]["disposition"] if attempts else None for attempts in found]

    def agreed(self, who: Debtor) -> list[str]:
        """The kinds of all agreements with somebody."""
        query = "SELECT a.kind FROM agreement a JOIN debtor d ON d.id = a.debtor_id WHERE d.ref = ? ORDER BY a.id"
        return [row["kind"] for row in self.rows(query, who.ref)]

    async def settled(self, *people: Debtor, within: float = 30.0) -> list[str | None]:
        """Wait until each of them was called and the call is written up; how they ended."""
        await until(lambda: None not in self.dispositions(*people), within)
        return self.dispositions(*people)

    def processes(self) -> list[int]:
        """Every process of Beltoon's own that works in this house; Asterisk is not ours."""
        mine = f"BELTOON_HOME={self.home}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mine in (folder / "environ").read_bytes() and b"asterisk\0" not in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return found


@dataclass
class Dialer:
    """A `beltoon dial` that runs."""

    house: House
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, house: House, settings: dict[str, str]) -> Dialer:
        log = house.home / f"dial-{time.monotonic_ns()}.log"
        environment = house.environment | {f"BELTOON_{name}": value for name, value in settings.items()}
        with log.open("wb") as file:
            process = subprocess.Popen(
                house.command("dial"), env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True,
            )  # fmt: skip
        return cls(house, process, log)

    def until_listening(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while "Dialling." not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        """All that it wrote."""
        return self.log.read_text(errors="replace")

    def errors(self) -> list[str]:
        """Its lines of level error, and what no line of a log is."""
        told = [line for line in self.said().splitlines() if not line.startswith("Dialling.")]
        return [line for line in told if '"level": "warning"' not in line and "goodbye now." not in line]

    def press(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Ctrl-C, or what else asks it to stop."""
        self.process.send_signal(sign)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ended(self, within: float = 30.0) -> int:
        """Wait for its end; its exit code. Raises `TimeoutExpired`."""
        return self.process.wait(within)

    def end(self) -> None:
        """Stop it, however it stands, and see that no process of it stays."""
        for _ in range(2):
            if self.process.poll() is None:
                self.press()
                time.sleep(0.05)
        try:
            self.ended()
        finally:
            if self.process.poll() is None:
                self.kill()
        deadline = time.monotonic() + 10
        while left := self.house.processes():
            assert time.monotonic() < deadline, f"processes {left} stayed after the dialer's end"
            time.sleep(0.1)
