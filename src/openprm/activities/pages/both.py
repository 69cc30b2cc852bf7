"""What the pages of both sides do the same way: list, show, log, strike."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.activities import ports, queries, services
from openprm.activities.pages import forms, lists
from openprm.audit import queries as audit
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, addresses, done, page
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Empty, ListSpec

PREFIX = {True: "activities:", False: "activities:portal_"}


def url(request: Request, name: str, *args: Any) -> str:
    return reverse(PREFIX[request.actor.is_vendor] + name, args=args)


def listed(request: Request, spec: ListSpec, *, title: str, summary: str, empty: Empty) -> HttpResponse:
    state = ui_lists.parse(request, spec)
    filters, address = lists.filters_of(state), addresses(PREFIX[request.actor.is_vendor] + "activity")
    if state.export:
        rows = (lists.Listed(row.id, address(row.id), row) for row in queries.export(request.actor, filters))
        return exports.respond(request, state, rows, name="activities")
    found = queries.activities(request.actor, filters, state.page).map(lambda row: lists.Listed(row.id, address(row.id), row))
    return ui_lists.render(request, "ui/list_page.html", state, found, empty=empty, title=title, summary=summary)


def shown(request: Request, activity_id: UUID, *, opened: str = "", form: forms.ReasonForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    activity = queries.activity(actor, activity_id)
    subject = ports.subject_of(actor, activity.about, request.at) if activity.about else None
    return page(
        request,
        "activities/activity.html",
        status=status,
        activity=activity,
        subject=subject,
        list_url=url(request, "activities"),
        strike_url=url(request, "strike", activity_id),
        confirm_url=url(request, "confirm", activity_id) if actor.is_vendor else "",
        proof_url=url(request, "proof", activity_id),
        account_url=reverse("accounts:account" if actor.is_vendor else "accounts:portal_account", args=[activity.account_id]),
        opened=opened or request.GET.get("do", ""),
        form=form or forms.ReasonForm(),
        entries=audit.timeline(actor, activity_id, limit=20),
    )


def logged(request: Request) -> HttpResponse:
    """The form on a page of its own: where the dialog leads without JavaScript, and where it comes back with problems."""
    place = _place(request)
    sent = request.method == "POST"
    form = forms.LogForm(request.POST if sent else None, request.FILES if sent else None, at=request.at, time_zone=request.actor.time_zone)
    if sent and form.is_valid():
        try:
            activity_id = services.record(actor=request.actor, at=request.at, **form.values(), **place["values"])
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, place["back"] or url(request, "activity", activity_id), _("Logged"), _("It is in the history of the customer."))
    return page(request, "activities/log.html", form=form, list_url=url(request, "activities"), status=422 if sent else 200, **place)


def _place(request: Request) -> dict[str, Any]:
    """What the work is logged on: a subject of a higher domain, or an account. Raises NotFound."""
    values = request.POST if request.method == "POST" else request.GET
    about, account_id = _uuid(values.get("about")), _uuid(values.get("account"))
    if about:
        subject = ports.subject_of(request.actor, about, request.at)
        if subject is None or subject.account_id is None:
            raise NotFound(_("There is no such deal that you can log work on. A customer must be settled first."))
        said = {"account_id": subject.account_id, "about": subject.id, "partner_id": subject.partner_id}
        return {"title": subject.title, "back": f"{subject.url}#activities", "about": about, "account": None, "values": said}
    if account_id is None:
        raise NotFound(_("Open a customer or a deal, and log the work there."))
    name = (accounts.account if request.actor.is_vendor else accounts.account_for_partner)(request.actor, account_id).name
    back = reverse("accounts:account" if request.actor.is_vendor else "accounts:portal_account", args=[account_id])
    return {"title": name, "back": back, "about": None, "account": account_id, "values": {"account_id": account_id}}


def struck(request: Request, activity_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return shown(request, activity_id, opened="strike", form=form, status=422)
    services.strike(actor=request.actor, activity_id=activity_id, reason=form.cleaned_data["reason"], at=request.at)
    return done(request, url(request, "activity", activity_id), _("Struck"), _("It stays readable and does not count any more."))


def proof(request: Request, activity_id: UUID) -> HttpResponse:
    """The file as a download: never shown inside our own pages, whatever it claims to be."""
    found = queries.open_proof(request.actor, activity_id)
    with found.file as file:
        content = file.read()
    disposition = content_disposition_header(True, found.name) or "attachment"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=found.content_type, headers=headers)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
