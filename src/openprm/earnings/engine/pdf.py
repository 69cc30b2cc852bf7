"""A sealed month on paper: the sums, every line with its rule version, inputs, steps and the digest of its proof. Same input, same bytes."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Spacer, Table

from openprm.kernel.money import Money, format_money
from openprm.rulebook.rules.language import gettext as _

FONTS = Path(__file__).resolve().parents[2] / "agreements" / "static" / "agreements" / "fonts"
INK, MUTED, LINE, SOFT = HexColor("#16181d"), HexColor("#5b616e"), HexColor("#d9dce3"), HexColor("#f4f5f7")
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
PLAIN, STRONG = "Statement-Regular", "Statement-SemiBold"


def draw_statement(content: Mapping[str, Any], sha256: str) -> bytes:
    """The PDF of a statement's content."""
    _register_fonts()
    out = BytesIO()
    frame = Frame(MARGIN, 22 * mm, WIDTH, A4[1] - 42 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    title = _("Statement %(month)s") % {"month": content["month"][:7]}
    document = BaseDocTemplate(out, pagesize=A4, title=title, author=content["vendor"], invariant=1, lang="en", pageCompression=1)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=partial(_foot, text=f"{content['partner']}  ·  {title}  ·  SHA-256 {sha256}")))
    document.build(list(_story(content, title)), canvasmaker=Canvas)
    return out.getvalue()


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name, file in ((PLAIN, "Inter-Regular.ttf"), (STRONG, "Inter-SemiBold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))


def _style(size: float, leading: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(f"s{size}{leading}{sorted(more)}", **{"fontName": PLAIN, "fontSize": size, "leading": leading, "textColor": INK, **more})


TITLE, HEAD = _style(20, 25, fontName=STRONG, spaceAfter=2), _style(11.5, 16, fontName=STRONG, spaceBefore=14, spaceAfter=5)
BODY, SMALL, CELL = _style(9.5, 14), _style(7.5, 10.5, textColor=MUTED), _style(8.5, 12)
BOLD, RIGHT, RIGHT_BOLD = _style(8.5, 12, fontName=STRONG), _style(8.5, 12, alignment=2), _style(8.5, 12, alignment=2, fontName=STRONG)


def _foot(canvas: Canvas, document: BaseDocTemplate, *, text: str) -> None:
    canvas.saveState()
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, 16 * mm, A4[0] - MARGIN, 16 * mm)
    canvas.setFont(PLAIN, 6.5)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 12 * mm, text[:150])
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, str(document.page))
    canvas.restoreState()


def _story(content: Mapping[str, Any], title: str) -> Iterator[Flowable]:
    currency = content["currency"]
    yield Paragraph(escape(content["vendor"]), SMALL)
    yield Paragraph(escape(title), TITLE)
    yield Paragraph(escape(content["partner"]), BODY)
    yield Spacer(1, 8)
    yield _sums(content, currency)
    yield from _lines(_("Earned and taken back"), content["lines"], currency)
    yield from _lines(_("Struck before approval"), content["struck"], currency)
    yield from _paid(content["paid"], currency)
    yield KeepTogether([Paragraph(_("How to check this"), HEAD), *(Paragraph(escape(text), BODY) for text in _how())])


def _how() -> tuple[str, ...]:
    return (
        _("Download the proof of a line from its page and run “openprm commission explain FILE.json”: it computes the line again and compares to the cent."),
        _("The digest under a line is that of its proof. Another digest means another file."),
    )


def _money(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency))


def _sums(content: Mapping[str, Any], currency: str) -> Table:
    words = (
        ("opening_minor", _("Brought forward"), 1), ("earned_minor", _("Earned"), 1), ("taken_back_minor", _("Taken back"), -1),
        ("paid_minor", _("Paid out"), -1),
    )  # fmt: skip
    rows = [[Paragraph(label, CELL), Paragraph(_money(sign * content[name], currency), RIGHT)] for name, label, sign in words]
    rows.append(
        [
            Paragraph(_("Stands in your favour") if content["closing_minor"] >= 0 else _("Carried forward against you"), BOLD),
            Paragraph(_money(content["closing_minor"], currency), RIGHT_BOLD),
        ]
    )
    table = Table(rows, colWidths=[WIDTH * 0.6, WIDTH * 0.4])
    table.setStyle([("LINEBELOW", (0, 0), (-1, -2), 0.4, LINE), ("BACKGROUND", (0, -1), (-1, -1), SOFT), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return table


def _lines(title: str, lines: Iterable[Mapping[str, Any]], currency: str) -> Iterator[Flowable]:
    lines = list(lines)
    if not lines:
        return
    yield Paragraph(escape(title), HEAD)
    rows = [[[*_why(line, currency)], Paragraph(_money(line["amount_minor"], currency), RIGHT_BOLD)] for line in lines]
    table = Table(rows, colWidths=[WIDTH * 0.76, WIDTH * 0.24])
    table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    yield table


def _why(line: Mapping[str, Any], currency: str) -> Iterator[Flowable]:
    yield Paragraph(escape(f"{line['number']}  {line['about'] or line['label']}"), BOLD)
    plan = f"{line['plan']}, {_('version')} {line['plan_number']}" if line["plan_number"] else line["label"]
    clause = f", {_('clause')} {line['clause']}" if line["clause"] else ""
    yield Paragraph(escape(f"{line['occurred_on']}  ·  {plan}{clause}" + (f"  ·  {line['for']}" if line["for"] else "")), CELL)
    inputs = [f"{_('basis')} {_money(line['basis_minor'], line['basis_currency'])}"] if line["basis_minor"] is not None and line["basis_currency"] else []
    inputs += [f"{_('rate')} {line['rate']} %"] if line["rate"] else []
    inputs += [f"{_('credited share')} {line['credited_share']}"] if line["credited_share"] not in (None, "1") else []
    inputs += [f"{_('exchange rate')} {line['fx_rate']}"] if line["fx_rate"] else []
    steps = [f"{label}: {value}" if value else label for label, value in line["steps"]]
    for text in filter(None, ("  ·  ".join(inputs), "; ".join(steps), line["reason"], f"{_('proof')} {line['proof_sha256']}")):
        yield Paragraph(escape(text[:900]), SMALL)


def _paid(paid: Iterable[Mapping[str, Any]], currency: str) -> Iterator[Flowable]:
    paid = list(paid)
    if not paid:
        return
    yield Paragraph(_("Paid in this month"), HEAD)
    rows = [
        [*(Paragraph(escape(one[name]), CELL) for name in ("number", "label", "paid_on")), Paragraph(_money(one["amount_minor"], currency), RIGHT)]
        for one in paid
    ]  # fmt: skip
    table = Table(rows, colWidths=[WIDTH * 0.16, WIDTH * 0.44, WIDTH * 0.18, WIDTH * 0.22])
    table.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    yield table
