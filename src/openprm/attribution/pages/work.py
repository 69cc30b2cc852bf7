"""What the vendor does: answers claims and disputes, looks at wins without a partner, computes, locks, configures."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.attribution import queries, services
from openprm.attribution.pages import both, vendor
from openprm.attribution.pages import lists as shown
from openprm.attribution.pages.forms import ConfigurationForm, LockForm, MonthForm, ReviewForm, SettleForm, WhatIfForm, attempt
from openprm.attribution.rules.months import back, first_of
from openprm.attribution.rules.words import Outcome
from openprm.attribution.wording import OUTCOME
from openprm.identity import queries as identity
from openprm.kernel.http import Request, addresses, done, page
from openprm.kernel.money import Money
from openprm.ui.listspec import Empty

claim, new_claim, confirm, decline, withdraw, dispute = both.claim, both.new_claim, both.confirm, both.decline, both.withdraw, both.dispute


def claims(request: Request) -> HttpResponse:
    address = addresses("attribution:claim")
    return both.listed(
        request, shown.CLAIMS, tab="claims", title=_("Claims"), summary=_("One side says that a partner helped; it counts when the other side confirms."),
        empty=Empty(title=_("No claims yet"), text=_("Partners claim what no system saw: an introduction, a reference call.")),
        rows=lambda page, **asked: queries.claims(request.actor, page, request.at, **asked),
        export=lambda **asked: queries.export_claims(request.actor, request.at, **asked), opens=lambda row: address(row.id), filters={"state": "states"},
    )  # fmt: skip


def disputes(request: Request) -> HttpResponse:
    address = addresses("attribution:dispute")
    return both.listed(
        request, shown.DISPUTES, tab="disputes", title=_("Disputes"), summary=_("A partner disagrees with its credit. The answer is promised in a time."),
        empty=Empty(title=_("No disputes"), text=_("When a partner disagrees, its case appears here.")),
        rows=lambda page, **asked: queries.disputes(request.actor, page, request.at, **asked),
        export=lambda **asked: queries.export_disputes(request.actor, request.at, **asked), opens=lambda row: address(row.id), filters={"state": "states"},
    )  # fmt: skip


def settle(request: Request, dispute_id: UUID) -> HttpResponse:
    form = SettleForm(request.POST)

    def act() -> None:
        services.settle_dispute(
            actor=request.actor, dispute_id=dispute_id, uphold=request.POST.get("finding") == "upheld", version=both.version(request), at=request.at,
            **form.cleaned_data,
        )  # fmt: skip

    is_done, _none = attempt(form, act)
    if not is_done:
        return both.dispute(request, dispute_id, form=form, status=422)
    return done(request, reverse("attribution:dispute", args=[dispute_id]), _("Answered"), _("The partner reads your reasons."))


def review(request: Request, deal_id: UUID) -> HttpResponse:
    form = ReviewForm(request.POST)
    is_done, _none = attempt(form, lambda: services.review_win(actor=request.actor, deal_id=deal_id, at=request.at, **form.cleaned_data))
    if not is_done:
        return vendor.deal(request, deal_id, form=form, status=422)
    place = reverse("attribution:reviews") if request.POST.get("from") == "queue" else reverse("attribution:deal", args=[deal_id])
    return done(request, place, _("Reviewed"))


def compute(request: Request) -> HttpResponse:
    form = MonthForm(request.POST)

    def act() -> services.Made:
        services.collect(at=request.at)
        return services.compute(actor=request.actor, month=form.cleaned_data["month"], at=request.at)

    is_done, made = attempt(form, act)
    if not is_done:
        return page(request, "attribution/vendor/runs.html", runs=queries.runs(request.actor, request.at), may_run=True, form=form, tab="runs", status=422)
    text = _("The result is new.") if made.is_new else _("Nothing has changed since the run that stands.")
    return done(request, reverse("attribution:run", args=[made.run_id]), _("Computed"), text)


def lock(request: Request, run_id: UUID) -> HttpResponse:
    form = LockForm(request.POST)
    month = queries.run(request.actor, run_id, request.at).month
    is_done, _run_id = attempt(form, lambda: services.lock_month(actor=request.actor, month=month, at=request.at, run_id=run_id, **form.cleaned_data))
    if not is_done:
        return vendor.run(request, run_id, form=form, status=422)
    return done(request, reverse("attribution:run", args=[run_id]), _("Locked"), _("The credit of this month is final."))


def configure(request: Request) -> HttpResponse:
    """Publish a new version of how credit is divided."""
    form = ConfigurationForm(request.POST or None)
    if request.method == "POST":
        is_done, _id = attempt(form, lambda: services.publish_configuration(actor=request.actor, at=request.at, **form.values()))
        if is_done:
            return done(request, reverse("attribution:configurations"), _("Published"), _("Months that are not locked follow it from their next run on."))
    status = 422 if form.is_bound else 200
    return page(
        request, "attribution/vendor/form.html", form=form, title=_("Configuration"), tab="configurations", back=reverse("attribution:configurations"),
        about=_("Both sides can read it. Months that are locked stay as they are."), status=status,
    )  # fmt: skip


def what_if(request: Request) -> HttpResponse:
    """A past month by another configuration or by other rules, with the difference for each partner."""
    form = WhatIfForm(request.POST or None, initial={"month": back(first_of(request.at.date()), 1)})
    _done, found = attempt(form, lambda: services.imagine(actor=request.actor, at=request.at, **form.values())) if form.is_bound else (False, None)
    status = 422 if form.is_bound and found is None else 200
    return page(
        request, "attribution/vendor/what_if.html", form=form, found=found, rows=_differences(found), sums=_outcomes(found), tab="configurations",
        status=status,
    )  # fmt: skip


def _differences(found: services.Imagined | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    names = identity.organization_names(partner_id for partner_id, _before, _after in found.partners)
    return [
        {
            "partner": names.get(partner_id, ""), "before": Money(before, found.currency), "after": Money(after, found.currency),
            "difference": Money(after - before, found.currency),
        }
        for partner_id, before, after in found.partners
    ]  # fmt: skip


def _outcomes(found: services.Imagined | None) -> list[tuple[Any, Money, Money]]:
    if found is None:
        return []
    return [(OUTCOME[one][0], Money(found.before[one], found.currency), Money(found.after[one], found.currency)) for one in Outcome]
