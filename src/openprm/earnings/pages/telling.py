"""Saying what a deal does not say itself: margin, list price, channel."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.earnings import queries, services
from openprm.earnings.pages import forms
from openprm.earnings.pages.common import attempt
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, parse_amount


def about_deal(request: Request, registration_id: UUID) -> HttpResponse:
    """For a deal that was won, whether plans have paid for it or not."""
    deal = queries.deal_to_tell(request.actor, registration_id)
    back = reverse("deals:registration", args=[registration_id])

    def act(values: Mapping[str, Any]) -> Any:
        return services.tell_about_deal(actor=request.actor, registration_id=registration_id, at=request.at, **values)

    return _told(request, deal.title, deal.currency, back, act)


def about_line(request: Request, earning_id: UUID) -> HttpResponse:
    """For whatever a line was earned by."""
    found = queries.earning_for_vendor(request.actor, earning_id)
    line = found.line
    back = reverse("earnings:earning", args=[earning_id])

    def act(values: Mapping[str, Any]) -> Any:
        return services.tell_about_line(actor=request.actor, earning_id=earning_id, at=request.at, **values)

    return _told(request, f"{line.number} {line.about or line.label}", found.told_currency, back, act)


def _told(request: Request, title: str, currency: str, back: str, act: Callable[[Mapping[str, Any]], Any]) -> HttpResponse:
    form, status = forms.TellForm(request.POST or None, auto_id="id_tell_%s"), 200
    if request.method == "POST":
        made, status = attempt(form, lambda values: act({**values, **_amounts(values, currency, request.actor.locale)}))
        if not status:
            words = ngettext("%(lines)d line is new.", "%(lines)d lines are new.", len(made)) % {"lines": len(made)}
            return done(request, back, _("Kept, and calculated again"), words)
    return page(request, "earnings/vendor/tell.html", form=form, title=title, number=title.split(" ", 1)[0], currency=currency, back=back, status=status)


def _amounts(values: Mapping[str, Any], currency: str, locale: str) -> dict[str, Money | None]:
    return {name: parse_amount(values[name], currency, locale) if values[name].strip() else None for name in ("margin", "list_price")}
