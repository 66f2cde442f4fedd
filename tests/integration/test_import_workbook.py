"""Lists as Excel files: typed cells become what a person would have typed, and errors name Excel's own cells."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from a_list import NOW, good
from ledger.database import Database
from ledger.errors import ListUnreadable
from ledger.intake.amount import read_amount
from ledger.intake.calamine_sheet import text_of
from ledger.intake.importing import import_list
from ledger.intake.reading import read_rows
from ledger.intake.survey import survey
from ledger.intake.workbook import letters_of, number_of
from ledger.tables import DebtorRow, InvoiceRow, PhoneRow

HEAD = list(good())


def workbook(path: Path, *rows: list[Any], sheets: dict[str, list[list[Any]]] | None = None) -> Path:
    book = Workbook()
    (first := book.active).title = "First"
    for row in rows:
        first.append(row)
    for name, lines in (sheets or {}).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def typed(**changes: Any) -> list[Any]:
    return list({**good(), **changes}.values())


def test_cells_that_excel_typed_are_what_their_column_expects(tmp_path: Path, database: Database) -> None:
    row = typed(
        customer_no=1001, birth_date=date(1974, 3, 2), postcode=9000, phone_1=32470123456.0, amount=118.4,
        due=datetime(2026, 10, 31), invoice=2026117,  # noqa: DTZ001 - Excel knows no zones
    )  # fmt: skip
    shared = typed(customer_no=1002, name="Jan Maes", birth_date=None, phone_1=4.7e8, amount=0.1 + 0.2, invoice=7)
    report = import_list(database, workbook(tmp_path / "a.xlsx", HEAD, row, shared), NOW)
    assert (report.errors, report.written) == ([], 2)
    with database.reading() as session:
        els, jan = session.query(InvoiceRow).order_by(InvoiceRow.id)
        assert (els.number, els.amount_minor, els.due_on) == ("2026117", 118_40, date(2026, 10, 31))
        assert (jan.number, jan.amount_minor) == ("7", 30)
        assert [p.e164 for p in session.query(PhoneRow).order_by(PhoneRow.id)] == ["+32470123456", "+32470000000"]
        assert session.query(DebtorRow).first().birth_date == date(1974, 3, 2)  # type: ignore[union-attr]


def test_a_flag_that_excel_typed_is_yes_or_no(tmp_path: Path) -> None:
    rows = list(read_rows(survey(workbook(tmp_path / "a.xlsx", [*HEAD, "student"], [*typed(), True]))))
    assert rows[0].cells["student"] == "yes"  # type: ignore[union-attr]


def test_an_error_names_the_cell_as_excel_shows_it(tmp_path: Path, database: Database) -> None:
    lines = [[], [None, *HEAD], [None, *typed()], [], [None, *typed(invoice="2", amount="1.234")]]
    report = import_list(database, workbook(tmp_path / "a.xlsx", *lines), NOW)
    (error,) = report.errors
    letter = letters_of(HEAD.index("amount") + 2)
    assert (error.line, error.column) == (5, "amount")
    assert error.reason == f"cell {letter}5: 1.234 can be read in two ways"


def test_a_number_whose_end_excel_has_lost_is_refused(tmp_path: Path, database: Database) -> None:
    report = import_list(database, workbook(tmp_path / "a.xlsx", HEAD, typed(invoice=20261100000000017)), NOW)
    assert "rounded by a spreadsheet" in report.errors[0].reason


def test_the_only_sheet_with_our_columns_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["Notes"], sheets={"List": [HEAD, typed()], "Other": [["x"]]})
    assert len(list(read_rows(survey(path)))) == 1
    two = workbook(tmp_path / "b.xlsx", ["Notes"], sheets={"List": [HEAD, typed()], "Old": [HEAD, typed()]})
    with pytest.raises(ListUnreadable, match="several sheets with our columns"):
        list(read_rows(survey(two)))


def test_a_row_with_another_number_of_cells_is_told(tmp_path: Path) -> None:
    (error,) = read_rows(survey(workbook(tmp_path / "a.xlsx", HEAD, [*typed(), "one more"])))
    assert (error.line, "cells" in error.reason) == (2, True)  # type: ignore[union-attr]


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


FAR = '<sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576" t="n"/></row></sheetData>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and then nothing", "is a broken Excel file"),
        (_zip(xl__workbook_xml="<workbook/>"), "is a broken Excel file"),
        (_zip(readme="hello"), "is an archive (zip)"),
        (_zip(content_xml="<office/>"), "another kind"),
        (_zip(xl__workbook_xml="<workbook/>", xl__worksheets__sheet1_xml=FAR), "a cell far outside"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "of an old kind (xls)"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_what_can_t_be_opened_gets_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (path := tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(ListUnreadable) as refused:
        list(read_rows(survey(path)))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_workbook_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable, match="is empty"):
        list(read_rows(survey(workbook(tmp_path / "a.xlsx"))))
    with pytest.raises(ListUnreadable, match="has no row"):
        list(read_rows(survey(workbook(tmp_path / "b.xlsx", HEAD))))


def test_csv_under_an_excel_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    (path := tmp_path / "a.xlsx").write_text(";".join(HEAD) + "\n" + ";".join(good().values()) + "\n")
    assert len(list(read_rows(survey(path)))) == 1


@given(st.integers(min_value=1, max_value=99_999_999_999))
def test_every_amount_that_excel_holds_is_exact(minor: int) -> None:
    assert read_amount(text_of(minor / 100), "EUR") == minor


@given(st.integers(min_value=1, max_value=16_384))
def test_letters_name_one_column(number: int) -> None:
    assert number_of(letters_of(number).encode()) == number
