"""The vendor's pages of activities."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.activities import services
from openprm.activities.pages import both, lists
from openprm.kernel.http import Request, done
from openprm.ui.listspec import Empty


def list_activities(request: Request) -> HttpResponse:
    empty = Empty(title=_("No activities yet"), text=_("Push them from your CRM, import a file, or log one on a customer's page."))
    summary = _("What your people and your partners did at customers. A wrong entry is struck, never removed.")
    return both.listed(request, lists.VENDOR, title=_("Activities"), summary=summary, empty=empty)


def show_activity(request: Request, activity_id: UUID) -> HttpResponse:
    return both.shown(request, activity_id)


def log(request: Request) -> HttpResponse:
    return both.logged(request)


def strike(request: Request, activity_id: UUID) -> HttpResponse:
    return both.struck(request, activity_id)


def confirm(request: Request, activity_id: UUID) -> HttpResponse:
    services.confirm(actor=request.actor, activity_id=activity_id, at=request.at)
    return done(request, both.url(request, "activity", activity_id), _("Confirmed"), _("It counts as verified now."))


def proof(request: Request, activity_id: UUID) -> HttpResponse:
    return both.proof(request, activity_id)
