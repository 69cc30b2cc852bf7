"""Targets and costs: what the numbers should be, and what the program cost beside pay and market funds."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.deals.queries import base_currency
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, format_money
from openprm.kpis import queries, services, wording
from openprm.kpis.pages import shown
from openprm.kpis.pages.asking import viewer_of
from openprm.kpis.pages.forms import CostForm, NewValueForm, ReasonForm, TargetForm
from openprm.partners import queries as partners
from openprm.ui.fields import add_problems

MENDABLE = (Invalid, Conflict, Stale, NotFound)


def attempt(form: Form, act: Callable[[], Any]) -> bool:
    """Whether it was done; a refusal goes beside its field."""
    if not form.is_valid():
        return False
    try:
        act()
    except MENDABLE as refusal:
        add_problems(form, refusal)
        return False
    return True


def targets(request: Request) -> HttpResponse:
    """Every target, and a form for one more."""
    return _targets(request, _target_form(request, None))


def new_target(request: Request) -> HttpResponse:
    form = _target_form(request, request.POST)
    if attempt(form, lambda: _set(request, form)):
        return done(request, reverse("kpis:targets"), _("The target is set"))
    return _targets(request, form, status=422)


def _target_form(request: Request, data: Any) -> TargetForm:
    initial = {"period": "year", "kpi": request.GET.get("kpi", "")[:60], "starts_on": request.at.date().replace(month=1, day=1)}
    return TargetForm(data, known=queries.definitions(request.actor), locale=request.actor.locale, initial=initial)


def _set(request: Request, form: TargetForm) -> None:
    typed = form.cleaned_data
    value = queries.target_from_words(typed["kpi"], typed["value"])
    services.set_target(
        actor=request.actor, kpi=typed["kpi"], period=typed["period"], starts_on=typed["starts_on"], value=value, version=typed["version"], at=request.at
    )


def _targets(request: Request, form: TargetForm, *, status: int = 200) -> HttpResponse:
    viewer, currency = viewer_of(request), base_currency()
    known = {one.name: one for one in queries.definitions(request.actor)}
    rows = [
        (one, known[one.kpi], wording.TARGET_PERIODS[one.period], shown.value(one.value, known[one.kpi].unit, currency, viewer, compact=False))
        for one in queries.targets(request.actor)
        if one.kpi in known
    ]
    return page(request, "kpis/targets.html", status=status, rows=rows, form=form, may_plan=request.actor.can("kpis.plan"), currency=currency)


def target(request: Request, target_id: UUID) -> HttpResponse:
    """One target: its value, how it was changed, another value."""
    found = queries.target(request.actor, target_id)
    return _target(request, found, _value_form(request, found, None))


def change_target(request: Request, target_id: UUID) -> HttpResponse:
    found = queries.target(request.actor, target_id)
    form = _value_form(request, found, request.POST)
    if attempt(form, lambda: _change(request, found, form)):
        return done(request, reverse("kpis:target", args=[target_id]), _("The target is changed"))
    return _target(request, found, form, status=422)


def _value_form(request: Request, found: queries.TargetView, data: Any) -> NewValueForm:
    value = queries.target_in_words(found.kpi, found.value).normalize() + 0
    return NewValueForm(data, locale=request.actor.locale, initial={"value": format_decimal(value, locale=request.actor.locale), "version": found.version})


def _target(request: Request, found: queries.TargetView, form: Form, *, gone: Form | None = None, status: int = 200) -> HttpResponse:
    about, currency = queries.definition(request.actor, found.kpi), base_currency()
    return page(
        request,
        "kpis/target.html",
        status=status,
        target=found,
        about=about,
        period=wording.TARGET_PERIODS[found.period],
        value=shown.value(found.value, about.unit, currency, viewer_of(request), compact=False),
        form=form,
        gone=gone or ReasonForm(),
        currency=currency if about.unit in wording.MONEY else "",
        entries=audit.timeline(request.actor, found.id),
        may_plan=request.actor.can("kpis.plan"),
    )


def _change(request: Request, found: queries.TargetView, form: NewValueForm) -> None:
    value = queries.target_from_words(found.kpi, form.cleaned_data["value"])
    named = {"kpi": found.kpi, "period": found.period, "starts_on": found.starts_on, "version": form.cleaned_data["version"]}
    services.set_target(actor=request.actor, value=value, at=request.at, **named)


def remove_target(request: Request, target_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if attempt(form, lambda: services.remove_target(actor=request.actor, target_id=target_id, **form.cleaned_data, at=request.at)):
        return done(request, reverse("kpis:targets"), _("The target is taken out"))
    found = queries.target(request.actor, target_id)
    return _target(request, found, _value_form(request, found, None), gone=form, status=422)


def costs(request: Request) -> HttpResponse:
    """What was entered, newest month first, and a form for one more."""
    return _costs(request, _cost_form(request, None, {"month": f"{request.at:%Y-%m}", "currency": base_currency()}))


def new_cost(request: Request) -> HttpResponse:
    form = _cost_form(request, request.POST, {})
    if attempt(form, lambda: services.enter_cost(actor=request.actor, at=request.at, **form.values())):
        return done(request, reverse("kpis:costs"), _("The cost is entered"))
    return _costs(request, form, status=422)


def _costs(request: Request, form: CostForm, *, status: int = 200) -> HttpResponse:
    rows = [(one, wording.COST_KINDS[one.kind], Money(one.amount_minor, one.currency)) for one in queries.costs(request.actor)]
    return page(request, "kpis/costs.html", status=status, rows=rows, form=form, may_plan=request.actor.can("kpis.plan"), years=_years(request))


def _years(request: Request) -> list[tuple[int, list[tuple[Any, str]], str]]:
    """The sum of each year and kind in the reporting currency, newest first; other currencies stand in the list alone."""
    currency, sums = base_currency(), {}
    for one in queries.costs(request.actor):
        if one.currency == currency:
            year = sums.setdefault(one.month.year, dict.fromkeys(wording.COST_KINDS, 0))
            year[one.kind] += one.amount_minor

    def money(minor: int) -> str:
        return format_money(Money(minor, currency), request.actor.locale)

    return [
        (year, [(wording.COST_KINDS[kind], money(minor)) for kind, minor in kinds.items()], money(sum(kinds.values())))
        for year, kinds in sorted(sums.items(), reverse=True)
    ]


def _cost_form(request: Request, data: Any, initial: dict[str, Any]) -> CostForm:
    return CostForm(data, partners=partners.partner_choices(request.actor), first=base_currency(), locale=request.actor.locale, initial=initial)


def cost(request: Request, cost_id: UUID) -> HttpResponse:
    """One cost: corrected here, with everything that was changed before."""
    found = queries.cost(request.actor, cost_id)
    return _cost(request, found, _cost_form(request, None, _as_typed(request, found)))


def correct_cost(request: Request, cost_id: UUID) -> HttpResponse:
    found = queries.cost(request.actor, cost_id)
    form = _cost_form(request, request.POST, {})
    if attempt(form, lambda: _correct(request, cost_id, form)):
        return done(request, reverse("kpis:costs"), _("The cost is corrected"))
    return _cost(request, found, form, status=422)


def _correct(request: Request, cost_id: UUID, form: CostForm) -> None:
    services.correct_cost(actor=request.actor, cost_id=cost_id, version=form.cleaned_data["version"], at=request.at, **form.values())


def _as_typed(request: Request, found: queries.CostView) -> dict[str, Any]:
    amount = Money(found.amount_minor, found.currency).major
    named = {name: getattr(found, name) for name in ("kind", "currency", "note", "version")}
    return {**named, "month": f"{found.month:%Y-%m}", "amount": format_decimal(amount, locale=request.actor.locale), "partner": str(found.partner_id or "")}


def _cost(request: Request, found: queries.CostView, form: Form, *, gone: Form | None = None, status: int = 200) -> HttpResponse:
    return page(
        request,
        "kpis/cost.html",
        status=status,
        cost=found,
        kind=wording.COST_KINDS[found.kind],
        amount=Money(found.amount_minor, found.currency),
        form=form,
        gone=gone or ReasonForm(),
        entries=audit.timeline(request.actor, found.id),
        may_plan=request.actor.can("kpis.plan"),
    )


def remove_cost(request: Request, cost_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if attempt(form, lambda: services.remove_cost(actor=request.actor, cost_id=cost_id, **form.cleaned_data, at=request.at)):
        return done(request, reverse("kpis:costs"), _("The cost is taken out"))
    found = queries.cost(request.actor, cost_id)
    return _cost(request, found, _cost_form(request, None, _as_typed(request, found)), gone=form, status=422)
