"""A partner's own company, in the portal."""

from django.http import HttpResponse

from openprm.audit import queries as audit
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page
from openprm.partners import queries, words
from openprm.partners.pages.vendor import enrolled, status_badge
from openprm.promises import queries as promises
from openprm.ui.panels import panels_of


def company(request: Request) -> HttpResponse:
    """What the vendor keeps of this company, its tier and benefits, what is promised to it, and its history."""
    actor = request.actor
    if actor.partner_id is None:
        raise NotFound()
    partner = queries.partner(actor, actor.partner_id)
    return page(
        request,
        "partners/partner/company.html",
        partner=partner,
        status_badge=status_badge(partner.status),
        type=words.TYPE[partner.type],
        motion=words.MOTION[partner.motion],
        enrollments=[enrolled(one) for one in partner.enrollments if one.status == "approved"],
        promises=[one for one in promises.record(actor, at=request.at) if one.total],
        panels=panels_of(actor, target="partner", workspace="partner", object_id=partner.id, at=request.at),
        entries=audit.timeline(actor, partner.id, limit=20),
    )
