"""What is said at an unexpected moment is neither lost nor misread: a death before a crisis, a stranger's words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ivr import heard as h
from ivr import record as r
from ivr.conversation import Conversations
from ivr.outcome import disposition_of
from ivr.testing import INVOICE, PROVED, SECOND_INVOICE, a_briefing, after, said
from ivr.turn import Turn, take_turn
from ledger.contact import Disposition
from ledger.database import Database
from ledger.tables import AgreementRow, DebtorRow, HoldRow

NOBODY = a_briefing(direction="in", debtor_id=None, full_name="", factors=(), invoices=(), plans=())


def kinds(turn: Turn) -> list[type]:
    return [type(record) for record in turn.records]


@pytest.mark.parametrize(
    ("told", "record"), [("deceased", r.DeceasedReported), ("representative", r.RepresentativeReported)]
)
def test_what_was_being_confirmed_is_kept_when_a_crisis_is_heard_over_it(told: str, record: type) -> None:
    turn = after(a_briefing(), h.Words(told), h.Words("crisis"))
    assert kinds(turn) == [record, r.CrisisHeard]
    assert said(turn) == ["crisis"]
    assert disposition_of(turn.state) is Disposition.CRISIS


def test_a_wrong_number_that_was_being_confirmed_is_not_closed_by_a_crisis() -> None:
    turn = after(a_briefing(), h.Words("wrong_person"), h.Words("crisis"))
    assert kinds(turn) == [r.CrisisHeard]


def test_a_death_told_in_a_crisis_is_kept_once_and_we_stay() -> None:
    turn = after(a_briefing(), h.Words("crisis"), h.Words("deceased"))
    assert kinds(turn) == [r.DeceasedReported]
    assert said(turn) == ["silence.1", "crisis"]
    again = take_turn(a_briefing(), turn.state, h.Words("deceased"))
    assert kinds(again) == []
    assert said(again) == ["silence.1", "crisis"]


def test_after_a_crisis_over_a_death_both_stand_in_the_books(database: Database, conversations: Conversations) -> None:
    conversations.begin(a_briefing())
    for n, heard in enumerate((h.Answered(speech=True), h.Words("deceased"), h.Words("crisis"), h.HungUp())):
        conversations.step(a_briefing().call_id, str(n), heard)
    with database.reading() as session:
        holds = {hold.kind: hold.until_at for hold in session.scalars(select(HoldRow))}
        agreed = set(session.scalars(select(AgreementRow.kind)))
    assert agreed == {"deceased", "crisis"}
    assert holds["deceased"] is None
    assert holds["crisis"] is not None


@pytest.mark.parametrize("intent", ["deceased", "complaint", "representative", "paid", "hardship", "later", "promise"])
def test_a_strangers_errand_is_a_persons_call_back(intent: str) -> None:
    turn = after(NOBODY, h.Words(intent))
    assert kinds(turn) == [r.PersonAsked]
    assert said(turn) == ["agent.none", "agent.more"]


@pytest.mark.parametrize("intent", ["who", "genuine"])
def test_a_stranger_may_ask_in_words_who_we_are(intent: str) -> None:
    assert said(after(NOBODY, h.Words(intent))) == ["inbound.who", "inbound.unknown"]


def test_slow_speech_and_a_language_asked_for_before_proof_are_remembered_at_proof(
    database: Database, conversations: Conversations
) -> None:
    briefing = a_briefing()
    conversations.begin(briefing)
    early = (h.Words("slower"), h.Words("language", (("language", "fr"),)))
    for n, heard in enumerate((h.Answered(speech=True), *early)):
        conversations.step(briefing.call_id, str(n), heard)
    assert listener(database) == ("nl", "normal")
    for n, keys in enumerate(PROVED):
        conversations.step(briefing.call_id, f"proof {n}", h.Keys(keys))
    assert listener(database) == ("fr", "slow")


def listener(database: Database) -> tuple[str, str]:
    with database.reading() as session:
        ada = session.scalars(select(DebtorRow)).one()
        return ada.language, ada.listening


def test_somebody_whose_band_listens_slowly_has_asked_for_nothing() -> None:
    slow = a_briefing(listening="slow")
    assert r.ListeningChanged not in kinds(after(slow, *PROVED))


def test_at_the_menu_again_means_the_amount_again() -> None:
    assert said(after(a_briefing(), *PROVED, "*")) == ["due.friendly", "menu.main", "menu.more"]
    both = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
    assert said(after(both, *PROVED, "2", "*")) == ["due.item", "due.item", "menu.main", "menu.more"]


def test_whoever_is_proved_and_asks_what_this_is_about_hears_what_is_open() -> None:
    told = after(a_briefing(), *PROVED, h.Words("who"))
    assert said(told) == ["due.friendly", "menu.main"]
    assert said(take_turn(a_briefing(), told.state, h.Words("promise", slots=(("date", "2026-12-04"),)))) == [
        "promise.check"
    ]
    stranger = after(a_briefing(), h.Words("who"))
    assert "due.friendly" not in said(stranger)


def test_what_was_agreed_is_not_told_as_open_again() -> None:
    both = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
    paid_one = (*PROVED, "2", "3", "1", "2", "1", "1", "1")
    turn = after(both, *paid_one, "*")
    assert said(turn)[0].startswith("menu.")


@pytest.mark.parametrize(
    ("way", "said_again"),
    [
        ((*PROVED, "3", "2"), h.Words("dispute")),
        ((*PROVED, "3", "1"), h.Words("paid")),
        ((*PROVED, "4"), h.Words("date", (("date", "2026-12-20"),))),
        (("5",), h.Words("later", (("from", "20:00"),))),
        ((*PROVED, "2", "2"), h.Words("plan")),
        ((), h.Words("promise")),
        (PROVED[:1], h.Words("pay")),
    ],
    ids=lambda value: getattr(value, "intent", None),
)
def test_what_is_understood_and_leads_nowhere_is_not_asked_for_ever(way: tuple[str, ...], said_again: h.Words) -> None:
    briefing = a_briefing()
    turn = after(briefing, *way)
    for _ in range(4):
        turn = take_turn(briefing, turn.state, said_again)
        if turn.state.place == "help.offer":
            break
    assert said(turn)[-1] == "help.offer"


def test_who_asks_us_who_we_are_is_answered_as_often_as_they_ask() -> None:
    turn = after(a_briefing(), *[h.Words("who")] * 6)
    assert said(turn) == ["who.are_you", "who.about", "who.genuine", "open.ask"]


@pytest.mark.parametrize("again", [(h.Words("complaint"),), ("8", "1")])
def test_a_complaint_is_noted_once_on_a_call(again: tuple[str | h.Heard, ...]) -> None:
    turn = after(a_briefing(), *PROVED, "8", "1", *again)
    assert kinds(turn) == []
    assert "complaint.done" in said(turn)


def test_help_is_offered_twice_on_a_call_and_then_it_is_goodbye() -> None:
    nothing = [h.Noise()] * 3
    helped = (*nothing, "1", "1")
    assert said(after(a_briefing(), *helped, *nothing)) == ["help.offer"]
    assert said(after(a_briefing(), *helped, *helped, *nothing)) == ["bye"]


def test_whoever_asks_for_a_person_again_and_again_is_told_when_the_call_comes_and_goodbye() -> None:
    turn = after(a_briefing(), *["0", "1"] * 3, "0")
    assert said(turn) == ["agent.none", "bye"]
    assert turn.state.facts.count("PersonAsked") == 1
