"""Why deals are lost: a page and an export for both sides; a partner reads of its own deals alone."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries
from openprm.deals.pages.renewals import tabs
from openprm.deals.queries import LostFilters, LostReport
from openprm.kernel.http import Request, page
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Column, ListSpec

BESIDE = {
    "partner": gettext_lazy("Partner"),
    "product": gettext_lazy("Product line"),
    "competitor": gettext_lazy("Competitor"),
    "kind": gettext_lazy("Kind of deal"),
}
YEAR = timedelta(days=365)


class LostForm(forms.Form):
    """What the report is narrowed to."""

    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    by = forms.ChoiceField(label=gettext_lazy("Beside"), required=False)
    program = forms.ChoiceField(label=gettext_lazy("Program"), required=False)
    product_line = forms.ChoiceField(label=gettext_lazy("Product line"), required=False)

    def __init__(self, *args: Any, options: Any, is_vendor: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [(key, label) for key, label in BESIDE.items() if is_vendor or key != "partner"]  # type: ignore[attr-defined]
        self.fields["program"].choices = [("", _("All programs")), *((one.value, one.label) for one in options.programs)]  # type: ignore[attr-defined]
        self.fields["product_line"].choices = [("", _("All product lines")), *((one.value, one.label) for one in options.product_lines)]  # type: ignore[attr-defined]


def _spec(by: str) -> ListSpec:
    return ListSpec(
        key="deals.lost",
        columns=(
            Column("reason", gettext_lazy("Reason"), value=lambda row: row.reason),
            Column("beside", BESIDE[by], value=lambda row: row.beside),
            Column("deals", gettext_lazy("Deals"), "number", value=lambda row: row.deals),
            Column("amount", gettext_lazy("Value"), "money", value=lambda row: row.amount),
            Column("share", gettext_lazy("Share, %"), "number", value=lambda row: row.share),
        ),
        filters=(),
        default_sort="",
    )


def lost_reasons(request: Request) -> HttpResponse:
    today = request.at.date()
    fallback = {"since": today - YEAR, "until": today, "by": "partner" if request.actor.is_vendor else "product"}
    form = LostForm(request.GET or None, options=queries.filter_options(request.actor), is_vendor=request.actor.is_vendor, initial=fallback)
    usable = form.is_bound and form.is_valid()
    by, filters = _read(form.cleaned_data if usable else {}, fallback)
    report = queries.lost_report(request.actor, filters, by)
    state = ui_lists.parse(request, _spec(by))
    if state.export:
        return exports.respond(request, state, _named(report), name="lost-deals")
    return page(
        request,
        "deals/losses/report.html",
        status=422 if form.is_bound and not usable else 200,
        form=form,
        report=report,
        beside=BESIDE[by],
        rows=_named(report),
        most=max((row.deals for row in report.by_reason), default=0),
        tabs_template=tabs(request),
        query=request.GET.urlencode(),
    )


def _read(values: dict[str, Any], fallback: dict[str, Any]) -> tuple[str, LostFilters]:
    def picked(name: str) -> UUID | None:
        return UUID(values[name]) if values.get(name) else None

    since: date = values.get("since") or fallback["since"]
    until: date = values.get("until") or fallback["until"]
    return values.get("by") or fallback["by"], LostFilters(since=since, until=until, program_id=picked("program"), product_line_id=picked("product_line"))


def _named(report: LostReport) -> list[queries.LostRow]:
    return list(report.rows)
