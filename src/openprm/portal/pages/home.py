"""The two homes: first row "how are we", then "what needs me"."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, page
from openprm.kernel.registry import Workspace
from openprm.portal import queries
from openprm.ui import format as fmt
from openprm.ui.shell import viewer_of


def vendor_home(request: Request) -> HttpResponse:
    return _home(request, "vendor", "portal/vendor_home.html")


def partner_home(request: Request) -> HttpResponse:
    return _home(request, "partner", "portal/partner_home.html")


def _home(request: Request, workspace: Workspace, template: str) -> HttpResponse:
    home = queries.home(request.actor, workspace, request.at)
    return page(
        request, template, home=home, actions=queries.actions(request.actor, workspace),
        greeting=fmt.greeting(request.actor.name, viewer_of(request)), summary=home.summary or _("Nothing waits for you right now."),
    )  # fmt: skip
