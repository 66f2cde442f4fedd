"""A statement from the line into the books and out of them again, on either engine."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from typer.testing import CliRunner

from books import Day, add_hold, people
from desk import cli
from desk.beats import UNCLAIMED, sweep_statements
from dialer.asterisk_line import LineServer
from dialer.line_host import ConversationHost
from dialer.ports import pick_ports
from dialer.statement_shelf import StatementShelf
from ivr.act import Act, Say
from ivr.gather import HEARD_S, TAIL_S
from ivr.heard import Answered, Keys, Recorded
from ivr.tables import TurnRow
from ledger.agreement_store import agreements
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from ledger.tables import AgreementInvoiceRow, AgreementRow, AuditRow, HoldRow
from phone.audiosocket import DTMF, SLIN, frame
from phone.audiosocket_client import AudioSocketClient
from phone.sound import tone
from schedules.law_file import shipped_rules
from schedules.rules_store import RulesBook
from voices.audio import FRAME_BYTES, silence

#: From the first question to proof, and on to a dispute about the amount: each key with what is asked before it.
WAY = (
    *(("open.ask", "1"), ("free.ask", "1"), ("id.postcode", "2000"), ("id.customer", "0001"), ("menu.main", "3")),
    *(("menu.wrong", "2"), ("dispute.kind", "3"), ("dispute.tell", "1")),
)
#: A key counts so soon after the question before (seconds): after a whole entry no digit is its tail any more, and
#: what binds was heard.
PAUSE = {"menu.main": TAIL_S + 0.1, "dispute.tell": HEARD_S + 0.2}
WORDS = silence(200) + tone(400, 2600)
KEEP = timedelta(days=180)


class Aloud:
    """Speaks each question as a short tone, and tells which prompts it spoke last."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        self.said = [act.spoken.key for act in acts if isinstance(act, Say)]
        return tone(600, 60) if acts else b"", 0


class Caller:
    """A debtor at the telephone."""

    def __init__(self, aloud: Aloud, client: AudioSocketClient) -> None:
        self.aloud, self.client = aloud, client

    async def hears(self, prompt: str) -> None:
        """Waits for a prompt, and until it was heard."""
        async with asyncio.timeout(30):
            while prompt not in self.aloud.said:  # noqa: ASYNC110 - it is spoken in another thread
                await asyncio.sleep(0.01)
        await asyncio.sleep(PAUSE.get(prompt, 0.5))

    async def goes(self) -> None:
        """To the moment at which they may speak."""
        for prompt, keys in WAY:
            await self.hears(prompt)
            self.presses(keys)
        await self.hears("dispute.speak")

    def presses(self, keys: str) -> None:
        for key in keys:
            self.client.send_raw(frame(DTMF, key.encode()))

    def says(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), FRAME_BYTES):
            self.client.send_raw(frame(SLIN, pcm[at : at + FRAME_BYTES]))


@pytest.fixture
async def day(database: Database) -> AsyncIterator[Day]:
    one = Day(database)
    people(database, 1)
    yield one
    one.close()


@pytest.fixture
def shelf(tmp_path: Path) -> StatementShelf:
    return StatementShelf(tmp_path / "statements")


async def called(day: Day, shelf: StatementShelf, what: Callable[[Caller], Awaitable[None]]) -> str:
    """One call on our own line, from the answer to its end; gives the call."""
    aloud, one = Aloud(), day.claim_one()
    host = ConversationHost(
        day.database, CampaignClock(real=day.clock), day.talks, aloud, RulesBook(shipped_rules()), shelf=shelf
    )
    server, port = LineServer(host), pick_ports(1)
    await server.start("127.0.0.1", port)
    client = await AudioSocketClient.connect("127.0.0.1", port)
    client.introduce(uuid.UUID(one.entry))
    await what(Caller(aloud, client))
    client.hang_up()
    async with asyncio.timeout(30):
        while server.live:  # noqa: ASYNC110 - the last turn is taken in another thread
            await asyncio.sleep(0.01)
    await server.close()
    host.close()
    return one.attempt


async def test_what_is_said_lies_on_the_shelf_and_its_dispute_names_it(day: Day, shelf: StatementShelf) -> None:
    async def tells(caller: Caller) -> None:
        await caller.goes()
        caller.says(WORDS)
        caller.presses("#")
        await caller.hears("dispute.told")
        assert caller.aloud.said == ["dispute.told", "sum.check"]

    call = await called(day, shelf, tells)
    (name,) = shelf.lying()
    dispute = day.one(AgreementRow, kind="dispute")
    assert dispute.detail == {"kind": "amount", "statement": name, "seconds": 3}
    with wave.open(str(shelf.folder / name)) as file:
        assert file.readframes(file.getnframes()).startswith(WORDS)
    (audit,) = day.rows(AuditRow, what="StatementGiven")
    assert audit.subject.startswith(f"{call}:")
    with day.database.reading() as session:
        (told,) = agreements(session)
    assert (told.statement, told.statement_seconds) == (name, 3)


async def test_whoever_hangs_up_in_the_middle_has_said_it(day: Day, shelf: StatementShelf) -> None:
    async def leaves(caller: Caller) -> None:
        await caller.goes()
        caller.says(WORDS)
        await asyncio.sleep(0.2)

    await called(day, shelf, leaves)
    (name,) = shelf.lying()
    assert day.one(AgreementRow, kind="dispute").detail["statement"] == name
    assert [turn.heard["is"] for turn in day.rows(TurnRow)][-2:] == ["Recorded", "HungUp"]


async def test_where_it_can_not_be_written_the_dispute_stands_and_the_talk_goes_on(
    day: Day, shelf: StatementShelf
) -> None:
    shelf.folder.write_text("a file where the folder should be")

    async def tells(caller: Caller) -> None:
        await caller.goes()
        caller.says(WORDS)
        caller.presses("#")
        await caller.hears("trouble.statement")
        assert caller.aloud.said == ["trouble.statement", "sum.check"]

    await called(day, shelf, tells)
    assert day.one(AgreementRow, kind="dispute").detail == {"kind": "amount"}
    assert [hold.kind for hold in day.rows(HoldRow)] == ["dispute"]
    assert "CouldNotRecord" not in [turn.heard["is"] for turn in day.rows(TurnRow)]


async def test_without_a_yes_no_sound_is_kept(day: Day, shelf: StatementShelf) -> None:
    async def says_no(caller: Caller) -> None:
        for prompt, keys in WAY[:-1]:
            await caller.hears(prompt)
            caller.presses(keys)
        await caller.hears("dispute.tell")
        caller.says(WORDS)
        caller.presses("2")
        await caller.hears("sum.check")

    await called(day, shelf, says_no)
    assert shelf.lying() == {}
    assert day.rows(AuditRow, what="StatementGiven") == []


def a_dispute(day: Day, name: str) -> str:
    """The debtor disputes and tells why, without a line; gives the call."""
    one = day.claim_one()
    day.answer(one)
    day.say(one.attempt, Answered(), *(Keys(keys) for _, keys in WAY), Recorded(name, 3))
    return one.attempt


def test_the_same_recording_heard_twice_is_noted_once(day: Day) -> None:
    call = a_dispute(day, "a.wav")
    last = day.rows(TurnRow)[-1]
    acts = day.talks.step(call, last.input_key, Recorded("another.wav", 9))
    assert isinstance(acts[0], Say) and acts[0].spoken.key == "dispute.told"
    assert day.one(AgreementRow, kind="dispute").detail["statement"] == "a.wav"
    assert len(day.rows(AuditRow, what="StatementGiven")) == 1


def test_a_recording_is_deleted_after_its_days_also_of_a_dispute_closed_long_before(
    day: Day, shelf: StatementShelf
) -> None:
    name = shelf.keep(WORDS)
    a_dispute(day, name)
    made_at = day.one(AgreementRow, kind="dispute").made_at
    with day.database.unit_of_work() as session:
        session.get_one(AgreementRow, day.one(AgreementRow, kind="dispute").id).state = "withdrawn"
    sweep_statements(day.database, shelf, made_at + KEEP - timedelta(seconds=1), real_now() + 2 * KEEP, KEEP)
    assert shelf.lying().keys() == {name}
    for _ in range(2):
        sweep_statements(day.database, shelf, made_at + KEEP, real_now(), KEEP)
        assert shelf.lying() == {}
        assert day.one(AgreementRow, kind="dispute").detail == {
            "kind": "amount", "seconds": 3, "statement_deleted_at": (made_at + KEEP).astimezone(UTC).isoformat(),
        }  # fmt: skip
        assert len(day.rows(AuditRow, what="StatementDeleted")) == 1


def test_of_a_person_who_was_erased_the_recording_goes_too(day: Day, shelf: StatementShelf) -> None:
    name, other = shelf.keep(WORDS), shelf.keep(WORDS)
    a_dispute(day, name)
    with day.database.unit_of_work() as session:
        session.execute(delete(AgreementInvoiceRow))
        session.execute(delete(AgreementRow))
    sweep_statements(day.database, shelf, day.clock(), real_now(), KEEP)
    assert shelf.lying().keys() == {name, other}, "one that was just written may still be named"
    for left in (name, other):
        old = real_now() - UNCLAIMED
        os.utime(shelf.folder / left, (old.timestamp(), old.timestamp()))
    sweep_statements(day.database, shelf, day.clock(), real_now(), KEEP)
    assert shelf.lying() == {}


def test_what_lies_there_besides_is_left_alone(day: Day, shelf: StatementShelf) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "notes.txt").write_text("of a person of ours")
    sweep_statements(day.database, shelf, day.clock(), real_now() + KEEP, KEEP)
    assert (shelf.folder / "notes.txt").exists()


def test_the_command_says_where_it_lies_and_since_when_it_is_gone(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTOON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BELTOON_DATABASE_URL", day.database.url.render_as_string(hide_password=False))
    with day.database.unit_of_work() as session:
        add_hold(session, "h", kind="opt_out", e164="+32470999999")
    shelf = StatementShelf(tmp_path / "home" / "statements")
    name = shelf.keep(WORDS)
    a_dispute(day, name)
    cli._gather()

    def told() -> object:
        done = CliRunner().invoke(cli.app, ["agreements", "--json"], catch_exceptions=False)
        return json.loads(done.stdout)["agreements"][0]["statement"]

    assert told() == {"file": str(shelf.folder / name), "seconds": 3, "deleted_at": None}
    shown = CliRunner().invoke(cli.app, ["agreements"], catch_exceptions=False).stdout
    assert "statement" in shown and "3 s" in shown
    now = day.clock().astimezone(UTC) + KEEP
    sweep_statements(day.database, shelf, now, real_now(), KEEP)
    assert told() == {"file": None, "seconds": 3, "deleted_at": now.isoformat()}
