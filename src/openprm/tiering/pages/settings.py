"""How programs move their partners, the metrics, and what each tier gives: among the vendor's settings."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.tiering import queries, services
from openprm.tiering.pages.forms import ChangedMetricForm, MetricForm, PolicyForm, attempt


def overview(request: Request) -> HttpResponse:
    """Every program's policy and rules, and the metrics."""
    return page(
        request, "tiering/vendor/settings.html", policies=queries.policies_of(request.actor, request.at), metrics=queries.all_metrics(),
        facts=queries.by_hand(), may_configure=queries.may(request.actor, "configure"),
    )  # fmt: skip


def policy(request: Request, program_id: UUID) -> HttpResponse:
    found = queries.policy_view(request.actor, program_id, request.at)
    form = PolicyForm(request.POST or None, initial={name: getattr(found, name) for name in PolicyForm.base_fields})
    if request.method == "POST":
        is_done, _version = attempt(form, lambda: services.save_policy(actor=request.actor, program_id=program_id, changes=form.cleaned_data, at=request.at))
        if is_done:
            return done(request, reverse("tiering:settings"), _("Tier policy saved"), found.program)
    return _form(request, form, found.program, _("How this program moves its partners between tiers."))


def new_metric(request: Request) -> HttpResponse:
    form = MetricForm(request.POST or None)
    if request.method == "POST":
        is_done, _metric = attempt(form, lambda: services.create_metric(actor=request.actor, at=request.at, **form.cleaned_data))
        if is_done:
            return done(request, reverse("tiering:settings"), _("Metric added"), _("Tier rules can ask it now."))
    return _form(request, form, _("Add a metric"), _("A fact of your own: entered by hand for each partner, or computed from other facts."))


def edit_metric(request: Request, metric_id: UUID) -> HttpResponse:
    found = queries.metric(request.actor, metric_id)
    form = ChangedMetricForm(request.POST or None, initial={name: getattr(found, name) for name in ChangedMetricForm.base_fields})
    if request.method == "POST":
        is_done, _version = attempt(form, lambda: services.update_metric(actor=request.actor, metric_id=metric_id, changes=form.cleaned_data, at=request.at))
        if is_done:
            return done(request, reverse("tiering:settings"), _("Metric saved"), found.label)
    return _form(request, form, found.label, _("Its code and its kind stay: published rules may name it."))


def benefits(request: Request) -> HttpResponse:
    """What each tier of each program gives, side by side."""
    return page(request, "tiering/vendor/benefits.html", programs=[shown(one) for one in partners.programs(request.actor) if one.tiers])


def shown(program: Any) -> dict[str, Any]:
    """A program's tiers from the lowest, and each benefit with its value per tier; `grows` marks a value that differs from the tier below."""
    tiers = sorted(program.tiers, key=lambda tier: tier.rank)
    rows = []
    for code in tiers[0].benefits:
        values = [tier.benefits[code] for tier in tiers]
        cells = [(partners.benefit_words(code, value), place > 0 and value != values[place - 1]) for place, value in enumerate(values)]
        rows.append((partners.benefit_label(code), cells))
    return {"program": program, "tiers": tiers, "rows": rows}


def _form(request: Request, form: Any, title: str, about: str) -> HttpResponse:
    return page(request, "tiering/vendor/form.html", form=form, title=title, about=about, status=422 if form.is_bound else 200)
