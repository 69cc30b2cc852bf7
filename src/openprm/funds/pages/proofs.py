"""The proofs of one activity: uploaded as drafts, judged at once by the rule that judges the claim."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.funds.pages import proof_forms as forms
from openprm.funds.pages.proof_common import amount_of, attempt, read_upload, send
from openprm.funds.queries import judging as queries
from openprm.funds.services import proofs as services
from openprm.kernel.errors import Refusal
from openprm.kernel.http import Request, done, page
from openprm.ui.fields import add_problems


def activity_proofs(request: Request, activity_id: UUID) -> HttpResponse:
    """For the vendor: what was promised, what is uploaded, and what counts."""
    return page(request, "funds/vendor/proofs.html", found=queries.activity_proofs(request.actor, activity_id, request.at))


def portal_activity_proofs(request: Request, activity_id: UUID) -> HttpResponse:
    """What is asked for and what is uploaded; a POST simulates the claim with another amount and files that are not kept."""
    found = queries.activity_proofs(request.actor, activity_id, request.at)
    simulates = request.method == "POST" and request.POST.get("do") == "simulate"
    form = forms.SimulationForm(
        request.POST if simulates else None, request.FILES if simulates else None, proofs=found.proofs, fixed=True,
        initial={"spent": f"{found.planned.major:f}", "currency": found.planned.currency, "on": max(request.at.date(), found.ends_on)},
    )  # fmt: skip
    answer, status = _simulated(request, found, form) if simulates else (found.answer, 200)
    return _shown(request, found, status, form=form, answer=answer)


def _simulated(request: Request, found: Any, form: forms.SimulationForm) -> tuple[Any, int]:
    if not form.is_valid():
        return found.answer, 422
    try:
        spent = amount_of(request, form.cleaned_data, "spent")
        judged = queries.simulate_activity(request.actor, found.id, spent=spent, on=form.cleaned_data["on"], papers=form.papers(request.FILES))
        return queries.answer(judged, found.terms, request.actor.locale), 200
    except Refusal as refusal:
        add_problems(form, refusal)
        return found.answer, refusal.status


def _shown(request: Request, found: Any, status: int = 200, **values: Any) -> HttpResponse:
    values.setdefault("upload", forms.UploadForm(proofs=found.proofs) if found.may_hand_in and found.proofs else None)
    values.setdefault("answer", found.answer)
    return page(request, "funds/partner/proofs.html", status=status, found=found, **values)


def add_proof(request: Request, activity_id: UUID) -> HttpResponse:
    found = queries.activity_proofs(request.actor, activity_id, request.at)
    form = forms.UploadForm(request.POST, request.FILES, proofs=found.proofs)
    _result, status = attempt(form, lambda values: _add(request, activity_id, values))
    if status:
        initial = {"spent": f"{found.planned.major:f}", "currency": found.planned.currency, "on": max(request.at.date(), found.ends_on)}
        return _shown(request, found, status, upload=form, form=forms.SimulationForm(proofs=found.proofs, fixed=True, initial=initial))
    return done(request, reverse("funds:portal_activity_proofs", args=[activity_id]), _("File kept"), _("It is judged below, as the claim will be."))


def _add(request: Request, activity_id: UUID, values: Any) -> UUID:
    name, content = read_upload(request.FILES.get("file"))
    return services.add_proof(
        actor=request.actor, activity_id=activity_id, rule=values["rule"], name=name, content=content, dated_on=values["dated_on"], at=request.at
    )  # fmt: skip


def remove_proof(request: Request, proof_id: UUID) -> HttpResponse:
    activity_id = queries.proof_file(request.actor, proof_id).activity_id
    services.remove_proof(actor=request.actor, proof_id=proof_id, at=request.at)
    return done(request, reverse("funds:portal_activity_proofs", args=[activity_id]), _("File removed"))


def proof(request: Request, proof_id: UUID) -> HttpResponse:
    """A stored file as a download, for either side."""
    return send(queries.proof_file(request.actor, proof_id))
