"""Lists that stay fast over half a million registrations: keyset pages, counts that stop early, a fixed number of queries."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from openprm.accounts import queries as accounts
from openprm.deals import policies
from openprm.deals.models import Line, Opportunity, Registration
from openprm.deals.queries.pieces import ROW_COLUMNS, amount_of, base_amount_of, is_overdue, is_stalled, left_of, line_names, status_words, verdict_words
from openprm.deals.queries.processes import stage_name
from openprm.deals.queries.results import Filters, OpportunityView, PartnerRow, RegistrationRow, VendorRow, WonByPartner
from openprm.deals.rules.lifecycle import DealType, Status
from openprm.deals.wording import DEAL_TYPE
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "created": "created_at",
    "submitted": "submitted_at",
    "number": "number",
    "customer": "customer_name",
    "amount": "base_amount_minor",
    "close": "expected_close_date",
    "status": "status",
    "protected_until": "protected_until",
    "due": "answer_due_at",
}
OPPORTUNITY_SORTS = {"created": "created_at", "name": "name", "amount": "base_amount_minor", "close": "close_date", "stage": "stage"}
CHUNK = 500
RARE = 1000


def registrations(actor: Actor, filters: Filters, page: PageRequest, at: datetime) -> Slice[RegistrationRow]:
    """One page of the registrations this person can see; four queries, however many rows there are."""
    found = slice_of(listed(actor, filters), page, order_by=SORTS)
    rows = iter(_rows(actor, found.rows, at))
    return found.map(lambda _row: next(rows))


def listed(actor: Actor, filters: Filters) -> QuerySet:
    """The filtered registrations as a queryset, for pages, exports and the API's own paging."""
    rows = _narrowed(policies.reach(actor), actor, filters)
    return rows.select_related("partner", "submitter").only(*ROW_COLUMNS, "partner__name", "submitter__name")


def rows_of(actor: Actor, registrations: Iterable[Registration], at: datetime) -> list[RegistrationRow]:
    return list(_rows(actor, tuple(registrations), at))


def export_rows(actor: Actor, filters: Filters, at: datetime) -> Iterator[RegistrationRow]:
    """Every filtered row, newest first, read in chunks by key so that a long export holds few rows."""
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = listed(actor, filters).order_by("-created_at", "-id")
        if after:
            rows = rows.filter(Q(created_at__lte=after[0]) & (Q(created_at__lt=after[0]) | Q(pk__lt=after[1])))
        chunk = list(rows[:CHUNK])
        yield from _rows(actor, chunk, at)
        if len(chunk) < CHUNK:
            return
        after = (chunk[-1].created_at, chunk[-1].pk)


def _narrowed(rows: QuerySet, actor: Actor, filters: Filters) -> QuerySet:
    rows = rows.filter(**_plain_conditions(filters))
    if text := filters.text.strip()[:100].upper():
        rows = _holding(rows, actor, text)
    if filters.product_line_id:
        rows = rows.filter(Exists(Line.objects.filter(registration=OuterRef("pk"), product_line_id=filters.product_line_id)))
    if filters.stalled:
        rows = rows.filter(status=Status.APPROVED, stalled_alert_at__gte=F("stage_changed_at"))
    if filters.mine:
        rows = rows.filter(**{"submitter_id" if actor.is_partner else "reviewer_id": actor.user_id})
    return rows


def _holding(rows: QuerySet, actor: Actor, text: str) -> QuerySet:
    """Rows whose search text holds `text`. Among all partners' rows a rare text is looked up in its index first: the planner
    would rather walk the whole list in order and hope to meet it."""
    if not actor.sees_all_partners:
        return rows.filter(search_text__contains=text)
    found = list(Registration.objects.filter(search_text__contains=text).order_by().values_list("pk", flat=True)[: RARE + 1])
    return rows.filter(pk__in=found) if len(found) <= RARE else rows.filter(search_text__contains=text)


def _plain_conditions(filters: Filters) -> dict[str, Any]:
    wanted = {
        "status__in": filters.status,
        "stage__in": filters.stage,
        "deal_type__in": filters.deal_type,
        "lost_code__in": filters.lost_code,
        "verdict__in": filters.verdict,
        "partner_id": filters.partner_id,
        "partner__name__icontains": filters.partner.strip()[:100],
        "program_id": filters.program_id,
        "territory_id": filters.territory_id,
        "account_id": filters.account_id,
        "currency": filters.currency,
        "base_amount_minor__gte": filters.min_amount_minor,
        "base_amount_minor__lte": filters.max_amount_minor,
        "expected_close_date__gte": filters.closes_from,
        "expected_close_date__lte": filters.closes_to,
        "submitted_at__gte": _start_of(filters.submitted_from),
        "submitted_at__lt": _end_of(filters.submitted_to),
        "closed_at__gte": _start_of(filters.closed_from),
        "closed_at__lt": _end_of(filters.closed_to),
        "protected_until__lt": _start_of(filters.protection_ends_before),
        "pk__in": filters.ids,
    }
    return {name: value for name, value in wanted.items() if value not in (None, "", ())}


def _start_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=UTC) if day else None


def _end_of(day: date | None) -> datetime | None:
    return _start_of(day + timedelta(days=1)) if day else None


def _rows(actor: Actor, rows: Iterable[Registration], at: datetime) -> Iterator[RegistrationRow]:
    rows = tuple(rows)
    about = line_names(row.pk for row in rows)
    make = _vendor_row if actor.sees_all_partners else _partner_row
    return (make(row, about.get(row.pk, ""), at) for row in rows)


def _common(row: Registration, about: str, at: datetime) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "title": row.title,
        "customer_name": row.customer_name,
        "customer_country": row.customer_country,
        **status_words(row),
        "product_lines": about,
        "amount": amount_of(row),
        "base_amount": base_amount_of(row),
        "expected_close_date": row.expected_close_date,
        "submitter": row.submitter.name if row.submitter else "",
        "created_at": row.created_at,
        "submitted_at": row.submitted_at,
        "decided_at": row.decided_at,
        "answer_due_at": row.answer_due_at,
        "protected_until": row.protected_until,
        "days_left": left_of(row, at),
        "version": row.version,
        "stalled": is_stalled(row),
        "deal_type_label": str(DEAL_TYPE[DealType(row.deal_type)]),
    }


def _vendor_row(row: Registration, about: str, at: datetime) -> VendorRow:
    return VendorRow(
        **_common(row, about, at),
        **verdict_words(row),
        partner_id=row.partner_id,
        partner=row.partner.name,
        account_id=row.account_id,
        overdue=is_overdue(row, at),
    )


def _partner_row(row: Registration, about: str, at: datetime) -> PartnerRow:
    return PartnerRow(**_common(row, about, at), asks_you=row.status == Status.RETURNED)


def registrations_of_account(actor: Actor, account_id: UUID, at: datetime, limit: int = 20) -> tuple[RegistrationRow, ...]:
    return _newest(actor, Filters(account_id=account_id), at, limit)


def registrations_of_partner(actor: Actor, partner_id: UUID, at: datetime, limit: int = 20) -> tuple[RegistrationRow, ...]:
    return _newest(actor, Filters(partner_id=partner_id), at, limit)


def _newest(actor: Actor, filters: Filters, at: datetime, limit: int) -> tuple[RegistrationRow, ...]:
    return tuple(_rows(actor, listed(actor, filters).order_by("-created_at", "-id")[:limit], at))


def opportunities(
    actor: Actor, page: PageRequest, *, text: str = "", status: tuple[str, ...] = (), partner_id: UUID | None = None, account_id: UUID | None = None
) -> Slice[OpportunityView]:
    """One page of the opportunities this person can see; the vendor's own ones are for the vendor."""
    rows = listed_opportunities(actor, text=text, status=status, partner_id=partner_id, account_id=account_id)
    found = slice_of(rows, page, order_by=OPPORTUNITY_SORTS)
    views = iter(opportunity_views(actor, found.rows))
    return found.map(lambda _row: next(views))


def listed_opportunities(
    actor: Actor, *, text: str = "", status: tuple[str, ...] = (), partner_id: UUID | None = None, account_id: UUID | None = None
) -> QuerySet:
    wanted = {"name__icontains": text.strip()[:100], "status__in": status, "partner_id": partner_id, "account_id": account_id}
    rows = policies.reach_opportunities(actor).filter(**{name: value for name, value in wanted.items() if value not in (None, "", ())})
    return rows.select_related("partner", "product", "owner")


def export_opportunities(actor: Actor, *, text: str = "") -> Iterator[OpportunityView]:
    """Every opportunity this person can see, newest first, read in chunks by key."""
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = listed_opportunities(actor, text=text).order_by("-created_at", "-id")
        if after:
            rows = rows.filter(Q(created_at__lte=after[0]) & (Q(created_at__lt=after[0]) | Q(pk__lt=after[1])))
        chunk = list(rows[:CHUNK])
        yield from opportunity_views(actor, chunk)
        if len(chunk) < CHUNK:
            return
        after = (chunk[-1].created_at, chunk[-1].pk)


def opportunity(actor: Actor, opportunity_id: UUID) -> OpportunityView:
    """Raises NotFound."""
    row = policies.reach_opportunities(actor).select_related("partner", "product", "owner").one(opportunity_id)
    return opportunity_views(actor, [row])[0]


def opportunity_views(actor: Actor, rows: Iterable[Opportunity]) -> list[OpportunityView]:
    rows = list(rows)
    names = accounts.account_names({row.account_id for row in rows if row.account_id})
    return [_opportunity(row, names.get(row.account_id, "")) for row in rows]


def _opportunity(row: Opportunity, account: str) -> OpportunityView:
    return OpportunityView(
        id=row.pk,
        name=row.name,
        account_id=row.account_id,
        account=account,
        partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "",
        product=row.product.name if row.product else "",
        owner=row.owner.name if row.owner else row.owner_name,
        stage=row.stage,
        stage_label=stage_name(row.stage),
        status=row.status,
        amount=Money(row.amount_minor, row.currency) if row.amount_minor is not None else None,
        opened_date=row.opened_date,
        close_date=row.close_date,
        is_registered=row.is_registered,
        registered_until=row.registered_until,
        registration_id=row.registration_id,
        external_id=row.external_id,
        version=row.version,
    )


def won_by_partner(actor: Actor, source: str) -> list[WonByPartner]:
    """Opportunities of one source by partner: how many, how many won, and their value; without a partner last."""
    won = Q(status=Opportunity.Status.WON)
    rows = (
        policies.reach_opportunities(actor)
        .filter(external_source=source)
        .values("partner_id", "partner__name", "currency")
        .annotate(opportunities=Count("pk"), won=Count("pk", filter=won), won_minor=Coalesce(Sum("amount_minor", filter=won), 0))
        .order_by("partner__name", "currency")
    )
    return [
        WonByPartner(
            partner_id=row["partner_id"],
            partner_name=row["partner__name"] or "",
            opportunities=row["opportunities"],
            won=row["won"],
            won_minor=row["won_minor"],
            currency=row["currency"],
        )
        for row in rows
    ]
