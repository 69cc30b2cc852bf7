"""Comparing companies with the best partners, and keeping each part of the result."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.kernel.registry import registry
from openprm.recruitment.models import Company
from openprm.recruitment.queries.facts import facts_of, partner_facts
from openprm.recruitment.rules import likeness

AT_ONCE = 500
PARTS = ("alike_partner_id", "alike_category", "alike_profile", "alike_performance", "alike_total")
FIELDS = ("alike_partner", *PARTS[1:], "alike_at")


def compare_learned(*, company_id: UUID, at: datetime) -> int:
    """Compare a company again after something was learned, unless that has happened since."""
    is_done = Company.objects.filter(pk=company_id, alike_at__gt=at).exists()
    return 0 if is_done else compare([company_id], at)


def compare(company_ids: Iterable[UUID] | None, at: datetime) -> int:
    """Find for each company (None: all that are no partners) the partner it is most like; gives how many were compared."""
    rows = Company.objects.filter(partner=None).order_by("pk")
    rows = rows if company_ids is None else rows.filter(pk__in=list(company_ids))
    ids, done = list(rows.values_list("pk", flat=True)), 0
    best = likeness.best(_known(at)) if ids else ()
    for start in range(0, len(ids), AT_ONCE):
        done += _compare_batch(ids[start : start + AT_ONCE], best, at)
    return done


def _known(at: datetime) -> tuple[likeness.Known, ...]:
    facts, sources = partner_facts(at), registry.filling("recruitment.performance")
    results: dict[UUID, int] = {}
    for source in sources:
        for partner_id, result in source(at).items():
            results[partner_id] = results.get(partner_id, 0) + result
    ranks = likeness.ranks(results, facts) if sources else {}
    return tuple(likeness.Known(partner_id, values, ranks.get(partner_id)) for partner_id, values in sorted(facts.items()))


def _compare_batch(ids: list[UUID], best: tuple[likeness.Known, ...], at: datetime) -> int:
    known, companies = facts_of(ids), list(Company.objects.filter(pk__in=ids).locked())
    for company in companies:
        found = likeness.nearest(known[company.pk], best)
        values = (found.partner_id, found.category, found.profile, found.performance, found.total) if found else (None,) * 5
        for name, value in zip(PARTS, values, strict=True):
            setattr(company, name, value)
        company.alike_at = at
    Company.objects.bulk_update(companies, FIELDS)
    return len(companies)
