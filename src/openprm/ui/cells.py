"""The values a list can show and how each is drawn. Python, not templates: a page of 80 rows draws 700 cells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openprm.kernel.money import Money
from openprm.ui import format as fmt
from openprm.ui import marks
from openprm.ui.format import Viewer


@dataclass(frozen=True, slots=True)
class Badge:
    """A status: always a word, coloured by `tone` (ok, warn, bad, info, accent or nothing)."""

    label: Any
    tone: str = ""
    icon: str = ""
    title: str = ""

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline. Without `label` the time left is written."""

    at: datetime | None
    tone: str = ""
    label: Any = ""

    def __str__(self) -> str:
        return str(self.label) or (self.at.isoformat() if self.at else "")


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its mark: a partner or a customer."""

    name: str
    detail: Any = ""
    url: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0 to 100, with its words: Share(68, "61 days")."""

    percent: float
    label: Any
    tone: str = ""

    def __str__(self) -> str:
        return str(self.label)


EMPTY = mark_safe('<span class="text-subtle" aria-label="none">–</span>')
RIGHT_ALIGNED = frozenset({"number", "money", "money_compact", "percent"})


def draw(kind: str, value: Any, viewer: Viewer) -> SafeString:
    """The cell's HTML; an empty value is a dash that says "none" to a screen reader."""
    if value is None or value == "" or value == ():
        return EMPTY
    return KINDS[kind](value, viewer)


def _text(value: Any, viewer: Viewer) -> SafeString:
    return format_html("{}", value)


def _prose(value: Any, viewer: Viewer) -> SafeString:
    return format_html('<span class="cell-prose">{}</span>', value)


def _mono(value: Any, viewer: Viewer) -> SafeString:
    return format_html('<span class="mono">{}</span>', value)


def _number(value: Any, viewer: Viewer) -> SafeString:
    return format_html("{}", fmt.number(value, viewer))


def _percent(value: Any, viewer: Viewer) -> SafeString:
    return format_html("{}", fmt.percent(value, viewer))


def _money(value: Money, viewer: Viewer) -> SafeString:
    return format_html("{}", fmt.money(value, viewer))


def _money_compact(value: Money, viewer: Viewer) -> SafeString:
    return format_html('<span title="{}">{}</span>', fmt.money(value, viewer), fmt.money(value, viewer, compact=True))


def _date(value: Any, viewer: Viewer) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), fmt.day(value, viewer))


def _datetime(value: datetime, viewer: Viewer) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), fmt.exact(value, viewer), fmt.relative(value, viewer))


def _bool(value: bool, viewer: Viewer) -> SafeString:
    return marks.icon("check", "text-ok-ink", _("Yes")) if value else format_html('<span class="text-subtle">{}</span>', _("No"))


def _badge(value: Any, viewer: Viewer) -> SafeString:
    badge = value if isinstance(value, Badge) else Badge(value)
    tone = f"is-{badge.tone}" if badge.tone else ""
    if badge.icon:
        return format_html('<span class="badge {}">{}{}</span>', tone, marks.icon(badge.icon), badge.label)
    return format_html('<span class="badge badge-dot {}">{}</span>', tone, badge.label)


def _badges(value: Any, viewer: Viewer) -> SafeString:
    return format_html('<span class="cell">{}</span>', format_html_join("", "{}", ((_badge(one, viewer),) for one in value)))


def _due(value: Any, viewer: Viewer) -> SafeString:
    due = value if isinstance(value, Due) else Due(value)
    tone = f"is-{due.tone}" if due.tone else ""
    words = due.label or fmt.left(due.at, viewer)
    if due.at is None:
        return format_html('<span class="due {}">{}</span>', tone, words)
    return format_html(
        '<span class="due {}">{}<time datetime="{}" title="{}">{}</time></span>',
        tone, marks.icon("timer"), due.at.isoformat(), fmt.exact(due.at, viewer), words,
    )  # fmt: skip


def _company(value: Any, viewer: Viewer) -> SafeString:
    company = value if isinstance(value, Company) else Company(str(value))
    name = format_html('<a class="hover:underline" href="{}">{}</a>', company.url, company.name) if company.url else format_html("{}", company.name)
    if company.detail:
        return format_html('<span class="cell">{}<span>{}<small>{}</small></span></span>', marks.logo(company.name), name, company.detail)
    return format_html('<span class="cell">{}<span>{}</span></span>', marks.logo(company.name, "logo-sm"), name)


def _person(value: Any, viewer: Viewer) -> SafeString:
    return format_html('<span class="cell">{}{}</span>', marks.avatar(str(value), decorative=True), value)


def _share(value: Share, viewer: Viewer) -> SafeString:
    tone = f"is-{value.tone}" if value.tone else ""
    width = max(0, min(100, round(value.percent)))
    return format_html('<span class="cell"><span class="dial {}" style="--v:{};--s:20px" aria-hidden="true"></span>{}</span>', tone, width, value.label)


def _spark(value: str, viewer: Viewer) -> SafeString:
    return marks.spark(value, 84, 22)


KINDS: dict[str, Callable[[Any, Viewer], SafeString]] = {
    "text": _text, "title": _text, "prose": _prose, "mono": _mono, "number": _number, "percent": _percent, "money": _money, "money_compact": _money_compact,
    "date": _date, "datetime": _datetime, "bool": _bool, "badge": _badge, "badges": _badges, "due": _due, "company": _company,
    "person": _person, "share": _share, "spark": _spark,
}  # fmt: skip
