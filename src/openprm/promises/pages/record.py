"""Promised against kept: the pages of both workspaces."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit.queries import days_to_moments
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.http import Request, page
from openprm.promises import catalog, queries
from openprm.promises.queries import ClockFilters, PartnerRecord, PromiseRecord
from openprm.ui import exports, lists
from openprm.ui.format import Viewer
from openprm.ui.lists import Column, Empty, Filter, ListSpec, ListState, Range
from openprm.ui.panels import panels_of

SPANS = (4, 13, 26, 52)
ON_ONE_PAGE = 50
SORTS = {
    "name": lambda row: row.name.casefold(),
    "rate": lambda row: (row.rate is None, row.rate or 0),
    "total": lambda row: row.total,
    "median": lambda row: (row.median_hours is None, row.median_hours or 0),
    "overdue": lambda row: row.overdue,
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the partners' table that can be sorted by."""

    label: Any
    url: str
    sorted: str
    is_right: bool


def vendor_record(request: Request) -> HttpResponse:
    weeks = _weeks(request)
    since = queries.since_weeks_ago(request.at, weeks)
    records = queries.record(request.actor, since=since, at=request.at)
    partners = _sorted(request, queries.by_partner(request.actor, since=since, at=request.at))
    number = _page_number(request, len(partners))
    shown = partners[(number - 1) * ON_ONE_PAGE : number * ON_ONE_PAGE]
    return page(
        request,
        "promises/vendor_record.html",
        ours=[record for record in records if record.owed_by == "vendor"],
        theirs=[record for record in records if record.owed_by == "partner"],
        all=_total([record for record in records if record.owed_by == "vendor"]),
        partners=shown,
        partner_count=len(partners),
        headings=_headings(request, weeks),
        pages=_pages(request, weeks, number, len(partners)),
        weeks=weeks,
        spans=[(span, _query(request, weeks=span), span == weeks) for span in SPANS],
        may_publish=request.actor.can("promises.publish"),
        panels=panels_of(request.actor, target="promises", workspace="vendor", object_id=request.actor.organization_id, at=request.at),
    )


def portal_record(request: Request) -> HttpResponse:
    weeks = _weeks(request)
    since = queries.since_weeks_ago(request.at, weeks)
    records = queries.record(request.actor, since=since, at=request.at)
    overall = {record.code: record for record in queries.overall(request.actor, since=since, at=request.at)}
    published = {view.code: view for view in queries.promises(request.actor, request.at)}
    lines = [(record, overall.get(record.code), published[record.code]) for record in records]
    return page(
        request,
        "promises/portal_record.html",
        ours=[line for line in lines if line[0].owed_by == "vendor"],
        yours=[line for line in lines if line[0].owed_by == "partner"],
        all=_total([record for record in records if record.owed_by == "vendor"]),
        calendars=queries.calendars(request.at),
        weeks=weeks,
        spans=[(span, _query(request, weeks=span), span == weeks) for span in SPANS],
        panels=panels_of(request.actor, target="promises", workspace="partner", object_id=request.actor.organization_id, at=request.at),
    )


def _weeks(request: Request) -> int:
    asked = request.GET.get("weeks", "")
    return int(asked) if asked in {str(span) for span in SPANS} else 26


def _query(request: Request, **values: Any) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _total(records: list[PromiseRecord]) -> PromiseRecord | None:
    """All promises of one side taken together."""
    if not records:
        return None
    kept, total = sum(record.kept for record in records), sum(record.total for record in records)
    sums = {name: sum(getattr(record, name) for record in records) for name in ("open", "at_risk", "overdue")}
    return replace(records[0], kept=kept, total=total, rate=kept / total if total else None, median_hours=None, p90_hours=None, **sums)


def _sorted(request: Request, rows: list[PartnerRecord]) -> list[PartnerRecord]:
    name, descending = _sort(request)
    by_name = sorted(rows, key=SORTS["name"])
    return sorted(by_name, key=SORTS[name], reverse=descending)


def _sort(request: Request) -> tuple[str, bool]:
    asked = request.GET.get("sort", "")
    name = asked.removeprefix("-")
    return (name, asked.startswith("-")) if name in SORTS else ("rate", False)


def _headings(request: Request, weeks: int) -> list[Heading]:
    labels = {"name": _("Partner"), "rate": _("Kept"), "total": _("Decided"), "median": _("Median"), "overdue": _("Overdue")}
    now, descending = _sort(request)
    return [
        Heading(
            label=label,
            url=_query(request, weeks=weeks, sort=name if now == name and descending else f"-{name}" if now == name else name),
            sorted=("descending" if descending else "ascending") if now == name else "",
            is_right=name != "name",
        )
        for name, label in labels.items()
    ]


def _page_number(request: Request, count: int) -> int:
    asked = request.GET.get("page", "")
    last = max(1, -(-count // ON_ONE_PAGE))
    return min(max(1, int(asked)), last) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _pages(request: Request, weeks: int, number: int, count: int) -> dict[str, str]:
    last = max(1, -(-count // ON_ONE_PAGE))
    links = {"previous": number - 1 if number > 1 else 0, "next": number + 1 if number < last else 0}
    return {name: f"{_query(request, weeks=weeks)}&page={target}" for name, target in links.items() if target}


def _kinds(actor: Actor) -> list[tuple[str, str]]:
    side = "partner" if actor.is_partner else "vendor"
    return [(kind.code, str(catalog.name_of(kind.code, side, kind.default_target))) for kind in catalog.kinds()]


STATE_CHOICES = (
    ("running", gettext_lazy("Running")),
    ("overdue", gettext_lazy("Overdue")),
    ("paused", gettext_lazy("Paused")),
    ("kept", gettext_lazy("Kept")),
    ("broken", gettext_lazy("Broken")),
    ("canceled", gettext_lazy("Withdrawn")),
)
COLUMNS = (
    Column("subject", gettext_lazy("About"), "title", always=True),
    Column("promise", gettext_lazy("Promise")),
    Column("partner", gettext_lazy("Partner"), "company"),
    Column("state", gettext_lazy("State"), "badge"),
    Column("started_at", gettext_lazy("Started"), "datetime", sortable=True),
    Column("due", gettext_lazy("Due"), "due", sortable=True),
    Column("due_at", gettext_lazy("Due moment"), "datetime", default=False),
    Column("answered_at", gettext_lazy("Answered"), "datetime"),
    Column("taken_hours", gettext_lazy("Hours taken"), "number"),
    Column("target", gettext_lazy("Promised time"), default=False),
    Column("pauses", gettext_lazy("Pauses"), "number", default=False),
)
FILTERS = (
    Filter("promise", gettext_lazy("Promise"), "choice", choices=_kinds),
    Filter("state", gettext_lazy("State"), "choice", choices=STATE_CHOICES),
    Filter("day", gettext_lazy("Due"), "date"),
)
SEARCH = gettext_lazy("Search what the promise is about")
VENDOR = ListSpec(key="promises.clocks", columns=COLUMNS, filters=FILTERS, default_sort="-due", search=SEARCH)
PORTAL = ListSpec(
    key="promises.portal_clocks", columns=tuple(one for one in COLUMNS if one.name != "partner"), filters=FILTERS, default_sort="-due", search=SEARCH
)


def vendor_clocks(request: Request) -> HttpResponse:
    return _clocks(request, VENDOR, title=_("Promises, one by one"), home=reverse("promises:record"))


def partner_clocks(request: Request, partner_id: UUID) -> HttpResponse:
    partner = identity.organization(request.actor, partner_id)
    title = _("Promises to %(name)s") % {"name": partner.name}
    return _clocks(request, VENDOR, title=title, home=reverse("promises:record"), partner_id=partner_id)


def portal_clocks(request: Request) -> HttpResponse:
    return _clocks(request, PORTAL, title=_("Promises, one by one"), home=reverse("promises:portal_record"))


def _clocks(request: Request, spec: ListSpec, *, title: str, home: str, partner_id: UUID | None = None) -> HttpResponse:
    state = lists.parse(request, spec)
    filters = _filters(request.actor, state, partner_id, request.at)
    if state.export:
        return exports.respond(request, state, queries.export_clocks(request.actor, filters, request.at), name="promises")
    found = queries.list_clocks(request.actor, filters, state.page, request.at)
    empty = Empty(title=_("No promise has started yet"), text=_("The first one starts with the first registration."))
    return lists.render(request, "promises/clocks.html", state, found, empty=empty, title=title, home=home)


def _filters(actor: Actor, state: ListState, partner_id: UUID | None, at: datetime) -> ClockFilters:
    days: Range[Any] = state.filters.get("day") or Range()
    since, until = days_to_moments(days.low, days.high, Viewer(at=at, locale=actor.locale, time_zone=actor.time_zone))
    return ClockFilters(
        codes=state.filters.get("promise", ()), states=state.filters.get("state", ()), partner_id=partner_id, text=state.search, since=since, until=until
    )
