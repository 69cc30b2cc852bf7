"""Leaving, in the portal: an administrator asks, everybody sees how far it is."""

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.offboarding import queries, services
from openprm.offboarding.pages.common import attachment, case_words, steps_shown
from openprm.offboarding.pages.forms import RequestForm, end_of_day
from openprm.offboarding.wording import KEPT
from openprm.ui.fields import add_problems

RUNNING = ("requested", "open", "done")


def leaving(request: Request) -> HttpResponse:
    """The running leaving with its steps; without one, what leaving means and the request."""
    case = queries.offboarding_for_partner(request.actor, request.at)
    if case is not None and case.status in RUNNING and request.method == "GET":
        entries = audit.timeline(request.actor, case.id, limit=20)
        return page(request, "offboarding/partner/progress.html", case=case, steps=steps_shown(case), entries=entries, **case_words(case))
    form = RequestForm(request.POST or None)
    if form.is_bound and form.is_valid() and _asked(request, form):
        return done(request, reverse("offboarding:portal_leaving"), _("Your request is sent"))
    reason = queries.why_not_request(request.actor)
    if form.is_bound and reason:
        form.add_error(None, reason)
    values = {"form": form, "why_not": reason, "retention": queries.retention(), "kept": KEPT, "steps": queries.definitions()}
    notice = queries.notice_days_of(request.actor.partner_id, request.at) if request.actor.partner_id else 0
    return page(request, "offboarding/partner/request.html", status=422 if form.is_bound else 200, notice=notice, last=case, **values)


def stay(request: Request) -> HttpResponse:
    """Take the own request back."""
    case = queries.offboarding_for_partner(request.actor, request.at)
    if case is None:
        raise NotFound()
    reason = request.POST.get("reason", "").strip() or _("We changed our mind.")
    services.close_offboarding(actor=request.actor, offboarding_id=case.id, reason=reason, at=request.at)
    return done(request, reverse("offboarding:portal_leaving"), _("Good that you stay"))


def download(request: Request) -> FileResponse:
    case = queries.offboarding_for_partner(request.actor, request.at)
    if case is None:
        raise NotFound()
    return attachment(services.open_export(actor=request.actor, offboarding_id=case.id, at=request.at))


def _asked(request: Request, form: RequestForm) -> bool:
    if queries.why_not_request(request.actor):
        return False
    last_day = end_of_day(form.cleaned_data["last_day"], request.actor.time_zone)
    try:
        services.request_offboarding(actor=request.actor, reason=form.cleaned_data["reason"], last_day=last_day, at=request.at)
    except (Invalid, Conflict) as refusal:
        add_problems(form, type(refusal)(refusal.message, field="last_day") if refusal.field == "access_ends_at" else refusal)
        return False
    return True
