"""The administrator's page: what came in and what became of it, what is allowed, closing what is open."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.audit.queries import days_to_moments
from openprm.correspondence import queries, services
from openprm.correspondence.queries import MailFilters
from openprm.correspondence.wording import REASONS
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id
from openprm.ui import exports, lists
from openprm.ui.format import Viewer
from openprm.ui.lists import Column, Empty, Filter, ListSpec, ListState, Range

OUTCOMES = (
    ("accepted", gettext_lazy("Accepted")),
    ("refused", gettext_lazy("Refused")),
    ("ignored", gettext_lazy("Ignored")),
    ("repeated", gettext_lazy("Came twice")),
)
LOG = ListSpec(
    key="correspondence.received",
    columns=(
        Column("at", gettext_lazy("Received"), "datetime", sortable=True, always=True),
        Column("outcome", gettext_lazy("Outcome"), "badge", always=True),
        Column("reason", gettext_lazy("Reason")),
        Column("sender", gettext_lazy("From")),
        Column("person", gettext_lazy("Address of")),
        Column("thread_title", gettext_lazy("About")),
        Column("detail", gettext_lazy("Detail")),
        Column("subject", gettext_lazy("Subject"), default=False),
        Column("envelope_sender", gettext_lazy("Envelope sender"), default=False),
        Column("files", gettext_lazy("Files"), "number", default=False),
        Column("size_kb", gettext_lazy("Size, kB"), "number", sortable=True, default=False),
    ),
    filters=(
        Filter("outcome", gettext_lazy("Outcome"), "choice", choices=OUTCOMES),
        Filter("reason", gettext_lazy("Reason"), "choice", choices=tuple(REASONS.items())),
        Filter("day", gettext_lazy("Received"), "date"),
    ),
    default_sort="-at",
    search=gettext_lazy("Search sender, subject or what it is about"),
)


def received(request: Request) -> HttpResponse:
    """Every mail that came in, with what became of it and why."""
    state = lists.parse(request, LOG)
    filters = _filters(request, state)
    if state.export:
        return exports.respond(request, state, queries.export_received(request.actor, filters), name="received-mail")
    found = queries.received(request.actor, filters, state.page)
    empty = Empty(title=_("No mail came in yet"), text=_("Answers to notifications appear here, with those that were refused and why."))
    return lists.render(request, "correspondence/received.html", state, found, empty=empty, title=_("Received mails"), back=reverse("correspondence:reception"))


def _filters(request: Request, state: ListState) -> MailFilters:
    days: Range[Any] = state.filters.get("day") or Range()
    actor = request.actor
    since, until = days_to_moments(days.low, days.high, Viewer(at=request.at, locale=actor.locale, time_zone=actor.time_zone))
    return MailFilters(outcomes=state.filters.get("outcome", ()), reasons=state.filters.get("reason", ()), text=state.search, since=since, until=until)


def reception(request: Request) -> HttpResponse:
    """How mail comes in, what is allowed, and who has open ways in."""
    if request.method == "POST":
        return _saved(request)
    return page(
        request,
        "correspondence/reception.html",
        ways=queries.ways(),
        counts=queries.counts(request.actor, request.at - timedelta(days=30)),
        holders=queries.holders(request.actor, request.at),
        log_url=reverse("correspondence:received"),
        revoke_url=reverse("correspondence:revoke_for"),
    )


def _saved(request: Request) -> HttpResponse:
    chosen = {name: name in request.POST for name in ("replies", "links", "links_past_second_factor")}
    version = request.POST.get("version", "")
    services.set_ways(actor=request.actor, **chosen, version=int(version) if version.isdigit() and len(version) < 9 else None, at=request.at)
    return done(request, request.path, _("What mails may do is saved"))


def revoke_for(request: Request) -> HttpResponse:
    """Close every way in of one person, or of everybody."""
    if request.POST.get("do") == "all":
        count = services.revoke_everything(actor=request.actor, at=request.at)
    else:
        user_id = parse_id(request.POST.get("person"))
        if user_id is None:
            raise NotFound()
        count = services.revoke_of(actor=request.actor, user_id=user_id, at=request.at)
    said = ngettext("%(count)s way in is closed", "%(count)s ways in are closed", count) % {"count": count}
    return done(request, reverse("correspondence:reception"), said)
