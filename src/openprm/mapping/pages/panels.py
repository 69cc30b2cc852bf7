"""What this room shows beside a partner, a customer, a deal and a lead; and bringing a partner in from there."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done
from openprm.mapping import ports, queries, services, wording
from openprm.mapping.pages.common import uuid_or_none

TARGETS = ("registration", "lead")


def on_partner(actor: Actor, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """Where both sides stand; nothing for who looks in somebody's place."""
    if actor.viewing_as:
        return None
    return {"connection": queries.connection(actor, partner_id), "url": reverse("mapping:overview", args=[partner_id])}


def on_account(actor: Actor, account_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The partners that know this company; nothing when there are none."""
    domain = accounts.account(actor, account_id).domain
    return _partners(actor, queries.partners_at(actor, account_id, at, domain), at)


def _partners(actor: Actor, found: tuple[queries.PartnerAt, ...], at: datetime, **more: Any) -> dict[str, Any] | None:
    if not found:
        return None
    services.note_panel(actor=actor, population_ids=queries.in_lists(found), at=at)
    rows = [{"one": one, "url": reverse("mapping:overview", args=[one.partner_id]), "grade": wording.GRADE[one.grade]} for one in found]
    return {"partners": rows} | more


def on_registration(actor: Actor, registration_id: UUID, at: datetime) -> dict[str, Any] | None:
    return _on_subject(actor, "registration", registration_id, at)


def on_lead(actor: Actor, lead_id: UUID, at: datetime) -> dict[str, Any] | None:
    return _on_subject(actor, "lead", lead_id, at)


def _on_subject(actor: Actor, target: str, object_id: UUID, at: datetime) -> dict[str, Any] | None:
    """The partners that know the company of a deal or lead, with the way to bring one in; for a partner, the vendor's lists that hold it."""
    if actor.viewing_as:
        return None
    try:
        about = ports.subject(actor, target, object_id, at)
    except NotFound:
        return None
    return _for_vendor(actor, target, about, at) if actor.is_vendor else _for_partner(actor, about, at)


def _for_vendor(actor: Actor, target: str, about: ports.Subject, at: datetime) -> dict[str, Any] | None:
    key = about.account_id or about.id
    found = tuple(one for one in queries.partners_at(actor, key, at, about.domain) if one.partner_id != about.partner_id)
    attaching = ports.attaching()
    may_attach = attaching is not None and attaching.why_not(actor, target) is None
    url = reverse("mapping:attach", args=[target, about.id]) if may_attach else ""
    return _partners(actor, found, at, attach_url=url)


def _for_partner(actor: Actor, about: ports.Subject, at: datetime) -> dict[str, Any] | None:
    found = queries.known_as(actor, about.account_id, about.id, about.domain, at)
    if found is None:
        return None
    services.note_panel(actor=actor, population_ids=found.lists, at=at)
    return {"known": found, "kinds": [wording.KIND[kind] for kind in found.kinds], "url": reverse("mapping:portal_overview")}


def attach(request: Request, target: str, object_id: UUID) -> HttpResponse:
    """Bring a partner that knows the company into a deal or lead: an invitation to sell it together."""
    partner_id = uuid_or_none(request.POST.get("partner", ""))
    if target not in TARGETS or partner_id is None:
        raise NotFound()
    url = services.bring_in(actor=request.actor, target=target, object_id=object_id, partner_id=partner_id, at=request.at)
    return done(request, url, _("The partner is invited"), _("It sees the deal when it accepts."))
