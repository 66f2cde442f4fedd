"""FastAGI: a question read, an answer given; whatever comes, Asterisk is left free to go on to its own sentence."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from dialer import fastagi
from dialer.fastagi import Answer, CallIn, FastAgiServer, Ticket, call_in
from dialer.ports import pick_ports

ENTRY = "11111111-2222-4333-8444-555555555555"
QUESTION = {
    "agi_network": "yes",
    "agi_request": "agi://127.0.0.1:4573/inbound",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_uniqueid": "1763712000.17",
    "agi_callerid": "anything",
    "agi_arg_1": "+3225550142",
    "agi_arg_2": "+3225550101",
}


def lines(question: Mapping[str, str]) -> bytes:
    return "".join(f"{key}: {value}\n" for key, value in question.items()).encode() + b"\n"


# -- the question ----------------------------------------------------------------------------------------------------


def test_a_question_is_the_channel_and_the_two_numbers_that_our_dialplan_hands_over() -> None:
    assert call_in(QUESTION) == CallIn("1763712000.17", "+3225550142", "+3225550101")


def test_a_withheld_number_is_empty() -> None:
    assert call_in({**QUESTION, "agi_arg_2": ""}) == CallIn("1763712000.17", "+3225550142", "")


@pytest.mark.parametrize("channel", ["", "a b", "x" * 65, "1;2", "1\x00", "${EXTEN}", "../1", "é"])
def test_a_channel_that_asterisk_does_not_make_is_no_question(channel: str) -> None:
    assert call_in({**QUESTION, "agi_uniqueid": channel}) is None


def test_nothing_is_no_question() -> None:
    assert call_in({}) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_numbers_are_digits_and_a_plus_whatever_came(called: str, caller: str) -> None:
    question = call_in({**QUESTION, "agi_arg_1": called, "agi_arg_2": caller})
    assert question is not None
    assert re.fullmatch(r"[+0-9]{0,20}", question.called, re.ASCII)
    assert re.fullmatch(r"[+0-9]{0,20}", question.caller, re.ASCII)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("anonymous", ""),
        ("+32 2 555 01 01", "+3225550101"),
        ("0" * 60, ""),
        ("Robert'); DROP TABLE call;--", ""),
        ("٣٢٢٥٥٥", ""),
        ("1" * 20, "1" * 20),
    ],
)
def test_what_becomes_of_a_hostile_number(said: str, kept: str) -> None:
    question = call_in({**QUESTION, "agi_arg_2": said})
    assert question is not None
    assert question.caller == kept


# -- the server ------------------------------------------------------------------------------------------------------


class Reception:
    """Gives this ticket to everybody; remembers who asked."""

    def __init__(self, ticket: Ticket | None = None, after: float = 0.0, fails: bool = False) -> None:
        self._ticket, self._after, self._fails = ticket, after, fails
        self.asked: list[CallIn] = []

    async def answer(self, call: CallIn) -> Ticket | None:
        self.asked.append(call)
        await asyncio.sleep(self._after)
        if self._fails:
            raise RuntimeError("the books are gone")
        return self._ticket


@contextlib.asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[int]:
    server, port = FastAgiServer(answer), pick_ports(1)
    await server.start("127.0.0.1", port)
    try:
        yield port
    finally:
        await server.close()


async def ask(port: int, said: bytes, acknowledges: int = 9) -> list[str]:
    """As Asterisk: send the question, acknowledge each command, until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    heard: list[str] = []
    async with asyncio.timeout(3):
        while command := await reader.readline():
            heard.append(command.decode().rstrip("\n"))
            if len(heard) <= acknowledges:
                writer.write(b"200 result=1\n")
    writer.close()
    return heard


ANSWER = [f'SET VARIABLE UUID "{ENTRY}"', 'SET VARIABLE FALLBACK "nl-BE"']


async def test_the_ticket_is_set_and_the_connection_closed() -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"))
    async with serving(desk.answer) as port:
        assert await ask(port, lines(QUESTION)) == ANSWER
    assert desk.asked == [CallIn("1763712000.17", "+3225550142", "+3225550101")]


async def test_without_a_ticket_nothing_is_set() -> None:
    async with serving(Reception().answer) as port:
        assert await ask(port, lines(QUESTION)) == []


async def test_many_callers_are_answered_side_by_side() -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"), after=0.1)
    async with serving(desk.answer) as port:
        began = asyncio.get_running_loop().time()
        answers = await asyncio.gather(*(ask(port, lines(QUESTION)) for _ in range(30)))
        assert asyncio.get_running_loop().time() - began < 2.0
    assert answers == [ANSWER] * 30


@pytest.mark.parametrize(
    "said",
    [
        b"\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        lines({**QUESTION, "agi_uniqueid": "a b"}),
        b"agi_uniqueid" * 1000 + b"\n\n",
        b"\x00\xff\xfe\n\n",
        b"agi_arg_1: 1\n" * 500 + lines(QUESTION),
        b"agi_name: " + b"x" * 5000 + b"\n" + lines(QUESTION),
    ],
    ids=["nothing", "another protocol", "no channel", "an endless line", "bytes", "endless lines", "a long line"],
)
async def test_what_is_no_question_is_closed_without_a_word_and_the_next_one_is_answered(said: bytes) -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"))
    async with serving(desk.answer) as port:
        with contextlib.suppress(ConnectionError):
            assert await ask(port, said) == []
        assert await ask(port, lines(QUESTION)) == ANSWER
    assert len(desk.asked) == 1


async def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastagi, "READ_SECONDS", 0.05)
    async with serving(Reception(Ticket(ENTRY)).answer) as port:
        assert await ask(port, b"agi_uniqueid: 1.1\n") == []
        assert await ask(port, lines(QUESTION), acknowledges=0) == ANSWER[:1]


async def test_an_answer_that_takes_too_long_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastagi, "ANSWER_SECONDS", 0.05)
    async with serving(Reception(Ticket(ENTRY), after=5.0).answer) as port:
        assert await ask(port, lines(QUESTION)) == []


async def test_a_reception_that_fails_is_no_answer_and_the_numbers_stay_out_of_the_log() -> None:
    async with serving(Reception(fails=True).answer) as port:
        with structlog.testing.capture_logs() as logs:
            assert await ask(port, lines(QUESTION)) == []
    assert [entry["event"] for entry in logs] == ["agi_failed"]
    assert "322555" not in str(logs)


async def test_a_caller_who_hangs_up_while_we_look_disturbs_nobody() -> None:
    desk = Reception(Ticket(ENTRY, "nl-BE"), after=0.05)
    async with serving(desk.answer) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(lines(QUESTION))
        await asyncio.sleep(0.02)
        writer.transport.abort()
        assert await ask(port, lines(QUESTION)) == ANSWER


async def test_a_port_that_is_taken_is_told() -> None:
    async with serving(Reception().answer) as port:
        with pytest.raises(OSError, match="address already in use"):
            await FastAgiServer(Reception().answer).start("127.0.0.1", port)
