"""Files of strangers: encodings, delimiters, broken quotes, workbooks that are bombs."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from openprm.integrations.imports import limits, reading
from openprm.integrations.imports.cells import CellReader, Reading, parse_date
from openprm.integrations.imports.countries import country_of
from openprm.integrations.imports.reading import UnsureEncoding, open_table
from openprm.kernel.errors import Invalid
from openprm.kernel.transfer import How, ImportField, Kind, match_text


@pytest.fixture
def write(tmp_path):
    def make(content: bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def rows(table):
    return [(row.number, row.cells, row.problem) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised(write, encoding):
    table = open_table(write("name;city\nMüller;Zürich and surroundings\n".encode(encoding)))

    assert (table.columns, table.delimiter) == (("name", "city"), ";")
    assert rows(table) == [(2, ("Müller", "Zürich and surroundings"), "")]


def test_other_bytes_are_not_guessed_but_asked_about(write):
    path = write("name,city\nAlpha,Bonn\nMüller,Zürich\n".encode("cp1252"))

    with pytest.raises(UnsureEncoding, match="row 3, about column 1, near “Müller,Zürich”"):
        open_table(path)

    assert rows(open_table(path, encoding="cp1252"))[1] == (3, ("Müller", "Zürich"), "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(write, delimiter):
    text = f'name{delimiter}note\n"Alpha, Beta; Gamma"{delimiter}"a | b"\n'

    assert rows(open_table(write(text.encode()))) == [(2, ("Alpha, Beta; Gamma", "a | b"), "")]


def test_ragged_rows_are_named_and_empty_lines_passed_over(write):
    table = open_table(write(b"a,b\n1,2\n\n3\n4,5,6\n7,8,\n"))

    assert rows(table) == [
        (2, ("1", "2"), ""),
        (4, ("3",), "has 1 cells where the heading has 2"),
        (5, ("4", "5"), "has 3 cells where the heading has 2"),
        (6, ("7", "8"), ""),
    ]


def test_a_line_break_within_quotes_is_part_of_the_cell(write):
    assert rows(open_table(write(b'a,b\n"1\nand",2\n3,4\n'))) == [(2, ("1\nand", "2"), ""), (3, ("3", "4"), "")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "holds no rows"),
        (b"a,,c\n1,2,3\n", "column 2 has no usable heading"),
        (b"a,b,a\n1,2,3\n", "the heading “a” is there twice"),
        (b'a,b\n"1"x,2\n', "row 2: a quotation mark is out of place"),
        (b'a,b\n"1,2\n3,4\n', "a quotation mark is out of place or never closed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"PK\x03\x04not really a zip", "is not a workbook that can be read"),
        ((",".join(f"c{n}" for n in range(201)) + "\n").encode(), "has 201 columns"),
    ],
)
def test_what_cannot_be_read_is_said(write, content, message):
    with pytest.raises(Invalid, match=message):
        rows(open_table(write(content)))


def test_a_cell_of_ten_megabytes_is_refused_with_row_and_column(write):
    path = write(b"a,b,c\n1,2,3\n4,5," + b"x" * (10 * limits.MEGABYTE) + b"\n")

    with pytest.raises(Invalid, match="row 3, column 3: a cell is longer than 1048576 characters"):
        rows(open_table(path))


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200 * limits.MEGABYTE)

    with pytest.raises(Invalid, match=r"large\.csv has 200 MB; an import takes at most 100 MB"):
        open_table(path)


def test_an_upload_is_cut_off_at_the_limit():
    read = []

    def chunks():
        for number in range(200):
            read.append(number)
            yield b"x" * limits.MEGABYTE

    with pytest.raises(Invalid, match="larger than 100 MB"):
        reading.spool(chunks(), io.BytesIO(), "upload.csv")

    assert len(read) == 101


def workbook(tmp_path, *lines) -> Path:
    book, path = Workbook(), tmp_path / "book.xlsx"
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def test_a_workbook_gives_typed_cells(tmp_path):
    table = open_table(workbook(tmp_path, ["name", "when", "size", "share", "on"], ["Alpha", date(2026, 3, 1), 12, 1.5, True]))

    assert table.format == "xlsx"
    assert rows(table) == [(2, ("Alpha", "2026-03-01", 12, 1.5, True), "")]


def test_a_formula_is_refused_with_its_cell(tmp_path):
    with pytest.raises(Invalid, match="row 3, cell B3 holds a formula"):
        rows(open_table(workbook(tmp_path, ["a", "b"], [1, 2], [3, "=A2+B2"])))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (50 * limits.MEGABYTE))

    assert path.stat().st_size < limits.MEGABYTE
    with pytest.raises(Invalid, match="unpacks to far more than its size"):
        open_table(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(Invalid, match="is not a workbook"):
        open_table(path)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("20-10-16", "dmy", date(2016, 10, 20)),
        ("10/20/16", "mdy", date(2016, 10, 20)),
        ("16.10.20", "ymd", date(2016, 10, 20)),
        ("01-03-17", "dmy", date(2017, 3, 1)),
        ("01-03-70", "dmy", date(1970, 3, 1)),
        ("01-03-69", "dmy", date(2069, 3, 1)),
        ("2017-03-01", "dmy", date(2017, 3, 1)),
        ("2017-03-01 10:30", "mdy", date(2017, 3, 1)),
        ("1 Mar 2017", "mdy", date(2017, 3, 1)),
        ("31-02-17", "dmy", None),
        ("20-10-16", "mdy", None),
        ("1-3-217", "dmy", None),
        ("soon", "dmy", None),
    ],
)
def test_dates_are_read_in_the_declared_order(text, order, expected):
    assert parse_date(text, Reading(dates=order)) == expected


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [
        ("1100.04", ".", 110004),
        ("1,100.04", ".", 110004),
        ("1.100,04", ",", 110004),
        ("€ 1 100,04", ",", 110004),
        ("(5)", ".", -500),
        (1100.04, ",", 110004),
        (7, ".", 700),
    ],
)
def test_amounts_are_read_with_the_declared_mark(text, decimal, minor):
    reader = CellReader(ImportField("amount_minor", "Amount", Kind.MONEY), Reading(decimal=decimal))

    assert reader.read(text, "EUR").value == minor


@pytest.mark.parametrize("text", ["1.100.04", "12,50", "1e5", "nan", "--5", "12.345", "9" * 20, True])
def test_what_is_no_amount_is_refused(text):
    reader = CellReader(ImportField("amount_minor", "Amount", Kind.MONEY), Reading())

    assert reader.read(text, "EUR").problem


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("Philipines", "PH", How.SPELLING),
        ("Korea", "KR", How.SPELLING),
        ("United States", "US", How.EXACT),
        ("USA", "US", How.EXACT),
        ("Deutschland", "DE", How.EXACT),
        ("fi", "FI", How.EXACT),
        ("Atlantis", None, How.UNKNOWN),
    ],
)
def test_countries_are_named_in_many_ways(text, code, how):
    found, match = country_of(text)

    assert (found, match.how) == (code, how)


@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("GTXPro", "GTX Pro", How.NORMALISED),
        ("gtx-plus pro", "GTX Plus Pro", How.NORMALISED),
        ("MG Advancd", "MG Advanced", How.SPELLING),
        ("GTK 501", None, How.UNKNOWN),
        ("GTX", None, How.UNKNOWN),
        ("", None, How.UNKNOWN),
    ],
)
def test_product_names_are_matched_but_never_guessed(text, name, how):
    match = match_text(text, ["GTX Basic", "GTX Pro", "GTX Plus Pro", "GTX Plus Basic", "MG Special", "MG Advanced", "GTK 500"])

    assert (match.name, match.how) == (name, how)


def test_two_near_names_are_ambiguous():
    match = match_text("Betatec", ["Betatech", "Betateca"])

    assert (match.name, match.how, match.others) == (None, How.AMBIGUOUS, ("Betatech", "Betateca"))
