import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from openprm.kernel.errors import Invalid
from openprm.kernel.money import Money
from openprm.ui import exports
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column

COLUMNS = (
    Column("name", "Name"),
    Column("stage", "Stage", "badge"),
    Column("partner", "Partner", "company"),
    Column("amount", "Value", "money"),
    Column("close", "Close", "date"),
    Column("seen", "Seen", "datetime"),
    Column("count", "Count", "number"),
    Column("mine", "Mine", "bool"),
)


WON, KALLIO, AMOUNT = Badge("Won", "ok"), Company("Kallio", "Finland"), Money(-125_050, "EUR")


@dataclass(frozen=True)
class Row:
    name: str
    stage: Badge = WON
    partner: Company = KALLIO
    amount: Money | None = AMOUNT
    close: date | None = date(2026, 11, 30)
    seen: datetime | None = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    count: int = -3
    mine: bool = True


def lines_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_csv_has_a_byte_order_mark_money_in_two_cells_and_plain_dates():
    response = exports.csv_response("Deal registrations", COLUMNS, [Row("Ærø Stål")])

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Disposition"] == 'attachment; filename="deal-registrations.csv"'
    assert lines_of(response) == [
        ["Name", "Stage", "Partner", "Value", "Value currency", "Close", "Seen", "Count", "Mine"],
        ["Ærø Stål", "Won", "Kallio", "-1250.50", "EUR", "2026-11-30", "2026-11-23T10:00:00+00:00", "-3", "yes"],
    ]


def test_a_csv_without_byte_order_mark_on_request():
    assert exports.csv_response("x", COLUMNS, [], bom=False).content.startswith(b"Name,")


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil")', "+1+2", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_cells_are_neutralised_in_both_formats(text):
    columns = (Column("name", "Name"), Column("stage", "Stage", "badge"), Column("partner", "Partner", "company"))
    row = Row(text, stage=Badge(text), partner=Company(text))

    csv_line = lines_of(exports.csv_response("x", columns, [row]))[1]
    sheet = load_workbook(io.BytesIO(exports.xlsx_response("x", columns, [row]).content)).active

    assert all(cell.startswith("'") for cell in csv_line)
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s"]
    assert all(cell.value.startswith("'") for cell in sheet[2])


def test_a_heading_that_looks_like_a_formula_is_text_in_a_workbook():
    sheet = load_workbook(io.BytesIO(exports.xlsx_response("a/b:c", (Column("name", "=1+1"),), []).content)).active

    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=1+1", "s")


def test_a_workbook_keeps_numbers_dates_and_drops_forbidden_characters():
    response = exports.xlsx_response("Deals", COLUMNS, [Row("bell\x07 rings"), Row("empty", amount=None, close=None, seen=None)])
    sheet = load_workbook(io.BytesIO(response.content)).active

    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))
    assert first == ["bell rings", "Won", "Kallio", -1250.5, "EUR", datetime(2026, 11, 30), datetime(2026, 11, 23, 10, 0), -3, "yes"]
    assert second[3:7] == [None, None, None, None] or second[3:7] == [None, "", None, None]


def test_too_many_rows_are_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_MOST", 2)

    with pytest.raises(Invalid, match="Narrow the filters"):
        exports.csv_response("x", COLUMNS, [Row("a"), Row("b"), Row("c")])
