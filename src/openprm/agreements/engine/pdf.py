"""A signed document on paper: its text, who signed it, what was signed, and how to check that. Same input, same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from io import BytesIO
from pathlib import Path

from markdown_it.token import Token
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, HRFlowable, KeepTogether, ListFlowable, ListItem, PageTemplate, Paragraph, Spacer, Table

from openprm.agreements.engine.markup import tokens
from openprm.agreements.rules.strokes import HEIGHT, WIDTH

FONTS = Path(__file__).resolve().parent.parent / "static" / "agreements" / "fonts"
INK, MUTED, LINE, SOFT = HexColor("#16181d"), HexColor("#5b616e"), HexColor("#d9dce3"), HexColor("#f4f5f7")
MARGIN = 22 * mm
TEXT_WIDTH = A4[0] - 2 * MARGIN
INDENT, DEEPEST, WIDEST = 16, 6, 8  # points, lists in lists, columns of a table: beyond these a page has no room


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One signature: a heading, the name as it was typed, the drawn strokes if there are any, and facts beside it."""

    heading: str
    name: str
    strokes: Sequence[Sequence[Sequence[int]]] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that is printed, in words."""

    title: str
    kicker: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    signatures_title: str
    signatures: tuple[Seal, ...]
    text_title: str
    text: str
    check_title: str
    checks: tuple[str, ...]
    foot: str
    page_word: str
    author: str


def draw(sheet: Sheet) -> bytes:
    """The sheet as PDF bytes, with embedded fonts, reproducible."""
    _register_fonts()
    out = BytesIO()
    frame = Frame(MARGIN, 24 * mm, TEXT_WIDTH, A4[1] - 46 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document = BaseDocTemplate(out, pagesize=A4, title=sheet.title, author=sheet.author, invariant=1, lang="en", pageCompression=1)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_foot, sheet=sheet)))
    document.build(list(_story(sheet)), canvasmaker=Canvas)
    return out.getvalue()


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in ("Regular", "SemiBold", "Italic"):
        pdfmetrics.registerFont(TTFont(f"Inter-{name}", str(FONTS / f"Inter-{name}.ttf")))
    pdfmetrics.registerFontFamily("Inter-Regular", normal="Inter-Regular", bold="Inter-SemiBold", italic="Inter-Italic", boldItalic="Inter-SemiBold")


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, **{"fontName": "Inter-Regular", "fontSize": size, "leading": leading, "textColor": INK, "alignment": TA_LEFT, **more})


STRONG = {"fontName": "Inter-SemiBold"}
BODY = _style("body", 9.5, 14.5, spaceAfter=6)
SMALL = _style("small", 8, 11.5, textColor=MUTED)
FACT = _style("fact", 8.5, 12)
KICKER = _style("kicker", 8.5, 12, textColor=MUTED, spaceAfter=3)
TITLE = _style("title", 20, 25, spaceAfter=6, **STRONG)
SECTION = _style("section", 12, 16, spaceBefore=16, spaceAfter=6, **STRONG)
HEADINGS = {
    "h3": _style("h3", 12.5, 17, spaceBefore=12, spaceAfter=4, keepWithNext=1, **STRONG),
    "h4": _style("h4", 10.5, 15, spaceBefore=10, spaceAfter=3, keepWithNext=1, **STRONG),
}
QUOTE = _style("quote", 9.5, 14.5, leftIndent=12, textColor=MUTED, spaceAfter=6)
CODE = _style("code", 8.5, 12.5, leftIndent=8, backColor=SOFT, borderPadding=4, spaceAfter=8)
NAME = _style("name", 15, 19, fontName="Inter-Italic")


def _foot(canvas: Canvas, document: BaseDocTemplate, *, sheet: Sheet) -> None:
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, 17 * mm, A4[0] - MARGIN, 17 * mm)
    canvas.setFont("Inter-Regular", 7)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 13 * mm, sheet.foot)
    canvas.drawRightString(A4[0] - MARGIN, 13 * mm, f"{sheet.page_word} {document.page}")
    canvas.restoreState()


def _story(sheet: Sheet) -> Iterator[Flowable]:
    yield Paragraph(escape(sheet.kicker), KICKER)
    yield Paragraph(escape(sheet.title), TITLE)
    yield Paragraph(escape(sheet.lead), BODY)
    yield _facts(sheet.facts)
    yield Paragraph(escape(sheet.signatures_title), SECTION)
    for seal in sheet.signatures:
        yield KeepTogether(_signature(seal))
    yield Paragraph(escape(sheet.text_title), SECTION)
    yield HRFlowable(width="100%", color=LINE, thickness=0.6, spaceAfter=8)
    yield from body(sheet.text)
    yield KeepTogether([Paragraph(escape(sheet.check_title), SECTION), *(Paragraph(escape(line), BODY) for line in sheet.checks)])


def _facts(facts: Iterable[tuple[str, str]]) -> Table:
    rows = [[Paragraph(escape(name), SMALL), Paragraph(escape(value), FACT)] for name, value in facts]
    table = Table(rows or [["", ""]], colWidths=[38 * mm, TEXT_WIDTH - 38 * mm], hAlign="LEFT")
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return table


def _signature(seal: Seal) -> list[Flowable]:
    drawn = [Strokes(seal.strokes)] if seal.strokes else []
    return [Paragraph(escape(seal.heading), FACT), *drawn, Paragraph(escape(seal.name), NAME), Spacer(1, 3), _facts(seal.facts), Spacer(1, 10)]


class Strokes(Flowable):
    """A drawn signature as lines, at a quarter of its box."""

    SCALE = 0.28

    def __init__(self, strokes: Sequence[Sequence[Sequence[int]]]):
        super().__init__()
        self.strokes, self.width, self.height = strokes, WIDTH * self.SCALE, HEIGHT * self.SCALE

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, scale = self.canv, self.SCALE
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.1)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        for stroke in self.strokes:
            points = list(stroke) if len(stroke) > 1 else [*stroke, *stroke]
            path = canvas.beginPath()
            path.moveTo(points[0][0] * scale, (HEIGHT - points[0][1]) * scale)
            for x, y in points[1:]:
                path.lineTo(x * scale, (HEIGHT - y) * scale)
            canvas.drawPath(path)


def body(text: str) -> list[Flowable]:
    """A Markdown text as paragraphs, lists and tables."""
    return list(_blocks(_Walk(tokens(text))))


class _Walk:
    """The flat tokens of a text, taken one after the other."""

    def __init__(self, found: Sequence[Token]):
        self.found, self.place, self.depth = found, 0, 0

    def take(self) -> Token | None:
        if self.place >= len(self.found):
            return None
        self.place += 1
        return self.found[self.place - 1]


def _blocks(walk: _Walk, until: str = "") -> Iterator[Flowable]:
    while (token := walk.take()) and token.type != until:
        match token.type:
            case "heading_open":
                yield Paragraph(_inline(walk.take()), HEADINGS["h3" if token.tag == "h3" else "h4"])
            case "paragraph_open":
                yield Paragraph(_inline(walk.take()), BODY)
            case "bullet_list_open":
                yield _list(walk, "bullet_list_close", bulletType="bullet", start="•")
            case "ordered_list_open":
                yield _list(walk, "ordered_list_close", bulletType="1", bulletFormat="%s.", start=int(token.attrGet("start") or 1))
            case "blockquote_open":
                yield from (_quoted(block) for block in _blocks(walk, "blockquote_close"))
            case "hr":
                yield HRFlowable(width="100%", color=LINE, thickness=0.6, spaceBefore=6, spaceAfter=6)
            case "fence" | "code_block":
                yield Paragraph(escape(token.content.rstrip()).replace("\n", "<br/>"), CODE)
            case "table_open":
                yield _table(walk)


def _quoted(block: Flowable) -> Flowable:
    if isinstance(block, Paragraph):
        block.style = QUOTE
    return block


def _list(walk: _Walk, until: str, **look: object) -> ListFlowable:
    walk.depth += 1
    indent = INDENT if walk.depth <= DEEPEST else 0
    items = []
    while (token := walk.take()) and token.type != until:
        if token.type == "list_item_open":
            items.append(ListItem(list(_blocks(walk, "list_item_close")), leftIndent=indent))
    walk.depth -= 1
    return ListFlowable(items, bulletFontName="Inter-Regular", bulletFontSize=9, leftIndent=indent, **look)


def _table(walk: _Walk) -> Flowable:
    """A table; one with more columns than fit is printed row by row."""
    rows: list[list[Paragraph]] = []
    while (token := walk.take()) and token.type != "table_close":
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(Paragraph(_inline(token), FACT))
    columns = len(rows[0])
    if columns > WIDEST:
        return ListFlowable([ListItem(cells) for cells in rows], bulletType="bullet", start="•", leftIndent=INDENT)
    table = Table(rows, colWidths=[TEXT_WIDTH / columns] * columns, repeatRows=1, hAlign="LEFT", spaceAfter=8, splitInRow=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.4, LINE), ("BACKGROUND", (0, 0), (-1, 0), SOFT), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


_MARKS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>", "s_open": "<strike>", "s_close": "</strike>"}


def _inline(token: Token | None) -> str:
    """The words of a paragraph in the little markup that the PDF library reads; everything else is escaped."""
    return "".join(_piece(child) for child in (token.children if token else None) or ())


def _piece(child: Token) -> str:
    if child.type in _MARKS:
        return _MARKS[child.type]
    if child.type in ("softbreak", "hardbreak"):
        return " " if child.type == "softbreak" else "<br/>"
    if child.type == "link_close" or child.type == "link_open":
        return ""
    return escape(child.content)
