"""Months, exports and the accountant's numbers."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.ledger import queries, services
from openprm.ledger.pages.forms import CloseForm, CodesForm, ExportForm, ExportSettingsForm, attempt
from openprm.ledger.pages.lists import group_badge
from openprm.ui.fields import add_problems

FORMATS = ("", "datev", "xero", "quickbooks")


def periods(request: Request) -> HttpResponse:
    """Every month of the books, open or closed."""
    return page(
        request, "ledger/vendor/periods.html", periods=queries.periods(request.actor, request.at), may_close=queries.may(request.actor, "close"), tab="periods",
    )  # fmt: skip


def period(request: Request, year: int, month: int) -> HttpResponse:
    """One month: what is in it, what is not, and its closing."""
    day = _month(year, month)
    form = CloseForm(request.POST or None)
    if request.method == "POST":
        is_done, _day = attempt(form, lambda: services.close_period(actor=request.actor, month=day, at=request.at, **form.cleaned_data))
        if is_done:
            return done(request, reverse("ledger:periods"), _("Month closed"), f"{day:%Y-%m}")
    found = queries.closing(request.actor, day, request.at)
    one = queries.period(request.actor, day, request.at)
    may_close = one.may_close and queries.may(request.actor, "close")
    return page(
        request, "ledger/vendor/period.html", closing=found, period=one, form=form, may_close=may_close, tab="periods", status=422 if form.is_bound else 200
    )


def export(request: Request) -> HttpResponse:
    """Choose a span and a format."""
    last = queries.last_closed()
    initial = {"since": last or request.at.date().replace(day=1), "until": request.at.date(), "format": "general"}
    return page(request, "ledger/vendor/export.html", form=ExportForm(initial=initial), tab="export", may_configure=queries.may(request.actor, "configure"))


def export_file(request: Request) -> HttpResponse:
    """The file itself; a span or format that cannot be exported says so on the form."""
    form = ExportForm(request.GET)
    if form.is_valid():
        values = form.cleaned_data
        try:
            name, body = queries.export(request.actor, format=values["format"], since=values["since"], until=values["until"], at=request.at)
        except Invalid as refusal:
            add_problems(form, refusal)
        else:
            response = HttpResponse(body, content_type=queries.content_type(name, values["format"]))
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            response["Cache-Control"] = "no-store"
            return response
    return page(request, "ledger/vendor/export.html", form=form, tab="export", may_configure=queries.may(request.actor, "configure"), status=422)


def codes(request: Request) -> HttpResponse:
    """The numbers of every kind of account in the accountant's chart."""
    rows = [{"row": row, "badge": group_badge(row.group), "own": [row.codes.get(name, "") for name in FORMATS]} for row in queries.code_rows()]
    return page(
        request, "ledger/vendor/codes.html", rows=rows, settings=queries.export_settings(), may_configure=queries.may(request.actor, "configure"), tab="export"
    )


def code(request: Request, kind: str) -> HttpResponse:
    found = next((row for row in queries.code_rows() if row.kind == kind), None)
    if found is None:
        raise NotFound()
    initial = {name or "general": found.codes.get(name, "") for name in FORMATS}
    form = CodesForm(request.POST or None, initial=initial)
    form.fields["general"].widget.attrs["placeholder"] = found.default
    if request.method == "POST":
        is_done, _version = attempt(form, lambda: services.save_codes(actor=request.actor, kind=kind, codes=_codes(form.cleaned_data), at=request.at))
        if is_done:
            return done(request, reverse("ledger:codes"), _("Account codes saved"), found.title)
    return _form(request, form, found.title, found.about or _("The number of this account in your accountant's chart."))


def export_settings(request: Request) -> HttpResponse:
    found = queries.export_settings()
    form = ExportSettingsForm(request.POST or None, initial={name: getattr(found, name) for name in ExportSettingsForm.base_fields})
    if request.method == "POST":
        is_done, _version = attempt(form, lambda: services.save_export_settings(actor=request.actor, changes=form.cleaned_data, at=request.at))
        if is_done:
            return done(request, reverse("ledger:codes"), _("Export settings saved"))
    return _form(request, form, _("Export settings"), _("What your accountant's program reads at the head of a file."))


def _codes(values: dict[str, str]) -> dict[str, str]:
    return {"" if name == "general" else name: value for name, value in values.items()}


def _form(request: Request, form, title: str, about: str) -> HttpResponse:
    return page(
        request,
        "ledger/vendor/form.html",
        form=form,
        title=title,
        about=about,
        back=reverse("ledger:codes"),
        tab="export",
        status=422 if form.is_bound else 200,
    )


def _month(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError:
        raise NotFound() from None
