"""Bad days of a dialer that works: refused starts, books that can't be written, strangers at the line's door."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cast import Cast, nobody_was_called_twice, promises
from house import Debtor, Dialer, House, until
from talker import BINDS_AFTER_S, Talker

from phone import IncomingCall
from phone.audiosocket import SLIN, frame
from phone.audiosocket_client import AudioSocketClient

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


@pytest.fixture(scope="module")
def dialer(house: House) -> Iterator[Dialer]:
    """One dialer for all bad days: it must get over each of them."""
    dialer = Dialer.start(house, {})
    try:
        dialer.until_listening()
        yield dialer
        assert dialer.process.poll() is None, dialer.said()
    finally:
        dialer.end()


# -- a dialer that can't begin ---------------------------------------------------------------------------------------


def another_home(house: House, folder: Path, secret: str | None = None, mode: int = 0o600) -> dict[str, str]:
    """A home folder that knows our Asterisk, and a secret that may be wrong."""
    folder.mkdir()
    shutil.copy(house.home / "instance.json", folder)
    (folder / "ami.secret").write_text(secret or (house.home / "ami.secret").read_text())
    (folder / "ami.secret").chmod(mode)
    return {"HOME": str(folder), "DATABASE_URL": f"sqlite:///{house.home / 'beltoon.db'}"}


async def test_a_dialer_that_cant_begin_says_why_in_one_line_and_exits_1(
    house: House, dialer: Dialer, tmp_path: Path
) -> None:
    mute = await asyncio.start_server(lambda *_: asyncio.sleep(30), "127.0.0.1", 0)
    mute_port = str(mute.sockets[0].getsockname()[1])
    (tmp_path / "letter.txt").write_text("Dear reader, this is no database. " * 100)
    cases = {
        "refuses the AMI user": another_home(house, tmp_path / "1", secret="wrong"),
        "can be read by others": another_home(house, tmp_path / "2", mode=0o644),
        "Nobody answers": another_home(house, tmp_path / "3") | {"ASTERISK__AMI_PORT": "1"},
        "does not answer as": another_home(house, tmp_path / "4") | {"ASTERISK__AMI_PORT": mute_port},
        "beltoon migrate": another_home(house, tmp_path / "5") | {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}"},
        "is no": another_home(house, tmp_path / "6") | {"DATABASE_URL": f"sqlite:///{tmp_path / 'letter.txt'}"},
        "can't be read": another_home(house, tmp_path / "7") | {"ASTERISK__AMI_SECRET_FILE": str(tmp_path / "nowhere")},
        "real trunk": another_home(house, tmp_path / "8") | {"TRUNK__URI": "sip:203.0.113.9:5060"},
    }
    cases["Another dial works"] = {}
    done = await asyncio.gather(*(asyncio.to_thread(house.run, "dial", **case) for case in cases.values()))
    mute.close()
    for reason, one in zip(cases, done, strict=True):
        assert (one.returncode, one.stdout) == (1, ""), reason
        assert one.stderr.startswith("beltoon: "), reason
        assert one.stderr.count("\n") == 1, one.stderr
        assert reason in one.stderr


# -- books that can't be written -------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def locked(house: House) -> AsyncIterator[sqlite3.Connection]:
    """Another program holds the books: nothing can be written while this lasts, everything can be read."""
    books = house.books()
    await asyncio.to_thread(books.execute, "BEGIN IMMEDIATE")
    try:
        yield books
    finally:
        books.close()


async def test_books_locked_for_five_seconds_are_told_of_and_the_promise_is_taken_when_they_open(
    house: House, dialer: Dialer
) -> None:
    ada = Debtor(9001)

    async def promises_again(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("promise.check")
        await call.wait(BINDS_AFTER_S)
        async with locked(house):
            await talker.press("1")
            await asyncio.sleep(5.0)
        await call.prompt_ended()
        await talker.press("1")
        await talker.next_prompt()
        await call.wait(2.0)
        await call.hang_up()

    cast = Cast((ada, promises_again))
    async with house.telephone(cast) as phone:
        await house.hand_over("locked", [ada])
        assert await house.settled(ada, within=90) == ["promise"]
        nobody_was_called_twice(phone, house)
    assert cast.heard(ada, "trouble.again", nth=1)
    assert cast.heard(ada, "promise.done")
    assert house.agreed(ada) == ["promise"]


async def test_books_that_stay_shut_end_the_call_politely_and_nothing_was_promised(
    house: House, dialer: Dialer
) -> None:
    ben = Debtor(9002)

    async def promises_in_vain(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("promise.check")
        await call.wait(BINDS_AFTER_S)
        async with locked(house):
            await talker.press("1")
            await talker.next_prompt()
            await call.prompt_ended()
            await talker.press("1")
            await call.until_over(60.0)
            await asyncio.sleep(4.0)  # and the end of the call can't be written either

    cast = Cast((ben, promises_in_vain))
    async with house.telephone(cast) as phone:
        await house.hand_over("shut", [ben])
        assert await house.settled(ben, within=90) == ["heard"]
        nobody_was_called_twice(phone, house)
    assert cast.heard(ben, "trouble.again", nth=1)
    assert cast.heard(ben, "trouble.not_recorded", nth=1)
    assert not cast.heard(ben, "promise.done")
    assert cast.of(ben).log.ended_by == "them"
    assert house.agreed(ben) == []


# -- strangers at the line's door ------------------------------------------------------------------------------------


async def test_strangers_are_closed_without_a_byte_while_a_call_goes_on_undisturbed(
    house: House, dialer: Dialer
) -> None:
    cas = Debtor(9003)
    cast = Cast((cas, promises))
    async with house.telephone(cast) as phone:
        await house.hand_over("strangers", [cas])
        query = "SELECT uuid FROM entry WHERE used_at IS NOT NULL ORDER BY used_at DESC LIMIT 1"
        await until(lambda: bool(cast.calls) and house.rows("SELECT 1 FROM call WHERE state = 'talking'") != [])
        used = UUID(house.rows(query)[0]["uuid"])
        strangers = await asyncio.gather(*(come(house, says) for says in what_strangers_say(used)))
        assert await house.settled(cas, within=90) == ["promise"]
        nobody_was_called_twice(phone, house)
    for stranger in strangers:
        assert (stranger.frames, len(stranger.ear.pcm())) == ([], 0)
    assert cast.heard(cas, "promise.done")
    assert cast.of(cas).reception().lost == 0


def what_strangers_say(used: UUID) -> list[list[bytes]]:
    """What each of them sends, piece by piece; every one of them must be refused."""
    introduced = frame(0x01, used.bytes)
    return [
        [frame(0x01, uuid4().bytes)],
        [introduced],
        [introduced],
        [frame(0x01, bytes(16))],
        [frame(0x01, used.bytes + b"!")],
        [frame(SLIN, bytes(320))],
        [b"\x01\xff\xff" + bytes(10)],
        [introduced[:7]],
        [b"\x01"],
        [b"GET / HTTP/1.1\r\n\r\n"],
        [b""],
        [frame(0x42, b"what")],
        [frame(0x00)],
    ]


async def come(house: House, says: list[bytes]) -> AudioSocketClient:
    """One of them: connects, speaks, and is closed by the line within its patience."""
    async with await AudioSocketClient.connect("127.0.0.1", house.ports["audiosocket"]) as stranger:
        for piece in says:
            stranger.send_raw(piece)
        await stranger.closed(within=6.0)
    return stranger
