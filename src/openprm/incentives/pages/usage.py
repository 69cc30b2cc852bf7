"""Usage in the vendor's workspace: lines, months that close, shares."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.incentives import queries, services
from openprm.incentives.pages import lists as shown
from openprm.incentives.pages.forms import ReportForm, ShareForm, attempt
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import to_minor
from openprm.ui import exports, lists

BY_HAND = "by hand"


def lines(request: Request) -> HttpResponse:
    """Every usage line, corrections beside what they correct."""
    state = lists.parse(request, shown.LINES)
    if state.export:
        rows = queries.export_lines(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.line, rows), name="usage")
    found = queries.list_lines(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("No usage yet"), text=_("It comes by the API, from a file, or by hand."))
    return lists.render(
        request, "incentives/vendor/usage.html", state, found.map(shown.line), empty=empty, title=_("Usage"), tab="lines",
        summary=_("What customers used. Late news is a line of its own in the first open month; closed months never change."),
        may_book=queries.may(request.actor, "usage"),
    )  # fmt: skip


def line(request: Request, line_id: UUID) -> HttpResponse:
    """One usage line and what it gave to whom."""
    return page(
        request, "incentives/vendor/usage_line.html", line=queries.one_line(request.actor, line_id), credits=queries.credits(request.actor, line_id=line_id)
    )


def book(request: Request) -> HttpResponse:
    form = ReportForm(request.POST or None)
    if request.method == "POST":
        is_done, booked = attempt(form, lambda: _booked(request, form.cleaned_data))
        if is_done:
            return done(request, reverse("incentives:usage_line", args=[booked.line_id]), _outcome(booked))
    return page(request, "incentives/vendor/form.html", form=form, title=_("Book usage"), status=422 if form.is_bound else 200)


def months(request: Request) -> HttpResponse:
    """The months, and which of them are closed."""
    return page(
        request, "incentives/vendor/months.html", months=queries.months(request.actor, request.at), tab="months", may_book=queries.may(request.actor, "usage")
    )


def close(request: Request) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    services.close_month(actor=request.actor, month=month, at=request.at)
    return done(
        request,
        reverse("incentives:usage_months"),
        _("%(month)s is closed") % {"month": f"{month:%Y-%m}"},
        _("What comes later is booked in the next open month."),
    )


def shares(request: Request) -> HttpResponse:
    """Who is credited with what part of a customer's usage, as it stands or as it stood on any day."""
    form = ShareForm(request.POST or None)
    if request.method == "POST":
        is_done, _id = attempt(form, lambda: _share_set(request, form.cleaned_data))
        if is_done:
            return done(request, reverse("incentives:usage_shares"), _("Share set"), _("Usage of open months is credited anew."))
    as_of = _day(request.GET.get("as_of", ""))
    key = request.GET.get("customer", "")[:120]
    found = queries.shares(request.actor, customer_key=key, as_of=_end(as_of, request) if as_of else None)
    return page(
        request, "incentives/vendor/shares.html", shares=found, form=form, as_of=as_of, customer=key, tab="shares",
        may_book=queries.may(request.actor, "usage"), opened="set" if form.is_bound else request.GET.get("do", ""), status=422 if form.is_bound else 200,
    )  # fmt: skip


def _booked(request: Request, given: dict[str, Any]) -> Any:
    report = services.UsageReport(
        source=BY_HAND, external_id=given["external_id"], customer_key=given["customer_key"], customer_name=given["customer_name"],
        service_month=given["service_month"].replace(day=1), amount_minor=_minor(given), currency=given["currency"].upper(),
        quantity=given["quantity"] or Decimal(0),
    )  # fmt: skip
    [booked] = services.report_usage(actor=request.actor, reports=(report,), at=request.at)
    return booked


def _minor(given: dict[str, Any]) -> int:
    return to_minor(given["amount"], given["currency"].upper())


def _share_set(request: Request, given: dict[str, Any]) -> UUID | None:
    until = given["until_month"].replace(day=1) if given["until_month"] else None
    return services.set_share(
        actor=request.actor, customer_key=given["customer_key"], partner_id=UUID(given["partner_id"]), percent=given["percent"],
        from_month=given["from_month"].replace(day=1), until_month=until, at=request.at,
    )  # fmt: skip


def _outcome(booked: Any) -> str:
    if booked.outcome == "same":
        return _("Nothing to book: this was told before")
    return _("The difference is booked") if booked.outcome == "corrected" else _("Usage booked")


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise Invalid(_("“%(text)s” is not a month. Write it as 2026-11.") % {"text": text[:20]}, field="month") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotFound() from None


def _end(day: date, request: Request) -> Any:
    return request.at.replace(year=day.year, month=day.month, day=day.day, hour=23, minute=59, second=59)
