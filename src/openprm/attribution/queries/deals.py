"""Deals with their outcome: for the vendor all of them, for a partner its own part."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from openprm.attribution import policies
from openprm.attribution.models import Configuration, Month, Result, Review, Run
from openprm.attribution.queries import comparing
from openprm.attribution.queries.corrections import corrected_credit
from openprm.attribution.queries.pieces import clauses_of, credit_row, deal_row, dispute_view, evidence, late_row
from openprm.attribution.queries.reading import judged_of
from openprm.attribution.queries.results import CreditRow, DealRow, DealView, Part, PartnerDeal, ReviewView, ToReview
from openprm.attribution.queries.standing import standing_credits, standing_late, standing_results
from openprm.attribution.rules.months import start_of
from openprm.attribution.rules.words import ClaimState, Outcome
from openprm.attribution.wording import FINDING, OUTCOME
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.kernel.scope import scope
from openprm.ui.paging import PageRequest, Slice, slice_of

DEAL_SORTS = {"closed": "closed_at", "amount": "base_minor", "customer": "customer"}
CREDIT_SORTS = {"closed": "closed_at", "credit": "credit_minor", "customer": "customer"}


def listed_deals(
    actor: Actor, *, text: str = "", outcomes: tuple[str, ...] = (), kinds: tuple[str, ...] = (), closed: Any = None, partner_id: UUID | None = None
) -> QuerySet:  # fmt: skip
    """Won deals of the runs that stand; `closed` is a range of days in UTC."""
    rows = policies.reach_results(actor).filter(pk__in=standing_results().order_by().values("pk"), is_won=True)
    rows = rows.filter(outcome__in=outcomes) if outcomes else rows
    rows = rows.filter(kind__in=kinds) if kinds else rows
    rows = rows.filter(closed_at__gte=start_of(closed.low)) if closed and closed.low else rows
    rows = rows.filter(closed_at__lt=start_of(closed.high + timedelta(days=1))) if closed and closed.high else rows
    rows = rows.filter(credits__partner=partner_id) if partner_id else rows
    rows = rows.filter(customer__icontains=text) | rows.filter(number__icontains=text) if text else rows
    return rows.select_related("run")


def deals(actor: Actor, page: PageRequest, **filters) -> Slice[DealRow]:
    """One page of won deals."""
    locked = _locked()
    return slice_of(listed_deals(actor, **filters), page, order_by=DEAL_SORTS).map(lambda row: deal_row(row, row.run.month, row.run_id in locked))


def export_deals(actor: Actor, **filters) -> list[DealRow]:
    locked = _locked()
    rows = listed_deals(actor, **filters).order_by("-closed_at", "-id")[:50_000]
    return [deal_row(row, row.run.month, row.run_id in locked) for row in rows]


def deal(actor: Actor, deal_id: UUID) -> DealView:
    """One decided deal by the run that stands, with every touch before it. Raises NotFound."""
    row = policies.reach_results(actor).filter(pk__in=standing_results().order_by().values("pk"), deal_id=deal_id).select_related("run__configuration").first()
    if row is None:
        raise NotFound()
    names = identity.organization_names({UUID(one["partner"]) for one in row.judged})
    clauses = clauses_of(actor, row.program_id, row.run.as_of)
    return DealView(
        row=deal_row(row, row.run.month, row.run_id in _locked()), account_id=row.account_id, opened_at=row.opened_at, fx_rate=row.fx_rate,
        fx_date=row.fx_date, run_id=row.run_id, run_number=str(row.run), as_of=row.run.as_of, parts=_parts(row), evidence=evidence(row.judged, names, clauses),
        comparison=comparing.table(judged_of(row.judged), names, row.run.configuration), review=_review(deal_id),
        why_not_review=policies.why_not_review(actor), is_won=row.is_won,
    )  # fmt: skip


def _parts(row: Result) -> tuple[Part, ...]:
    return tuple(
        Part(
            partner_id=one.partner_id, partner=one.partner.name, outcome_label=str(OUTCOME[one.outcome][0]), outcome_tone=OUTCOME[one.outcome][1],
            basis_points=one.basis_points, percent=one.basis_points / 100, credit=Money(one.credit_minor, one.currency),
        )
        for one in row.credits.select_related("partner").order_by("-basis_points", "partner_id")
    )  # fmt: skip


def _review(deal_id: UUID) -> ReviewView | None:
    row = Review.objects.filter(deal_id=deal_id).first()
    return ReviewView(finding_label=str(FINDING[row.finding]), note=row.note, by=row.reviewed_by_name, at=row.reviewed_at) if row else None


def review_queue(actor: Actor, *, limit: int = 50) -> tuple[ToReview, ...]:
    """Wins that nobody is credited for and nobody looked at, the largest first, with who was asked. Three queries."""
    rows = list(unreviewed(actor).select_related("run")[:limit])
    asked: dict[UUID, list[str]] = defaultdict(list)
    for claim in policies.reach_claims(actor).filter(deal_id__in=[row.deal_id for row in rows], state=ClaimState.OPEN).select_related("partner"):
        asked[claim.deal_id].append(claim.partner.name)
    locked = _locked()
    return tuple(
        ToReview(
            row=deal_row(row, row.run.month, row.run_id in locked), account_id=row.account_id, asked=tuple(asked[row.deal_id]), touches=len(row.touch_ids)
        )
        for row in rows
    )  # fmt: skip


def unreviewed(actor: Actor) -> QuerySet:
    """Won deals that nobody is credited for and nobody looked at yet, the largest first (O1)."""
    rows = policies.reach_results(actor).filter(run__in=Month.objects.values("run"), is_won=True, outcome=Outcome.UNATTRIBUTED)
    return rows.exclude(deal_id__in=Review.objects.values("deal_id")).order_by("-base_minor", "id")


def newest_credits(
    actor: Actor, *, since: date | None = None, until: date | None = None, partner_id: UUID | None = None, deal_id: UUID | None = None,
    locked: bool | None = None,
) -> QuerySet:  # fmt: skip
    """Credit of the runs that stand, newest first, as far as the actor may know it: of a partner its own."""
    months = Month.objects.filter(**{name: value for name, value in (("month__gte", since), ("month__lt", until)) if value})
    months = months if locked is None else months.filter(locked_at__isnull=not locked)
    rows = policies.reach_credits(actor).filter(run__in=months.values("run")).select_related("partner").defer("evidence")
    rows = rows.filter(partner=partner_id) if partner_id else rows
    return rows.filter(deal_id=deal_id) if deal_id else rows


def results_of(actor: Actor, run_id: UUID) -> QuerySet:
    """Every decided deal of one run. Raises NotFound."""
    policies.reach_runs(actor).one(run_id)
    return policies.reach_results(actor).filter(run=run_id).select_related("run").defer("judged", "line", "touch_ids")


def credits_of(actor: Actor, run_id: UUID) -> QuerySet:
    """Every part of one run, as far as the actor may know it."""
    return policies.reach_credits(actor).filter(run=run_id).select_related("partner").defer("evidence")


def months_of(run_ids: Iterable[UUID]) -> dict[UUID, tuple[date, bool]]:
    """For runs that stand: their month, and whether it is final. Open to both sides."""
    rows = Month.objects.filter(run__in=list(run_ids)).values_list("run_id", "month", "locked_at")
    return {run_id: (month, locked_at is not None) for run_id, month, locked_at in rows}


def _locked() -> set[UUID]:
    return set(Month.objects.filter(locked_at__isnull=False).values_list("run_id", flat=True))


def credits(actor: Actor, page: PageRequest, *, text: str = "") -> Slice[CreditRow]:
    """One page of a partner's own credit, by the runs that stand."""
    rows = policies.reach_credits(actor).filter(pk__in=standing_credits().order_by().values("pk"))
    rows = rows.filter(customer__icontains=text) | rows.filter(number__icontains=text) if text else rows
    locked = _locked()
    return slice_of(rows, page, order_by=CREDIT_SORTS).map(lambda row: credit_row(row, is_locked=row.run_id in locked))


def export_credits(actor: Actor, *, text: str = "") -> list[CreditRow]:
    rows = policies.reach_credits(actor).filter(pk__in=standing_credits().order_by().values("pk"))
    rows = rows.filter(customer__icontains=text) if text else rows
    locked = _locked()
    return [credit_row(row, is_locked=row.run_id in locked) for row in rows.order_by("-closed_at", "-id")[:50_000]]


def late_credits(actor: Actor) -> tuple[CreditRow, ...]:
    """Deals that were claimed too late, newest first: seen, and without credit."""
    locked = _locked()
    rows = policies.reach_late(actor).filter(pk__in=standing_late().order_by().values("pk")).order_by(F("closed_at").desc(), "-id")[:200]
    return tuple(late_row(row, is_locked=row.run_id in locked) for row in rows)


def partner_deal(actor: Actor, deal_id: UUID, at) -> PartnerDeal:
    """A partner's own part of one deal, with the touches that count and those that do not. Raises NotFound."""
    mine = policies.reach_credits(actor).filter(pk__in=standing_credits().order_by().values("pk"), deal_id=deal_id).first()
    late = None if mine else policies.reach_late(actor).filter(pk__in=standing_late().order_by().values("pk"), deal_id=deal_id).first()
    if mine is None and late is None:
        raise NotFound()
    found = mine or late
    with scope(SYSTEM):
        run = Run.objects.select_related("configuration").get(pk=found.run_id)
        result = Result.objects.get(pk=found.result_id)
        told, program_id = [one for one in result.judged if UUID(one["partner"]) in actor.partner_ids], result.program_id
    is_locked = found.run_id in _locked()
    row = credit_row(mine, is_locked=is_locked) if mine else late_row(late, is_locked=is_locked)
    return PartnerDeal(
        row=row, run_number=str(run), as_of=run.as_of, configuration=str(run.configuration), configuration_sha256=run.configuration_sha256,
        evidence=evidence(told, identity.organization_names({found.partner_id}), clauses_of(actor, program_id, run.as_of)),
        corrected=corrected_credit(actor, found.run_id, deal_id) if is_locked else None,
        disputes=tuple(dispute_view(actor, one, at) for one in policies.reach_disputes(actor).filter(deal_id=deal_id).select_related("partner")),
        why_not_dispute=policies.why_not_dispute(actor),
    )  # fmt: skip


def credit_on(actor: Actor, deal_id: UUID) -> tuple[CreditRow, ...]:
    """Who is credited for a deal, as far as the actor may know: a vendor all parts, a partner its own."""
    found = policies.reach_credits(actor).filter(pk__in=standing_credits().order_by().values("pk"), deal_id=deal_id).select_related("partner")
    rows = list(found.order_by("-basis_points", "partner_id"))
    locked = _locked() if rows else set()
    return tuple(replace(credit_row(row, is_locked=row.run_id in locked), customer=row.partner.name) for row in rows)


def configuration_in_force(actor: Actor) -> Configuration | None:
    return policies.reach_configurations(actor).order_by("-number").first()
