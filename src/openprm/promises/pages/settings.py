"""Where an administrator of the vendor publishes what is promised, and the hours it is counted in."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id
from openprm.promises import queries, services
from openprm.promises.pages.forms import HoursForm, TargetForm, hours_initial
from openprm.ui.fields import add_problems


def settings(request: Request) -> HttpResponse:
    promises = queries.promises(request.actor, request.at)
    form = TargetForm(request.POST or None, promises=promises, initial={"amount": 2, "unit": "business_days", "code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_target(actor=request.actor, at=request.at, **form.values(zone=request.actor.time_zone, at=request.at))
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            return done(request, reverse("promises:settings"), _("Published"), _("Partners read it on their page of promises."))
    status = 422 if form.errors else 200
    return page(request, "promises/settings.html", form=form, promises=promises, calendars=queries.calendars(request.at), status=status)


def withdraw(request: Request) -> HttpResponse:
    """Take back what was published for one program or tier, from the end of the notice period on."""
    services.withdraw_target(actor=request.actor, version_id=parse_id(request.POST.get("target", "")), at=request.at)
    return done(request, reverse("promises:settings"), _("Withdrawn"), _("Partners keep this time for 14 more days, then the one for everybody counts."))


def hours(request: Request, calendar_id: UUID) -> HttpResponse:
    calendar = queries.calendar(calendar_id, request.at)
    return _hours(request, HoursForm(request.POST or None, initial=hours_initial(calendar)), calendar)


def new_calendar(request: Request) -> HttpResponse:
    start = {name: value for name, value in hours_initial(queries.calendars(request.at)[0]).items() if name != "name"}
    return _hours(request, HoursForm(request.POST or None, initial=start), None)


def _hours(request: Request, form: HoursForm, calendar: queries.CalendarView | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            values = form.values(zone=request.actor.time_zone, at=request.at)
            services.publish_hours(actor=request.actor, calendar_id=calendar.id if calendar else None, at=request.at, **values)
        except Invalid as invalid:
            add_problems(form, invalid)
        else:
            return done(request, reverse("promises:settings"), _("Working hours published"))
    return page(request, "promises/hours.html", form=form, calendar=calendar, status=422 if form.errors else 200)
