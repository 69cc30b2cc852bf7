"""Agreements in the portal: what waits, what is signed, reading, signing and declining."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements import queries, services
from openprm.agreements.pages.common import attempt, origin_of, send, shown
from openprm.agreements.pages.forms import DeclineForm, SignatoryForm, SignForm
from openprm.agreements.wording import KIND_ICON, blocks_in_words, status_badge
from openprm.kernel.http import Request, done, page

ADDRESSES = {"list_url": "agreements:portal_agreements", "version_url": "agreements:portal_version", "text_url": "agreements:portal_text"}


def agreements(request: Request) -> HttpResponse:
    """The shelf: what waits for a signature, what is signed, what may be read, who signs."""
    return _shelf(request)


def acceptance(request: Request, acceptance_id: UUID) -> HttpResponse:
    """One version to read and sign, beside what was signed before."""
    return _page(request, acceptance_id)


def sign(request: Request, acceptance_id: UUID) -> HttpResponse:
    form = SignForm(request.POST)
    event_id, status = attempt(form, lambda values: _accept(request, acceptance_id, values))
    if not event_id:
        return _page(request, acceptance_id, form=form, status=status)
    text = _("The certificate is ready to download.")
    return done(request, reverse("agreements:portal_acceptance", args=[acceptance_id]), _("Signed, thank you"), text)


def decline(request: Request, acceptance_id: UUID) -> HttpResponse:
    form = DeclineForm(request.POST)
    _nothing, status = attempt(form, lambda values: services.decline(actor=request.actor, acceptance_id=acceptance_id, at=request.at, **values))
    if status:
        return _page(request, acceptance_id, decline_form=form, status=status)
    return done(request, reverse("agreements:portal_acceptance", args=[acceptance_id]), _("Declined"), _("We have your reason and come back to you."))


def version(request: Request, version_id: UUID) -> HttpResponse:
    found = queries.version(request.actor, version_id, request.at)
    return page(request, "agreements/version.html", **shown(found), may_withdraw=False, **ADDRESSES)


def text(request: Request, version_id: UUID) -> HttpResponse:
    return send(queries.text_file(request.actor, version_id))


def certificate(request: Request, acceptance_id: UUID) -> HttpResponse:
    return send(queries.certificate(request.actor, acceptance_id))


def signature(request: Request, acceptance_id: UUID) -> HttpResponse:
    return send(queries.signature_file(request.actor, acceptance_id))


def name_signatory(request: Request) -> HttpResponse:
    form = SignatoryForm(request.POST, people=queries.nameable(request.actor))
    row, status = attempt(form, lambda values: services.name_signatory(actor=request.actor, user_id=values["user_id"], at=request.at))
    return done(request, reverse("agreements:portal_agreements"), _("Signatory named")) if row else _shelf(request, form, status)


def remove_signatory(request: Request, signatory_id: UUID) -> HttpResponse:
    services.remove_signatory(actor=request.actor, signatory_id=signatory_id, at=request.at)
    return done(request, reverse("agreements:portal_agreements"), _("Signatory removed"), _("What was signed stays."))


def _accept(request: Request, acceptance_id: UUID, values: dict[str, Any]) -> UUID:
    return services.accept(
        actor=request.actor,
        acceptance_id=acceptance_id,
        sha256=values["sha256"],
        pen=services.Pen(name=values["name"], title=values["title"], drawn=values["drawn"]),
        is_confirmed=values["confirm"],
        origin=origin_of(request),
        at=request.at,
    )


def _shelf(request: Request, form: SignatoryForm | None = None, status: int = 200) -> HttpResponse:
    shelf = queries.shelf(request.actor, request.at)
    people = queries.nameable(request.actor) if shelf.may_name else []
    return page(
        request,
        "agreements/partner/agreements.html",
        status=status,
        shelf=shelf,
        waiting=[waiting_row(one) for one in shelf.waiting],
        published=[(line, KIND_ICON[line.kind]) for line in shelf.published],
        signatory_form=(form or SignatoryForm(people=people)) if people else None,
    )


def waiting_row(one: queries.Waiting) -> dict[str, Any]:
    return {
        "row": one,
        "icon_name": KIND_ICON[one.kind],
        "badge": status_badge(one.status, is_overdue=one.is_overdue),
        "blocks": blocks_in_words(one.blocks),
        "url": reverse("agreements:portal_acceptance", args=[one.acceptance_id]),
    }


def _page(request: Request, acceptance_id: UUID, *, form: SignForm | None = None, decline_form: DeclineForm | None = None, status: int = 200) -> HttpResponse:
    found = queries.acceptance(request.actor, acceptance_id, request.at)
    return page(
        request,
        "agreements/partner/acceptance.html",
        status=status,
        found=found,
        status_badge=status_badge(found.status, is_overdue=found.is_overdue),
        form=form or SignForm(initial={"name": request.actor.name, "sha256": found.version.line.sha256}),
        decline_form=decline_form or DeclineForm(),
        **shown(found.version),
    )
