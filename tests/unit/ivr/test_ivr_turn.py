"""Single turns: the gate before words of debt, patience, machines, payments, and what the table forbids."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ivr import heard as h
from ivr.act import Ask, HangUp, Say
from ivr.drawing import drawing
from ivr.errors import DebtBeforeProof, IdentityBeforeYes, UnknownMove
from ivr.guard import guarded
from ivr.outcome import OUTCOMES, holds_for, last_quiet_day
from ivr.place import BACK, MENU
from ivr.record import HardshipTold, OptedOut, PaidClaimed, PaymentDetailsGiven, WrongNumber
from ivr.script import FIXED, SCRIPT
from ivr.state import Proof, State
from ivr.testing import FINAL, INVOICE, PROVED, SECOND_INVOICE, a_briefing, after, said
from ivr.turn import Turn, take_turn
from ledger.money import Money
from voices.prompt import Name, PromptClass, Sentences, Spoken

DUE = Spoken("pay.received", {"amount": Money(1)})


def paces(turn: Turn) -> list[str]:
    return [act.pace for act in turn.acts if isinstance(act, Say)]


def test_a_word_of_debt_before_proof_raises() -> None:
    for proof in (Proof.NONE, Proof.CLAIMED):
        with pytest.raises(DebtBeforeProof):
            guarded(DUE, State(proof=proof), "normal")
    assert guarded(DUE, State(proof=Proof.PROVED), "normal").cls is PromptClass.DEBT


def test_a_word_of_debt_inside_another_sentence_raises_too() -> None:
    outer = Spoken("bye", {"agreement": Sentences((Spoken("bye", {"x": Sentences((DUE,))}),))})
    with pytest.raises(DebtBeforeProof):
        guarded(outer, State(proof=Proof.CLAIMED), "normal")


def test_a_word_for_the_debtor_before_the_yes_raises() -> None:
    with pytest.raises(IdentityBeforeYes):
        guarded(Spoken("id.done", {"address_form": Name("mevrouw")}), State(), "normal")


def test_a_place_that_the_script_lacks_raises() -> None:
    with pytest.raises(UnknownMove):
        take_turn(a_briefing(), State(place="nowhere"), h.Keys("1"))


def test_every_way_of_the_table_leads_somewhere() -> None:
    for place in SCRIPT.values():
        for way in (*place.ways.values(), *FIXED.values()):
            assert set(way.to) <= set(SCRIPT) | {BACK}
            assert way.do is not None or len(way.to) == 1
        assert place.back in {None, MENU, *SCRIPT}


def test_no_menu_has_more_than_four_choices_besides_the_fixed_keys() -> None:
    for place in SCRIPT.values():
        assert len([key for key in place.ways if key.isdecimal()]) <= 4


def test_menus_wait_six_seconds_at_least() -> None:
    assert all(place.patience_s >= 6.0 for place in SCRIPT.values())


def test_the_first_words_say_that_a_machine_calls_and_for_whom() -> None:
    turn = after(a_briefing())
    assert said(turn) == ["open.hello", "open.ask"]
    assert all(act.cls is PromptClass.NEUTRAL for act in turn.acts if isinstance(act, Say))


def test_who_calls_says_the_call_code_and_asks_again() -> None:
    turn = after(a_briefing(), "3")
    assert said(turn) == ["who.are_you", "who.about", "who.genuine", "open.ask"]


def test_without_code_and_number_nothing_is_promised_about_them() -> None:
    assert "who.genuine" not in said(after(a_briefing(call_code=None, callback_number=None), "3"))


@pytest.mark.parametrize(
    ("stage", "key"), [(1, "due.friendly"), (2, "due.friendly"), (3, "due.firm")], ids=["first", "second", "last"]
)
def test_the_tone_follows_the_stage(stage: int, key: str) -> None:
    assert key in said(after(a_briefing(stage=stage), *PROVED))


def test_the_last_reminder_is_spoken_only_where_all_of_it_is_true() -> None:
    assert "final" in said(after(a_briefing(stage=3, final=FINAL), *PROVED))
    assert "final" not in said(after(a_briefing(stage=3), *PROVED))
    assert "final" not in said(after(a_briefing(stage=2, final=FINAL), *PROVED))


def test_several_invoices_are_told_as_a_sum_and_one_by_one_when_asked() -> None:
    both = a_briefing(invoices=(INVOICE, SECOND_INVOICE))
    assert said(after(both, *PROVED)) == ["id.done", "due.several"]
    assert said(after(both, *PROVED, "1")) == ["due.item", "due.item", "menu.main"]
    assert said(after(both, *PROVED, "2")) == ["menu.main"]


def test_nothing_open_is_thanks_and_goodbye() -> None:
    turn = after(a_briefing(invoices=()), *PROVED)
    assert said(turn) == ["id.done", "due.nothing", "bye"]


def test_again_is_slower_the_second_time() -> None:
    assert paces(after(a_briefing(), "*")) == ["normal"]
    assert paces(after(a_briefing(), "*", "*")) == ["slow"]


def test_whoever_listens_slowly_at_trouble_hears_the_question_slowly_at_the_first() -> None:
    normal, troubled = a_briefing(), a_briefing(listening="slow_at_trouble")
    assert paces(after(troubled)) == paces(after(normal))
    assert paces(after(normal, "*")) == ["normal"]
    assert paces(after(troubled, "*")) == ["slow"]


def test_account_and_reference_are_read_slowly_and_repeated() -> None:
    read = after(a_briefing(), *PROVED, "1", "2")
    assert said(read) == ["pay.read", "pay.next"]
    assert paces(read) == ["slow", "slow"]
    assert said(after(a_briefing(), *PROVED, "1", "2", "*")) == ["pay.read", "pay.next"]


def test_somebody_who_listens_slowly_gets_the_short_menu_slow_words_and_more_time() -> None:
    turn = after(a_briefing(listening="slow"), *PROVED)
    assert said(turn)[-1] == "menu.slow"
    assert set(paces(turn)) == {"slow"}
    ask = turn.acts[-1]
    assert isinstance(ask, Ask) and ask.patience_s > 9.0


def test_silence_waits_then_asks_slower_then_offers_a_person_then_says_goodbye() -> None:
    heard: list[h.Heard] = []
    story = []
    for _ in range(4):
        heard.append(h.Silence())
        story.append(said(after(a_briefing(), *heard)))
    assert story == [["silence.1"], ["silence.2", "open.ask"], ["help.offer"], ["silence.3"]]
    assert paces(after(a_briefing(), h.Silence(), h.Silence())) == ["normal", "slow"]


def test_nonsense_is_asked_again_then_slower_then_a_person_is_offered() -> None:
    noise = h.Noise()
    assert said(after(a_briefing(), noise)) == ["heard.not_1", "open.ask"]
    assert said(after(a_briefing(), "7", "7")) == ["heard.not_2", "open.ask"]
    assert said(after(a_briefing(), noise, "7", noise)) == ["help.offer"]
    assert said(after(a_briefing(), noise, noise, noise, noise)) == ["bye"]


def test_a_person_who_is_asked_for_calls_in_office_hours_and_the_talk_may_go_on() -> None:
    turn = after(a_briefing(), *PROVED, "0")
    assert said(turn) == ["agent.none", "agent.more"]
    assert said(take_turn(a_briefing(), turn.state, h.Keys("1"))) == ["menu.main", "menu.more"]
    twice = take_turn(a_briefing(), turn.state, h.Keys("0"))
    assert said(twice)[0] == "agent.none"
    assert twice.records == ()


def test_a_machine_hears_a_neutral_message_once_or_nothing() -> None:
    left = after(a_briefing(), h.MachineAnswered())
    assert said(left) == ["voicemail"]
    assert isinstance(left.acts[-1], HangUp)
    for briefing in (a_briefing(voicemail_allowed=False), a_briefing(callback_number=None)):
        assert after(briefing, h.MachineAnswered()).acts == (HangUp(),)


def test_somebody_who_pressed_a_key_is_no_machine() -> None:
    assert said(after(a_briefing(), "1", h.MachineAnswered())) == ["free.ask"]
    assert said(after(a_briefing(), *PROVED, h.MachineAnswered())) == ["menu.main"]
    assert said(after(a_briefing(direction="in"), h.MachineAnswered())) == ["inbound.ask"]


def test_a_payment_that_comes_in_is_thanked_for() -> None:
    assert said(after(a_briefing(), *PROVED, h.PaymentSeen())) == ["pay.received", "bye"]


def test_a_payment_after_a_promise_names_what_was_paid() -> None:
    say = after(a_briefing(), *PROVED, "2", "1", "1", "1", h.PaymentSeen()).acts[0]
    assert isinstance(say, Say)
    assert say.spoken.slots["amount"] == Money(8550)


def test_the_end_of_our_time_is_polite() -> None:
    assert said(after(a_briefing(), *PROVED, h.TimeUp())) == ["trouble.time_up"]


def test_silence_at_the_summary_takes_nothing_away() -> None:
    turn = after(a_briefing(), *PROVED, "2", "1", "1", "1", h.Silence())
    assert said(turn) == ["sum.done", "bye"]
    assert "PromiseMade" in turn.state.facts


def test_a_summary_that_is_not_right_goes_to_a_person() -> None:
    turn = after(a_briefing(), *PROVED, "2", "1", "1", "1", "2")
    assert said(turn) == ["sum.wrong", "agreement.person", "bye"]
    assert [type(record).__name__ for record in turn.records] == ["PersonAsked"]


def test_after_a_stop_the_debtor_hears_what_stays_open_and_a_stranger_does_not() -> None:
    assert said(after(a_briefing(), *PROVED, "9", h.Silence())) == ["stop.but", "bye"]
    assert said(after(a_briefing(), "9", h.Silence())) == ["bye"]


def test_a_slip_of_the_yes_is_taken_back() -> None:
    turn = after(a_briefing(), "1", "#")
    assert said(turn) == ["open.ask"]
    assert turn.state.proof is Proof.NONE


def test_the_conversation_is_over_after_its_end() -> None:
    over = after(a_briefing(), "2", "1").state
    assert take_turn(a_briefing(), over, h.Keys("1")).acts == (HangUp("over"),)
    assert take_turn(a_briefing(), over, h.HungUp()).acts == ()


def test_terms_are_counted_in_local_days_today_included() -> None:
    briefing = a_briefing()
    assert last_quiet_day(PaidClaimed, briefing) == date(2026, 12, 3)
    assert last_quiet_day(HardshipTold, briefing) == date(2026, 12, 23)
    assert last_quiet_day(PaymentDetailsGiven, briefing) == date(2026, 11, 30)


def test_a_withheld_number_is_stopped_by_its_debtor_and_never_closed_as_wrong() -> None:
    withheld = a_briefing(e164=None)
    (hold,) = holds_for(OptedOut(e164=None), withheld)
    assert (hold.debtor_id, hold.e164) == (1, None)
    assert holds_for(WrongNumber(e164=None), withheld) == ()
    assert holds_for(OptedOut(e164=None), replace(withheld, debtor_id=None)) == ()


def test_every_hold_is_one_of_permissions_own() -> None:
    known = "deceased mediation crisis hardship dispute complaint plan_request plan already_paid invoice_hold opt_out wrong_number"  # noqa: E501
    assert {hold.kind for outcome in OUTCOMES for hold in outcome.holds} == set(known.split())


def test_the_picture_is_drawn_from_the_table() -> None:
    picture = drawing()
    assert picture.startswith("stateDiagram-v2\n")
    assert "promise_check : promise.check (binds)" in picture
    assert "open_ask --> household_ask : 2 no" in picture
    assert "id_digits : id.digits (never stored)" in picture
    for name in SCRIPT:
        if not name.startswith("id.") and name not in ("start", "gone"):
            assert f"    {name.replace('.', '_')} : " in picture
