"""The paper and the sheet, drawn from contents written by hand: no database."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from openprm.kpis.engine import pdf
from openprm.kpis.engine.content import Cell, Curve, Line, Pack, Part, Point, Section, Summary, TableOf
from openprm.kpis.services import workbook

HOSTILE = "<b>Åsa & Söhne</b> =cmd|'/c calc'!A1 \x00 " + "x" * 400


def table(key, rows=()):
    return TableOf(key=key, title=key, lead="", head=("Name", "Value"), align=("left", "right"), widths=(0.6, 0.4), rows=tuple(rows), empty="Nothing")


def line(name=HOSTILE):
    empty = Cell("—")
    return Line(
        name="x", label=name, value=Cell("€1", Decimal(1)), unit="", reason="", n=Cell("1", 1), interval="95 %: €0 to €2", low=None, high=None, before=empty,
        change=Cell("+€1", Decimal(1)), tone="ok", target=Cell("€2", Decimal(2)), target_by="by 31 Dec", formula=name, edge_cases=(name,), notes=(name,),
        configuration="0" * 64,
    )  # fmt: skip


def pack(color="#2f54eb", points=(), weight=1):
    part = Part(label=HOSTILE, amount=Cell("€1", Decimal(1)), share="100 %", weight=weight)
    return Pack(
        vendor=HOSTILE, color=color, language="en", title="Partner program", subtitle="1 Jan to 31 Dec", facts=(("As of", HOSTILE),), contents_title="Numbers",
        summary=Summary(title="Won", lead="", parts=(part, part, part), whole=part, check="Adds up.", holds=True),
        sections=(Section(title="Revenue", lines=(line(), line("Plain"))),),
        heads={name: name for name in ("number", "value", "n", "before", "target")},
        tables=(table("partners", [(Cell(HOSTILE, HOSTILE), Cell("1", 1))]), table("stress")),
        curve=Curve(title="Curve", lead="", points=tuple(points), until=90, axis="days", table=table("cohort")), missing=table("missing"),
        definitions_title="Definitions", definitions_lead="", check_title="Check", checks=("Do it.",), rows=table("deals", [(Cell("=1+1", "=1+1"), Cell("1", 1))]),
        page_word="Page", foot="foot",
    )  # fmt: skip


STEPS = tuple(Point(days=10 * step, waiting=1 - step / 10, low=max(0, 0.9 - step / 9), high=min(1, 1.1 - step / 12)) for step in range(1, 9))


@pytest.mark.parametrize("color", ["#2f54eb", "#ffee00", "#0b0c0f", ""])
def test_any_brand_and_any_text_can_be_printed_twice_alike(color):
    made = pack(color, STEPS)

    assert pdf.draw(made, made.fingerprint) == pdf.draw(made, made.fingerprint)
    assert pdf.draw(made, made.fingerprint).startswith(b"%PDF-")


def test_nothing_won_and_nobody_waiting_can_be_printed():
    assert pdf.draw(pack(weight=0), "0" * 64).startswith(b"%PDF-")


def test_the_sheet_runs_nothing_and_is_the_same_twice():
    made = pack()
    once = workbook.draw(made, made.fingerprint)
    book = load_workbook(io.BytesIO(once))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert once == workbook.draw(made, made.fingerprint)
    assert "f" not in {cell.data_type for cell in cells}
    assert book["Deals won"]["A2"].value == "'=1+1"
    assert (book["Numbers"]["D2"].value, book["Numbers"]["E2"].value) == (1, 1)
    assert len(made.fingerprint) == 64
