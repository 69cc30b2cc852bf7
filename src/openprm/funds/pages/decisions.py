"""The vendor's pages of requests and claims: the queues, the details with their levels, the answers, the settlement."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.funds import queries, services
from openprm.funds.pages import forms, lists
from openprm.funds.pages.proof_common import attempt, version_of
from openprm.funds.queries import VendorClaim, VendorRequest
from openprm.funds.services import Changed, Part
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import parse_amount
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Empty

ENTRIES = 50


def list_requests(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.VENDOR_REQUESTS)
    if state.export:
        rows = queries.export_requests(request.actor, lists.filters_of(state), request.at)
        return exports.respond(request, state, lists.every(rows, "funds:request"), name="fund-requests")
    empty = Empty(title=_("No request yet"), text=_("When a partner asks for money out of its fund, the request waits here."))
    found = lists.requests(request.actor, state, request.at, "funds:request")
    return ui_lists.render(request, "funds/vendor/list.html", state, found, empty=empty, title=_("Fund requests"), tab="requests")


def list_claims(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.VENDOR_CLAIMS)
    if state.export:
        rows = queries.export_claims(request.actor, lists.filters_of(state), request.at)
        return exports.respond(request, state, lists.every(rows, "funds:claim"), name="fund-claims")
    empty = Empty(title=_("No claim yet"), text=_("When a partner has spent the money, its claim with the proofs waits here."))
    found = lists.claims(request.actor, state, request.at, "funds:claim")
    return ui_lists.render(request, "funds/vendor/list.html", state, found, empty=empty, title=_("Fund claims"), tab="claims")


def request_page(request: Request, request_id: UUID) -> HttpResponse:
    return _request(request, request_id, opened=request.GET.get("do", ""))


def _request(request: Request, request_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.request_for_vendor(request.actor, request_id, request.at)
    fresh = {
        "approve": _approve_form(found), "reject": forms.RefuseForm(auto_id="id_reject_%s"), "decline": forms.RefuseForm(auto_id="id_decline_%s"),
        "release": forms.ReasonForm(auto_id="id_release_%s"),
    }  # fmt: skip
    return page(
        request, "funds/vendor/request.html", status=status, request_row=found, dialogs=fresh | dict(held or {}), opened=opened,
        timeline=audit.timeline(request.actor, request_id, limit=ENTRIES),
    )  # fmt: skip


def _approve_form(found: VendorRequest, data: Any = None) -> forms.ApproveRequestForm:
    form = forms.ApproveRequestForm(data, activities=found.activities if found.is_last_step else (), auto_id="id_approve_%s")
    for one in found.activities:
        if field := form.fields.get(f"amount_{one.id}"):
            field.initial, field.help_text = f"{one.asked.major:f}", _("0 approves nothing for it.")
    return form


def approve_request(request: Request, request_id: UUID) -> HttpResponse:
    found = queries.request_for_vendor(request.actor, request_id, request.at)
    form = _approve_form(found, request.POST)

    def act(said: Mapping[str, Any]) -> Changed:
        amounts = {
            one.id: parse_amount(said[f"amount_{one.id}"], one.asked.currency, request.actor.locale, field=f"amount_{one.id}").minor
            for one in found.activities
            if said.get(f"amount_{one.id}")
        }
        changed = {pk: minor for pk, minor in amounts.items() if minor != next(one for one in found.activities if one.id == pk).asked.minor}
        return services.approve_request(
            actor=request.actor, request_id=request_id, amounts=changed, note=said["note"], version=version_of(request), at=request.at
        )

    return _decided(request, request_id, "approve", form, act, _("Approved"))


def _decided(request: Request, request_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "") -> HttpResponse:
    made, status = attempt(form, act)
    if status:
        return _request(request, request_id, opened=dialog, held={dialog: form}, status=status)
    if isinstance(made, Changed) and not made.final:
        text = _("The next level decides now.")
    return done(request, reverse("funds:request", args=[request_id]), title, text)


def reject_request(request: Request, request_id: UUID) -> HttpResponse:
    form = forms.RefuseForm(request.POST, auto_id="id_reject_%s")
    return _decided(request, request_id, "reject", form, _refusal(request, request_id, services.reject_request), _("Rejected"), _("It can be sent again."))


def decline_request(request: Request, request_id: UUID) -> HttpResponse:
    form = forms.RefuseForm(request.POST, auto_id="id_decline_%s")
    return _decided(request, request_id, "decline", form, _refusal(request, request_id, services.decline_request), _("Declined"), _("That is final."))


def _refusal(request: Request, row_id: UUID, service: Any, name: str = "request_id") -> Any:
    def act(said: Mapping[str, Any]) -> Any:
        return service(actor=request.actor, reason=said["reason"], version=version_of(request), at=request.at, **{name: row_id})

    return act


def release(request: Request, activity_id: UUID) -> HttpResponse:
    """Give back what an approved activity will not claim; both sides may."""
    form = forms.ReasonForm(request.POST, auto_id="id_release_%s")
    if not form.is_valid():
        raise Invalid(_("Say why the money goes back."), field="reason")
    made = services.release(actor=request.actor, activity_id=activity_id, reason=form.cleaned_data["reason"], at=request.at)
    url = reverse("funds:portal_request" if request.actor.is_partner else "funds:request", args=[made.id])
    return done(request, url, _("Given back"), _("The money is free for other things."))


def claim_page(request: Request, claim_id: UUID) -> HttpResponse:
    return _claim(request, claim_id, opened=request.GET.get("do", ""))


def _claim(request: Request, claim_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = queries.claim_for_vendor(request.actor, claim_id, request.at)
    due = [one for one in found.instalments if one.state == "due"]
    fresh: dict[str, Any] = {
        "approve": forms.ApproveClaimForm(is_last=found.is_last_step, auto_id="id_approve_%s"), "reject": forms.RefuseForm(auto_id="id_reject_%s"),
        "decline": forms.RefuseForm(auto_id="id_decline_%s"),
    }  # fmt: skip
    if due and found.may_settle:
        fresh |= {
            "split": forms.InstalmentsForm(initial=_parts(due), auto_id="id_split_%s"),
            "pay": forms.PaymentForm(initial={"settlement_id": due[0].id, "paid_on": request.at.date()}, auto_id="id_pay_%s"),
        }
    return page(
        request, "funds/vendor/claim.html", status=status, claim=found, dialogs=fresh | dict(held or {}), opened=opened, due=due,
        timeline=audit.timeline(request.actor, claim_id, limit=ENTRIES),
    )  # fmt: skip


def _parts(due: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, one in enumerate(due[:4], start=1):
        found |= {f"amount_{number}": f"{one.owed.major:f}", f"day_{number}": one.payable_from}
    return found


def approve_claim(request: Request, claim_id: UUID) -> HttpResponse:
    found: VendorClaim = queries.claim_for_vendor(request.actor, claim_id, request.at)
    form = forms.ApproveClaimForm(request.POST, is_last=found.is_last_step, auto_id="id_approve_%s")

    def act(said: Mapping[str, Any]) -> Changed:
        amount = parse_amount(said["amount"], found.worth.currency, request.actor.locale).minor if said.get("amount") else None
        common = {"actor": request.actor, "claim_id": claim_id, "version": version_of(request), "at": request.at}
        return services.approve_claim(**common, amount_minor=amount, note=said["note"])

    return _claim_decided(request, claim_id, "approve", form, act, _("Approved"), _("It is owed to the partner."))


def _claim_decided(request: Request, claim_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "") -> HttpResponse:
    made, status = attempt(form, act)
    if status:
        return _claim(request, claim_id, opened=dialog, held={dialog: form}, status=status)
    if isinstance(made, Changed) and not made.final:
        text = _("The next level decides now.")
    return done(request, reverse("funds:claim", args=[claim_id]), title, text)


def reject_claim(request: Request, claim_id: UUID) -> HttpResponse:
    form = forms.RefuseForm(request.POST, auto_id="id_reject_%s")
    act = _refusal(request, claim_id, services.reject_claim, "claim_id")
    return _claim_decided(request, claim_id, "reject", form, act, _("Rejected"), _("It can be sent again."))


def decline_claim(request: Request, claim_id: UUID) -> HttpResponse:
    form = forms.RefuseForm(request.POST, auto_id="id_decline_%s")
    act = _refusal(request, claim_id, services.decline_claim, "claim_id")
    return _claim_decided(request, claim_id, "decline", form, act, _("Declined"), _("That is final."))


def split(request: Request, claim_id: UUID) -> HttpResponse:
    form = forms.InstalmentsForm(request.POST, auto_id="id_split_%s")
    currency = queries.claim_for_vendor(request.actor, claim_id, request.at).worth.currency

    def act(said: Mapping[str, Any]) -> Changed:
        parts = [_part(request, said, number, currency) for number in range(1, 5) if said.get(f"amount_{number}")]
        return services.schedule_instalments(actor=request.actor, claim_id=claim_id, parts=parts, version=version_of(request), at=request.at)

    return _claim_decided(request, claim_id, "split", form, act, _("Instalments set"))


def _part(request: Request, said: Mapping[str, Any], number: int, currency: str) -> Part:
    day: date | None = said.get(f"day_{number}")
    if day is None:
        raise Invalid(_("Say from which day it is payable."), field=f"day_{number}")
    return Part(amount_minor=parse_amount(said[f"amount_{number}"], currency, request.actor.locale, field=f"amount_{number}").minor, payable_from=day)


def pay(request: Request, claim_id: UUID) -> HttpResponse:
    form = forms.PaymentForm(request.POST, auto_id="id_pay_%s")

    def act(said: Mapping[str, Any]) -> Changed:
        found = queries.claim_for_vendor(request.actor, claim_id, request.at)
        if said["settlement_id"] not in {one.id for one in found.instalments}:
            raise Invalid(_("This claim has no such instalment."), field="settlement_id")
        return services.record_payment(actor=request.actor, at=request.at, **said)

    return _claim_decided(request, claim_id, "pay", form, act, _("Payment written down"))
