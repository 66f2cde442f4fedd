"""Files as they come: every form of a list is read alike, and what is none gets one sentence (4 D, 1 to 11, 26)."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from a_list import good, rows_text
from ledger.errors import ListUnreadable
from ledger.intake.finding import RowError
from ledger.intake.reading import Row, read_rows
from ledger.intake.survey import survey

ELS = good(name="Éls Janßens", amount="118,40")


def read(path: Path) -> list[Row | RowError]:
    return list(read_rows(survey(path)))


def written(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_form_of_a_list_is_read_alike(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = rows_text(ELS, good(invoice="2"), separator=separator, end=end)
    rows = read(written(tmp_path, text.encode(encoding)))
    assert [row.line for row in rows if isinstance(row, Row)] == [2, 3]
    assert isinstance(rows[0], Row)
    assert {name: text for name, text in rows[0].cells.items() if text} == {k: v for k, v in ELS.items() if v}


@pytest.mark.parametrize("bom", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_with_its_mark_is_read_either_way_round(tmp_path: Path, bom: bytes) -> None:
    encoding = "utf-16-le" if bom == b"\xff\xfe" else "utf-16-be"
    (row,) = read(written(tmp_path, bom + rows_text(ELS).encode(encoding)))
    assert isinstance(row, Row)
    assert row.cells["name"] == "Éls Janßens"


def test_a_text_in_quotes_holds_separators_line_ends_and_quotes(tmp_path: Path) -> None:
    street = 'Kerk"straat;\r\n2de verdieping'
    rows = read(written(tmp_path, rows_text(good(street=street), good(invoice="2")).encode()))
    assert isinstance(rows[0], Row)
    assert isinstance(rows[1], Row)
    assert rows[0].cells["street"] == street
    assert (rows[0].line, rows[1].line) == (2, 4)


def test_the_first_line_may_be_written_freely(tmp_path: Path) -> None:
    text = rows_text(ELS).replace("customer_no", " Customer No ").replace("birth_date", "BIRTH-DATE")
    (row,) = read(written(tmp_path, f"sep=;\r\n\r\n{text}".encode()))
    assert isinstance(row, Row)
    assert (row.line, row.cells["customer_no"]) == (4, "1001")


def test_empty_rows_and_empty_last_columns_are_passed_over(tmp_path: Path) -> None:
    lines = rows_text(ELS, good(invoice="2")).splitlines()
    text = "\n".join([lines[0] + ";;", lines[1] + ";;", "", ";" * (len(ELS) + 1), lines[2]])
    rows = read(written(tmp_path, text.encode()))
    assert [(type(row), row.line) for row in rows] == [(Row, 2), (Row, 5)]


def test_a_row_with_another_number_of_cells_is_an_error_of_its_line(tmp_path: Path) -> None:
    lines = rows_text(ELS, good(invoice="2"), good(invoice="3")).splitlines()
    text = "\n".join([lines[0], lines[1] + ";more", lines[2], lines[3].rsplit(";", 3)[0]])
    rows = read(written(tmp_path, text.encode()))
    assert [(type(row), row.line) for row in rows] == [(RowError, 2), (Row, 3), (RowError, 4)]


def test_letters_of_two_kinds_in_one_file_are_an_error_of_their_line(tmp_path: Path) -> None:
    lines = rows_text(ELS, good(invoice="2", name="Zoë Maes")).splitlines()
    content = "\n".join(lines[:2]).encode("cp1252") + b"\n" + lines[2].encode("utf-8")
    rows = read(written(tmp_path, content))
    assert isinstance(rows[1], RowError)
    assert (rows[1].line, rows[1].column) == (3, "name")


GOOD = rows_text(ELS).encode()
HEAD = GOOD.splitlines()[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (HEAD, "no row under its first line"),
        (HEAD + b"\r\n;;;\r\n", "no row under its first line"),
        (b"1001;Els;118,40\r\n1002;Jan;20\r\n", "names none of our columns"),
        (b"hello world\n", "names none of our columns"),
        (GOOD.replace(b"status", b"satus", 1), "“satus”, is not known; did you mean status?"),
        (GOOD.replace(b"status", b"colour", 1), "is not known"),
        (GOOD.replace(b"status", b"paid", 1), "stands there twice"),
        (GOOD.replace(b"creditor;", b"", 1), "missing: creditor"),
        (HEAD + b"\r\n" + b"a\x00b;" * 13, "line 2 holds a NUL byte"),
        (GOOD + b'"Els;1;2\r\n' + b"x;y\r\n" * 10, "line 3 can't be read: a quote opens"),
        (GOOD + b'"Els"x;1;2\r\n', "line 3 can't be read: a quote stands inside"),
        (b";".join(b"column%d" % n for n in range(10_000)) + b"\r\n", "names none of our columns"),
        (HEAD + b";" + b";".join(b"c%d" % n for n in range(10_000)) + b"\r\n", "“c0”, is not known"),
        (HEAD + b"\r\n" + b"x" * 3_000_000 + b"\r\n", "line 2 is longer than a million"),
        (
            HEAD + b"\r\n" + b"x" * 100_000 + b"\r\n",
            "line 2 can't be read: a quote opens there that is never closed, or",
        ),
        (b"\xef\xbb\xbf" + HEAD + b"\r\n\xff\xfe;\r\n", "says that it is UTF-8 and isn't"),
        (b"\xff\xfe" + HEAD.decode().encode("utf-16-le") + b"\r\x00\n\x00\x00\xd8x\x00", "letter can't be read"),
        (b"%PDF-1.7 ...", "PDF"),
        (gzip.compress(GOOD), "gzip"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "an old kind (xls)"),
    ],
)
def test_what_is_no_list_gets_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(ListUnreadable) as refused:
        read(written(tmp_path, content))
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400
    assert read(written(tmp_path, GOOD, "good.csv"))


def test_a_spreadsheet_with_another_name_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(ListUnreadable, match="is a spreadsheet of another kind"):
        read(path)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, sentence in [("pipe.csv", "pipe or device"), (".", "is a folder"), ("none.csv", "does not exist")]:
        with pytest.raises(ListUnreadable, match=sentence):
            read(tmp_path / name)
    with pytest.raises(ListUnreadable, match="pipe or device"):
        read(Path("/dev/zero"))
    with pytest.raises(ListUnreadable, match="can't be opened"):
        read(Path("a" * 300))


def test_a_link_to_a_list_is_that_list(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(written(tmp_path, GOOD))
    assert len(read(tmp_path / "link.csv")) == 1


def test_a_list_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    found = survey(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(ListUnreadable, match="was changed while"):
        list(read_rows(found))
