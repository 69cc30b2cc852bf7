"""Product lines, products, territories, exchange rates and regional reviewers."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.models import ExchangeRate, Line, Product, ProductLine, ReviewerRegion, Territory
from openprm.deals.services.booking import base_currency
from openprm.deals.services.customers import TERRITORIES
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.models import Model
from openprm.kernel.money import LARGEST_MINOR, minor_units

REVIEW_RIGHT = {"partner": "deals.review_partner_region", "customer": "deals.review_customer_region"}


def save_product_line(
    *, actor: Actor, name: str, code: str = "", product_line_id: UUID | None = None, position: int = 0, is_active: bool = True, at: datetime
) -> UUID:
    """Raises NotFound, NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    name = _named(name, 120)
    row = ProductLine.objects.all().locked().one(product_line_id) if product_line_id else ProductLine()
    values = {"name": name, "code": _code(code or row.code or name, 60), "position": max(0, min(position, 32767)), "is_active": is_active}
    return _keep(actor, row, values, "product_line", "deals_productline_code_key", at)


def save_product(
    *,
    actor: Actor,
    name: str,
    product_line_id: UUID,
    code: str = "",
    product_id: UUID | None = None,
    list_price_minor: int | None = None,
    currency: str = "",
    is_active: bool = True,
    at: datetime,
) -> UUID:
    """Raises NotFound, NotAllowed, Invalid, Conflict. A product that was sold keeps its line."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    name = _named(name, 160)
    row = Product.objects.all().locked().one(product_id) if product_id else Product()
    line = ProductLine.objects.one(product_line_id)
    if list_price_minor is not None:
        _refuse_bad_price(list_price_minor, currency)
    values = {
        "name": name,
        "line_id": line.pk,
        "code": _code(code or row.code or name, 60),
        "list_price_minor": list_price_minor,
        "currency": currency if list_price_minor is not None else "",
        "is_active": is_active,
    }
    if row.line_id not in (None, line.pk) and Line.objects.filter(product=row).exists():
        raise Conflict(_("This product is on deals already and stays in its line."), field="product_line_id")
    return _keep(actor, row, values, "product", "deals_product_code_key", at)


def _refuse_bad_price(amount_minor: int, currency: str) -> None:
    minor_units(currency)
    if not 0 <= amount_minor <= LARGEST_MINOR:
        raise Invalid(_("The list price cannot be negative or that large."), field="list_price_minor")


def save_territory(
    *,
    actor: Actor,
    name: str,
    code: str = "",
    countries: Iterable[str] = (),
    is_default: bool = False,
    territory_id: UUID | None = None,
    is_active: bool = True,
    at: datetime,
) -> UUID:
    """Raises NotFound, NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    name = _named(name, 120)
    listed = sorted({country.strip().upper() for country in countries})
    if wrong := [country for country in listed if not re.fullmatch("[A-Z]{2}", country)]:
        raise Invalid(_("“%(text)s” is no country code. Use two letters, for example FI.") % {"text": wrong[0][:20]}, field="countries")
    row = Territory.objects.all().locked().one(territory_id) if territory_id else Territory()
    values = {"name": name, "code": _code(code or row.code or name, 40), "countries": listed, "is_default": is_default, "is_active": is_active}
    with refused_by("one_default_territory", Conflict(_("Another territory takes the rest of the world. Change that one first."))):
        kept = _keep(actor, row, values, "territory", "deals_territory_code_key", at)
    TERRITORIES.forget()
    return kept


def add_exchange_rate(*, actor: Actor, currency: str, rate: Decimal, rate_date: date, source: str = "", at: datetime) -> UUID:
    """One unit of `currency` in the reporting currency, known from that day on. Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    minor_units(currency)
    if not Decimal("0.0000000001") <= rate < Decimal(10) ** 9:
        raise Invalid(_("A rate is larger than zero and smaller than a thousand million."), field="rate")
    row = ExchangeRate(currency=currency, base=base_currency(), rate=rate, rate_date=rate_date, source=source[:60])
    with refused_by("one_rate_per_day", Conflict(_("There is a rate for %(currency)s on that day already.") % {"currency": currency})):
        row.save(force_insert=True)
    audit.record(actor, "deal.rate_added", row, at=at)
    return row.pk


def assign_reviewer(*, actor: Actor, user_id: UUID, basis: str, region: str, at: datetime) -> UUID:
    """Make a person of the vendor's team the reviewer of a region: the partner's or the customer's (D12). Raises NotAllowed, Invalid, Conflict."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    if basis not in ReviewerRegion.Basis.values or not region.strip():
        raise Invalid(_("Choose whose region counts, and the region."), field="region", code="required")
    if user_id not in {person.id for person in identity.holders_of(REVIEW_RIGHT[basis])}:
        raise Invalid(_("Choose a person of your own team whose role may review this."), field="user_id")
    row = ReviewerRegion(user_id=user_id, basis=basis, region=region.strip()[:80])
    with refused_by("reviewer_once_per_region", Conflict(_("This person reviews that region already."))):
        row.save(force_insert=True)
    audit.record(actor, "deal.reviewer_assigned", row, at=at)
    return row.pk


def remove_reviewer(*, actor: Actor, reviewer_id: UUID, at: datetime) -> None:
    """Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_manage_catalogue(actor))
    row = ReviewerRegion.objects.all().locked().one(reviewer_id)
    audit.record(actor, "deal.reviewer_removed", row, before=row.snapshot(), after={}, at=at)
    row.delete()


def _keep(actor: Actor, row: Model, values: dict[str, Any], what: str, code_constraint: str, at: datetime) -> UUID:
    made = row._state.adding
    before = None if made else row.snapshot()
    for name, value in values.items():
        setattr(row, name, value)
    with refused_by(code_constraint, Conflict(_("The code “%(code)s” is taken.") % {"code": values["code"]}, field="code")):
        row.save()
    audit.record(actor, f"deal.{what}_{'added' if made else 'changed'}", row, before=before, at=at)
    return row.pk


def _named(name: str, most: int) -> str:
    name = " ".join(name.split())
    if not name or len(name) > most:
        raise Invalid(_("A name has 1 to %(most)d characters.") % {"most": most}, field="name", code="required")
    return name


def _code(text: str, most: int) -> str:
    code = slugify(text)[:most].strip("-")
    if not code:
        raise Invalid(_("A code has letters, digits and dashes."), field="code")
    return code
