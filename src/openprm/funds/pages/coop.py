"""Co-op money on both sides: the published rates, what deals brought, and corrections."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds.pages import proof_forms as forms
from openprm.funds.pages.proof_common import amount_of, attempt
from openprm.funds.queries import coop as queries
from openprm.funds.services import coop as services
from openprm.funds.services import coop_rates
from openprm.funds.wording_proofs import LINE_KIND, plain_percent
from openprm.kernel.http import Request, done, page
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec

TONE = {"accrued": "ok", "corrected": "warn", "expired": "bad"}


def _kind(row: Any) -> Badge:
    return Badge(row.kind_label, TONE[row.kind])


def _columns(*first: Column) -> tuple[Column, ...]:
    return (
        *first,
        Column("deal", gettext_lazy("Deal"), "title", always=True, value=lambda row: row.registration_number),
        Column("kind", gettext_lazy("What"), "badge", sortable=True, value=_kind),
        Column("revenue", gettext_lazy("Revenue"), "money", value=lambda row: row.revenue),
        Column("percent", gettext_lazy("Rate"), value=lambda row: f"{plain_percent(row.percent)} %"),
        Column("amount", gettext_lazy("Amount"), "money", sortable=True, value=lambda row: row.amount),
        Column("expires", gettext_lazy("Ends"), "date", sortable=True, value=lambda row: row.expires_on),
        Column("booked", gettext_lazy("Booked"), "date", sortable=True, value=lambda row: row.booked_at),
        Column("paid_in", gettext_lazy("Deal amount"), "money", default=False, value=lambda row: row.deal),
        Column("fx", gettext_lazy("Exchange rate"), "mono", default=False, value=lambda row: f"{row.fx_rate:.6f} ({row.fx_date})"),
        Column("note", gettext_lazy("Note"), default=False),
    )


FILTERS = (
    Filter("kind", gettext_lazy("What"), choices=tuple(LINE_KIND.items())),
    Filter("expires", gettext_lazy("Ends"), "date"),
    Filter("booked", gettext_lazy("Booked"), "date"),
)
LINES = ListSpec(
    key="funds.coop",
    search=gettext_lazy("Search by deal"),
    default_sort="-booked",
    columns=_columns(Column("partner", gettext_lazy("Partner"), "company", always=True, value=lambda row: Company(row.partner))),
    filters=FILTERS,
)
OWN_LINES = ListSpec(key="funds.portal_coop", search=gettext_lazy("Search by deal"), default_sort="-booked", columns=_columns(), filters=FILTERS)


class Linked:
    """A line with the address where it is corrected."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any):
        self._row, self.url = row, reverse("funds:coop_correct", args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def coop(request: Request) -> HttpResponse:
    """Every line of every pot; the rates beside."""
    empty = lists.Empty(
        title=_("Nothing accrued yet"), text=_("Publish a rate: from then on each won deal fills the partner's fund."), action=_("Publish a rate"),
        url=reverse("funds:rate_publish"),
    )  # fmt: skip
    return _lines(request, LINES, "funds/vendor/coop.html", empty, _("What won deals earned for partners, at which rate, and when it ends."))


def portal_coop(request: Request) -> HttpResponse:
    empty = lists.Empty(title=_("Nothing accrued yet"), text=_("Each deal that you win fills this fund at the published rate of your tier."))
    return _lines(request, OWN_LINES, "funds/partner/coop.html", empty, _("What your won deals earned for marketing, at which rate, and when it ends."))


def _lines(request: Request, spec: ListSpec, template: str, empty: lists.Empty, summary: str) -> HttpResponse:
    state = lists.parse(request, spec)
    if state.export:
        rows = queries.export_lines(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, rows, name="co-op")
    found = queries.listed_lines(request.actor, search=state.search, filters=state.filters, page=state.page)
    if request.actor.is_vendor and request.actor.can("funds.configure"):
        found = found.map(Linked)
    rates = queries.rates(request.actor, request.at)
    return lists.render(
        request, template, state, found, empty=empty, title=_("Co-op money"), summary=summary, rates=rates, tab="coop",
        may_change=request.actor.can("funds.configure"),
    )  # fmt: skip


def publish_rate(request: Request) -> HttpResponse:
    form = forms.RateForm(request.POST or None, actor=request.actor, initial={"effective_from": request.at.date()})
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _publish(request, values))
        if not status:
            return done(request, reverse("funds:coop"), _("Rate published"), _("Partners read it from now on. Deals that were won before keep theirs."))
    about = _("What share of a won deal goes into the partner's co-op fund.")
    words = _words(_("Publish an accrual rate"), about, "funds:coop", _("Co-op"), _("Publish"))
    return page(request, "funds/vendor/form.html", status=status, form=form, **words)


def _publish(request: Request, values: Mapping[str, Any]) -> UUID:
    tier_id = UUID(values["tier_id"]) if values["tier_id"] else None
    given = {name: values[name] for name in ("expires_after_days", "effective_from")}
    return coop_rates.publish_rate(
        actor=request.actor, program_id=UUID(values["program_id"]), tier_id=tier_id, share=values["percent"], at=request.at, **given
    )  # fmt: skip


def correct(request: Request, line_id: UUID) -> HttpResponse:
    """What a deal really brought: the difference becomes a line of its own."""
    line = queries.line(request.actor, line_id)
    form = forms.CorrectionForm(request.POST or None, initial={"revenue": f"{line.deal.major:f}"})
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: _correct(request, line, values))
        if not status:
            return done(request, reverse("funds:coop"), _("Corrected by a new line"), _("The earlier lines stay as they are."))
    title = _("Correct %(number)s") % {"number": line.registration_number}
    about = _("It stands at %(currency)s. The difference is booked as a new line at the rate of its day.") % {"currency": line.deal.currency}
    return page(request, "funds/vendor/form.html", status=status, form=form, **_words(title, about, "funds:coop", _("Co-op"), _("Book the correction")))


def _correct(request: Request, line: Any, values: Mapping[str, Any]) -> UUID:
    revenue = amount_of(request, {**values, "currency": line.deal.currency}, "revenue")
    return services.correct(actor=request.actor, registration_id=line.registration_id, revenue=revenue, reason=values["reason"], at=request.at)


def _words(title: str, about: str, back: str, back_label: str, action: str) -> dict[str, str]:
    return {"title": title, "about": about, "back": reverse(back), "back_label": back_label, "action": action}
