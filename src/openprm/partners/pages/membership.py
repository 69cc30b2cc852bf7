"""A partner's own memberships, in the portal: since when, until when, how they go on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id
from openprm.partners import queries, services, words
from openprm.ui.cells import Badge


def show(request: Request) -> HttpResponse:
    """Since, until, what the rule says, and the button that renews."""
    found = [_shown(one) for one in queries.membership(request.actor, _own(request), request.at)]
    return page(request, "partners/partner/membership.html", memberships=found)


def renew(request: Request) -> HttpResponse:
    program_id = parse_id(request.POST.get("program_id"))
    if program_id is None:
        raise NotFound()
    services.renew_enrollment(actor=request.actor, partner_id=_own(request), program_id=program_id, at=request.at)
    return done(request, reverse("partners:portal_membership"), _("Membership renewed"), _("Thank you for going on with us."))


def _own(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id


def _shown(one: Any) -> dict[str, Any]:
    return {"row": one, "badge": Badge(*words.ENROLLMENT[one.status]), "renews_itself": one.decision == "renew"}
