"""One precedent: read by both sides; written, checked and published by the vendor's reviewers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.conflicts import queries, services
from openprm.conflicts.pages.common import attempt, version_of
from openprm.conflicts.pages.forms import PrecedentForm
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page


def precedent(request: Request, precedent_id: UUID) -> HttpResponse:
    """A published one to read, or a draft to work on."""
    found = queries.precedent(request.actor, precedent_id)
    if found.row.state != "draft":
        return page(request, "conflicts/vendor/precedent.html", precedent=found)
    texts = {"title": found.row.title, "what_happened": found.what_happened, "reasons": found.reasons, "would_change": found.would_change}
    return _draft(request, found, PrecedentForm(initial=texts))


def _draft(request: Request, found: Any, form: PrecedentForm, status: int = 200) -> HttpResponse:
    names = services.names_left_in(actor=request.actor, precedent_id=found.id, at=request.at)
    return page(request, "conflicts/vendor/draft.html", status=status, precedent=found, form=form, names=names)


def save(request: Request, precedent_id: UUID) -> HttpResponse:
    """Keep the words, and publish them when asked."""
    found = queries.precedent(request.actor, precedent_id)
    form = PrecedentForm(request.POST)
    wants_publishing = request.POST.get("do") == "publish"

    def act(values: Any) -> Any:
        version = services.save_draft(actor=request.actor, precedent_id=precedent_id, texts=values, version=version_of(request), at=request.at)
        if wants_publishing:
            return services.publish_precedent(actor=request.actor, precedent_id=precedent_id, version=version, at=request.at)
        return ""

    number, status = attempt(form, act)
    if status:
        return _draft(request, found, form, status)
    title = _("%(number)s is published") % {"number": number} if number else _("Draft kept")
    return done(request, reverse("conflicts:precedent", args=[precedent_id]), title, _("Both sides can read and cite it.") if number else "")


def withdraw(request: Request, precedent_id: UUID) -> HttpResponse:
    services.withdraw_precedent(actor=request.actor, precedent_id=precedent_id, at=request.at)
    return done(request, reverse("conflicts:precedents"), _("Precedent withdrawn"))


def portal_precedent(request: Request, precedent_id: UUID) -> HttpResponse:
    found = queries.precedent(request.actor, precedent_id)
    if found.row.state != "published":
        raise NotFound()
    return page(request, "conflicts/partner/precedent.html", precedent=found)
