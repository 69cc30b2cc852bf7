"""The vendor's pages of intake: a lead by hand, web forms with their snippet, systems that send events."""

from uuid import UUID

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.leads import queries, services
from openprm.leads.intake_wording import EVENT
from openprm.leads.pages.intake_forms import NewLead, SourceEntry, WebFormEntry, attempt, version_of
from openprm.ui.cells import Badge


def new_lead(request: Request) -> HttpResponse:
    """Write a lead down, with the ground on which its person may be written to; name a partner to refer it at once."""
    form = NewLead(request.actor, request.POST or None)
    if request.method != "POST":
        return page(request, "leads/vendor/new_lead.html", form=form)
    received, status = attempt(form, lambda said: _take_in(request, form, said))
    if not received:
        return page(request, "leads/vendor/new_lead.html", form=form, status=status)
    lead_id, number, is_known = received
    if is_known:
        return done(request, reverse("leads:lead", args=[lead_id]), _("We knew this lead"), _("It joined %(number)s.") % {"number": number})
    return done(request, reverse("leads:lead", args=[lead_id]), _("Lead %(number)s is in") % {"number": number})


def _take_in(request: Request, form: NewLead, said: dict) -> tuple[UUID, str, bool]:
    draft, consent = form.draft(said, locale=request.actor.locale), form.consent(said)
    if said["target_id"]:
        made = services.refer_lead(actor=request.actor, draft=draft, consent=consent, target_id=UUID(said["target_id"]), at=request.at)
        return made.lead_id, made.number, made.is_known
    taken = services.take_in(actor=request.actor, draft=draft, consent=consent, at=request.at)
    return taken.received.lead_id, taken.received.number, taken.received.was_known


def forms(request: Request) -> HttpResponse:
    rows = queries.forms(request.actor, request.at)
    return page(request, "leads/vendor/forms.html", rows=rows, may_manage=request.actor.can("leads.manage_intake"))


def new_form(request: Request) -> HttpResponse:
    form = WebFormEntry(request.actor, request.POST or None)
    if request.method == "POST":
        form_id, status = attempt(
            form,
            lambda said: services.create_form(actor=request.actor, code=said["code"], settings=form.settings(said), content=form.content(said), at=request.at),
        )
        if form_id:
            return done(request, reverse("leads:form", args=[form_id]), _("The form stands"), _("Its address and the snippet are below."))
        return page(request, "leads/vendor/form.html", form=form, status=status)
    return page(request, "leads/vendor/form.html", form=form)


def form(request: Request, form_id: UUID) -> HttpResponse:
    """One form: what it shows, who may send it, the snippet to embed it."""
    shown = queries.form(request.actor, form_id)
    entry = WebFormEntry(request.actor, request.POST or None, shown=shown)
    status = 200
    if request.method == "POST":
        changed, status = attempt(entry, lambda said: _update(request, entry, said, form_id) or True)
        if changed:
            return done(request, reverse("leads:form", args=[form_id]), _("Saved"))
    public_url = request.build_absolute_uri(reverse("leads:lead_form", args=[shown.code]))
    snippet = render_to_string("leads/vendor/snippet.txt", {"shown": queries.public_form(shown.code) if shown.is_open else None, "url": public_url})
    return page(
        request,
        "leads/vendor/form.html",
        status=status,
        form=entry,
        shown=shown,
        public_url=public_url,
        snippet=snippet,
        may_manage=request.actor.can("leads.manage_intake"),
    )


def _update(request: Request, entry: WebFormEntry, said: dict, form_id: UUID) -> None:
    services.update_form(
        actor=request.actor,
        form_id=form_id,
        settings=entry.settings(said),
        content=entry.content(said),
        version=version_of(request.POST.get("version")),
        at=request.at,
    )


def sources(request: Request) -> HttpResponse:
    """The systems that send events, and a form for another one."""
    form, status = SourceEntry(request.POST or None), 200
    if request.method == "POST":
        source_id, status = attempt(form, lambda said: services.create_source(actor=request.actor, code=said["code"], name=said["name"], at=request.at))
        if source_id:
            return done(request, reverse("leads:source", args=[source_id]), _("The system may send now"), _("Copy its secret into it."))
    return page(
        request,
        "leads/vendor/sources.html",
        status=status or 200,
        rows=queries.sources(request.actor),
        form=form,
        may_manage=request.actor.can("leads.manage_intake"),
    )


def source(request: Request, source_id: UUID) -> HttpResponse:
    """One sending system: its address, its secret, what it sent."""
    actor = request.actor
    if request.method == "POST":
        return _change_source(request, source_id)
    found = queries.source(actor, source_id)
    may_manage = actor.can("leads.manage_intake")
    return page(
        request,
        "leads/vendor/source.html",
        source=found,
        events=[(event, Badge(*EVENT[event.outcome])) for event in found.recent],
        secret=services.secret_for(actor=actor, source_id=source_id) if may_manage else "",
        address=request.build_absolute_uri(reverse("leads:receive_event", args=[found.code])),
        may_manage=may_manage,
    )


def _change_source(request: Request, source_id: UUID) -> HttpResponse:
    version, back = version_of(request.POST.get("version")), reverse("leads:source", args=[source_id])
    if request.POST.get("action") == "rotate":
        services.rotate_secret(actor=request.actor, source_id=source_id, version=version, at=request.at)
        return done(request, back, _("A new secret is made"), _("The old one works for one more day."))
    is_active = request.POST.get("action") == "start"
    services.switch_source(actor=request.actor, source_id=source_id, is_active=is_active, version=version, at=request.at)
    return done(request, back, _("The system may send again") if is_active else _("The system may not send any more"))
