"""What the pages of both sides do the same way."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.attribution import queries, services
from openprm.attribution.pages import forms
from openprm.attribution.pages.lists import Listed
from openprm.audit import queries as audit
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.listspec import Empty, ListSpec, Range
from openprm.ui.paging import Slice

PREFIX = {True: "attribution:", False: "attribution:portal_"}


def url(request: Request, name: str, *args: Any) -> str:
    return reverse(PREFIX[request.actor.is_vendor] + name, args=args)


def listed(
    request: Request, spec: ListSpec, *, tab: str, title: str, summary: str, empty: Empty, rows: Callable[..., Slice], export: Callable[..., Iterable[Any]],
    opens: Callable[[Any], str], filters: Mapping[str, str], **context: Any,
) -> HttpResponse:  # fmt: skip
    """A list: `filters` says which argument of the query a filter of the list is."""
    state = lists.parse(request, spec)
    asked: dict[str, Any] = {argument: _asked(state.filters[name]) for name, argument in filters.items() if state.filters.get(name)}
    if spec.search and state.search:
        asked["text"] = state.search

    def drawn(row: Any) -> Listed:
        return Listed(getattr(row, "id", None) or row.deal_id, opens(row), row)

    if state.export:
        return exports.respond(request, state, map(drawn, export(**asked)), name=spec.key.split(".")[1])
    found = rows(page=state.page, **asked).map(drawn)
    template = "attribution/vendor/list.html" if request.actor.is_vendor else "attribution/partner/list.html"
    return lists.render(request, template, state, found, empty=empty, title=title, summary=summary, tab=tab, **context)


def _asked(value: Any) -> Any:
    """A filter as a query takes it: a range as it is, the id of a link as an id (nobody's, where it is none), choices as they are chosen."""
    if isinstance(value, str):
        return _uuid(value) or UUID(int=0)
    return value if isinstance(value, Range) else tuple(value)


def claim(request: Request, claim_id: UUID, *, form: Any = None, opened: str = "", status: int = 200) -> HttpResponse:
    found = queries.claim(request.actor, claim_id, request.at)
    return page(
        request, "attribution/claim.html", status=status, claim=found, form=form or forms.ReasonForm(), opened=opened, list_url=url(request, "claims"),
        confirm_url=url(request, "confirm", claim_id), decline_url=url(request, "decline", claim_id), withdraw_url=url(request, "withdraw", claim_id),
        entries=audit.timeline(request.actor, claim_id, at=request.at), tab="claims",
    )  # fmt: skip


def new_claim(request: Request) -> HttpResponse:
    """Say that a partner helped, at the customer or with the deal that the address names."""
    place = _place(request)
    chosen = partners.partner_choices(request.actor) if request.actor.is_vendor else ()
    form = forms.ClaimForm(request.POST or None, today=request.at.date(), partners=chosen)

    def make() -> UUID:
        values = dict(form.cleaned_data)
        partner_id = UUID(values.pop("partner_id")) if request.actor.is_vendor else None
        return services.make_claim(actor=request.actor, partner_id=partner_id, **values, **place["about"], at=request.at)

    if request.method == "POST":
        is_done, claim_id = forms.attempt(form, make)
        if is_done:
            return done(request, url(request, "claim", claim_id), _("Claimed"), _("The other side confirms it or says why not."))
    status = 422 if form.is_bound else 200
    return page(request, "attribution/new_claim.html", form=form, list_url=url(request, "claims"), status=status, tab="claims", **place)


def _place(request: Request) -> dict[str, Any]:
    """The deal or the customer that is claimed. Raises NotFound."""
    values = request.POST if request.method == "POST" else request.GET
    deal_id, account_id = _uuid(values.get("deal")), _uuid(values.get("account"))
    if deal_id:
        return {"title": services.deal_of(request.actor, deal_id)[1], "about": {"deal_id": deal_id}, "field": "deal", "value": deal_id}
    if account_id is None:
        raise NotFound(_("Open a customer or a deal, and claim it there."))
    name = (accounts.account if request.actor.is_vendor else accounts.account_for_partner)(request.actor, account_id).name
    return {"title": name, "about": {"account_id": account_id}, "field": "account", "value": account_id}


def confirm(request: Request, claim_id: UUID) -> HttpResponse:
    services.confirm_claim(actor=request.actor, claim_id=claim_id, version=version(request), at=request.at)
    return done(request, url(request, "claim", claim_id), _("Confirmed"), _("It counts from the next run on."))


def decline(request: Request, claim_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST)

    def act() -> None:
        services.decline_claim(actor=request.actor, claim_id=claim_id, reason=form.cleaned_data["reason"], version=version(request), at=request.at)

    is_done, _none = forms.attempt(form, act)
    if not is_done:
        return claim(request, claim_id, form=form, opened="decline", status=422)
    return done(request, url(request, "claim", claim_id), _("Declined"), _("The other side reads your reason."))


def withdraw(request: Request, claim_id: UUID) -> HttpResponse:
    services.withdraw_claim(actor=request.actor, claim_id=claim_id, version=version(request), at=request.at)
    return done(request, url(request, "claim", claim_id), _("Taken back"))


def dispute(request: Request, dispute_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.dispute(request.actor, dispute_id, request.at)
    return page(
        request, "attribution/dispute.html", status=status, dispute=found, form=form or forms.SettleForm(), list_url=url(request, "disputes"),
        deal_url=url(request, "deal", found.deal_id), entries=audit.timeline(request.actor, dispute_id, at=request.at), tab="disputes",
    )  # fmt: skip


def version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
