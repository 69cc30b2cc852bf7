"""Saved dashboards: list, save, change with the mailing, delete, leave a mailing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.dashboards import addresses, queries, services, wording
from openprm.dashboards.pages.common import to
from openprm.dashboards.pages.forms import SavedForm, initial
from openprm.dashboards.queries import SavedView
from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.http import Request, done, page

FILTERS = ("as_of", "period", "compare", "program", "tier", "region", "type", "motion", "beside", "whose")


def list_saved(request: Request) -> HttpResponse:
    found = queries.saved(request.actor)
    rows = [(one, addresses.saved_page(one), to(request, "change", one.id), wording.TITLES[one.dashboard], _when(one)) for one in found]
    return page(request, "dashboards/saved.html", rows=rows, code="partner" if request.actor.is_partner else "executive", home=_home(request))


def _home(request: Request) -> str:
    return addresses.page_of("partner" if request.actor.is_partner else "executive")


def _when(one: SavedView) -> str:
    plan = one.mailing
    if plan is None:
        return ""
    words = {"hour": f"{plan.hour:02d}:00", "zone": plan.time_zone, "day": str(wording.WEEKDAYS[plan.day]) if plan.every == "weekly" else plan.day}
    return _("%(day)s, %(hour)s %(zone)s") % words if plan.every == "weekly" else _("Day %(day)s of each month, %(hour)s %(zone)s") % words


def save(request: Request) -> HttpResponse:
    """Keep what is on the screen. A name that is taken is told on the page to name it again."""
    given, code = request.POST, request.POST.get("dashboard", "")
    words = {name: given[name] for name in FILTERS if given.get(name)}
    saved_id = services.save(
        actor=request.actor, name=given.get("name", ""), dashboard=code, words=words, is_shared=given.get("is_shared") == "on", at=request.at
    )  # fmt: skip
    return done(request, to(request, "change", saved_id), _("The dashboard is saved"), _("Have it sent by e-mail here, or close this page."))


def change(request: Request, saved_id: UUID) -> HttpResponse:
    view = queries.one_saved(request.actor, saved_id)
    people = queries.possible_recipients(request.actor, view.dashboard)
    if request.method != "POST":
        return _form(request, view, SavedForm(people=people, initial=initial(view, request.actor.time_zone)))
    form = SavedForm(request.POST, people=people)
    if not form.is_valid():
        return _form(request, view, form, status=422)
    try:
        services.change(
            actor=request.actor, saved_id=saved_id, name=form.cleaned_data["name"], is_shared=form.cleaned_data["is_shared"], mailing=form.rhythm(),
            version=_number(request.POST.get("version", "")), at=request.at,
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        for one in refusal.problems:
            form.add_error({"day": "weekday"}.get(one.field or "", one.field) if one.field in {*form.fields, "day"} else None, str(one.message))
        return _form(request, view, form, status=refusal.status)
    return done(request, to(request, "saved"), _("“%(name)s” is changed") % {"name": form.cleaned_data["name"]})


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _form(request: Request, view: SavedView, form: SavedForm, status: int = 200) -> HttpResponse:
    values: dict[str, Any] = {
        "one": view,
        "form": form,
        "title": wording.TITLES[view.dashboard],
        "open_url": addresses.saved_page(view),
        "list_url": to(request, "saved"),
        "remove_url": to(request, "remove", view.id),
        "leave_url": to(request, "leave", view.id),
        "when": _when(view),
        "outcomes": [(one, wording.OUTCOMES.get(one.last_outcome, "")) for one in view.mailing.recipients] if view.mailing else [],
    }
    return page(request, "dashboards/change.html", status=status, **values)


def remove(request: Request, saved_id: UUID) -> HttpResponse:
    services.remove(actor=request.actor, saved_id=saved_id, at=request.at)
    return done(request, to(request, "saved"), _("The saved dashboard is deleted"))


def leave(request: Request, saved_id: UUID) -> HttpResponse:
    services.leave(actor=request.actor, saved_id=saved_id, at=request.at)
    return done(request, to(request, "saved"), _("You get this mailing no more"))
