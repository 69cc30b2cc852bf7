"""One's own lists, their rows and their terms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.mapping import policies
from openprm.mapping.models import Entry, Population, Term
from openprm.mapping.queries.results import CompanyView, ListView, TermsView
from openprm.mapping.rules.sharing import Level


def lists(actor: Actor) -> tuple[ListView, ...]:
    """One's own lists, oldest first. Raises NotAllowed. Three queries."""
    policies.refuse_outsider(actor)
    rows = list(policies.reach(actor).select_related("making"))
    terms: dict[UUID, list[Term]] = {}
    for term in policies.reach_terms(actor).filter(population__in=[row.pk for row in rows]):
        terms.setdefault(term.population_id, []).append(term)
    return tuple(_view(row, terms.get(row.pk, [])) for row in rows)


def one_list(actor: Actor, population_id: UUID) -> ListView:
    """Raises NotAllowed, NotFound."""
    policies.refuse_outsider(actor)
    row = policies.reach(actor).select_related("making").one(population_id)
    return _view(row, list(policies.reach_terms(actor).filter(population=row)))


def _view(row: Population, terms: list[Term]) -> ListView:
    told = {term.viewer_id: _terms(term) for term in terms}
    return ListView(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        source=row.making.source,
        filter=row.making.filter,
        row_count=row.row_count,
        refreshed_at=row.refreshed_at,
        version=row.version,
        created_at=row.created_at,
        general=told.pop(None, None),
        special=told,
    )


def _terms(term: Term) -> TermsView:
    return TermsView(level=Level(term.level).code, fields=tuple(term.fields), purpose=term.purpose, days=term.days)


def newest_companies(actor: Actor, population_id: UUID) -> QuerySet:
    """The rows of an own list for a page of the API, newest first; `companies` makes views of them. Raises NotAllowed, NotFound."""
    policies.refuse_outsider(actor)
    return Entry.objects.filter(population=policies.reach(actor).one(population_id)).order_by("-created_at", "-id")


def companies(actor: Actor, rows: Iterable[Entry], at: datetime) -> tuple[CompanyView, ...]:
    """Rows that were reached through a policy, with the fields that this actor may see. One query."""
    found = list(rows)
    told: dict[UUID, dict[str, Any]] = {}
    for entry_id, group, values in policies.reach_details(actor, at, [row.pk for row in found]).values_list("entry", "section", "told"):
        told.setdefault(entry_id, {})[group] = values
    home = policies.home_of(actor)
    return tuple(company(row, told.get(row.pk, {}), is_own=row.owner_id == home) for row in found)


def company(row: Entry, told: dict[str, Any], *, is_own: bool) -> CompanyView:
    deals = told.get("deals", {}).get("deals", [])
    return CompanyView(
        id=row.pk,
        key=row.key if is_own else "",
        name=row.name,
        domain=row.domain,
        country=row.country,
        city=row.city,
        identifiers=told.get("identifiers", {}),
        people=told.get("people", {}),
        deals=tuple(Money(minor, currency) for _id, minor, currency, _stage in deals),
        stages=tuple(sorted({stage for _id, _minor, _currency, stage in deals if stage})),
        created_at=row.created_at,
    )
