"""Who asks for another moment is called then, and not at both."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ivr.conversation import Conversations
from ivr.heard import Answered, Heard, HungUp, Keys, Words
from ivr.testing import a_briefing
from ledger.database import Database
from ledger.tables import AgreementRow

WEDNESDAY, THURSDAY = ("date", "2026-11-25"), ("date", "2026-11-26")


def talk(conversations: Conversations, *heard: Heard, call: str = "call-1", e164: str | None = "+32470123456") -> None:
    briefing = a_briefing(call_id=call, e164=e164)
    conversations.begin(briefing)
    for n, one in enumerate((Answered(speech=True), *heard, HungUp())):
        conversations.step(briefing.call_id, str(n), one)


def callbacks(database: Database) -> list[tuple[str, int]]:
    """The state of each call-back, and the day of the month it is for."""
    with database.reading() as session:
        rows = session.scalars(select(AgreementRow).where(AgreementRow.kind == "callback").order_by(AgreementRow.id))
        return [(row.state, row.from_at.day) for row in rows if row.from_at is not None]


@pytest.mark.parametrize("again", [Words("date", (THURSDAY,)), Words("later", (THURSDAY,))])
def test_the_moment_said_last_on_a_call_counts(database: Database, conversations: Conversations, again: Heard) -> None:
    talk(conversations, Words("later", (WEDNESDAY,)), again)
    assert callbacks(database) == [("withdrawn", 25), ("open", 26)]


def test_a_new_wish_on_a_later_call_takes_the_place_of_the_old(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, Words("later", (THURSDAY,)))
    talk(conversations, Words("later", (WEDNESDAY,)), call="call-2")
    assert callbacks(database) == [("withdrawn", 26), ("open", 25)]


def test_a_call_back_to_another_number_stands(database: Database, conversations: Conversations) -> None:
    talk(conversations, Words("later", (WEDNESDAY,)))
    talk(conversations, Words("later", (THURSDAY,)), call="call-2", e164="+32470999999")
    assert callbacks(database) == [("open", 25), ("open", 26)]


def test_a_persons_call_stands_beside_a_machines(database: Database, conversations: Conversations) -> None:
    proved = (Keys("1"), Keys("1"), Keys("9000"), Keys("4417"))
    talk(conversations, Words("later", (THURSDAY,)))
    talk(conversations, *proved, Keys("4"), Keys("1"), call="call-2")
    assert callbacks(database) == [("open", 26), ("open", 25)]
