"""The pack on paper: a cover, the sum of what was won, every number with its definition, and how to check it. Same input, same bytes."""

from collections.abc import Iterator
from functools import lru_cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from openprm.kpis.engine import content
from openprm.kpis.engine.content import Curve, Pack, Section, Summary, TableOf

FONTS = Path(__file__).resolve().parents[2] / "agreements" / "static" / "agreements" / "fonts"
INK, MUTED, LINE, SOFT = HexColor("#16181d"), HexColor("#5b616e"), HexColor("#d9dce3"), HexColor("#f4f5f7")
GOOD, BAD, TEAL, SLATE = HexColor("#146c43"), HexColor("#b42318"), HexColor("#0f8a8a"), HexColor("#a3a9b5")
BRAND = "#2f54eb"
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
PLAIN, STRONG = "Pack-Regular", "Pack-SemiBold"


def draw(pack: Pack, fingerprint: str) -> bytes:
    _register_fonts()
    foot = f"{pack.foot}  ·  {fingerprint[:32]}"
    out = BytesIO()
    color = HexColor(pack.color or BRAND)
    document = BaseDocTemplate(out, pagesize=A4, title=f"{pack.title}, {pack.subtitle}", author=pack.vendor, invariant=1, lang=pack.language, pageCompression=1)
    cover = Frame(MARGIN, 26 * mm, WIDTH, A4[1] - 92 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    inner = Frame(MARGIN, 22 * mm, WIDTH, A4[1] - 42 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document.addPageTemplates(
        [
            PageTemplate(id="cover", frames=[cover], onPage=partial(_cover, pack=pack, color=color, foot=foot)),
            PageTemplate(id="inner", frames=[inner], onPage=partial(_foot, text=foot, page_word=pack.page_word)),
        ]
    )
    document.build(list(_story(pack, color)), canvasmaker=Canvas)
    return out.getvalue()


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name, file in ((PLAIN, "Inter-Regular.ttf"), (STRONG, "Inter-SemiBold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))


def _style(size: float, leading: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"p{size}{leading}{sorted(more)}", **{"fontName": PLAIN, "fontSize": size, "leading": leading, "textColor": INK, **more})


TITLE, HEAD = _style(17, 22, fontName=STRONG, spaceAfter=4), _style(11.5, 15, fontName=STRONG, spaceBefore=12, spaceAfter=5)
BODY, LEAD, SMALL = _style(9, 13), _style(9.5, 14, textColor=MUTED, spaceAfter=8), _style(7.2, 9.8, textColor=MUTED)
CELL, BOLD = _style(8.3, 11), _style(8.3, 11, fontName=STRONG)
RIGHT, RIGHT_BOLD, RIGHT_MUTED = _style(8.3, 11, alignment=2), _style(8.8, 11, alignment=2, fontName=STRONG), _style(7.6, 10, alignment=2, textColor=MUTED)
COLUMN, COLUMN_RIGHT = _style(7.2, 9.5, textColor=MUTED), _style(7.2, 9.5, textColor=MUTED, alignment=2)
TONES = {"": RIGHT, "ok": _style(8.3, 11, alignment=2, textColor=GOOD), "bad": _style(8.3, 11, alignment=2, textColor=BAD)}
PADS = [
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]
RULED = [*PADS, ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def _p(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text), style)


def _cover(canvas: Canvas, document: BaseDocTemplate, *, pack: Pack, color: Color, foot: str) -> None:
    canvas.saveState()
    canvas.setFillColor(color)
    canvas.rect(0, A4[1] - 66 * mm, A4[0], 66 * mm, stroke=0, fill=1)
    canvas.setFillColor(_on(color))
    canvas.setFont(PLAIN, 11)
    canvas.drawString(MARGIN, A4[1] - 22 * mm, pack.vendor[:80])
    canvas.setFont(STRONG, 27)
    canvas.drawString(MARGIN, A4[1] - 42 * mm, pack.title)
    canvas.setFont(PLAIN, 12)
    canvas.drawString(MARGIN, A4[1] - 52 * mm, pack.subtitle)
    canvas.restoreState()
    _foot(canvas, document, text=foot, page_word=pack.page_word)


def _on(color: Color) -> Color:
    """White or ink, whichever is read better on it."""
    light = 0.2126 * color.red**2.2 + 0.7152 * color.green**2.2 + 0.0722 * color.blue**2.2
    return INK if light > 0.36 else white


def _foot(canvas: Canvas, document: BaseDocTemplate, *, text: str, page_word: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, 16 * mm, A4[0] - MARGIN, 16 * mm)
    canvas.setFont(PLAIN, 6.5)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 12 * mm, text)
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, f"{page_word} {document.page}")
    canvas.restoreState()


def _story(pack: Pack, color: Color) -> Iterator[Flowable]:
    yield Spacer(1, 6 * mm)
    yield _facts(pack)
    yield Spacer(1, 8 * mm)
    yield from _summary(pack.summary, color)
    yield NextPageTemplate("inner")
    yield PageBreak()
    for section in pack.sections:
        yield from _section(section, pack)
    for table in pack.tables:
        yield from _table(table)
    yield from _curve(pack.curve, color)
    yield from _table(pack.missing)
    yield from _definitions(pack)
    yield KeepTogether([_p(pack.check_title, HEAD), *(_p(text, BODY) for text in pack.checks)])


def _facts(pack: Pack) -> Table:
    rows = [[_p(label, COLUMN), _p(value, BODY)] for label, value in pack.facts]
    return Table(rows, colWidths=[40 * mm, WIDTH - 40 * mm], style=[*PADS, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])


def _summary(summary: Summary, color: Color) -> Iterator[Flowable]:
    yield _p(summary.title, TITLE)
    yield _p(summary.lead, LEAD)
    tints = (color, TEAL, SLATE)
    yield _split(summary, tints)
    rows = [[_swatch(tint), _p(one.label, CELL), _p(one.amount.text, RIGHT_BOLD), _p(one.share, RIGHT)] for tint, one in zip(tints, summary.parts, strict=True)]
    rows.append(["", _p(summary.whole.label, BOLD), _p(summary.whole.amount.text, RIGHT_BOLD), _p(summary.whole.share, RIGHT)])
    looks = [*PADS, ("LINEBELOW", (0, 0), (-1, -3), 0.4, LINE), ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    yield Table(rows, colWidths=[8 * mm, WIDTH * 0.52, WIDTH * 0.28, WIDTH * 0.2 - 8 * mm], style=looks)
    yield Spacer(1, 4)
    yield _p(summary.check, _style(8.3, 11, textColor=GOOD if summary.holds else BAD))


def _swatch(tint: Color) -> Drawing:
    drawing = Drawing(9, 9)
    drawing.add(Rect(0, 0, 9, 9, rx=2, ry=2, fillColor=tint, strokeColor=None))
    return drawing


def _split(summary: Summary, tints: tuple[Color, ...]) -> Drawing:
    """The parts side by side, as wide as their share."""
    drawing, left = Drawing(WIDTH, 30), 0.0
    whole = sum(one.weight for one in summary.parts)
    if not whole:
        drawing.add(Rect(0, 10, WIDTH, 16, rx=3, ry=3, fillColor=SOFT, strokeColor=LINE, strokeWidth=0.4))
        return drawing
    for tint, one in zip(tints, summary.parts, strict=True):
        width = WIDTH * one.weight / whole
        drawing.add(Rect(left, 10, max(width - 1, 0.4 if one.weight else 0), 16, fillColor=tint, strokeColor=None))
        left += width
    return drawing


def _section(section: Section, pack: Pack) -> Iterator[Flowable]:
    heads = pack.heads
    rows: list[list[Any]] = [[_p(heads["number"], COLUMN), *(_p(heads[name], COLUMN_RIGHT) for name in ("value", "n", "before", "target"))]]
    for line in section.lines:
        rows.append(
            [
                [_p(line.label, BOLD), *(_p(text, SMALL) for text in (line.reason, *line.notes) if text)],
                _value(line),
                _p(line.n.text, RIGHT),
                _change(line),
                _target(line),
            ]
        )
    widths = [WIDTH * share for share in (0.42, 0.2, 0.1, 0.14, 0.14)]
    yield CondPageBreak(40 * mm)
    yield _p(section.title, HEAD)
    yield Table(rows, colWidths=widths, repeatRows=1, style=RULED)


def _value(line: content.Line) -> list[Flowable]:
    shown: list[Flowable] = [_p(f"{line.value.text} {line.unit}".strip(), RIGHT_BOLD)]
    if line.interval:
        shown.append(_p(line.interval, RIGHT_MUTED))
    return shown


def _change(line: content.Line) -> list[Flowable]:
    return [_p(line.before.text, RIGHT), *([_p(line.change.text, TONES[line.tone])] if line.change.text else [])]


def _target(line: content.Line) -> list[Flowable]:
    return [_p(line.target.text, RIGHT), *([_p(line.target_by, RIGHT_MUTED)] if line.target_by else [])]


def _table(table: TableOf) -> Iterator[Flowable]:
    if table.title:
        yield CondPageBreak(45 * mm)
        yield _p(table.title, HEAD)
    if table.lead:
        yield _p(table.lead, LEAD)
    if not table.rows:
        yield _p(table.empty, BODY)
        return
    rows = [[_p(text, COLUMN_RIGHT if align == "right" else COLUMN) for text, align in zip(table.head, table.align, strict=True)]]
    rows += [[_p(cell.text, RIGHT if align == "right" else CELL) for cell, align in zip(row, table.align, strict=True)] for row in table.rows]
    yield Table(rows, colWidths=[WIDTH * share for share in table.widths], repeatRows=1, style=RULED)


def _curve(curve: Curve, color: Color) -> Iterator[Flowable]:
    yield CondPageBreak(95 * mm)
    yield _p(curve.title, HEAD)
    yield _p(curve.lead, LEAD)
    if curve.points:
        yield _steps(curve, color)
        yield Spacer(1, 4)
    yield from _table(curve.table)


def _steps(curve: Curve, color: Color) -> Drawing:
    """The share that still waits, as a staircase in its band."""
    high, left, base = 48 * mm, 12 * mm, 8 * mm
    drawing, wide = Drawing(WIDTH, high + base + 4), WIDTH - left - 2 * mm

    def x(days: int) -> float:
        return left + wide * min(days, curve.until) / max(curve.until, 1)

    def y(share: float) -> float:
        return base + high * share

    for quarter in range(5):
        drawing.add(Line(left, y(quarter / 4), left + wide, y(quarter / 4), strokeColor=LINE, strokeWidth=0.4))
        drawing.add(String(left - 3, y(quarter / 4) - 2.5, f"{25 * quarter} %", fontName=PLAIN, fontSize=6.5, fillColor=MUTED, textAnchor="end"))
    for place in range(5):
        days = curve.until * place // 4
        drawing.add(String(x(days), base - 9, f"{days}", fontName=PLAIN, fontSize=6.5, fillColor=MUTED, textAnchor="middle"))
    drawing.add(String(left + wide, base - 17, curve.axis, fontName=PLAIN, fontSize=6.5, fillColor=MUTED, textAnchor="end"))
    upper, lower, middle = (_stairs(curve, name, x, y) for name in ("high", "low", "waiting"))
    drawing.add(Polygon([*upper, *_backwards(lower)], fillColor=Color(color.red, color.green, color.blue, alpha=0.14), strokeColor=None))
    drawing.add(PolyLine(middle, strokeColor=color, strokeWidth=1.6))
    return drawing


def _stairs(curve: Curve, name: str, x: Any, y: Any) -> list[float]:
    found, last = [x(0), y(1.0)], 1.0
    for point in curve.points:
        found += [x(point.days), y(last), x(point.days), y(getattr(point, name))]
        last = getattr(point, name)
    return [*found, x(curve.until), y(last)]


def _backwards(flat: list[float]) -> list[float]:
    pairs = [flat[place : place + 2] for place in range(0, len(flat), 2)]
    return [one for pair in reversed(pairs) for one in pair]


def _definitions(pack: Pack) -> Iterator[Flowable]:
    yield CondPageBreak(60 * mm)
    yield _p(pack.definitions_title, HEAD)
    yield _p(pack.definitions_lead, LEAD)
    for section in pack.sections:
        for line in section.lines:
            told = [_p(line.label, BOLD), _p(line.formula, CELL), *(_p(f"–  {case}", SMALL) for case in line.edge_cases)]
            yield KeepTogether([*told, Spacer(1, 5)])
