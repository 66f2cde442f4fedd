"""How people end what was agreed or asked: the table, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.outcome import OUTCOMES
from ledger.deed import NAME_LETTERS, WHY_LETTERS, deed
from ledger.ending import ELSEWHERE, ENDINGS, Asked, Standing, decided, name_of, own_hold
from ledger.errors import BadAnswer
from ledger.intake.history.bonds import AGREEMENTS, HOLDS, STATES
from ledger.lifting import Held, Said, check_lift
from ledger.region import Region
from ledger.request import DAYS, WORDS, Request, do_by, why

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def ends(kind: str, asked: Asked = Asked(), **over: object) -> str:
    return decided(Standing(**{"id": 5, "kind": kind, "state": "open", **over}), asked, TODAY).state  # type: ignore[arg-type]


# -- the table -------------------------------------------------------------------------------------------------------


def test_every_kind_of_the_ledger_has_one_way_to_its_end() -> None:
    kinds = {*AGREEMENTS, *(one.agreement for one in OUTCOMES if one.agreement)}
    assert set(ENDINGS) | set(ELSEWHERE) == kinds
    assert not set(ENDINGS) & set(ELSEWHERE)
    assert {state for one in ENDINGS.values() for state in one.states} <= set(STATES) - {"open"}


def test_the_own_holds_of_an_agreement_are_those_that_its_answer_makes() -> None:
    for one in OUTCOMES:
        if one.agreement is not None:
            made, begins = own_hold(f"c-1:4:{one.agreement}", one.agreement)
            for n, hold in enumerate(one.holds):
                assert hold.kind == made
                assert f"c-1:4:{hold.kind}:{n}".startswith(begins)
                assert not f"c-1:41:{hold.kind}:{n}".startswith(begins)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("dispute", "kept"), ("complaint", "kept"), ("hardship", "kept"),
        ("already_paid", "withdrawn"), ("copy", "kept"), ("letter", "kept"),
        ("person", "kept"), ("callback", "kept"), ("promise", "withdrawn"),
    ],
)  # fmt: skip
def test_each_kind_ends_as_a_careful_collector_expects(kind: str, state: str) -> None:
    assert ends(kind) == state


@given(kind=st.sampled_from(sorted(ENDINGS)), state=st.sampled_from([*STATES, "", "lost"]), talked=st.booleans())
def test_nothing_ends_in_a_state_that_its_row_does_not_name(kind: str, state: str, talked: bool) -> None:
    if state in ENDINGS[kind].states or (state == "" and ENDINGS[kind].usual):
        assert ends(kind, Asked(state=state or None, talked=talked)) in ENDINGS[kind].states
    else:
        with pytest.raises(BadAnswer, match=r"^as: "):
            ends(kind, Asked(state=state or None, talked=talked))


def test_a_call_of_ours_that_was_served_is_a_talk_and_one_that_is_not_wanted_any_more_is_none() -> None:
    for kind in ("person", "callback"):
        one = Standing(id=5, kind=kind, state="open")
        assert decided(one, Asked(), TODAY).talked
        assert not decided(one, Asked(state="withdrawn"), TODAY).talked
    dispute = Standing(id=5, kind="dispute", state="open")
    assert not decided(dispute, Asked(), TODAY).talked
    assert decided(dispute, Asked(talked=True), TODAY).talked


def test_a_copy_that_was_sent_leaves_its_days_to_look_at_it() -> None:
    copy = Standing(id=5, kind="copy", state="open")
    assert decided(copy, Asked(), TODAY).quiet_stays
    assert not decided(copy, Asked(state="withdrawn"), TODAY).quiet_stays


@pytest.mark.parametrize("state", ["kept", "broken", "withdrawn"])
def test_an_agreement_ends_once(state: str) -> None:
    with pytest.raises(BadAnswer, match=rf"^id: dispute 5 was ended on 2026-11-20 \({state}\)"):
        ends("dispute", state=state, ended_on=date(2026, 11, 20))


@pytest.mark.parametrize(("kind", "command"), [("plan_request", "answer 5"), ("crisis", "called 5")])
def test_what_has_a_command_of_its_own_names_it(kind: str, command: str) -> None:
    with pytest.raises(BadAnswer, match=rf"^id: .*beltoon agreements {command}"):
        ends(kind)


def test_a_promise_is_taken_back_until_its_day_and_judged_by_payments_after_it() -> None:
    assert ends("promise", due_on=TODAY) == "withdrawn"
    with pytest.raises(BadAnswer, match=r"^id: the day of promise 5 is over"):
        ends("promise", due_on=TODAY - timedelta(days=1))


def test_a_plan_is_broken_only_where_an_instalment_is_late() -> None:
    with pytest.raises(BadAnswer, match=r"^as: say how plan 5 ends: broken or withdrawn"):
        ends("plan")
    with pytest.raises(BadAnswer, match=r"^as: no instalment of plan 5 is late"):
        ends("plan", Asked(state="broken"), late=False)
    assert ends("plan", Asked(state="broken"), late=True) == "broken"
    assert ends("plan", Asked(state="broken")) == "broken", "without instalments a person knows"
    assert ends("plan", Asked(state="withdrawn"), late=False) == "withdrawn"


def test_where_a_slip_would_hurt_most_the_end_has_to_be_said() -> None:
    for kind, states in (("deceased", "withdrawn"), ("representative", "kept or withdrawn")):
        with pytest.raises(BadAnswer, match=rf"^as: say how {name_of(kind)} 5 ends: {states}$"):
            ends(kind)


def test_a_call_that_reached_nobody_leaves_the_request_open() -> None:
    missed = Asked(not_reached=True)
    assert ends("person", missed) == ends("callback", missed, owner="person") == "open"
    for kind, owner in (("callback", "machine"), ("dispute", "billing")):
        with pytest.raises(BadAnswer, match=r"^not-reached: nobody of us has to call"):
            ends(kind, missed, owner=owner)
    for asked in (Asked(not_reached=True, talked=True), Asked(not_reached=True, state="kept")):
        with pytest.raises(BadAnswer, match=r"^not-reached: "):
            ends("person", asked)


# -- who, and why ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\x1b[31mb", "a\x00b"])
def test_a_name_and_a_reason_are_one_line_with_something_on_it(text: str) -> None:
    with pytest.raises(BadAnswer, match=r"^why: "):
        deed(NOW, "Bruno", text)
    with pytest.raises(BadAnswer, match=r"^by: "):
        deed(NOW, text, "answered")


def test_a_reason_fits_where_it_is_kept_or_is_refused_whole() -> None:
    assert deed(NOW, "é" * NAME_LETTERS, f" {'é' * WHY_LETTERS} ").why == "é" * WHY_LETTERS
    with pytest.raises(BadAnswer, match=r"^why: has 201 letters"):
        deed(NOW, "Bruno", "é" * (WHY_LETTERS + 1))
    with pytest.raises(BadAnswer, match=r"^by: has 65 letters"):
        deed(NOW, "é" * (NAME_LETTERS + 1), "answered")


# -- holds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted({*HOLDS} - {"opt_out", "wrong_number"}))
def test_a_hold_that_stands_by_itself_may_be_lifted(kind: str) -> None:
    check_lift(Held(id=3, kind=kind), Said(), NOW)


@pytest.mark.parametrize(
    ("held", "said", "told"),
    [
        (Held(id=3, kind="opt_out"), Said(), "asked-by-them: hold 3 is an opt-out"),
        (Held(id=3, kind="manual"), Said(asked_by_them=True), "asked-by-them: hold 3 is manual"),
        (Held(id=3, kind="wrong_number"), Said(), "number-of: somebody at the number of hold 3"),
        (Held(id=3, kind="dispute"), Said(number_of="D-1"), "number-of: hold 3 is dispute"),
        (Held(id=3, kind="minor"), Said(), "hold: 3 is there because of the person's age"),
        (Held(id=3, kind="dispute", agreement=("dispute", 7)), Said(), "hold: 3 belongs to dispute 7, which is open"),
        (Held(id=3, kind="crisis", agreement=("crisis", 7)), Said(), "hold: 3 belongs to crisis 7.*called 7"),
        (Held(id=3, kind="manual", lifted_at=NOW, lifted_by="An"), Said(), "hold: 3 was lifted on 2026-11-24 by An"),
        (Held(id=3, kind="crisis", until_at=NOW + timedelta(days=9)), Said(), "hold: 3 is the quiet after a crisis"),
        (Held(id=3, kind="manual", until_at=NOW), Said(), "hold: 3 ended by itself on 2026-11-24"),
    ],
)
def test_a_lift_that_may_not_be_is_refused_in_one_line(held: Held, said: Said, told: str) -> None:
    with pytest.raises(BadAnswer, match=f"^{told}") as refused:
        check_lift(held, said, NOW)
    assert "\n" not in str(refused.value)


def test_an_opt_out_is_lifted_by_who_asked_for_it_and_a_wrong_number_for_whose_it_is() -> None:
    check_lift(Held(id=3, kind="opt_out"), Said(asked_by_them=True), NOW)
    check_lift(Held(id=3, kind="wrong_number"), Said(number_of="D-1"), NOW)


# -- what waits for our people ---------------------------------------------------------------------------------------


def test_the_days_for_our_people_are_those_that_the_person_hears() -> None:
    told = {one.agreement: one.answer_days for one in OUTCOMES if one.agreement in WORDS and one.answer_days}
    assert told | {"callback": DAYS["person"]} == DAYS
    assert set(DAYS) == set(WORDS)


def test_a_request_is_done_by_the_day_that_was_named_else_within_its_working_days() -> None:
    friday = date(2026, 11, 27)
    assert do_by(Request(kind="person", made_on=friday), Region("BE")) == date(2026, 11, 30)
    assert do_by(Request(kind="person", made_on=friday, named=date(2026, 12, 4)), Region("BE")) == date(2026, 12, 4)
    for unknown in (None, Region("QQ")):
        assert do_by(Request(kind="complaint", made_on=friday), unknown) == friday


def test_a_request_tells_how_often_nobody_was_reached_and_where_a_stranger_is() -> None:
    assert why(Request(kind="person", made_on=TODAY)).startswith("Asked to speak with one of us")
    assert "called once" in why(Request(kind="person", made_on=TODAY, tries=1))
    assert "called 3 times" in why(Request(kind="person", made_on=TODAY, tries=3))
    assert "at +32470000001" in why(Request(kind="person", made_on=TODAY, stranger="+32470000001"))
