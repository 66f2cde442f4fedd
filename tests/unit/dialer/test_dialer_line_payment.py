"""When a caller hears of a payment: never over our own words, never into an entry that is being typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivr.act import Ask, Expect
from ivr.heard import Answered, Keys, PaymentSeen
from line_script import LONG, SHORT, OnLine, Said, Script, on_the_line

FOUR_DIGITS = Ask(Expect.DIGITS, digits=4, between_s=600.0, patience_s=600.0)
PAID = PaymentSeen()


@pytest.fixture
async def talking(request: pytest.FixtureRequest) -> AsyncIterator[OnLine]:
    """Somebody who hears the first of these turns."""
    async with on_the_line(Script(list(request.param))) as one:
        yield one


def payment(talking: OnLine) -> None:
    talking.server.payments_seen({talking.call: PAID, "another call": PAID})


@pytest.mark.parametrize("talking", [[Said(SHORT)]], indirect=True)
async def test_when_our_words_are_over_they_hear_it_at_once(talking: OnLine) -> None:
    payment(talking)
    await talking.script.until_heard(Answered(), PAID)


@pytest.mark.parametrize("talking", [[Said(LONG), Said(SHORT)]], indirect=True)
async def test_our_words_are_not_cut_for_it_and_a_key_that_cuts_them_is_answered_first(talking: OnLine) -> None:
    payment(talking)
    talking.press("1")
    await talking.script.until_heard(Answered(), Keys("1"), PAID)


@pytest.mark.parametrize("talking", [[Said(LONG, FOUR_DIGITS)]], indirect=True)
async def test_an_entry_that_is_being_typed_is_let_come_to_its_end(talking: OnLine) -> None:
    talking.press("12")
    await asyncio.sleep(0.1)  # the keys have come, and our words have stopped
    payment(talking)
    await asyncio.sleep(0.1)
    talking.press("34")
    await talking.script.until_heard(Answered(), Keys("1234"), PAID)


@pytest.mark.parametrize("talking", [[Said(LONG)]], indirect=True)
async def test_what_is_no_news_any_more_is_not_told(talking: OnLine) -> None:
    payment(talking)
    talking.server.payments_seen({"another call": PAID})
    talking.press("1")
    await talking.script.until_heard(Answered(), Keys("1"))
    talking.press("2")  # the same key so soon would be one press
    await talking.script.until_heard(Answered(), Keys("1"), Keys("2"))
