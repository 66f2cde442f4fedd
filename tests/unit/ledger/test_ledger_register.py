"""Whose row is it, and does it agree with the rows before it and with the books?"""

from __future__ import annotations

from datetime import date

import pytest

from a_list import TODAY, cells
from ledger.intake.checked import CheckedRow
from ledger.intake.known import Known, KnownCreditor, KnownDebtor, KnownInvoice
from ledger.intake.register import Admission, Register
from ledger.intake.row import check_row

ELS = KnownDebtor(ref="E-1", name="Els Janssens", birth_date=date(1956, 3, 2), postcode="9000")


def checked(line: int = 2, **changes: str) -> CheckedRow:
    row = check_row(cells(**changes), line, TODAY).row
    assert row is not None
    return row


def admit(*rows: CheckedRow, known: Known | None = None) -> list[Admission]:
    """What becomes of the rows of a list; however little of it is at hand, it is remembered the same."""
    at_hand, in_a_file = Register(), Register(at_hand=1)
    found = [at_hand.admit(row, known or Known()) for row in rows]
    assert [in_a_file.admit(row, known or Known()) for row in rows] == found
    assert (set(in_a_file.debtors), in_a_file.invoices) == (set(at_hand.debtors), at_hand.invoices)
    assert len(in_a_file.debtors) == len(at_hand.debtors)
    in_a_file.close()
    return found


def debtors(*found: Admission) -> list[str | None]:
    return [one.entry.debtor if one.entry else None for one in found]


def test_a_new_human_is_called_by_the_customer_number() -> None:
    assert debtors(*admit(checked())) == ["1001"]


def test_a_customer_number_that_another_human_has_gets_its_creditor_in_front() -> None:
    other = checked(creditor="Jardin Vert", name="Piet Maes", birth_date="1980-01-01", phone_1="0470 99 88 77")
    assert debtors(*admit(checked(), other)) == ["1001", "Jardin Vert/1001"]


def test_the_lists_own_name_goes_first() -> None:
    assert debtors(*admit(checked(debtor="D-1"))) == ["D-1"]


def test_one_human_at_two_creditors_is_linked_by_number_and_birth_date() -> None:
    there = checked(3, creditor="Jardin Vert", customer_no="55", invoice="9", postcode="2000")
    found = admit(checked(), there)
    assert debtors(*found) == ["1001", "1001"]
    assert "one human" in found[1].warnings[0].reason


def test_one_human_at_two_creditors_is_linked_by_number_surname_and_postcode() -> None:
    here = checked(birth_date="")
    there = checked(3, creditor="Jardin Vert", customer_no="55", name="E. Janssens", birth_date="")
    assert debtors(*admit(here, there)) == ["1001", "1001"]


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": "1999-03-02"},
        {"name": "Mia Janssens"},
        {"birth_date": "", "name": "Els Claes"},
        {"birth_date": "", "postcode": "2000"},
        {"phone_1": "0470 99 88 77"},
        {"phone_1": ""},
    ],
)
def test_what_contradicts_or_does_not_suffice_makes_two_debtors(changes: dict[str, str]) -> None:
    there = checked(3, **{"creditor": "Jardin Vert", "customer_no": "55", **changes})
    assert debtors(*admit(checked(), there)) == ["1001", "55"]


def test_a_human_in_the_books_is_found_by_number_and_birth_date() -> None:
    known = Known(debtors={"E-1": ELS}, numbers={"+32470123456": (ELS,)})
    assert debtors(*admit(checked(), known=known)) == ["E-1"]


def test_a_known_customer_number_keeps_its_debtor() -> None:
    known = Known(debtors={"E-1": ELS}, customers={("Stroomdal Energie", "1001"): "E-1"})
    assert debtors(*admit(checked(phone_1="0470 99 88 77"), known=known)) == ["E-1"]


def test_a_known_human_is_found_again_by_a_row_of_another_creditor() -> None:
    known = Known(debtors={"E-1": ELS}, customers={("Stroomdal Energie", "1001"): "E-1"})
    other = checked(name="Piet Maes", customer_no="7", invoice="7", birth_date="1980-01-01", phone_1="0470 99 88 77")
    there = checked(creditor="Jardin Vert", customer_no="55", invoice="9")
    assert debtors(*admit(other, checked(), there, known=known)) == ["7", "E-1", "E-1"]


def test_a_ref_that_is_taken_in_the_books_is_not_given_again() -> None:
    other = KnownDebtor(ref="1001", name="Piet Maes", birth_date=None, postcode=None)
    assert debtors(*admit(checked(), known=Known(debtors={"1001": other}))) == ["Stroomdal Energie/1001"]


@pytest.mark.parametrize(
    ("known", "changes", "column"),
    [
        (Known(debtors={"D-9": ELS}, customers={("Stroomdal Energie", "1001"): "D-9"}), {"debtor": "D-1"}, "debtor"),
        (
            Known(debtors={"D-9": ELS}, customers={("Stroomdal Energie", "1001"): "D-9"}),
            {"birth_date": "1980-01-01"},
            "birth_date",
        ),
        (Known(debtors={"D-9": ELS}), {"debtor": "D-9", "name": "Piet Maes", "birth_date": ""}, "name"),
    ],
)
def test_a_row_about_a_known_debtor_who_is_somebody_else_is_refused(
    known: Known, changes: dict[str, str], column: str
) -> None:
    (found,) = admit(checked(**changes), known=known)
    assert found.entry is None
    assert [(error.column, error.line) for error in found.errors] == [(column, 2)]


def test_a_new_surname_with_the_same_birth_date_is_the_same_human() -> None:
    known = Known(debtors={"D-9": ELS}, customers={("Stroomdal Energie", "1001"): "D-9"})
    assert debtors(*admit(checked(name="Els Claes"), known=known)) == ["D-9"]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"name": "Els Jansens"}, "name"),
        ({"birth_date": "1974-03-03"}, "birth_date"),
        ({"postcode": "9001"}, "postcode"),
        ({"phone_1": "0470 99 88 77"}, "phone_1"),
        ({"call_code": "2"}, "call_code"),
        ({"debtor": "D-2"}, "debtor"),
    ],
)
def test_two_rows_of_one_customer_number_must_agree(changes: dict[str, str], column: str) -> None:
    found = admit(checked(call_code="1"), checked(3, **{"invoice": "2", "call_code": "1", **changes}))
    assert found[0].entry is not None
    assert column in [error.column for error in found[1].errors]
    assert found[1].errors[0].line == 3


def test_what_one_row_leaves_empty_another_may_fill() -> None:
    found = admit(checked(birth_date="", phone_1=""), checked(3, invoice="2"), checked(4, invoice="3", birth_date=""))
    assert debtors(*found) == ["1001"] * 3


def test_the_same_row_twice_counts_once() -> None:
    first, again = admit(checked(), checked(3))
    assert first.entry is not None
    assert (again.entry, again.errors) == (None, ())
    assert "line 2" in again.warnings[0].reason


@pytest.mark.parametrize(
    "changes", [{"amount": "99"}, {"due": "2026-09-30"}, {"status": "paid"}, {"customer_no": "1002", "debtor": "1002"}]
)
def test_an_invoice_twice_with_other_facts_is_refused(changes: dict[str, str]) -> None:
    _, again = admit(checked(), checked(3, **changes))
    assert "invoice" in [error.column for error in again.errors]


def known_invoice(**changes: object) -> Known:
    facts = {
        "customer_no": "1001",
        "amount_minor": 11840,
        "currency": "EUR",
        "due_on": date(2026, 10, 31),
        "open_minor": 11840,
        "paid_minor": 0,
    }
    invoice = KnownInvoice(**{**facts, **changes})  # type: ignore[arg-type]
    return Known(
        debtors={"1001": ELS},
        customers={("Stroomdal Energie", "1001"): "1001"},
        invoices={("Stroomdal Energie", "2026-000117"): invoice},
    )


@pytest.mark.parametrize(
    ("known", "column"),
    [
        (known_invoice(amount_minor=5), "amount"),
        (known_invoice(currency="GBP"), "amount"),
        (known_invoice(customer_no="7"), "customer_no"),
    ],
)
def test_an_invoice_never_changes(known: Known, column: str) -> None:
    (found,) = admit(checked(), known=known)
    assert [error.column for error in found.errors] == [column]


@pytest.mark.parametrize(
    ("known", "changes", "column"),
    [
        (known_invoice(due_on=date(2026, 9, 30)), {}, "due"),
        (known_invoice(paid_minor=5000, open_minor=6840), {"paid": "20"}, "paid"),
        (known_invoice(paid_minor=11840, open_minor=0), {}, "status"),
    ],
)
def test_what_a_list_would_take_back_is_a_warning(known: Known, changes: dict[str, str], column: str) -> None:
    (found,) = admit(checked(**changes), known=known)
    assert found.entry is not None
    assert [warning.column for warning in found.warnings] == [column]


def test_money_that_goes_to_another_account_is_a_warning() -> None:
    known = Known(creditors={"Stroomdal Energie": KnownCreditor(sender="Stroomdal", iban="BE68539007547034")})
    (found,) = admit(checked(iban="BE71 0961 2345 6769"), known=known)
    assert [warning.column for warning in found.warnings] == ["iban"]


def test_one_creditor_has_one_sender_and_one_account() -> None:
    _, found = admit(checked(sender="Stroomdal"), checked(3, invoice="2", sender="Andere"))
    assert [error.column for error in found.errors] == ["sender"]
