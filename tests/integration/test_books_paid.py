"""A payment that another program books during a call reaches the conversation, on either engine."""

from __future__ import annotations

from books import HUNG_UP, Day, add_campaign, add_debtor, add_invoice, pay, people
from dialer.claim import Claimed
from dialer.line_host import ConversationHost
from dialer.line_port import Moved
from dialer.outcome_store import settle_all
from dialer.tables import AttemptRow
from ivr.act import Act, Say
from ivr.heard import Answered, Keys, PaymentSeen
from ivr.tables import TurnRow
from ledger.clock import CampaignClock, real_now
from ledger.database import Database
from schedules.law_file import shipped_rules
from schedules.rules_store import RulesBook

#: From the first question to proof: postcode and customer number.
PROOF = ("1", "1", "2000", "0001")


class Aloud:
    """Speaks by telling which prompts were spoken last, and of which amounts."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.amounts: list[str] = []

    def sound(self, acts: tuple[Act, ...], language: str) -> tuple[bytes, int]:
        spoken = [act.spoken for act in acts if isinstance(act, Say)]
        self.said = [one.key for one in spoken]
        self.amounts = [str(one.slots["amount"]) for one in spoken if "amount" in one.slots]
        return b"", 0


class Call:
    """One debtor on the line: what is pressed, what is said."""

    def __init__(self, day: Day) -> None:
        self.aloud = Aloud()
        self.host = ConversationHost(
            day.database, CampaignClock(real=day.clock), day.talks, self.aloud, RulesBook(shipped_rules())
        )
        self.turn = 1
        self.one: Claimed = day.claim_one()

    async def answered(self) -> None:
        assert await self.host.open(self.one.entry) == self.one.attempt
        await self.host.step(self.one.attempt, "0", Answered())

    async def hears(self, *heard: str | PaymentSeen) -> Moved:
        for one in heard:
            what = Keys(one) if isinstance(one, str) else one
            moved = await self.host.step(self.one.attempt, str(self.turn), what)
            self.turn += 1
        return moved


def books(day: Day, *invoices: int, minor: int = 120_00) -> None:
    """Another program books these payments."""
    other = Database(day.database.url.render_as_string(hide_password=False))
    with other.unit_of_work() as session:
        for invoice in invoices:
            pay(session, invoice, minor)
    other.close()


async def test_a_debtor_who_has_proved_it_is_thanked_and_the_call_says_so(day: Day) -> None:
    people(day.database, 1)
    call = Call(day)
    await call.answered()
    await call.hears(*PROOF)
    assert await call.host.payments() == {}
    books(day, 1)
    for _ in range(2):  # until it is told it is news at each look
        assert await call.host.payments() == {call.one.attempt: PaymentSeen()}
    moved = await call.hears(PaymentSeen())
    assert (call.aloud.said, call.aloud.amounts, moved.ask) == (["pay.received", "bye"], ["120.00 EUR"], None)
    assert await call.host.payments() == {}
    day.end(call.one, HUNG_UP)
    settled = [call.one.attempt]
    day.talks.ending(
        call.one.attempt,
        lambda session: settle_all(session, settled, day.clock(), real_now(), rules=shipped_rules()),
    )
    assert day.rows(AttemptRow)[0].disposition == "pay"


async def test_one_of_two_paid_leaves_the_other_to_talk_about(day: Day) -> None:
    with day.database.unit_of_work() as session:
        add_debtor(session, 1)
        add_invoice(session, 2, 1)
    add_campaign(day.database)
    call = Call(day)
    await call.answered()
    await call.hears(*PROOF, "2")
    books(day, 1)
    (seen,) = (await call.host.payments()).values()
    await call.hears(seen)
    assert call.aloud.said[:2] == ["pay.part", "due.friendly"]
    assert call.aloud.amounts == ["120.00 EUR", "120.00 EUR"]
    books(day, 2, minor=100_00)
    (seen,) = (await call.host.payments()).values()
    await call.hears(seen)
    assert call.aloud.amounts == ["100.00 EUR", "20.00 EUR"]


async def test_before_proof_nothing_is_told_and_after_it_what_is_then_open(day: Day) -> None:
    people(day.database, 1)
    call = Call(day)
    await call.answered()
    await call.hears("1")
    books(day, 1)
    assert await call.host.payments() == {}, "nobody may be told yet"
    assert call.aloud.said == ["free.ask"]
    await call.hears(*PROOF[1:])
    assert call.aloud.said == ["id.done", "due.nothing", "bye"]


async def test_a_payment_in_the_moment_of_proof_is_not_missed(day: Day) -> None:
    """Nobody had looked since it was booked: the turn that proves looks by itself."""
    people(day.database, 1)
    call = Call(day)
    await call.answered()
    await call.hears(*PROOF[:3])
    books(day, 1, minor=100_00)
    await call.hears(PROOF[3])
    assert call.aloud.amounts == ["20.00 EUR"]


async def test_the_same_news_told_twice_under_one_key_is_one_turn(day: Day) -> None:
    people(day.database, 1)
    call = Call(day)
    await call.answered()
    await call.hears(*PROOF)
    books(day, 1)
    for _ in range(2):
        await call.host.step(call.one.attempt, "paid", PaymentSeen())
        assert call.aloud.said == ["pay.received", "bye"]
    assert len(day.rows(TurnRow)) == 1 + len(PROOF) + 1


async def test_anothers_payment_and_another_invoices_are_none_of_this_calls_business(day: Day) -> None:
    people(day.database, 1)
    call = Call(day)
    await call.answered()
    await call.hears(*PROOF)
    with day.database.unit_of_work() as session:
        add_debtor(session, 2)
        add_invoice(session, 3, 1)
    books(day, 2, 3)
    assert await call.host.payments() == {}
