"""The page on which a case, or its appeal, is decided: the facts beside the form, and what each finding would bring."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.conflicts import queries, services
from openprm.conflicts.pages.common import attempt, version_of
from openprm.conflicts.pages.forms import DecisionForm
from openprm.conflicts.wording import FINDING, label_of
from openprm.kernel.errors import refuse_if
from openprm.kernel.http import Request, done, page


def decide(request: Request, case_id: UUID) -> HttpResponse:
    return _decision(request, case_id, is_appeal=False)


def answer_appeal(request: Request, case_id: UUID) -> HttpResponse:
    return _decision(request, case_id, is_appeal=True)


def _decision(request: Request, case_id: UUID, *, is_appeal: bool) -> HttpResponse:
    found = queries.case_for_vendor(request.actor, case_id, request.at)
    refuse_if(found.why_not_answer_appeal if is_appeal else found.why_not_decide)
    ground = queries.ground_of(request.actor, case_id, request.at)
    form = DecisionForm(request.POST if request.method == "POST" else None, clauses=ground.clauses, is_appeal=is_appeal)
    status = 200
    if request.method == "POST":
        result, status = attempt(form, lambda values: _take(request, case_id, values, is_appeal=is_appeal))
        if not status:
            title = _("The appeal is answered") if is_appeal else _("%(number)s is decided") % {"number": result.number}
            return done(request, reverse("conflicts:case", args=[case_id]), title, _("Both sides were told."))
    return page(
        request, "conflicts/vendor/decide.html", status=status, case=found, form=form, is_appeal=is_appeal, title=_title(found, is_appeal=is_appeal),
        brings=[(finding, label_of(FINDING, finding), lines) for finding, lines in ground.brings.items()], chosen=_chosen(request, ground.brings),
    )  # fmt: skip


def _take(request: Request, case_id: UUID, values: Any, *, is_appeal: bool) -> services.Decided:
    finding = values.get("finding") or ""
    wanted = request.POST.getlist(f"remedies_{finding}") if finding else None
    common = {name: values[name] for name in ("reasons", "would_change", "clause")}
    common |= {"actor": request.actor, "case_id": case_id, "finding": finding, "remedies_chosen": wanted, "version": version_of(request), "at": request.at}
    return services.answer_appeal(result=values["result"], **common) if is_appeal else services.decide(**common)


def _chosen(request: Request, brings: Any) -> set[str]:
    """The ticked remedies: all before anybody unticked one."""
    if request.method != "POST":
        return {f"{finding}:{line.clause}" for finding, lines in brings.items() for line in lines}
    return {f"{finding}:{clause}" for finding in brings for clause in request.POST.getlist(f"remedies_{finding}")}


def _title(found: Any, *, is_appeal: bool) -> str:
    said = {"number": found.row.number}
    return (_("Answer the appeal in %(number)s") if is_appeal else _("Decide %(number)s")) % said
