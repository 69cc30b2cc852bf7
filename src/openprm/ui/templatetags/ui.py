"""`{% load ui %}`: icons and marks, moments and amounts in the reader's language and zone, form fields."""

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openprm.kernel.money import Money
from openprm.ui import cells, fields, marks, rows
from openprm.ui import format as fmt
from openprm.ui import shell as shells
from openprm.ui.format import Viewer

register = template.Library()
register.simple_tag(marks.icon, name="icon")
register.simple_tag(marks.avatar, name="avatar")
register.simple_tag(marks.logo, name="logo")
register.simple_tag(marks.spark, name="spark")
register.simple_tag(marks.beats, name="beats")


def viewer_in(context) -> Viewer:
    """The reader of the page that is being drawn: from the shell, else from the request, else English in UTC."""
    if isinstance(found := context.get("viewer"), Viewer):
        return found
    return shells.viewer_of(context.get("request"))


@register.simple_tag(takes_context=True)
def shell_of(context):
    """{% shell_of as shell %}: navigation, brand and menus of this request (ui/shell.py)."""
    return shells.shell_of(context["request"])


@register.filter
def workspace_base(actor) -> str:
    """{% extends actor|workspace_base %}: for a page that both workspaces have."""
    return shells.base_of(actor or None)


@register.simple_tag(takes_context=True)
def draw_panel(context, panel) -> SafeString:
    """{% draw_panel panel %}: a contributed panel (template and values) in the page's context."""
    with context.push(**panel.values):
        return context.template.engine.get_template(panel.template).render(context)


@register.simple_tag(takes_context=True)
def when(context, value: datetime | None):
    """{% when entry.at %}: "5 h ago", later "Thu 26 Nov", with the exact moment and zone as its title."""
    return cells.draw("datetime", value, viewer_in(context))


@register.simple_tag(takes_context=True)
def moment(context, value: datetime | None):
    """{% moment entry.at %}: "Thu 26 Nov, 14:05" in the reader's zone."""
    viewer = viewer_in(context)
    if value is None:
        return cells.EMPTY
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), fmt.exact(value, viewer), fmt.moment(value, viewer))


@register.simple_tag(takes_context=True)
def day(context, value):
    """{% day deal.expected_close_date %}: "Thu 26 Nov" or "26 Nov 2027"."""
    return cells.draw("date", value, viewer_in(context))


@register.simple_tag(takes_context=True)
def due(context, value: datetime | None, tone: str = "", label: str = ""):
    """{% due clock.due_at "warn" %}: time left to a deadline with the timer icon."""
    return cells.draw("due", value and cells.Due(value, tone, label), viewer_in(context))


@register.simple_tag(takes_context=True)
def countdown(context, value: datetime):
    """{% countdown ends_at %}: "5 h left", kept current by app.js."""
    viewer = viewer_in(context)
    return format_html(
        '<time data-countdown datetime="{}" title="{}">{}</time>', value.astimezone(UTC).isoformat(), fmt.exact(value, viewer), fmt.left(value, viewer)
    )


@register.simple_tag(takes_context=True)
def money(context, value: Money | None, compact: bool = False):
    """{% money deal.amount %} exact, {% money deal.amount compact=True %} for KPIs."""
    return cells.EMPTY if value is None else fmt.money(value, viewer_in(context), compact=compact)


@register.simple_tag(takes_context=True)
def number(context, value, compact: bool = False):
    return cells.EMPTY if value is None else fmt.number(value, viewer_in(context), compact=compact)


@register.simple_tag(takes_context=True)
def percent(context, value, digits: int = 0):
    """{% percent 0.98 %}: "98%". Takes a ratio."""
    return cells.EMPTY if value is None else fmt.percent(value, viewer_in(context), digits=digits)


@register.simple_tag(takes_context=True)
def badge(context, value):
    """{% badge row.status %} draws a cells.Badge."""
    return cells.draw("badge", value, viewer_in(context))


@register.simple_tag(takes_context=True)
def list_rows(context, view) -> SafeString:
    """{% list_rows list %}: the table rows of ui/list.html."""
    return rows.draw_rows(view, context)


@register.simple_tag
def field(bound, **options) -> SafeString:
    """{% field form.email %}: label, control, help and error of a form field, wired for screen readers."""
    return fields.render(bound, **options)


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form):
    """{% error_summary form %}: what to mend, linked to the fields; takes the focus after a refused submit."""
    return {"problems": fields.problems(form)}


@register.filter
def heat(value) -> int:
    """The step 0 to 5 of an overlap count in a heat map."""
    return next((step for step, top in enumerate((0, 4, 9, 17, 29)) if int(value) <= top), 5)


@register.filter
def split(value: str, sep: str = "|") -> list[str]:
    return value.split(sep)


@register.filter
def attribute(value, name: str):
    """{{ row|attribute:"id" }} where the name comes from a variable; names with a leading underscore are refused."""
    return "" if name.startswith("_") else getattr(value, name, "")
