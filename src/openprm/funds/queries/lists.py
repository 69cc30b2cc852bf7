"""Requests and claims in lists, for both sides, and what waits for whom."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from openprm.funds import policies
from openprm.funds.models import ApprovalStep, Claim, FundRequest
from openprm.funds.promisekinds import CLAIM, REQUEST
from openprm.funds.queries.results import ClaimRow, RequestFilters, RequestRow
from openprm.funds.rules.lifecycle import ClaimStatus, RequestStatus
from openprm.funds.rules.limits import StepState
from openprm.funds.wording import CLAIM as CLAIM_WORDS
from openprm.funds.wording import REQUEST as REQUEST_WORDS
from openprm.funds.wording import ROLE
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.promises import queries as promises
from openprm.ui.paging import PageRequest, Slice, slice_of

REQUEST_SORTS = {"created": "created_at", "number": "number", "asked": "asked_minor", "submitted": "submitted_at", "status": "status", "title": "title"}
CLAIM_SORTS = {"created": "created_at", "number": "number", "asked": "fund_minor", "submitted": "submitted_at", "status": "status"}
CHUNK = 500


def newest_requests(actor: Actor, filters: RequestFilters = RequestFilters()) -> QuerySet:  # noqa: B008  frozen
    rows = policies.reach_requests(actor).select_related("partner", "allocation").annotate(next_role=_next_role("request"))
    rows = _narrowed(rows, filters)
    if text := filters.text.strip()[:100]:
        rows = rows.filter(Q(title__icontains=text) | Q(number__iexact=text) | Q(partner__name__icontains=text))
    rows = rows.filter(allocation_id=filters.fund_id) if filters.fund_id else rows
    rows = rows.filter(allocation__kind__in=filters.kind) if filters.kind else rows
    return _mine(rows, actor, RequestStatus.PENDING) if filters.mine else rows


def newest_claims(actor: Actor, filters: RequestFilters = RequestFilters()) -> QuerySet:  # noqa: B008  frozen
    rows = policies.reach_claims(actor).select_related("partner", "request", "activity").annotate(next_role=_next_role("claim"))
    rows = _narrowed(rows, filters)
    if text := filters.text.strip()[:100]:
        rows = rows.filter(Q(request__title__icontains=text) | Q(number__iexact=text) | Q(request__number__iexact=text) | Q(partner__name__icontains=text))
    rows = rows.filter(request__allocation_id=filters.fund_id) if filters.fund_id else rows
    rows = rows.filter(request__allocation__kind__in=filters.kind) if filters.kind else rows
    return _mine(rows, actor, ClaimStatus.SUBMITTED) if filters.mine else rows


def _narrowed(rows: QuerySet, filters: RequestFilters) -> QuerySet:
    rows = rows.filter(status__in=filters.status) if filters.status else rows
    rows = rows.filter(partner_id=filters.partner_id) if filters.partner_id else rows
    if filters.submitted_from:
        rows = rows.filter(submitted_at__gte=datetime.combine(filters.submitted_from, time(), UTC))
    if filters.submitted_to:
        rows = rows.filter(submitted_at__lt=datetime.combine(filters.submitted_to + timedelta(days=1), time(), UTC))
    return rows


def _next_role(subject: str) -> Subquery:
    waiting = ApprovalStep.objects.filter(**{subject: OuterRef("pk")}, state=StepState.WAITING, round=OuterRef("round"))
    return Subquery(waiting.order_by("position").values("role")[:1])


def _mine(rows: QuerySet, actor: Actor, status: str) -> QuerySet:
    """What waits for a level that this person may take."""
    rows = rows.filter(status=status)
    return rows if "vendor_admin" in actor.roles or actor.is_system else rows.filter(next_role__in=sorted(actor.roles))


def list_requests(actor: Actor, filters: RequestFilters, page: PageRequest, at: datetime) -> Slice[RequestRow]:
    found = slice_of(newest_requests(actor, filters), page, order_by=REQUEST_SORTS)
    rows = iter(request_rows(found.rows, at))
    return found.map(lambda _row: next(rows))


def list_claims(actor: Actor, filters: RequestFilters, page: PageRequest, at: datetime) -> Slice[ClaimRow]:
    found = slice_of(newest_claims(actor, filters), page, order_by=CLAIM_SORTS)
    rows = iter(claim_rows(found.rows, at))
    return found.map(lambda _row: next(rows))


def export_requests(actor: Actor, filters: RequestFilters, at: datetime) -> Iterator[RequestRow]:
    return _all(newest_requests(actor, filters), request_rows, at)


def export_claims(actor: Actor, filters: RequestFilters, at: datetime) -> Iterator[ClaimRow]:
    return _all(newest_claims(actor, filters), claim_rows, at)


def _all(rows: QuerySet, made: Any, at: datetime) -> Iterator[Any]:
    """Every matching row, newest first, read in chunks by key."""
    after: tuple[datetime, UUID] | None = None
    while True:
        chunk = rows.order_by("-created_at", "-id")
        if after:
            chunk = chunk.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
        found = list(chunk[:CHUNK])
        yield from made(found, at)
        if len(found) < CHUNK:
            return
        after = (found[-1].created_at, found[-1].pk)


def request_rows(rows: Iterable[FundRequest], at: datetime) -> list[RequestRow]:
    rows = list(rows)
    clocks = promises.clocks([row.pk for row in rows if row.status == RequestStatus.PENDING], REQUEST, at)
    return [_request_row(row, clocks.get(row.pk)) for row in rows]


def claim_rows(rows: Iterable[Claim], at: datetime) -> list[ClaimRow]:
    rows = list(rows)
    clocks = promises.clocks([row.pk for row in rows if row.status == ClaimStatus.SUBMITTED], CLAIM, at)
    return [_claim_row(row, clocks.get(row.pk)) for row in rows]


def _request_row(row: Any, clock: Any) -> RequestRow:
    label, tone = REQUEST_WORDS[row.status]
    role = row.next_role if row.status == RequestStatus.PENDING and row.next_role else ""
    return RequestRow(
        id=row.pk, number=row.number, title=row.title, partner_id=row.partner_id, partner=row.partner.name, fund_id=row.allocation_id,
        fund=row.allocation.name, kind=row.allocation.kind, status=str(row.status), label=str(label), tone=tone, asked=Money(row.asked_minor, row.currency),
        approved=Money(row.approved_minor, row.currency), claimed=Money(row.claimed_minor, row.currency), paid=Money(row.paid_minor, row.currency),
        submitted_at=row.submitted_at, decided_at=row.decided_at, due_at=clock.due_at if clock else None, next_role=role,
        next_role_label=str(ROLE.get(role, role)), version=row.version, created_at=row.created_at,
    )  # fmt: skip


def _claim_row(row: Any, clock: Any) -> ClaimRow:
    label, tone = CLAIM_WORDS[row.status]
    role = row.next_role if row.status == ClaimStatus.SUBMITTED and row.next_role else ""
    return ClaimRow(
        id=row.pk, number=row.number, request_id=row.request_id, request=row.request.number, title=row.activity.title, partner_id=row.partner_id,
        partner=row.partner.name, status=str(row.status), label=str(label), tone=tone, spent=Money(row.spent_minor, row.currency),
        asked=Money(row.amount_minor, row.currency), worth=Money(row.fund_minor, row.fund_currency), approved=Money(row.approved_minor, row.fund_currency),
        paid=Money(row.paid_minor, row.fund_currency), submitted_at=row.submitted_at, decided_at=row.decided_at, due_at=clock.due_at if clock else None,
        next_role=role, next_role_label=str(ROLE.get(role, role)), version=row.version, created_at=row.created_at,
    )  # fmt: skip


def waiting_count(actor: Actor) -> int | None:
    """What waits for this person: levels to take, or rejected papers to send again."""
    if actor.is_partner:
        back = (rows.filter(status="rejected").count() for rows in (policies.reach_requests(actor), policies.reach_claims(actor)))
        return sum(back) or None
    if not actor.can("funds.decide"):
        return None
    mine = RequestFilters(mine=True)
    return (newest_requests(actor, mine).count() + newest_claims(actor, mine).count()) or None
