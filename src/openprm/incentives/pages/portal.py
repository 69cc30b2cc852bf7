"""What a partner can earn, in plain words with a calculator, and the usage it is credited with."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.incentives import queries
from openprm.incentives.pages import lists as shown
from openprm.incentives.pages.forms import SampleForm
from openprm.incentives.wording import KIND
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page
from openprm.kernel.money import Money, minor_units
from openprm.ui import exports, lists

SAMPLE = Decimal(10_000)


def earn(request: Request) -> HttpResponse:
    """Every plan that is open to the company, and what a deal of any size would bring."""
    partner_id = _own(request)
    asked = "amount" in request.GET
    tier = queries.tier_of(partner_id, request.at)
    form = SampleForm(request.GET if asked else None, initial={"amount": SAMPLE, "tier": tier})
    is_sound = asked and form.is_valid()
    amount, tier = (form.cleaned_data["amount"], form.cleaned_data["tier"] or tier) if is_sound else (SAMPLE, tier)
    plans = [_shown(plan, about, amount, partner_id, tier, request) for plan, about in queries.open_plans(partner_id, request.at.date())]
    return page(request, "incentives/partner/earn.html", plans=plans, form=form, amount=amount, status=422 if asked and not is_sound else 200)


def usage(request: Request) -> HttpResponse:
    """What customers used and the company was credited with."""
    _own(request)
    state = lists.parse(request, shown.CREDITS)
    if state.export:
        rows = queries.export_credits(request.actor, search=state.search, filters=state.filters)
        return exports.respond(request, state, map(shown.credit, rows), name="usage")
    found = queries.list_credits(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("No usage yet"), text=_("When a customer of yours uses the product and you have a share in it, its months stand here."))
    return lists.render(
        request, "incentives/partner/usage.html", state, found.map(shown.credit), empty=empty, title=_("Usage you are credited with"),
        summary=_("By month. A late change is a line of its own and names the month that it corrects."), shares=queries.shares(request.actor),
    )  # fmt: skip


def _shown(plan: Any, about: str, amount: Decimal, partner_id: UUID, tier: str, request: Request) -> dict[str, Any]:
    currency = plan.terms.currency
    minor = int(amount * 10 ** minor_units(currency))
    sample = queries.example(plan, amount=Money(minor, currency), partner_id=partner_id, tier=tier, on=request.at.date())
    return {"plan": plan, "about": about, "kind": KIND[plan.kind], "words": queries.in_words(plan), "sample": sample}


def _own(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id
