"""The partner's pages of its own activities."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.activities.pages import both, lists
from openprm.kernel.http import Request
from openprm.ui.listspec import Empty


def list_activities(request: Request) -> HttpResponse:
    empty = Empty(title=_("Nothing logged yet"), text=_("Open a deal and press “Log progress”: it shows your work, and may extend your protection."))
    summary = _("What your people did at customers. The vendor reads it too; no other partner does.")
    return both.listed(request, lists.PARTNER, title=_("Activities"), summary=summary, empty=empty)


def show_activity(request: Request, activity_id: UUID) -> HttpResponse:
    return both.shown(request, activity_id)


def log(request: Request) -> HttpResponse:
    return both.logged(request)


def strike(request: Request, activity_id: UUID) -> HttpResponse:
    return both.struck(request, activity_id)


def proof(request: Request, activity_id: UUID) -> HttpResponse:
    return both.proof(request, activity_id)
