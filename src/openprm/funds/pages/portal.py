"""The partner's pages of requests and claims: a new request beside the rules, its way, and the claim with its proofs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.funds import queries, services
from openprm.funds.pages import forms, lists
from openprm.funds.pages.proof_common import attempt, funds_to_ask, version_of
from openprm.funds.queries import PartnerRequest, RequestFilters
from openprm.funds.queries.catalogue import kinds
from openprm.funds.queries.judging import activity_proofs
from openprm.funds.services import ActivityDraft, RequestDraft
from openprm.kernel.errors import NotFound, refuse_if
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, parse_amount
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Empty
from openprm.ui.paging import PageRequest

ENTRIES = 50


def list_requests(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.PORTAL_REQUESTS)
    if state.export:
        rows = queries.export_requests(request.actor, lists.filters_of(state), request.at)
        return exports.respond(request, state, lists.every(rows, "funds:portal_request"), name="fund-requests")
    may = request.actor.can("funds.request")
    new = {"action": _("Ask for funds"), "url": reverse("funds:portal_new_request")} if may else {}
    empty = Empty(title=_("You have not asked for funds yet"), text=_("The rules and the proofs are shown before you spend anything."), **new)
    found = lists.requests(request.actor, state, request.at, "funds:portal_request")
    return ui_lists.render(
        request, "funds/partner/list.html", state, found, empty=empty, title=_("Requests"), tab="requests", may_request=may
    )  # fmt: skip


def list_claims(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.PORTAL_CLAIMS)
    if state.export:
        rows = queries.export_claims(request.actor, lists.filters_of(state), request.at)
        return exports.respond(request, state, lists.every(rows, "funds:portal_claim"), name="fund-claims")
    empty = Empty(title=_("No claim yet"), text=_("When you have spent what was approved, claim it from the request."))
    found = lists.claims(request.actor, state, request.at, "funds:portal_claim")
    return ui_lists.render(request, "funds/partner/list.html", state, found, empty=empty, title=_("Claims"), tab="claims")


def allocation(request: Request, allocation_id: UUID) -> HttpResponse:
    found = queries.fund(request.actor, allocation_id)
    newest = PageRequest(key="funds.of_fund", sort="created", limit=25)
    rows = queries.list_requests(request.actor, RequestFilters(fund_id=allocation_id), newest, request.at).rows
    timeline = audit.timeline(request.actor, allocation_id, limit=ENTRIES)
    return page(request, "funds/partner/allocation.html", fund=found, requests=rows, timeline=timeline, may_request=request.actor.can("funds.request"))


def new_request(request: Request) -> HttpResponse:
    """The rules stand beside the form: what each kind pays, and which proofs it will ask for."""
    refuse_if(None if request.actor.can("funds.request") else _("Your role cannot ask for funds. Ask an administrator of your team."))
    choices, catalogue = funds_to_ask(request), kinds(request.actor, request.at, active_only=True)
    names = tuple((str(one.id), one.name) for one in catalogue if not one.why_not)
    if request.method != "POST":
        form = forms.RequestForm(funds=choices, kinds=names, initial={"allocation_id": lists.uuid_of(request.GET.get("fund"))})
        return page(request, "funds/partner/new_request.html", form=form, kinds=catalogue, funds=choices)
    form = forms.RequestForm(request.POST, funds=choices, kinds=names)
    made, status = attempt(form, lambda said: _save_new(request, said))
    if status:
        return page(request, "funds/partner/new_request.html", status=status, form=form, kinds=catalogue, funds=choices)
    return done(request, reverse("funds:portal_request", args=[made.id]), _("Request written"), _("Look it over, then send it."))


def _save_new(request: Request, said: Mapping[str, Any]) -> Any:
    fund = queries.fund(request.actor, said["allocation_id"])
    draft = RequestDraft(
        allocation_id=fund.id, title=said["title"], purpose=said["purpose"], expected=said["expected"],
        activities=(_activity(request, said, fund.sums.amount.currency),),
    )  # fmt: skip
    return services.save_request(actor=request.actor, draft=draft, at=request.at)


def _activity(request: Request, said: Mapping[str, Any], currency: str) -> ActivityDraft:
    locale = request.actor.locale
    return ActivityDraft(
        activity_type_id=said["activity_type_id"], title=said["activity_title"], starts_on=said["starts_on"], ends_on=said["ends_on"],
        country=said["country"], planned_minor=parse_amount(said["planned"], currency, locale, field="planned").minor,
        asked_minor=parse_amount(said["asked"], currency, locale, field="asked").minor,
    )  # fmt: skip


def request_page(request: Request, request_id: UUID) -> HttpResponse:
    return _request(request, request_id, opened=request.GET.get("do", ""))


def _request(request: Request, request_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.request_for_partner(request.actor, request_id, request.at)
    fresh: dict[str, Any] = {"release": forms.ReasonForm(auto_id="id_release_%s")}
    if not found.why_not_edit:
        values = {name: getattr(found, name) for name in ("title", "purpose", "expected")}
        fresh |= {"head": forms.HeadForm(initial=values, auto_id="id_head_%s"), "activity": _activity_form(request)}
    return page(
        request, "funds/partner/request.html", status=status, request_row=found, dialogs=fresh | dict(held or {}), opened=opened,
        timeline=audit.timeline(request.actor, request_id, limit=ENTRIES),
    )  # fmt: skip


def _activity_form(request: Request, data: Any = None) -> forms.ActivityForm:
    names = tuple((str(one.id), one.name) for one in kinds(request.actor, request.at, active_only=True) if not one.why_not)
    return forms.ActivityForm(data, kinds=names, auto_id="id_activity_%s")


def _draft_of(found: PartnerRequest) -> RequestDraft:
    """The request as it stands, to be saved with a change."""
    return RequestDraft(
        allocation_id=found.fund_id, title=found.title, purpose=found.purpose, expected=found.expected,
        activities=tuple(
            ActivityDraft(
                activity_type_id=one.activity_type_id, title=one.title, starts_on=one.starts_on, ends_on=one.ends_on, country=one.country,
                planned_minor=one.planned.minor, asked_minor=one.asked.minor,
            )
            for one in found.activities
        ),
    )  # fmt: skip


def _saved(request: Request, request_id: UUID, dialog: str, form: Any, change: Any, title: str) -> HttpResponse:
    def act(said: Mapping[str, Any]) -> Any:
        draft = change(_draft_of(queries.request_for_partner(request.actor, request_id, request.at)), said)
        return services.save_request(actor=request.actor, draft=draft, request_id=request_id, version=version_of(request), at=request.at)

    _made, status = attempt(form, act)
    if status:
        return _request(request, request_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, reverse("funds:portal_request", args=[request_id]), title)


def change_request(request: Request, request_id: UUID) -> HttpResponse:
    form = forms.HeadForm(request.POST, auto_id="id_head_%s")
    return _saved(request, request_id, "head", form, lambda draft, said: replace(draft, **said), _("Request changed"))


def add_activity(request: Request, request_id: UUID) -> HttpResponse:
    currency = queries.request_for_partner(request.actor, request_id, request.at).asked.currency

    def change(draft: RequestDraft, said: Mapping[str, Any]) -> RequestDraft:
        return replace(draft, activities=(*draft.activities, _activity(request, said, currency)))

    return _saved(request, request_id, "activity", _activity_form(request, request.POST), change, _("Activity added"))


def remove_activity(request: Request, request_id: UUID, activity_id: UUID) -> HttpResponse:
    found = queries.request_for_partner(request.actor, request_id, request.at)
    draft = _draft_of(found)
    kept = tuple(one for one, view in zip(draft.activities, found.activities, strict=True) if view.id != activity_id)
    if len(kept) == len(draft.activities):
        raise NotFound()
    services.save_request(actor=request.actor, draft=replace(draft, activities=kept), request_id=request_id, version=version_of(request), at=request.at)
    return done(request, reverse("funds:portal_request", args=[request_id]), _("Activity removed"))


def submit_request(request: Request, request_id: UUID) -> HttpResponse:
    form = Form(request.POST)
    common = {"actor": request.actor, "request_id": request_id, "version": version_of(request), "at": request.at}
    _made, status = attempt(form, lambda _said: services.submit_request(**common))
    if status:
        return _request(request, request_id, opened="problems", held={"problems": form}, status=status)
    return done(request, reverse("funds:portal_request", args=[request_id]), _("Request sent"), _("The promise to answer it runs from now."))


def withdraw_request(request: Request, request_id: UUID) -> HttpResponse:
    services.withdraw_request(actor=request.actor, request_id=request_id, version=version_of(request), at=request.at)
    return done(request, reverse("funds:portal_request", args=[request_id]), _("Request withdrawn"))


def new_claim(request: Request, activity_id: UUID) -> HttpResponse:
    """Claim an approved activity; its proofs and what they give stand beside the form. A rejected claim is sent again from here."""
    refuse_if(None if request.actor.can("funds.request") else _("Your role cannot claim funds. Ask an administrator of your team."))
    proofs = activity_proofs(request.actor, activity_id, request.at)
    again = lists.uuid_of(request.POST.get("claim_id") or request.GET.get("again"))
    held = {"activity": proofs, "again": again, "version": _version(request, again)}
    if request.method != "POST":
        initial = {"currency": proofs.left.currency, "spent_on": min(proofs.ends_on, request.at.date()), "is_final": True}
        return page(request, "funds/partner/new_claim.html", form=forms.ClaimForm(initial=initial), **held)
    form = forms.ClaimForm(request.POST)
    made, status = attempt(form, lambda said: _claim_it(request, activity_id, again, said))
    if status:
        return page(request, "funds/partner/new_claim.html", status=status, form=form, **held)
    return done(request, reverse("funds:portal_claim", args=[made.id]), _("Claim sent"), _("The promise to answer it runs from now."))


def _version(request: Request, again: UUID | None) -> int | None:
    return version_of(request) or (queries.claim_for_partner(request.actor, again, request.at).version if again else None)


def _claim_it(request: Request, activity_id: UUID, again: UUID | None, said: Mapping[str, Any]) -> Any:
    currency, locale = said["currency"], request.actor.locale
    asked: Money | None = parse_amount(said["amount"], currency, locale) if said["amount"] else None
    return services.submit_claim(
        actor=request.actor, activity_id=activity_id, spent=parse_amount(said["spent"], currency, locale, field="spent"), asked=asked,
        spent_on=said["spent_on"], note=said["note"], is_final=said["is_final"], claim_id=again, version=version_of(request) if again else None,
        at=request.at,
    )  # fmt: skip


def claim_page(request: Request, claim_id: UUID) -> HttpResponse:
    found = queries.claim_for_partner(request.actor, claim_id, request.at)
    return page(request, "funds/partner/claim.html", claim=found, timeline=audit.timeline(request.actor, claim_id, limit=ENTRIES))


def withdraw_claim(request: Request, claim_id: UUID) -> HttpResponse:
    services.withdraw_claim(actor=request.actor, claim_id=claim_id, version=version_of(request), at=request.at)
    return done(request, reverse("funds:portal_claim", args=[claim_id]), _("Claim withdrawn"))
