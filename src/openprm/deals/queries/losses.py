"""Why deals are lost: counted by reason, beside the partner, the product line or the competitor. One query for each table."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Cast, Greatest
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import Line
from openprm.deals.queries.boards import base_currency
from openprm.deals.queries.processes import reason_label
from openprm.deals.rules.lifecycle import Status
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money

BY = ("partner", "product", "competitor", "kind")
_COLUMN = {"partner": "partner__name", "product": "lines__product_line__name", "competitor": "lost_competitor", "kind": "deal_type"}


_EXACT = DecimalField(max_digits=40, decimal_places=6)
# A line's part of the booked amount: lines are in the deal's own currency. Exact, because the product of two amounts is larger than a bigint.
_LINE_SHARE = ExpressionWrapper(
    Cast("lines__amount_minor", _EXACT) * Cast("base_amount_minor", _EXACT) / Cast(Greatest(F("amount_minor"), 1), _EXACT), output_field=_EXACT
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LostFilters:
    since: date | None = None
    until: date | None = None
    program_id: UUID | None = None
    partner_id: UUID | None = None
    product_line_id: UUID | None = None
    code: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRow:
    """One reason beside one partner, product line or competitor. `share` is the percentage of all lost deals that are counted."""

    code: str
    reason: str
    beside: str
    deals: int
    amount: Money
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostReport:
    """`by_reason` has one row for each reason; `rows` splits it. A deal with two product lines counts in both of them, with the line's own amount."""

    by: str
    deals: int
    amount: Money
    by_reason: tuple[LostRow, ...]
    rows: tuple[LostRow, ...]


def lost_report(actor: Actor, filters: LostFilters, by: str = "partner") -> LostReport:
    """What this person can see of lost deals, the most frequent reason first."""
    rows = _lost(actor, filters)
    total = rows.aggregate(deals=Count("pk", distinct=True), minor=Sum("base_amount_minor"))
    by_reason = rows.order_by().values_list("lost_code").annotate(n=Count("pk"), minor=Sum("base_amount_minor")).order_by("-n", "lost_code")
    amount = _LINE_SHARE if by == "product" else F("base_amount_minor")
    split = rows.order_by().values_list("lost_code", _COLUMN[by]).annotate(n=Count("pk", distinct=True), minor=Sum(amount))
    split = split.order_by("-n", "lost_code", _COLUMN[by])
    deals = total["deals"] or 0
    return LostReport(
        by=by,
        deals=deals,
        amount=Money(total["minor"] or 0, base_currency()),
        by_reason=tuple(_row(code, "", n, minor, deals, filters.program_id) for code, n, minor in by_reason),
        rows=tuple(_row(code, beside, n, minor, deals, filters.program_id) for code, beside, n, minor in split[:500]),
    )


def _row(code: str, beside: str, count: int, minor: Decimal | int | None, total: int, program_id: UUID | None) -> LostRow:
    return LostRow(
        code=code,
        reason=reason_label(code, program_id) if code else _("Not said"),
        beside=beside or "–",
        deals=count,
        amount=Money(round(minor or 0), base_currency()),
        share=round(100 * count / total) if total else 0,
    )


def _lost(actor: Actor, filters: LostFilters) -> QuerySet:
    rows = policies.reach_in(actor, Status.CLOSED_LOST)
    wanted = {
        "closed_at__gte": datetime.combine(filters.since, time.min, tzinfo=UTC) if filters.since else None,
        "closed_at__lt": datetime.combine(filters.until + timedelta(days=1), time.min, tzinfo=UTC) if filters.until else None,
        "program_id": filters.program_id,
        "partner_id": filters.partner_id,
        "lost_code__in": filters.code,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value not in (None, ())})
    return rows.filter(pk__in=_with_line(filters.product_line_id)) if filters.product_line_id else rows


def _with_line(product_line_id: UUID) -> QuerySet:
    return Line.objects.filter(product_line_id=product_line_id).values("registration_id")
