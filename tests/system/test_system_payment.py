"""A payment that comes in during a call is thanked for in that call; nobody hears of money before proof."""

from __future__ import annotations

import asyncio
import time

import pytest
from cast import Cast
from house import Debtor, House
from talker import ID, Talker

from phone import IncomingCall

pytestmark = [pytest.mark.asterisk, pytest.mark.speech]

#: The thanks begin this soon after the payment is booked, when we say nothing else: a look takes a quarter of a
#: second, and the machine may be busy.
SOON_S = 5.0


def book_payment(house: House, who: Debtor) -> None:
    """The bank's file is read by another program: all that this person owes is paid."""
    (owed,) = house.rows(
        "SELECT i.id, i.open_minor, i.currency FROM invoice i JOIN account a ON a.id = i.account_id"
        " JOIN debtor d ON d.id = a.debtor_id WHERE d.ref = ?",
        who.ref,
    )
    books = house.books()
    books.execute("BEGIN IMMEDIATE")
    paid = books.execute(
        "INSERT INTO payment (source, reference, amount_minor, currency, paid_on, seen_at) VALUES"
        " ('bank', ?, ?, ?, '2026-11-24', '2026-11-24 09:31:00.000000')",
        (who.ref, owed["open_minor"], owed["currency"]),
    ).lastrowid
    books.execute(
        "INSERT INTO allocation (payment_id, invoice_id, amount_minor) VALUES (?, ?, ?)",
        (paid, owed["id"], owed["open_minor"]),
    )
    books.execute("UPDATE invoice SET open_minor = 0 WHERE id = ?", (owed["id"],))
    books.execute("COMMIT")
    books.close()


async def test_a_payment_during_the_call_is_thanked_for_and_before_proof_it_is_only_known(house: House) -> None:
    ada, ben, cas = Debtor(7501), Debtor(7502), Debtor(7503)

    async def pays_while_we_wait(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("promise.ask")
        await call.prompt_ended()
        await asyncio.to_thread(book_payment, house, ada)
        await call.wait_for_voice(SOON_S, since=time.monotonic())
        await call.until_over(30.0)

    async def pays_while_we_speak(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("menu.main")
        await asyncio.to_thread(book_payment, house, ben)
        await call.until_over(60.0)

    async def pays_before_proof(call: IncomingCall, talker: Talker) -> None:
        await call.answer()
        await talker.reach("id.customer")
        await asyncio.to_thread(book_payment, house, cas)
        await call.wait(0.5)
        await talker.press(ID)
        await call.until_over(30.0)

    cast = Cast((ada, pays_while_we_wait), (ben, pays_while_we_speak), (cas, pays_before_proof))
    async with house.dialing(), house.telephone(cast):
        await house.hand_over("paid", [ada, ben, cas])
        assert await house.settled(ada, ben, cas, within=120) == ["pay", "pay", "nothing_open"]
    for who in (ada, ben):
        assert cast.heard(who, "pay.received")
        assert cast.heard(who, "bye")
    assert cast.heard(ben, "menu.main", nth=1), "what we were saying was not cut"
    assert cast.heard(cas, "due.nothing")
    assert not cast.heard(cas, "pay.received")
    assert not cast.heard(cas, "due.friendly")
    assert house.agreed(ada) == []
