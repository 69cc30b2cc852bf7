"""Settings of what is sold, where and at which rate: product lines, products, territories, exchange rates, regional reviewers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries, services
from openprm.deals.pages.common import attempt
from openprm.identity import queries as identity
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import parse_amount


class LineForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60, required=False, help_text=gettext_lazy("Left empty, it is made from the name."))
    position = forms.IntegerField(label=gettext_lazy("Place in lists"), min_value=0, max_value=32767, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Offered"), required=False, initial=True)


class ProductForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    product_line_id = forms.TypedChoiceField(label=gettext_lazy("Product line"), coerce=UUID)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60, required=False)
    list_price = forms.CharField(label=gettext_lazy("List price"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, min_length=3, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Offered"), required=False, initial=True)


class TerritoryForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, required=False)
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        max_length=1200,
        required=False,
        help_text=gettext_lazy("Two-letter codes with commas between, for example SE, NO, FI."),
    )
    is_default = forms.BooleanField(label=gettext_lazy("Takes every other country"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Used"), required=False, initial=True)


class RateForm(forms.Form):
    currency = forms.CharField(label=gettext_lazy("Currency"), min_length=3, max_length=3)
    rate = forms.DecimalField(
        label=gettext_lazy("Rate"), max_digits=20, decimal_places=10, localize=True, help_text=gettext_lazy("One unit of the currency in your own currency.")
    )
    rate_date = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReviewerForm(forms.Form):
    user_id = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=UUID)
    basis = forms.ChoiceField(
        label=gettext_lazy("Whose region counts"),
        choices=[("customer", gettext_lazy("The customer's territory")), ("partner", gettext_lazy("The partner's region"))],
    )
    region = forms.CharField(label=gettext_lazy("Region"), max_length=80, help_text=gettext_lazy("The code of a territory, or the partner's region."))


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: Any
    about: Any
    form: type[forms.Form]
    rows: Callable[[Any], Any]


TABS = (
    Tab(
        "lines",
        gettext_lazy("Product lines"),
        gettext_lazy("A protection covers one product line, so two partners can hold different lines at one customer."),
        LineForm,
        queries.product_lines,
    ),
    Tab("products", gettext_lazy("Products"), gettext_lazy("What partners choose when they register a deal."), ProductForm, queries.products),
    Tab(
        "territories",
        gettext_lazy("Territories"),
        gettext_lazy("The same customer can be protected in two territories at once."),
        TerritoryForm,
        queries.territories,
    ),
    Tab(
        "rates",
        gettext_lazy("Exchange rates"),
        gettext_lazy("A deal is booked at the rate of its approval day and never moves with later rates."),
        RateForm,
        queries.exchange_rates,
    ),
    Tab(
        "reviewers", gettext_lazy("Regional reviewers"), gettext_lazy("Who is asked when the rules name a regional reviewer."), ReviewerForm, queries.reviewers
    ),
)
_BY_KEY = {tab.key: tab for tab in TABS}


def catalogue(request: Request, tab: str = "lines") -> HttpResponse:
    return _show(request, _tab(tab))


def _tab(key: str) -> Tab:
    try:
        return _BY_KEY[key]
    except KeyError:
        raise NotFound() from None


def _show(request: Request, tab: Tab, *, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    rows = tab.rows(request.actor)
    chosen = next((row for row in rows if str(row.id) == request.GET.get("edit", "")), None)
    return page(
        request,
        "deals/settings/catalogue.html",
        status=status,
        tab=tab,
        tabs=TABS,
        rows=rows,
        chosen=chosen,
        form=form or _form(request, tab, initial=_initial(chosen) if chosen else None),
        may_change=request.actor.can("deals.manage_catalogue"),
    )


def _form(request: Request, tab: Tab, data: Any = None, initial: dict[str, Any] | None = None) -> forms.Form:
    form = tab.form(data, initial=initial)
    if tab.key == "products":
        form.fields["product_line_id"].choices = [(str(line.id), line.name) for line in queries.product_lines(request.actor)]  # type: ignore[attr-defined]
    if tab.key == "reviewers":
        vendor = identity.vendor_organization()
        people = identity.people(request.actor, vendor.id) if vendor else ()
        form.fields["user_id"].choices = [(str(person.id), person.name) for person in people if person.id]  # type: ignore[attr-defined]
    return form


def _initial(row: Any) -> dict[str, Any]:
    """A row as form values."""
    values = {name: getattr(row, name) for name in ("name", "code", "position", "is_active", "is_default") if hasattr(row, name)}
    if hasattr(row, "line_id"):
        values["product_line_id"] = row.line_id
    if hasattr(row, "countries"):
        values["countries"] = ", ".join(row.countries)
    if getattr(row, "list_price", None):
        values |= {"list_price": str(row.list_price.major), "currency": row.list_price.currency}
    return values


def save(request: Request, tab: str, row_id: UUID | None = None) -> HttpResponse:
    """Add a row, or change the one that is named."""
    chosen = _tab(tab)
    form = _form(request, chosen, request.POST)
    _result, status = attempt(form, lambda values: _SAVE[chosen.key](request, values, row_id))
    if status:
        return _show(request, chosen, form=form, status=status)
    return done(request, reverse("deals:catalogue", args=[chosen.key]), _("Saved"))


def remove_reviewer(request: Request, reviewer_id: UUID) -> HttpResponse:
    services.remove_reviewer(actor=request.actor, reviewer_id=reviewer_id, at=request.at)
    return done(request, reverse("deals:catalogue", args=["reviewers"]), _("Reviewer removed"))


def _save_line(request: Request, values: Any, row_id: UUID | None) -> None:
    services.save_product_line(
        actor=request.actor,
        name=values["name"],
        code=values["code"],
        product_line_id=row_id,
        position=values["position"] or 0,
        is_active=values["is_active"],
        at=request.at,
    )


def _save_product(request: Request, values: Any, row_id: UUID | None) -> None:
    currency = values["currency"].upper()
    if values["list_price"] and not currency:
        raise Invalid(_("A price needs its currency, for example EUR."), field="currency")
    price = parse_amount(values["list_price"], currency, request.actor.locale, field="list_price").minor if values["list_price"] else None
    services.save_product(
        actor=request.actor,
        name=values["name"],
        product_line_id=values["product_line_id"],
        code=values["code"],
        product_id=row_id,
        list_price_minor=price,
        currency=currency if price is not None else "",
        is_active=values["is_active"],
        at=request.at,
    )


def _save_territory(request: Request, values: Any, row_id: UUID | None) -> None:
    countries = [code for code in values["countries"].replace(";", ",").split(",") if code.strip()]
    services.save_territory(
        actor=request.actor,
        name=values["name"],
        code=values["code"],
        countries=countries,
        is_default=values["is_default"],
        territory_id=row_id,
        is_active=values["is_active"],
        at=request.at,
    )


def _save_rate(request: Request, values: Any, row_id: UUID | None) -> None:
    if row_id:
        raise NotFound(_("A rate is never changed: deals were booked with it. Add a newer one."))
    services.add_exchange_rate(actor=request.actor, currency=values["currency"].upper(), rate=values["rate"], rate_date=values["rate_date"], at=request.at)


def _save_reviewer(request: Request, values: Any, row_id: UUID | None) -> None:
    services.assign_reviewer(actor=request.actor, user_id=values["user_id"], basis=values["basis"], region=values["region"], at=request.at)


_SAVE: dict[str, Callable[[Request, Any, UUID | None], None]] = {
    "lines": _save_line, "products": _save_product, "territories": _save_territory, "rates": _save_rate, "reviewers": _save_reviewer,
}  # fmt: skip
