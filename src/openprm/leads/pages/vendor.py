"""The vendor's pages of leads: the list, one lead with everything behind it, and what a person decides."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.kernel.http import Request, done, page
from openprm.leads import queries, services
from openprm.leads.pages import forms, lists
from openprm.leads.pages.intake_forms import attempt, version_of
from openprm.partners import queries as partners
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Empty
from openprm.ui.panels import panels_of

ENTRIES = 50


def list_leads(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.VENDOR)
    if state.export:
        return exports.respond(request, state, lists.all_leads(request.actor, state, request.at), name="leads")
    may_create = request.actor.can("leads.create")
    new = {"action": _("New lead"), "url": reverse("leads:new_lead")} if may_create else {}
    empty = Empty(title=_("No leads yet"), text=_("They come from your forms, your CRM, files, the API, and from partners."), **new)
    found = lists.leads(request.actor, state, request.at)
    return ui_lists.render(request, "leads/vendor/leads.html", state, found, empty=empty, title=_("Leads"), may_create=may_create)


def lead(request: Request, lead_id: UUID) -> HttpResponse:
    return _detail(request, lead_id, opened=request.GET.get("do", ""))


def _detail(request: Request, lead_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    found = queries.lead_for_vendor(actor, lead_id, request.at)
    thread = queries.lead_thread(actor, lead_id)
    return page(
        request,
        "leads/vendor/lead.html",
        status=status,
        lead=found,
        arrivals=queries.arrivals(actor, lead_id),
        timeline=audit.timeline(actor, lead_id, limit=ENTRIES),
        thread=thread,
        dialogs=_dialogs(actor, found) | {"note": forms.NoteForm(thread=thread, auto_id="id_note_%s")} | dict(held or {}),
        opened=opened,
        panels=panels_of(actor, target="lead", workspace="vendor", object_id=lead_id, at=request.at),
        may_erase=actor.can("leads.route") and not found.erased_at,
    )


def _dialogs(actor: Any, found: queries.VendorLead) -> dict[str, Any]:
    choices = partners.partner_choices(actor) if not found.why_not_route else ()
    return {
        "assign": forms.AssignForm(partners=choices, auto_id="id_assign_%s"),
        "route": forms.ReasonForm(auto_id="id_route_%s"),
        "nurture": forms.ReasonForm(auto_id="id_nurture_%s"),
        "lost": forms.LostForm(auto_id="id_lost_%s"),
        "erase": forms.ReasonForm(auto_id="id_erase_%s"),
    }


def _acted(request: Request, lead_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "", place: str = "") -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    _result, status = attempt(form, act)
    if status:
        return _detail(request, lead_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, reverse("leads:lead", args=[lead_id]) + place, title, text)


def _common(request: Request, lead_id: UUID) -> dict[str, Any]:
    return {"actor": request.actor, "lead_id": lead_id, "version": version_of(request.POST.get("version")), "at": request.at}


def assign(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.AssignForm(request.POST, partners=partners.partner_choices(request.actor), auto_id="id_assign_%s")
    return _acted(
        request, lead_id, "assign", form, lambda said: services.assign_lead(**_common(request, lead_id), **said), _("Lead offered"), _("The partner was told.")
    )


def route(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_route_%s")
    return _acted(request, lead_id, "route", form, lambda said: services.route_again(**_common(request, lead_id), **said), _("Lead routed again"))


def nurture(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_nurture_%s")
    return _acted(request, lead_id, "nurture", form, lambda said: services.nurture_lead(**_common(request, lead_id), **said), _("Lead kept for later"))


def lost(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.LostForm(request.POST, auto_id="id_lost_%s")
    return _acted(request, lead_id, "lost", form, lambda said: services.close_lost(**_common(request, lead_id), **said), _("Lead closed"))


def erase(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST, auto_id="id_erase_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.erase_lead(actor=request.actor, lead_id=lead_id, reason=said["reason"], at=request.at)

    return _acted(request, lead_id, "erase", form, act, _("Person erased"), _("The figures stay, the person is gone."))


def note(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, thread=queries.lead_thread(request.actor, lead_id), auto_id="id_note_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.add_note(actor=request.actor, lead_id=lead_id, at=request.at, **said)

    return _acted(request, lead_id, "note", form, act, _("Note added"), place="#notes")


def route_new(request: Request) -> HttpResponse:
    """Route everything that waits unrouted since it came in."""
    made = services.route_leads(actor=request.actor, at=request.at)
    text = _("%(offered)d found a partner, %(unrouted)d did not.") % {"offered": made.offered, "unrouted": made.unrouted}
    return done(request, reverse("leads:leads"), _("Leads routed"), text)
