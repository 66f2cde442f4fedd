"""Processes die and links break in the middle of calls: nothing that was confirmed is lost, nobody is called twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import AsyncIterator

import pytest
from cast import Cast, hangs_up_at_once, is_busy, listens, nobody_was_called_twice, promises, rings
from heard import heard
from house import Debtor, House, until
from talker import BINDS_AFTER_S, Talker

from phone import IncomingCall

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]


def kill_at_the_commit(house: House, who: Debtor, seconds: float = 60.0) -> threading.Thread:
    """Kill the line as soon as this person's promise is committed; the confirmation is then still to be spoken."""
    pid = house.line_pid()

    def watch() -> None:
        query = "SELECT 1 FROM agreement a JOIN debtor d ON d.id = a.debtor_id WHERE d.ref = ?"
        deadline = time.monotonic() + seconds
        with contextlib.closing(house.books()) as books:
            version = 0
            while time.monotonic() < deadline:
                now = books.execute("PRAGMA data_version").fetchone()[0]
                if now != version and books.execute(query, (who.ref,)).fetchone():
                    os.kill(pid, signal.SIGKILL)
                    return
                version = now
                time.sleep(0.0005)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


async def test_a_line_killed_between_commit_and_confirmation_keeps_the_promise_and_nobody_is_called_again(
    house: House,
) -> None:
    ada, ben, cas = Debtor(7001), Debtor(7002), Debtor(7003)
    armed = asyncio.Event()

    async def promises_into_the_kill(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("promise.check")
        await call.wait(BINDS_AFTER_S)
        await armed.wait()
        await talker.press("1")
        await call.until_over(40.0)

    cast = Cast((ada, promises_into_the_kill), (ben, listens("menu.main")), (cas, promises))
    await house.hand_over("killed", [ada, ben])
    async with house.dialing() as dialer:
        async with house.telephone(cast) as phone:
            await until(lambda: len(cast.calls) == 2)
            before = house.line_pid()
            watch = kill_at_the_commit(house, ada)
            armed.set()
            assert await house.settled(ada, ben, within=90) == ["promise", "heard"]
            watch.join()
            assert cast.heard(ada, "fallback")
            assert cast.heard(ben, "fallback")
            assert not cast.heard(ada, "promise.done")
            assert house.agreed(ada) == ["promise"]
            await house.hand_over("after", [cas])  # the line is back, and the campaign goes on
            assert await house.settled(cas, within=90) == ["promise"]
            assert cast.heard(cas, "promise.done")
            nobody_was_called_twice(phone, house)
        assert house.line_pid() != before
        assert dialer.process.poll() is None


async def test_a_line_that_hangs_in_mid_call_leaves_the_sentence_to_its_caller_and_the_campaign_goes_on(
    house: House,
) -> None:
    ada, ben = Debtor(7051), Debtor(7052)
    in_talk = asyncio.Event()

    async def listens_on(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("menu.main")
        in_talk.set()
        await call.until_over(60.0)

    cast = Cast((ada, listens_on), (ben, promises))
    await house.hand_over("hung", [ada])
    async with house.dialing() as dialer:
        async with house.telephone(cast) as phone:
            await in_talk.wait()
            before = house.line_pid()
            os.kill(before, signal.SIGSTOP)
            assert await house.settled(ada, within=30) == ["heard"]
            assert cast.heard(ada, "fallback")
            await house.hand_over("waits", [ben])  # his telephone rings when the new line listens, not before
            assert await house.settled(ben, within=90) == ["promise"]
            assert cast.heard(ben, "promise.done")
            nobody_was_called_twice(phone, house)
        assert house.line_pid() != before
        assert dialer.process.poll() is None
    assert "line_hangs" in dialer.said()


async def test_a_dialer_killed_with_calls_ringing_and_talking_calls_nobody_again(house: House) -> None:
    talks, rings_on, rings_out, busy = (Debtor(n) for n in range(7101, 7105))
    in_talk, dialer_is_back = asyncio.Event(), asyncio.Event()

    async def listens_on(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("free.ask")
        in_talk.set()
        await call.until_over(60.0)

    async def answers_in_the_end(call: IncomingCall, talker: Talker) -> None:
        await call.ring(0.1)
        await dialer_is_back.wait()
        await promises(call, talker)

    cast = Cast(
        (talks, listens_on),
        (rings_on, answers_in_the_end),
        (rings_out, rings(1.0, hangs_up_at_once)),
        (busy, is_busy),
    )
    people = (talks, rings_on, rings_out, busy)
    async with house.telephone(cast) as phone, house.dialing(DIAL__RING_SECONDS="60") as first:
        await house.hand_over("orphaned", people)
        await until(lambda: len(cast.calls) == 4 and in_talk.is_set())
        first.kill()
        # The next one comes while the first one's line still says goodbye.
        async with house.dialing(DIAL__RING_SECONDS="60"):
            dialer_is_back.set()
            found = await house.settled(*people, within=90)
            nobody_was_called_twice(phone, house)
    assert found[1] == "promise"
    assert cast.heard(rings_on, "promise.done")
    assert found[0] == "no_conversation"
    assert found[2] == "no_conversation"
    assert found[3] == "busy"
    assert house.live_calls() == 0
    assert cast.heard(talks, "trouble.time_up") or cast.heard(talks, "fallback")


class CutLink:
    """Between the dialer and the manager interface: a wire that can be cut, and be left cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.whole = asyncio.Event()
        self.whole.set()
        #: Cut as soon as so many orders to call have gone through; their answers never come back.
        self.orders_left: int | None = None
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """The port at which the dialer signs in."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
            self.cut()

    def cut(self) -> None:
        """Now, in the middle of whatever is being said."""
        self.cuts += 1
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole.is_set():
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, back}
        for pump in (self._pump(reader, back, orders=True), self._pump(there, writer, orders=False)):
            task = asyncio.create_task(pump)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, orders: bool) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
                if orders and self.orders_left is not None:
                    self.orders_left -= data.count(b"Action: Originate")
                    if self.orders_left <= 0:
                        self.orders_left = None
                        self.whole.clear()
                        await asyncio.sleep(0.05)  # it has arrived
                        self.cut()
        writer.close()


async def test_a_link_cut_in_mid_campaign_doubles_no_call_and_the_campaign_goes_on(house: House) -> None:
    """Cut right behind an order to call, whose answer is lost; calls ring, are answered and end meanwhile."""
    before = [Debtor(n) for n in range(7201, 7207)]
    after = [Debtor(7211), Debtor(7212)]
    cast = Cast(
        (before[0], promises),
        (before[1], rings(4.0, promises)),
        (before[2], rings(1.0, hangs_up_at_once)),
        (before[3], rings(2.5, is_busy)),
        (before[4], promises),
        (before[5], hangs_up_at_once),
        (after[0], promises),
        (after[1], is_busy),
    )
    link = CutLink(house.ports["ami"])
    async with (
        link.listening() as port,
        house.telephone(cast) as phone,
        house.dialing(ASTERISK__AMI_PORT=str(port)) as dialer,
    ):
        link.orders_left = 5
        await house.hand_over("cut", before)
        await until(lambda: not link.whole.is_set())
        await asyncio.sleep(6.0)
        link.whole.set()
        await house.hand_over("uncut", after)
        found = await house.settled(*before, *after, within=90)
        nobody_was_called_twice(phone, house)
        assert dialer.process.poll() is None
    assert link.cuts >= 1
    assert house.live_calls() == 0
    called = phone.log.times_called()
    for who, disposition in zip(before, found, strict=False):
        if disposition == "promise":
            assert house.agreed(who) == ["promise"]
        assert disposition in ("promise", "busy", "no_conversation", "unknown", "failed")
    for who in (before[0], before[4]):
        if who.number in called and heard(cast.calls[who.number].record(), "promise.done"):
            assert house.agreed(who) == ["promise"]
    assert found[len(before) :] == ["promise", "busy"]


async def test_a_call_in_while_the_line_starts_anew_hears_the_neutral_sentence(house: House) -> None:
    async with house.dialing(), house.telephone() as phone:
        os.kill(house.line_pid(), signal.SIGKILL)
        await asyncio.sleep(0.1)
        call = phone.ring("+3225550100", house.sip, caller_id="+32470007999")
        await call.connected()
        await call.wait(10.0)  # of a sentence in four languages the first is enough
        await call.hang_up()
    assert heard(call.record(), "fallback.inbound")
