"""What one row changes in the books."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a_list import TODAY, cells
from ledger.intake.checked import Entry
from ledger.intake.known import Known
from ledger.intake.page import Page
from ledger.intake.posting import payment_reference, post
from ledger.intake.register import Register
from ledger.intake.row import check_row
from ledger.intake.stops import stops_of


def entry(**changes: str) -> Entry:
    row = check_row(cells(**changes), 2, TODAY).row
    assert row is not None
    found = Register().admit(row, Known()).entry
    assert found is not None
    return found


def page_after(*entries: Entry) -> Page:
    page = Page()
    for one in entries:
        post(page, one)
    return page


def open_minor(page: Page, number: str = "2026-000117") -> int:
    return int(page.invoices[("Stroomdal Energie", number)].facts["open_minor"])


def test_posting_a_row_again_changes_nothing() -> None:
    page = Page()
    assert post(page, entry(paid="20", status="betwist"))
    assert not post(page, entry(paid="20", status="betwist"))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "invoice": st.sampled_from(["1", "2", "3"]),
                "paid": st.sampled_from(["", "20", "118,40"]),
                "status": st.sampled_from(["", "paid", "disputed", "opted_out", "deceased", "wrong_number"]),
                "phone_1": st.sampled_from(["", "0470 12 34 56", "0470 99 88 77"]),
            }
        ),
        max_size=8,
    )
)
def test_posting_any_rows_a_second_time_takes_no_money_and_lifts_nothing(rows: list[dict[str, str]]) -> None:
    page = page_after(*(entry(**row) for row in rows))
    before = ({key: one.facts["open_minor"] for key, one in page.invoices.items()}, set(page.stops))
    for row in rows:
        post(page, entry(**row))
    assert ({key: one.facts["open_minor"] for key, one in page.invoices.items()}, set(page.stops)) == before


@given(st.lists(st.integers(min_value=0, max_value=11840), max_size=6))
def test_what_is_open_is_the_amount_less_the_highest_that_was_told_as_paid(paid: list[int]) -> None:
    page = page_after(*(entry(paid=f"{minor / 100:.2f}" if minor else "") for minor in paid))
    if paid:
        invoice = page.invoices[("Stroomdal Energie", "2026-000117")]
        assert invoice.facts["open_minor"] == 11840 - max(paid)
        assert invoice.payment == max(paid)


def test_status_paid_leaves_nothing_open() -> None:
    assert open_minor(page_after(entry(paid="20"), entry(status="paid"))) == 0


def test_money_that_came_in_another_way_is_in_the_lists_figure() -> None:
    page = page_after(entry())
    invoice = page.invoices[("Stroomdal Energie", "2026-000117")]
    invoice.facts["open_minor"], invoice.paid = 11840 - 4000, 4000
    post(page, entry(paid="40"))
    assert (invoice.payment, open_minor(page)) == (0, 7840)
    post(page, entry(paid="50"))
    assert (invoice.payment, open_minor(page)) == (1000, 6840)


def test_a_payment_that_was_taken_back_is_not_added_again() -> None:
    page = page_after(entry(paid="40"))
    invoice = page.invoices[("Stroomdal Energie", "2026-000117")]
    invoice.paid, invoice.facts["open_minor"] = 0, 11840
    assert not post(page, entry(paid="40"))


def test_each_payment_of_a_list_has_a_reference_of_its_own() -> None:
    first, second = (payment_reference("C" * 120, "I" * 64, told) for told in (0, 1))
    assert first != second
    assert len(second) <= 120
    assert payment_reference("Stroomdal", "117", 0) == "Stroomdal/117"


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("open", []),
        ("paid", []),
        ("disputed", [("dispute", None, None)]),
        ("deceased", [("deceased", None, None)]),
        ("hardship", [("hardship", None, None)]),
        ("mediation", [("mediation", None, None)]),
        ("minor", [("manual", None, None)]),
        ("opted_out", [("opt_out", None, "voice"), ("opt_out", "+32470123456", "voice")]),
        ("wrong_number", [("wrong_number", "+32470123456", None)]),
    ],
)
def test_each_status_asks_for_its_holds(status: str, kinds: list[tuple[str, str | None, str | None]]) -> None:
    assert [(stop.kind, stop.e164, stop.channel) for stop in stops_of(entry(status=status))] == kinds


def test_each_disputed_invoice_is_a_dispute_of_its_own() -> None:
    page = page_after(entry(status="disputed"), entry(status="disputed", invoice="2"))
    assert [stop.kind for _, stop in page.new_stops] == ["dispute", "dispute"]


def test_one_death_is_one_hold_however_many_invoices() -> None:
    page = page_after(entry(status="deceased"), entry(status="deceased", invoice="2"))
    assert [stop.kind for _, stop in page.new_stops] == ["deceased"]


def test_a_number_that_the_list_no_longer_names_is_closed() -> None:
    page = page_after(entry())
    page.debtors["1001"].phones = [(7, page.debtors["1001"].phones[0][1])]
    page.new_phones.clear()
    assert post(page, entry(phone_1="0470 99 88 77"))
    assert page.closed_phones == [7]
    assert [phone.e164 for _, phone in page.new_phones] == ["+32470998877"]


def test_no_number_in_the_list_says_nothing_about_the_numbers_we_know() -> None:
    page = page_after(entry())
    assert not post(page, entry(phone_1=""))


def test_where_two_creditors_know_a_human_numbers_are_only_added() -> None:
    page = page_after(entry(), entry(debtor="1001", creditor="Jardin Vert", customer_no="5", phone_1="0470 99 88 77"))
    assert sorted(phone.e164 for _, phone in page.debtors["1001"].phones) == ["+32470123456", "+32470998877"]


def test_a_second_creditor_fills_facts_in_and_corrects_none() -> None:
    page = page_after(
        entry(city=""),
        entry(debtor="1001", creditor="Jardin Vert", customer_no="5", city="Gent", postcode="2000"),
    )
    assert (page.debtors["1001"].facts["city"], page.debtors["1001"].facts["postcode"]) == ("Gent", "9000")


def test_a_language_that_we_derived_does_not_correct_one_that_is_known() -> None:
    page = page_after(entry(language="fr"))
    assert not post(page, entry(language=""))
    assert page.debtors["1001"].facts["language"] == "fr"


def test_new_codes_of_a_new_letter_replace_the_old() -> None:
    page = page_after(entry(call_code="1111", secret_code="2222"))
    assert post(page, entry(call_code="3333"))
    assert page.accounts[("Stroomdal Energie", "1001")].codes == {"call_code": "3333", "secret_code": "2222"}


def test_an_entry_survives_its_stay_in_a_slice() -> None:
    one = entry(paid="20", status="paid", first_letter_sent_on="2026-11-03", phone_2="112")
    assert Entry.from_json(json.loads(json.dumps(one, default=str))) == one
