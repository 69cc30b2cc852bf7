"""The rows of a list as HTML. Python, because a template costs more than the query on a page of a hundred rows."""

# ruff: noqa: S308  the joined cells are safe strings already, everything else is escaped here

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openprm.ui.listspec import Column
from openprm.ui.listview import ListView


def draw_rows(view: ListView, context: Any = None) -> SafeString:
    """Every row of the page; the first column is its heading and, when the row has an address, its link."""
    select = _("Select row %(number)d") if view.bulk else ""
    return mark_safe("".join(_row(view, row, number, select, context) for number, row in enumerate(view.rows, start=1)))


def _row(view: ListView, row: Any, number: int, select: str, context: Any) -> str:
    first, *others = view.columns
    heading = f"{view.key}-r{number}"
    cells = "".join(_cell(column, row, view, context) for column in others)
    return f"<tr>{_tick(row, number, heading, select)}{_heading(first, row, heading, view, context)}{cells}</tr>"


def _tick(row: Any, number: int, heading: str, select: str) -> str:
    if not select:
        return ""
    label = escape(select % {"number": number})
    return f'<td class="tick"><input type="checkbox" name="ids" value="{escape(row.id)}" aria-label="{label}" aria-describedby="{heading}"></td>'


def _heading(column: Column, row: Any, heading: str, view: ListView, context: Any) -> str:
    drawn, url = column.draw(row, view.viewer, context), getattr(row, "url", "")
    inner = f'<a class="row-link" href="{escape(url)}">{drawn}</a>' if url else drawn
    return f'<th scope="row" id="{heading}">{inner}</th>'


def _cell(column: Column, row: Any, view: ListView, context: Any) -> str:
    opening = '<td class="num">' if column.is_right else "<td>"
    return f"{opening}{column.draw(row, view.viewer, context)}</td>"
