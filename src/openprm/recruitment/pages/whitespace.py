"""The whitespace map, and the rows behind one of its squares."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, page
from openprm.recruitment import queries
from openprm.recruitment.pages.common import frame

LONGEST = 200


def whitespace(request: Request) -> HttpResponse:
    """Demand against capable partners; the industry comes from the address."""
    found = queries.whitespace(request.actor, at=request.at, industry=request.GET.get("industry", "")[:LONGEST])
    return page(request, "recruitment/vendor/whitespace.html", map=found, **frame(request, "whitespace"))


def cell(request: Request) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:LONGEST] for name in ("capability", "region", "industry")}
    found = queries.whitespace_cell(request.actor, at=request.at, **asked)
    title = _("%(capability)s in %(region)s") % asked
    return page(request, "recruitment/vendor/cell.html", cell=found, title=title, **frame(request, "whitespace"))
