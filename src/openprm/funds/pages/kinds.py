"""The catalogue of pre-approved activities, for both sides, with the simulated claim."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries as deals
from openprm.funds.pages import proof_forms as forms
from openprm.funds.pages.proof_common import amount_of, attempt, funds_to_ask, version_of
from openprm.funds.queries import catalogue as queries
from openprm.funds.queries.judging import Answer, answer, simulate_kind, terms_shown
from openprm.funds.services import catalogue as services
from openprm.kernel.errors import Refusal
from openprm.kernel.http import Request, done, page
from openprm.ui import exports
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Column


def _proofs_in_words(row: Any) -> str:
    return "; ".join(f"{proof.name} ({proof.words})" for proof in row.proofs)


KINDS = (
    Column("name", gettext_lazy("Kind of activity")),
    Column("about", gettext_lazy("What it is")),
    Column("share", gettext_lazy("Share paid, per cent"), value=lambda row: f"{row.max_percent:f}"),
    Column("cap", gettext_lazy("At most"), "money", value=lambda row: row.cap),
    Column("days", gettext_lazy("Days to claim"), value=lambda row: row.claim_within_days),
    Column("proofs", gettext_lazy("Proofs"), value=_proofs_in_words),
    Column("open_to", gettext_lazy("Only for"), value=lambda row: "; ".join(row.open_to)),
    Column("state", gettext_lazy("State"), value=lambda row: _("Open") if row.is_active else _("Off")),
)


def kinds(request: Request) -> HttpResponse:
    """Every kind of activity, with what it pays and which proofs it wants."""
    if request.GET.get("export") == "csv":
        return exports.csv_response("fund-catalogue", KINDS, queries.kinds(request.actor, request.at))
    return page(request, "funds/vendor/kinds.html", rows=queries.kinds(request.actor, request.at), may_change=request.actor.can("funds.configure"), tab="kinds")


def portal_kinds(request: Request) -> HttpResponse:
    rows = queries.kinds(request.actor, request.at, active_only=True)
    if request.GET.get("export") == "csv":
        return exports.csv_response("fund-catalogue", KINDS, rows)
    return page(request, "funds/partner/kinds.html", rows=[one for one in rows if not one.why_not], closed=[one for one in rows if one.why_not], tab="kinds")


def new_kind(request: Request) -> HttpResponse:
    return _edit(request, None)


def edit_kind(request: Request, kind_id: UUID) -> HttpResponse:
    return _edit(request, queries.kind(request.actor, kind_id, request.at))


def _edit(request: Request, chosen: Any) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    start = forms.kind_initial(chosen) if chosen else {"claim_within_days": 60, "max_percent": 50, "currency": deals.base_currency()}
    form = forms.KindForm(sent, initial=start, actor=request.actor)
    proofs = forms.ProofForms(sent, initial=[_proof_initial(one) for one in chosen.proofs] if chosen else [], prefix="proofs")
    status = 200
    if sent is not None:
        kind_id, status = attempt(form, lambda values: _save(request, chosen, values, proofs)) if proofs.is_valid() else (None, 422)
        if not status:
            return done(
                request, reverse("funds:kind", args=[kind_id]), _("Kind of activity saved"), _("Requests that were sent keep the terms they were sent with.")
            )
    return page(request, "funds/vendor/kind_form.html", status=status, form=form, proofs=proofs, chosen=chosen, tab="kinds")


def _proof_initial(proof: Any) -> dict[str, Any]:
    return {name: getattr(proof, name) for name in ("name", "about", "formats", "minimum", "max_age_days", "dated_within")}


def _save(request: Request, chosen: Any, values: Mapping[str, Any], proofs: Any) -> UUID:
    given = {**values, "cap": amount_of(request, values, "cap") if values["cap"] else None, "proofs": forms.proofs_of(proofs)}
    version = version_of(request) if chosen else None
    return services.save_kind(actor=request.actor, values=given, kind_id=chosen.id if chosen else None, version=version, at=request.at)


def switch_kind(request: Request, kind_id: UUID) -> HttpResponse:
    on = request.POST.get("on") == "1"
    services.switch_kind(actor=request.actor, kind_id=kind_id, is_active=on, at=request.at)
    return done(request, reverse("funds:kinds"), _("Back in the catalogue") if on else _("Taken out of the catalogue"))


def kind(request: Request, kind_id: UUID) -> HttpResponse:
    """One kind: its terms and proofs, and what a claim would give. Nothing that is entered or uploaded here is kept."""
    return _simulated(request, kind_id, "funds/vendor/kind.html")


def portal_kind(request: Request, kind_id: UUID) -> HttpResponse:
    return _simulated(request, kind_id, "funds/partner/kind.html")


def _simulated(request: Request, kind_id: UUID, template: str) -> HttpResponse:
    found = queries.kind(request.actor, kind_id, request.at)
    sent = request.method == "POST"
    funds = funds_to_ask(request) if request.actor.is_partner else ()
    form = forms.SimulationForm(
        request.POST if sent else None, request.FILES if sent else None, proofs=found.proofs, funds=funds,
        initial=_example(request, found) | ({"allocation_id": funds[0][0]} if funds else {}),
    )  # fmt: skip
    result, status = _simulate(request, found, form) if sent else (None, 200)
    may = request.actor.can("funds.configure")
    return page(request, template, status=status, kind=found, form=form, answer=result, may_change=may, tab="kinds")


def _example(request: Request, found: Any) -> dict[str, Any]:
    first = request.at.date() + timedelta(days=30)
    last = first + timedelta(days=2)
    return {"currency": found.cap.currency if found.cap else deals.base_currency(), "starts_on": first, "ends_on": last, "on": last + timedelta(days=14)}


def _simulate(request: Request, found: Any, form: forms.SimulationForm) -> tuple[Answer | None, int]:
    if not form.is_valid():
        return None, 422
    values = form.cleaned_data
    try:
        spent = amount_of(request, values, "spent")
        days = {name: values[name] for name in ("on", "starts_on", "ends_on")}
        fund_id = values.get("allocation_id")
        judged = simulate_kind(request.actor, found.id, spent=spent, papers=form.papers(request.FILES), allocation_id=fund_id, **days)
        return answer(judged, terms_shown(request.actor, found.id, fund_id), request.actor.locale), 200
    except Refusal as refusal:
        add_problems(form, refusal)
        return None, refusal.status
