"""The partner's pages of leads: its inbox, one lead, and the answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.deals import queries as deals
from openprm.deals.rules.draft import LineDraft, RegistrationDraft
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, minor_units, parse_amount
from openprm.leads import queries, services
from openprm.leads.pages import forms, lists
from openprm.leads.pages.intake_forms import attempt, version_of
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Empty
from openprm.ui.panels import panels_of

ENTRIES = 50


def list_leads(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.PARTNER_SIDE)
    if state.export:
        return exports.respond(request, state, lists.all_offers(request.actor, state, request.at), name="leads")
    empty = Empty(title=_("No leads for you now"), text=_("When a customer near you asks for what you do, the lead comes here."))
    found = lists.offers(request.actor, state, request.at)
    can = request.actor.can
    return ui_lists.render(
        request, "leads/partner/leads.html", state, found, empty=empty, title=_("Leads"), may_refer=can("leads.refer"), may_configure=can("leads.configure")
    )


def lead(request: Request, lead_id: UUID) -> HttpResponse:
    return _detail(request, lead_id, opened=request.GET.get("do", ""))


def _detail(request: Request, lead_id: UUID, *, opened: str = "", held: Mapping[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    found = queries.lead_for_partner(actor, lead_id, request.at)
    thread = queries.lead_thread(actor, lead_id)
    return page(
        request,
        "leads/partner/lead.html",
        status=status,
        lead=found,
        timeline=audit.timeline(actor, lead_id, limit=ENTRIES),
        thread=thread,
        dialogs=_dialogs(request, found) | {"note": forms.NoteForm(thread=thread, auto_id="id_note_%s")} | dict(held or {}),
        panels=panels_of(actor, target="lead", workspace="partner", object_id=lead_id, at=request.at),
        opened=opened,
    )


def _dialogs(request: Request, found: queries.PartnerLead) -> dict[str, Any]:
    fresh: dict[str, Any] = {
        "decline": forms.DeclineForm(auto_id="id_decline_%s"),
        "lost": forms.LostForm(auto_id="id_lost_%s"),
        "won": forms.WonForm(auto_id="id_won_%s"),
    }
    if found.can_convert:
        draft = services.draft_of(actor=request.actor, lead_id=found.id, at=request.at)
        fresh["convert"] = forms.ConvertForm(products=_products(request), initial=_initial(request, draft, found.amount), auto_id="id_convert_%s")
    return fresh


def _products(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((str(one.id), f"{one.line}: {one.name}") for one in deals.products(request.actor) if one.is_active)


def _initial(request: Request, draft: RegistrationDraft, value: Money | None) -> dict[str, Any]:
    places = minor_units(draft.currency)
    amount = format_decimal(value.minor / 10**places, locale=request.actor.locale) if value else ""
    return {
        "title": draft.title,
        "product_id": draft.lines[0].product_id if draft.lines else None,
        "amount": amount,
        "expected_close_date": draft.expected_close_date,
    }


def _acted(request: Request, lead_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "", url: str = "") -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    _result, status = attempt(form, act)
    if status:
        return _detail(request, lead_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, url or reverse("leads:portal_lead", args=[lead_id]), title, text)


def _common(request: Request, lead_id: UUID) -> dict[str, Any]:
    return {"actor": request.actor, "lead_id": lead_id, "version": version_of(request.POST.get("version")), "at": request.at}


def open_lead(request: Request, lead_id: UUID) -> HttpResponse:
    services.open_lead(actor=request.actor, lead_id=lead_id, at=request.at)
    return done(request, reverse("leads:portal_lead", args=[lead_id]), _("Lead opened"), _("The time to answer runs from now."))


def accept(request: Request, lead_id: UUID) -> HttpResponse:
    services.accept_lead(**_common(request, lead_id))
    return done(request, reverse("leads:portal_lead", args=[lead_id]), _("The lead is yours"), _("Call the customer, then register the deal."))


def decline(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.DeclineForm(request.POST, auto_id="id_decline_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.decline_lead(**_common(request, lead_id), **said)

    return _acted(request, lead_id, "decline", form, act, _("Lead declined"), _("You will not be asked about it again."), url=reverse("leads:portal_leads"))


def convert(request: Request, lead_id: UUID) -> HttpResponse:
    found = services.draft_of(actor=request.actor, lead_id=lead_id, at=request.at)
    form = forms.ConvertForm(request.POST, products=_products(request), auto_id="id_convert_%s")

    def act(said: Mapping[str, Any]) -> Any:
        amount = parse_amount(said["amount"], found.currency, request.actor.locale)
        line = LineDraft(product_id=said["product_id"], quantity=1, amount_minor=amount.minor)
        values = {name: said[name] for name in ("title", "expected_close_date", "next_step")}
        return services.convert_lead(**_common(request, lead_id), draft=replace(found, **values, lines=(line,)))

    return _acted(request, lead_id, "convert", form, act, _("Deal registered"), _("The lead follows its outcome from now on."))


def lost(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.LostForm(request.POST, auto_id="id_lost_%s")
    return _acted(request, lead_id, "lost", form, lambda said: services.close_lost(**_common(request, lead_id), **said), _("Lead closed"))


def won(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.WonForm(request.POST, auto_id="id_won_%s")
    return _acted(request, lead_id, "won", form, lambda said: services.close_won(**_common(request, lead_id), **said), _("Lead closed as won"))


def note(request: Request, lead_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, thread=queries.lead_thread(request.actor, lead_id), auto_id="id_note_%s")

    def act(said: Mapping[str, Any]) -> Any:
        return services.add_note(actor=request.actor, lead_id=lead_id, at=request.at, **said)

    return _acted(request, lead_id, "note", form, act, _("Note sent"), url=reverse("leads:portal_lead", args=[lead_id]) + "#notes")
