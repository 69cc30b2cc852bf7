"""Return on funds: the vendor's report, its assumptions, and the shares that people give to requests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds.pages import proof_forms as forms
from openprm.funds.pages.lists import uuid_of
from openprm.funds.pages.proof_common import attempt, plain, version_of
from openprm.funds.queries import assumptions, linkable
from openprm.funds.queries import returns as queries
from openprm.funds.queries.assumptions import ProgramTerms
from openprm.funds.services import links as services
from openprm.kernel.http import Request, done, page
from openprm.ui import exports
from openprm.ui.listspec import Column

SHARES = (
    Column("deal", gettext_lazy("Deal")),
    Column("state", gettext_lazy("State"), value=lambda row: _("Won") if row.is_won else _("Open")),
    Column("revenue", gettext_lazy("Revenue"), "money", value=lambda row: row.revenue),
    Column("partner", gettext_lazy("Partner")),
    Column("request", gettext_lazy("Request")),
    Column("through", gettext_lazy("Through")),
    Column("weight", gettext_lazy("Share given, per cent"), value=lambda row: f"{row.weight:f}"),
    Column("credited", gettext_lazy("Credited"), "money", value=lambda row: row.credited),
)


def returns(request: Request) -> HttpResponse:
    """What the requests of a period brought so far, by partner, program and kind of activity, and every share behind it."""
    since, until = _period(request)
    report = queries.return_report(request.actor, since=since, until=until, at=request.at)
    if request.GET.get("export") == "csv":
        return exports.csv_response("fund-returns", SHARES, report.shares)
    return _report(request, report)


def _report(request: Request, report: Any, form: Any = None, status: int = 200) -> HttpResponse:
    sets = assumptions.program_terms(request.actor)
    chosen = _chosen(request, sets)
    if form is None and request.actor.can("funds.configure"):
        form = forms.AssumptionForm(initial={"margin_percent": plain(chosen.terms.margin_percent), "window_days": chosen.terms.window_days})
    period = forms.PeriodForm(initial={"since": report.since, "until": report.until})
    groups = ((_("By partner"), report.by_partner), (_("By program"), report.by_program), (_("By kind of activity"), report.by_kind))
    return page(
        request, "funds/vendor/returns.html", status=status, report=report, groups=groups, form=form, period=period, sets=sets, chosen=chosen, tab="returns"
    )  # fmt: skip


def _chosen(request: Request, sets: Sequence[ProgramTerms]) -> ProgramTerms:
    """The set of assumptions that the form changes: of the program in the address, or the general one."""
    wanted = uuid_of(request.POST.get("program") or request.GET.get("program"))
    return next((one for one in sets if one.program_id == wanted), sets[0])


def _period(request: Request) -> tuple[date, date]:
    """The period of the address; two years until tomorrow when it names none or one that is none."""
    form = forms.PeriodForm(request.GET)
    values = form.cleaned_data if form.is_valid() else {}
    until = values.get("until") or request.at.date() + timedelta(days=1)
    since = values.get("since") or until - timedelta(days=731)
    return (since, until) if since < until else (until - timedelta(days=731), until)


def assume(request: Request) -> HttpResponse:
    form = forms.AssumptionForm(request.POST)
    program_id = uuid_of(request.POST.get("program"))

    def act(values: Mapping[str, Any]) -> None:
        services.save_return_terms(actor=request.actor, program_id=program_id, version=version_of(request), at=request.at, **values)

    _result, status = attempt(form, act)
    if status:
        since, until = _period(request)
        return _report(request, queries.return_report(request.actor, since=since, until=until, at=request.at), form, status)
    return done(request, reverse("funds:returns"), _("Assumptions saved"))


def request_links(request: Request, request_id: UUID) -> HttpResponse:
    return _links(request, request_id, "funds:request_links")


def portal_request_links(request: Request, request_id: UUID) -> HttpResponse:
    return _links(request, request_id, "funds:portal_request_links")


def _links(request: Request, request_id: UUID, name: str) -> HttpResponse:
    """What a request brought, and the form that says so."""
    found = linkable.request_subjects(request.actor, request_id)
    form = forms.LinkForm(request.POST or None, groups=_groups(found), initial={"weight": 100}) if found.may_link else None
    status = 200
    if request.method == "POST" and form is not None:
        _result, status = attempt(form, lambda values: _link(request, request_id, values))
        if not status:
            return done(request, reverse(name, args=[request_id]), _("Share kept"), _("It counts in the return on funds."))
    rows = queries.links(request.actor, request_id)
    return page(request, "funds/links.html", status=status, found=found, rows=rows, form=form, remove=f"{name}_remove", tab="returns")


def _groups(found: Any) -> Iterable[tuple[Any, list[tuple[str, str]]]]:
    named = ((_("Deals"), "deal", found.deals), (_("Leads"), "lead", found.leads), (_("Campaigns"), "campaign", found.campaigns))
    return tuple((label, [(f"{kind}:{one.id}", one.label) for one in rows]) for label, kind, rows in named)


def _link(request: Request, request_id: UUID, values: Mapping[str, Any]) -> UUID:
    kind, _sep, subject_id = values["subject"].partition(":")
    return services.link(
        actor=request.actor, request_id=request_id, kind=kind, subject_id=UUID(subject_id), weight=values["weight"], note=values["note"], at=request.at
    )  # fmt: skip


def remove_link(request: Request, link_id: UUID) -> HttpResponse:
    request_id = queries.link(request.actor, link_id).request_id
    services.unlink(actor=request.actor, link_id=link_id, at=request.at)
    name = "funds:request_links" if request.actor.is_vendor else "funds:portal_request_links"
    return done(request, reverse(name, args=[request_id]), _("Share taken back"))
