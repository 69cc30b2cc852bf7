"""What deals tell recruitment: the open pipeline for the whitespace map, and what partners have shown they can sell."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.deals.models import Opportunity, Territory
from openprm.recruitment.ports import DemandReport, DemandRow, ProvenCapability

MOST_ROWS = 20_000
COUNTS_FOR = timedelta(days=365)
COLUMNS = (
    "name", "product_line__name", "account__name", "account__country", "account__industry", "registration_id", "base_amount_minor", "amount_minor",
    "currency", "partner__name",
)  # fmt: skip


class OpenPipeline:
    """Every open opportunity by product line, the market of the customer's country, and the customer's industry."""

    def read(self, at: datetime) -> DemandReport:
        markets = list(Territory.objects.filter(is_active=True).order_by("is_default", "name"))
        region_of = {country: market.name for market in reversed(markets) for country in market.countries}
        other = next((market.name for market in markets if market.is_default), "") or str(_("Other markets"))
        rows = Opportunity.objects.filter(status=Opportunity.Status.OPEN).exclude(product_line=None).order_by("-base_amount_minor", "pk")
        return DemandReport(
            rows=tuple(_row(row, region_of, other) for row in rows.values(*COLUMNS)[:MOST_ROWS].iterator(chunk_size=2000)),
            region_of=region_of,
            other_region=other,
        )


def _row(row: Mapping[str, Any], region_of: Mapping[str, str], other: str) -> DemandRow:
    return DemandRow(
        capability=row["product_line__name"],
        region=region_of.get(row["account__country"] or "", other),
        industry=row["account__industry"] or "",
        amount_minor=_amount(row),
        title=row["name"],
        customer=row["account__name"] or "",
        url=reverse("deals:registration", args=[row["registration_id"]]) if row["registration_id"] else "",
        partner=row["partner__name"] or "",
    )


def _amount(row: Mapping[str, Any]) -> int:
    """In the base currency; an amount that was never booked counts only when it is in that currency already."""
    if row["base_amount_minor"] is not None:
        return row["base_amount_minor"]
    return (row["amount_minor"] or 0) if row["currency"] == settings.OPENPRM_CURRENCY else 0


def results(at: datetime) -> dict[UUID, int]:
    """What each partner won in the last year, in minor units of the base currency."""
    won = Opportunity.objects.filter(status=Opportunity.Status.WON, closed_at__gt=at - COUNTS_FOR, closed_at__lte=at).exclude(partner=None)
    return {row["partner"]: row["total"] or 0 for row in won.values("partner").annotate(total=Sum("base_amount_minor")).order_by()}


def shown_capabilities(at: datetime) -> Iterator[ProvenCapability]:
    """A partner that won a deal of a product line can sell it."""
    won = Opportunity.objects.filter(status=Opportunity.Status.WON).exclude(partner=None).exclude(product_line=None)
    for row in won.values("partner", "product_line__name").annotate(count=Count("pk")).order_by():
        why = ngettext("won %(count)d deal", "won %(count)d deals", row["count"]) % {"count": row["count"]}
        yield ProvenCapability(partner_id=row["partner"], capability=row["product_line__name"], why=why)
