"""Signals: looked through, accepted or dismissed."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.kernel.http import Request, done
from openprm.recruitment import queries, services
from openprm.recruitment.pages.common import Linked, frame
from openprm.recruitment.wording import SIGNAL, SIGNAL_STATE
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import BulkAction, Column, Filter, ListSpec


def doubts(row: Any) -> tuple[Badge, ...]:
    """Why a signal wants a second look, in words."""
    found = []
    if row.against:
        found.append(Badge(_("Known: %(value)s") % {"value": row.against}, "bad", "git-compare"))
    if row.is_stale:
        found.append(Badge(_("Old"), "warn", "hourglass"))
    if row.is_weak:
        found.append(Badge(_("Weak"), "warn", "circle-help"))
    return tuple(found)


SPEC = ListSpec(
    key="recruitment.signals",
    search=gettext_lazy("Search by company or value"),
    default_sort="-observed_at",
    columns=(
        Column("company", gettext_lazy("Company"), "company", sortable=True, always=True, value=lambda row: Company(row.company, row.domain)),
        Column("kind", gettext_lazy("Kind"), sortable=True, value=lambda row: row.kind_label),
        Column("value", gettext_lazy("Says"), "prose", value=lambda row: row.says),
        Column("doubts", gettext_lazy("Look twice"), "badges", value=doubts),
        Column("source", gettext_lazy("Source"), default=False),
        Column("observed_at", gettext_lazy("Observed"), "date", sortable=True),
        Column("confidence", gettext_lazy("Confidence"), "percent", sortable=True, value=lambda row: row.confidence / 100),
        Column("state", gettext_lazy("State"), "badge", value=lambda row: Badge(*SIGNAL_STATE[row.state])),
        Column("feeds", gettext_lazy("Becomes"), default=False, value=lambda row: row.feeds or None),
        Column("decided_by", gettext_lazy("Decided by"), "person", default=False, value=lambda row: row.decided_by or None),
        Column("created_at", gettext_lazy("Received"), "datetime", default=False),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=tuple((code, label) for code, (label, _tone) in SIGNAL_STATE.items())),
        Filter("kind", gettext_lazy("Kind"), choices=tuple(SIGNAL.items())),
        Filter("doubt", gettext_lazy("Look twice"), choices=(("stale", gettext_lazy("Old")), ("weak", gettext_lazy("Weak")))),
        Filter("source", gettext_lazy("Source"), choices=queries.signal_sources),
    ),
)
LEFT = {
    "doubt": gettext_lazy("%(count)d with a doubt: look at each"),
    "decided": gettext_lazy("%(count)d decided before"),
    "feeds_nothing": gettext_lazy("%(count)d that feed no fact"),
}


def list_signals(request: Request) -> HttpResponse:
    state = lists.parse(request, SPEC)
    if state.export:
        rows = queries.export_signals(request.actor, search=state.search, filters=state.filters, at=request.at)
        return exports.respond(request, state, rows, name="signals")
    found = queries.list_signals(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at)
    act, framed = reverse("recruitment:decide_signals"), frame(request, "signals")
    empty = lists.Empty(
        title=_("No signals yet"),
        text=_("Import a file of what others saw of companies: technologies, certifications, headcount. You accept each before it counts."),
        action=_("Import signals"),
        url=reverse("integrations:imports") if _can_import(request) else "",
    )
    bulk = (BulkAction("accept", _("Accept those without a doubt"), "check", url=act), BulkAction("dismiss", _("Dismiss"), "x", url=act))
    listed = found.map(lambda row: Linked(row, reverse("recruitment:company", args=[row.company_id]) + "#signals"))
    return lists.render(
        request, "recruitment/vendor/signals.html", state, listed, bulk=bulk if framed["may_manage"] else (), empty=empty, title=_("Recruiting"), **framed
    )  # fmt: skip


def _can_import(request: Request) -> bool:
    return request.actor.can("recruitment.import")


def decide_many(request: Request) -> HttpResponse:
    ids = [found for one in request.POST.getlist("ids") if (found := _id(one))]
    accept = request.POST.get("action") == "accept"
    count, left = services.decide_signals(actor=request.actor, signal_ids=ids, accept=accept, at=request.at)
    title = ngettext("%(count)d signal decided", "%(count)d signals decided", count) % {"count": count}
    rest = "; ".join(str(LEFT[reason]) % {"count": number} for reason, number in left.items() if number)
    return done(request, reverse("recruitment:signals"), title, _("Left: %(rest)s.") % {"rest": rest} if rest else "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def accept(request: Request, signal_id: UUID) -> HttpResponse:
    services.accept_signal(actor=request.actor, signal_id=signal_id, at=request.at)
    return _back(request, signal_id, _("Accepted: it counts from now on"))


def dismiss(request: Request, signal_id: UUID) -> HttpResponse:
    services.dismiss_signal(actor=request.actor, signal_id=signal_id, at=request.at)
    return _back(request, signal_id, _("Dismissed"))


def _back(request: Request, signal_id: UUID, title: str) -> HttpResponse:
    asked = request.POST.get("next", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    company = queries.signal_of(request.actor, signal_id, request.at).company_id
    return done(request, asked if safe else reverse("recruitment:company", args=[company]) + "#signals", title)
