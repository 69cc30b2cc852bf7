"""A one-table sheet of paper as PDF, with the fonts of the house. Same input, same bytes."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONTS = Path(__file__).resolve().parent.parent.parent / "agreements" / "static" / "agreements" / "fonts"
INK, MUTED, LINE, SOFT = HexColor("#16181d"), HexColor("#5b616e"), HexColor("#d9dce3"), HexColor("#f4f5f7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that is printed, in words. The last cell of a line is an amount."""

    kicker: str
    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    total: tuple[str, str]
    author: str


def draw(sheet: Sheet) -> bytes:
    _register_fonts()
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=22 * mm, bottomMargin=20 * mm, title=sheet.title, author=sheet.author,
        invariant=1, lang="en",
    )  # fmt: skip
    story = [Paragraph(escape(sheet.kicker), _style("kicker", 9, MUTED)), Paragraph(escape(sheet.title), _style("title", 20, INK, "Inter-SemiBold"))]
    story += [Paragraph(escape(sheet.lead), _style("lead", 11, INK)), Spacer(1, 6 * mm), _facts(sheet), Spacer(1, 8 * mm), _lines(sheet)]
    document.build(story)
    return out.getvalue()


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in ("Regular", "SemiBold"):
        pdfmetrics.registerFont(TTFont(f"Inter-{name}", str(FONTS / f"Inter-{name}.ttf")))


def _style(name: str, size: float, color: HexColor, font: str = "Inter-Regular", **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.4, textColor=color, spaceAfter=3, **more)


def _facts(sheet: Sheet) -> Table:
    rows = [[Paragraph(escape(label), _style("label", 9, MUTED)), Paragraph(escape(value), _style("value", 9, INK))] for label, value in sheet.facts]
    return Table(rows, colWidths=[40 * mm, 126 * mm], style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1)])


def _lines(sheet: Sheet) -> Table:
    right = {"alignment": TA_RIGHT}
    head = [Paragraph(escape(cell), _style("head", 8, MUTED, **(right if cell == sheet.head[-1] else {}))) for cell in sheet.head]
    rows = [
        [*(Paragraph(escape(cell), _style("cell", 9, INK)) for cell in line[:-1]), Paragraph(escape(line[-1]), _style("amount", 9, INK, **right))]
        for line in sheet.lines
    ]
    total = [
        Paragraph(escape(sheet.total[0]), _style("total", 9, INK, "Inter-SemiBold")),
        "",
        "",
        Paragraph(escape(sheet.total[1]), _style("sum", 9, INK, "Inter-SemiBold", **right)),
    ]
    looks = [("LINEBELOW", (0, 0), (-1, -2), 0.5, LINE), ("BACKGROUND", (0, 0), (-1, 0), SOFT), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    return Table([head, *rows, total], colWidths=[30 * mm, 76 * mm, 26 * mm, 34 * mm], repeatRows=1, style=looks)
