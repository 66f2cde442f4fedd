"""A list in the books: what stands there afterwards, and after it was imported again (4 D, 18, 25, 27)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from a_list import NOW, good, write_list
from desk.migrate import migrate
from ledger.database import Base, Database
from ledger.errors import ImportBusy
from ledger.intake.importing import import_list
from ledger.intake.report import Report
from ledger.intake.turn import import_turn
from ledger.tables import (
    AccountRow,
    AllocationRow,
    AuditRow,
    CreditorRow,
    DebtorRow,
    HoldRow,
    ImportBatchRow,
    ImportDebtorRow,
    ImportSliceRow,
    InvoiceRow,
    PaymentRow,
    PhoneRow,
)

BOOKS = (CreditorRow, DebtorRow, AccountRow, PhoneRow, InvoiceRow, PaymentRow, AllocationRow, HoldRow)


def bring(database: Database, *rows: dict[str, str], after: int = 0, dry_run: bool = False) -> Report:
    """Import rows as a list of their own, some hours after the first."""
    with TemporaryDirectory() as folder:
        path = write_list(Path(folder) / "list.csv", *rows)
        return import_list(database, path, NOW + timedelta(hours=after), dry_run=dry_run)


def all_of(database: Database, row: type[Base]) -> list[dict[str, object]]:
    with database.reading() as session:
        found = session.scalars(select(row).order_by(*row.__table__.primary_key))
        return [{column.key: getattr(one, column.key) for column in row.__table__.columns} for one in found]


def books(database: Database) -> list[list[dict[str, object]]]:
    return [all_of(database, row) for row in BOOKS]


def check_open(database: Database) -> None:
    """`open_minor` = amount - allocations, for every invoice."""
    with database.reading() as session:
        paid = select(func.coalesce(func.sum(AllocationRow.amount_minor), 0)).where(
            AllocationRow.invoice_id == InvoiceRow.id
        )
        wrong = select(InvoiceRow.number).where(
            InvoiceRow.open_minor != InvoiceRow.amount_minor - paid.scalar_subquery()
        )
        assert list(session.scalars(wrong)) == []


def test_a_row_becomes_creditor_debtor_account_number_and_invoice(database: Database) -> None:
    report = bring(database, good(sender="Stroomdal", call_code="4821", secret_code="730951"))
    assert (report.rows, report.debtors, report.invoices, report.written, report.already) == (1, 1, 1, 1, 0)
    creditor, debtor, account, phone, invoice, *_ = (rows[0] if rows else {} for rows in books(database))
    assert (creditor["name"], creditor["sender"], creditor["role"]) == ("Stroomdal Energie", "Stroomdal", "creditor")
    assert (debtor["ref"], debtor["name"], debtor["kind"], debtor["student"]) == (
        "1001",
        "Els Janssens",
        "person",
        False,
    )
    assert (account["customer_no"], account["call_code"], account["secret_code"]) == ("1001", "4821", "730951")
    assert (phone["e164"], phone["verdict"], phone["from_at"], phone["until_at"]) == ("+32470123456", "good", NOW, None)
    assert (invoice["number"], invoice["amount_minor"], invoice["open_minor"]) == ("2026-000117", 11840, 11840)
    assert (debtor["known_at"], invoice["known_at"]) == (NOW, NOW)
    assert invoice["reference"] == "202/6000/11714"


def test_an_empty_list_of_errors_is_needed_before_the_first_row_is_written(database: Database) -> None:
    rows = [good(invoice=str(n), customer_no=str(n), name=f"Els {n}rs Jans", phone_1="") for n in range(1, 1200)]
    report = bring(database, *rows, good(invoice="x", amount="NaN"))
    assert [(error.line, error.column) for error in report.errors] == [(1201, "amount")]
    assert books(database) == [[]] * len(BOOKS)
    assert all_of(database, ImportBatchRow) == all_of(database, ImportSliceRow) == all_of(database, AuditRow) == []


def test_a_dry_run_writes_nothing_and_tells_the_same(database: Database) -> None:
    rows = [good(), good(invoice="2", status="betwist")]
    dry = bring(database, *rows, dry_run=True)
    assert (dry.rows, dry.debtors, dry.invoices, dry.holds, dry.written, dry.already) == (2, 1, 2, 1, 0, 0)
    assert books(database) == [[]] * len(BOOKS)
    bring(database, *rows)
    assert bring(database, *rows, good(invoice="3"), dry_run=True).already == 2


def test_the_same_file_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", good())
    import_list(database, path, NOW)
    before = books(database)
    again = import_list(database, path.rename(tmp_path / "another name.csv"), NOW + timedelta(days=1))
    assert (again.known_since, again.written, again.already) == (NOW, 0, 1)
    assert books(database) == before


def test_the_same_rows_in_another_file_make_no_doubles(database: Database) -> None:
    rows = [good(paid="20"), good(invoice="2", status="betwist"), good(invoice="3", status="paid", phone_1="")]
    bring(database, *rows)
    before = books(database)
    again = bring(database, *reversed(rows), after=1)
    assert (again.written, again.already) == (0, 3)
    assert books(database) == before


def test_a_payment_told_by_a_list_is_added_once_and_a_higher_one_by_its_difference(database: Database) -> None:
    bring(database, good(paid="20"))
    bring(database, good(paid="20", about="power"), after=1)
    bring(database, good(paid="50"), after=2)
    lower = bring(database, good(paid="10"), after=3)
    assert [(p["reference"], p["amount_minor"]) for p in all_of(database, PaymentRow)] == [
        ("Stroomdal Energie/2026-000117", 2000),
        ("Stroomdal Energie/2026-000117#2", 3000),
    ]
    assert [i["open_minor"] for i in all_of(database, InvoiceRow)] == [6840]
    assert [warning.column for warning in lower.warnings] == ["paid"]
    check_open(database)


def test_paid_leaves_nothing_open_and_is_not_taken_back(database: Database) -> None:
    bring(database, good(paid="20"))
    bring(database, good(status="betaald"), after=1)
    later = bring(database, good(), after=2)
    assert [i["open_minor"] for i in all_of(database, InvoiceRow)] == [0]
    assert [warning.column for warning in later.warnings] == ["status"]
    check_open(database)


def test_a_payment_by_another_way_is_in_the_lists_figure(database: Database) -> None:
    bring(database, good())
    with database.unit_of_work() as session:
        payment = PaymentRow(
            source="bank", reference="b1", amount_minor=4000, currency="EUR", paid_on=NOW.date(), seen_at=NOW
        )
        session.add(payment)
        session.flush()
        invoice = session.scalars(select(InvoiceRow)).one()
        session.add(AllocationRow(payment_id=payment.id, invoice_id=invoice.id, amount_minor=4000))
        invoice.open_minor -= 4000
    bring(database, good(paid="40"), after=1)
    bring(database, good(status="paid"), after=2)
    assert [p["amount_minor"] for p in all_of(database, PaymentRow)] == [4000, 7840]
    check_open(database)


def test_an_import_adds_holds_and_never_lifts_one(database: Database) -> None:
    bring(database, good(status="opted_out"))
    bring(database, good(), after=1)
    bring(database, good(status="deceased"), after=2)
    holds = all_of(database, HoldRow)
    assert [(h["kind"], h["e164"], h["channel"], h["until_at"], h["lifted_at"]) for h in holds] == [
        ("opt_out", None, "voice", None, None),
        ("opt_out", "+32470123456", "voice", None, None),
        ("deceased", None, None, None, None),
    ]
    assert holds[2]["from_at"] == NOW + timedelta(hours=2)


def test_a_hold_that_a_person_lifted_stays_lifted(database: Database) -> None:
    bring(database, good(status="betwist"))
    with database.unit_of_work() as session:
        hold = session.scalars(select(HoldRow)).one()
        hold.lifted_at, hold.lifted_by, hold.lifted_why = NOW, "chiara", "answered"
    bring(database, good(status="betwist", about="power"), after=1)
    assert [h["lifted_by"] for h in all_of(database, HoldRow)] == ["chiara"]


def test_a_changed_number_closes_the_old_row_and_one_that_returns_gets_a_new_one(database: Database) -> None:
    bring(database, good())
    bring(database, good(phone_1="0470 99 88 77"), after=1)
    bring(database, good(about="power"), after=2)
    assert [(p["e164"], p["from_at"], p["until_at"]) for p in all_of(database, PhoneRow)] == [
        ("+32470123456", NOW, NOW + timedelta(hours=1)),
        ("+32470998877", NOW + timedelta(hours=1), NOW + timedelta(hours=2)),
        ("+32470123456", NOW + timedelta(hours=2), None),
    ]


def test_numbers_that_cannot_be_called_are_stored_with_their_verdict(database: Database) -> None:
    report = bring(database, good(phone_1="zie dossier", phone_2="4.47911E+11", phone_3="+881612345678"))
    phones = all_of(database, PhoneRow)
    assert [(p["e164"], p["verdict"]) for p in phones] == [
        ("", "invalid"),
        ("", "invalid"),
        ("+881612345678", "satellite"),
    ]
    assert [warning.column for warning in report.warnings] == ["phone_1", "phone_2", "phone_3"]
    assert (
        bring(database, good(phone_1="zie dossier", phone_2="4.47911E+11", phone_3="+881612345678", about="x")).written
        == 1
    )
    assert all_of(database, PhoneRow) == phones


def test_one_human_at_two_creditors_is_one_debtor_also_in_a_later_list(database: Database) -> None:
    bring(database, good())
    report = bring(database, good(creditor="Jardin Vert", customer_no="55", invoice="9"), after=1)
    assert report.warnings[0].column == "name"
    assert [d["ref"] for d in all_of(database, DebtorRow)] == ["1001"]
    assert [(a["customer_no"], a["debtor_id"]) for a in all_of(database, AccountRow)] == [("1001", 1), ("55", 1)]


def test_two_people_with_one_number_are_two_debtors(database: Database) -> None:
    bring(database, good(), good(customer_no="1002", name="Stef Janssens", birth_date="1970-01-01", invoice="2"))
    assert [d["ref"] for d in all_of(database, DebtorRow)] == ["1001", "1002"]
    assert [p["e164"] for p in all_of(database, PhoneRow)] == ["+32470123456"] * 2


def test_a_corrected_fact_is_written_down_with_what_it_was(database: Database) -> None:
    bring(database, good(city="Gent"))
    bring(database, good(city="Ledeberg", postcode="9050"), after=1)
    (debtor,) = all_of(database, DebtorRow)
    assert (debtor["city"], debtor["postcode"]) == ("Ledeberg", "9050")
    (audit,) = [one for one in all_of(database, AuditRow) if one["what"] == "debtor changed by a list"]
    assert (audit["subject"], audit["detail"]) == ("1001", {"city": "changed", "postcode": ["9000", "9050"]})


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"amount": "99,00"}, "amount"),
        ({"birth_date": "1980-01-01"}, "birth_date"),
        ({"debtor": "D-7"}, "debtor"),
        ({"customer_no": "1002", "debtor": "1002", "phone_1": ""}, "customer_no"),
    ],
)
def test_what_contradicts_the_books_refuses_the_list(database: Database, changes: dict[str, str], column: str) -> None:
    bring(database, good())
    before = books(database)
    report = bring(database, good(**changes), good(invoice="77"), after=1)
    assert column in [error.column for error in report.errors]
    assert books(database) == before


def test_nobody_waits_for_a_list_that_is_written(database: Database) -> None:
    bring(database, good(), good(invoice="2", customer_no="2", name="Jan Maes", phone_1=""))
    assert all_of(database, ImportDebtorRow) == all_of(database, ImportSliceRow) == []
    (batch,) = all_of(database, ImportBatchRow)
    assert (batch["state"], batch["rows"], batch["written"]) == ("done", 2, 2)


def test_a_second_import_at_the_same_time_is_refused(database: Database) -> None:
    with import_turn(database), pytest.raises(ImportBusy, match="Another import"):
        bring(database, good())
    assert bring(database, good()).written == 1


ROW = st.fixed_dictionaries(
    {
        "customer_no": st.sampled_from(["1", "2", "3"]),
        "creditor": st.sampled_from(["Stroomdal", "Jardin Vert"]),
        "paid": st.sampled_from(["", "20"]),
        "status": st.sampled_from(["", "paid", "disputed", "opted_out", "wrong_number"]),
    }
)


@settings(max_examples=15, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_any_list_imported_again_in_any_order_makes_no_doubles(
    tmp_path_factory: pytest.TempPathFactory, some: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("again")
    database = Database(f"sqlite:///{folder / 'books.db'}")
    migrate(database)
    rows = [
        good(
            **row,
            invoice=str(n),
            name=f"Els {row['customer_no']}ens Maes",
            birth_date="",
            phone_1=f"0470 12 34 5{row['customer_no']}",
        )
        for n, row in enumerate(some)
    ]
    bring(database, *rows)
    before = books(database)
    report = bring(
        database, *rows[::-1], good(invoice="new", customer_no="9", name="Jan Nieuw", phone_1="", birth_date="")
    )
    assert (report.written, report.already) == (1, len(rows))
    for old, new in zip(before, books(database), strict=True):
        assert new[: len(old)] == old
    check_open(database)
    database.close()


def test_a_thousand_rows_are_written_in_several_units(database: Database) -> None:
    rows = [
        good(invoice=str(n), customer_no=str(n // 2), name=f"Els Maes {n // 2}x", phone_1="", birth_date="")
        for n in range(1000)
    ]
    report = bring(database, *rows)
    assert (report.written, report.debtors, len(all_of(database, InvoiceRow))) == (1000, 500, 1000)
