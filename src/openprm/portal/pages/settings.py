"""The settings area: cards of the settings pages that domains contribute."""

from django.http import HttpResponse

from openprm.kernel.http import Request, page
from openprm.portal import queries


def settings(request: Request) -> HttpResponse:
    workspace = "vendor" if request.actor.is_vendor else "partner"
    return page(request, "portal/settings.html", cards=queries.settings_cards(request.actor, workspace))
