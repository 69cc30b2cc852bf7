"""Sums, credit deal by deal, and models side by side."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from openprm.attribution import queries
from openprm.attribution.api import schemas as s
from openprm.attribution.api.routers import router
from openprm.attribution.rules.months import first_of, next_month
from openprm.kernel.api import Page, needs, paginate
from openprm.kernel.money import Money


@router.get("/outcomes", response=s.OutcomesOut)
@needs("attribution.decide")
def get_attribution_outcomes(request: HttpRequest, query: Query[s.SpanQuery]):
    """Sourced, influenced and unattributed of some months; they add up to the total."""
    since, until = query.span(request.at.date())
    return queries.outcomes(request.auth, since=since, until=until)


@router.get("/credit", response=s.CreditListOut)
@needs("attribution.view")
def get_attribution_credit(request: HttpRequest, query: Query[s.SpanQuery]):
    """The credit of each partner, the largest first. A partner reads its own."""
    since, until = query.span(request.at.date())
    return {"items": list(queries.credit_by_partner(request.auth, since=since, until=until))}


@router.get("/credits", response=Page[s.DealCreditOut])
@needs("attribution.view")
def list_attribution_deal_credits(request: HttpRequest, query: Query[s.CreditsQuery]):
    """Credit deal by deal by the runs that stand, newest first: the object that a CRM keeps. A partner reads its own.

    With `locked=true` only what is final. An event tells when a month is locked; this list is what it then reads.
    """
    since = first_of(query.since) if query.since else None
    until = next_month(first_of(query.until)) if query.until and query.until.year < 9000 else None
    rows = queries.newest_credits(
        request.auth, since=since, until=until, partner_id=query.partner_id, deal_id=query.deal_id, locked=query.locked
    )  # fmt: skip
    found = paginate(rows, query.cursor, query.limit)
    months = queries.months_of({row.run_id for row in found.items})
    return {"items": [credit_of(row, *months[row.run_id]) for row in found.items], "next_cursor": found.next_cursor}


def credit_of(row: Any, month: date, is_locked: bool) -> dict[str, Any]:
    """A credit as an object of its own, with its links."""
    names = ("id", "run_id", "deal_id", "number", "customer", "account_id", "partner_id", "outcome", "basis_points", "closed_at")
    return {name: getattr(row, name) for name in names} | {
        "month": month, "is_locked": is_locked, "deal_kind": row.kind, "partner": row.partner.name,
        "credit": Money(row.credit_minor, row.currency),
    }  # fmt: skip


@router.get("/deals/{uuid:deal_id}", response=s.DealOut)
@needs("attribution.view")
def get_attribution_deal(request: HttpRequest, deal_id: UUID):
    """One decided deal: its parts, every touch with what it counts as and why, and the models side by side."""
    found = queries.deal(request.auth, deal_id)
    models = [name for name, _label in found.comparison.models]
    rows = [
        {
            "partner_id": row.partner_id, "partner": row.partner, "points": dict(zip(models, row.points, strict=True)), "gap": row.gap.width,
            "is_flagged": row.is_flagged,
        }
        for row in found.comparison.rows
    ]  # fmt: skip
    names = ("deal_id", "number", "customer", "outcome", "base")
    return {name: getattr(found.row, name) for name in names} | {
        "deal_kind": found.row.kind, "account_id": found.account_id, "is_won": found.is_won, "run_id": found.run_id, "as_of": found.as_of,
        "parts": list(found.parts), "evidence": list(found.evidence), "models": rows,
    }  # fmt: skip


@router.get("/comparison", response=s.ComparisonOut)
@needs("attribution.decide")
def compare_attribution_models(request: HttpRequest, query: Query[s.SpanQuery]):
    """Every partner under every model, with the intervals of those that learn, and the deals where most hangs on the choice."""
    since, until = query.span(request.at.date())
    found = queries.disagreements(request.auth, since=since, until=until)
    models, learned = ([name for name, _label in names] for names in (found.models, found.learned))
    partners = [
        {
            "partner_id": row.partner_id, "partner": row.partner, "credit": dict(zip(models, row.credits, strict=True)),
            "learned": dict(zip(learned, row.learned, strict=True)), "gap": row.gap, "is_flagged": row.is_flagged,
        }
        for row in found.partners
    ]  # fmt: skip
    deals = [
        {
            "deal_id": one.row.deal_id, "customer": one.row.customer, "partner": one.partner, "low": one.gap.low, "high": one.gap.high,
            "low_model": one.gap.low_model, "high_model": one.gap.high_model, "at_stake": one.at_stake,
        }
        for one in found.deals
    ]  # fmt: skip
    return {"looked_at": found.looked_at, "flag_at": found.flag_at, "left_out": dict(found.left_out), "partners": partners, "deals": deals}


@router.get("/with-and-without", response=s.UpliftOut)
@needs("attribution.decide")
def compare_attribution_with_and_without(request: HttpRequest, query: Query[s.SpanQuery]):
    """Decided deals with and without a partner, where country and size are alike. An association; refused for fewer than 30 on a side."""
    since, until = query.span(request.at.date())
    return queries.uplift(request.auth, since=since, until=until)
