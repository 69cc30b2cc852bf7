"""One case in the vendor's workspace, and what is done on it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.conflicts import queries, services
from openprm.conflicts.pages import forms
from openprm.conflicts.pages.common import attempt, file_of, send, uuid_of, version_of
from openprm.conflicts.rules.draft import CaseDraft
from openprm.kernel.http import Request, done, page


def case(request: Request, case_id: UUID) -> HttpResponse:
    return detail(request, case_id, opened=request.GET.get("do", ""))


def detail(request: Request, case_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The page of a case; `held` puts forms with their problems back, `opened` shows their dialog."""
    found = queries.case_for_vendor(request.actor, case_id, request.at)
    return page(
        request, "conflicts/vendor/case.html", status=status, case=found, steps=steps_of(found), forms=_forms(found, held or {}), opened=opened,
        timeline=audit.timeline(request.actor, case_id, limit=40),
    )  # fmt: skip


def steps_of(found: Any) -> list[dict[str, Any]]:
    """Where the case is between its opening and its end."""
    words = {"open": _("Opened"), "in_review": _("Heard"), "decided": _("Decided"), "appealed": _("Appealed"), "closed": _("Closed")}
    order = ["open", "in_review", "decided", *(["appealed"] if found.appeal else []), "closed"]
    place = order.index(found.row.state)
    return [
        {"label": words[state], "state": "done" if at < place or found.row.state == "closed" else "current" if at == place else ""}
        for at, state in enumerate(order)
    ]  # fmt: skip


def _forms(found: Any, held: Mapping[str, Any]) -> dict[str, django_forms.Form]:
    return {
        "assign": forms.AssignForm(people=found.candidates, auto_id="id_assign_%s"),
        "speak": forms.StatementForm(auto_id="id_speak_%s"),
        "note": forms.NoteForm(auto_id="id_note_%s"),
        "dismiss": forms.ReasonForm(auto_id="id_dismiss_%s"),
        **held,
    }


def _act(
    request: Request, case_id: UUID, name: str, form: django_forms.Form, act: Callable[[Mapping[str, Any]], Any], title: str, text: str = ""
) -> HttpResponse:
    """Do what a form of the page asks and say so, or show the page again with the problem."""
    _result, status = attempt(form, act)
    if status:
        return detail(request, case_id, opened=name, held={name: form}, status=status)
    return done(request, reverse("conflicts:case", args=[case_id]), title, text)


def open_case(request: Request, registration_id: UUID) -> HttpResponse:
    """A case that the vendor opens about a registration."""
    return opening(request, queries.opening_form(request.actor, registration_id, request.at), portal=False)


def open_lead(request: Request, lead_id: UUID) -> HttpResponse:
    return opening(request, queries.lead_form(request.actor, lead_id), portal=False)


def open_engagement(request: Request, engagement_id: UUID) -> HttpResponse:
    return opening(request, queries.engagement_form(request.actor, engagement_id, request.at), portal=False)


def opening(request: Request, about: queries.OpeningForm, *, portal: bool) -> HttpResponse:
    """The page that opens a case, on both sides: it shows what was decided before in such cases."""
    base, page_name = ("partner", "conflicts:portal_case") if portal else ("vendor", "conflicts:case")
    data = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    only = about.types[0][0] if len(about.types) == 1 else ""
    named = {"people": about.people, "claimants": about.claimants, "others": about.others}
    form = forms.OpenForm(types=about.types, portal=portal, **named, initial={"type": request.GET.get("type", only)}, **data)
    status = 200
    if request.method == "POST":
        result, status = attempt(form, lambda values: services.open_case(actor=request.actor, draft=_draft(request, about, values), at=request.at))
        if not status:
            return done(request, reverse(page_name, args=[result.case_id]), _("%(number)s is open") % {"number": result.number}, _("Both sides are asked."))
    similar = queries.similar_of_type(request.actor, form["type"].value() or (about.types[0][0] if about.types else ""))
    return page(request, f"conflicts/{base}/open.html", status=status, about=about, form=form, similar=similar)


def _draft(request: Request, about: Any, values: Mapping[str, Any]) -> CaseDraft:
    sent = file_of(request)
    return CaseDraft(
        type=values["type"], claim=values["claim"], registration_id=about.registration_id, lead_id=about.lead_id,
        engagement_id=about.engagement_id, rep_id=uuid_of(values.get("rep_id")), partner_id=uuid_of(values.get("partner_id")),
        other_partner_id=uuid_of(values.get("other_partner_id")), files=(sent,) if sent else (),
    )  # fmt: skip


def take_up(request: Request, case_id: UUID) -> HttpResponse:
    services.take_up(actor=request.actor, case_id=case_id, version=version_of(request), at=request.at)
    return done(request, reverse("conflicts:case", args=[case_id]), _("You review this case"), _("Both sides were told."))


def assign(request: Request, case_id: UUID) -> HttpResponse:
    found = queries.case_for_vendor(request.actor, case_id, request.at)
    form = forms.AssignForm(request.POST, people=found.candidates, auto_id="id_assign_%s")

    def act(values: Mapping[str, Any]) -> Any:
        reviewer_id = uuid_of(values["reviewer_id"])
        return services.assign(actor=request.actor, case_id=case_id, reviewer_id=reviewer_id, version=version_of(request), at=request.at)

    return _act(request, case_id, "assign", form, act, _("Reviewer named"))


def speak(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.StatementForm(request.POST, request.FILES, auto_id="id_speak_%s")
    return _act(request, case_id, "speak", form, lambda values: statement(request, case_id, values), _("Statement kept"))


def statement(request: Request, case_id: UUID, values: Mapping[str, Any]) -> Any:
    """A statement with the file that belongs to it, in one step."""
    sent = file_of(request)
    if sent:
        services.add_evidence(actor=request.actor, case_id=case_id, name=sent.name, content=sent.content, at=request.at)
    return services.give_statement(actor=request.actor, case_id=case_id, text=values["text"], at=request.at)


def note(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, auto_id="id_note_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.write_note(actor=request.actor, case_id=case_id, text=values["text"], at=request.at)

    return _act(request, case_id, "note", form, act, _("Note kept"))


def dismiss(request: Request, case_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_dismiss_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.dismiss(actor=request.actor, case_id=case_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _act(request, case_id, "dismiss", form, act, _("Closed as a false alarm"), _("The figures count it."))


def file(request: Request, evidence_id: UUID) -> HttpResponse:
    return send(queries.open_evidence(request.actor, evidence_id))


def prepare(request: Request, case_id: UUID) -> HttpResponse:
    precedent_id = services.prepare(actor=request.actor, case_id=case_id, at=request.at)
    return done(request, reverse("conflicts:precedent", args=[precedent_id]), _("First draft made"), _("Read it, mend it, then publish it."))
