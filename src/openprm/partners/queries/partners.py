"""Partners: one, a page of the list, search and export."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.partners import policies
from openprm.partners.models import Enrollment, Motion, Partner
from openprm.partners.queries.programs import EnrollmentView, enrollments_of
from openprm.partners.words import TYPE
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """One line of the partners list."""

    id: UUID
    name: str
    type: str
    motion: str
    status: str
    country: str
    region: str
    team: str
    manager: str
    program: str
    tier: str
    since: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """Everything the partner page and the API say about one partner. On the partner's own side `is_own` is true and
    the vendor's notes about it (team, source of the record) are empty."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    time_zone: str
    status: str
    type: str
    motion: str
    region: str
    team: str
    website: str
    manager_id: UUID | None
    manager_name: str
    manager_email: str
    parent_id: UUID | None
    parent_name: str
    children: tuple[tuple[UUID, str], ...]
    enrollments: tuple[EnrollmentView, ...]
    external_source: str
    external_id: str
    version: int
    created_at: datetime


PartnerFilters = Mapping[str, Any]
SORTS = {
    "name": "organization__name",
    "type": "type",
    "country": "organization__country",
    "region": "region",
    "tier": "tier_rank",
    "since": "tier_since",
    "created_at": "created_at",
}


def partner(actor: Actor, partner_id: UUID) -> PartnerView:
    """One partner. Raises NotFound, also for another partner's."""
    row = policies.reach(actor).select_related("organization", "manager", "parent__organization").one(partner_id)
    return _view(actor, row)


def list_partners(actor: Actor, *, search: str = "", filters: PartnerFilters, page: PageRequest) -> Slice:
    """A page of the partners list. Two queries."""
    return slice_of(_filtered(actor, search, filters), page, order_by=SORTS).map(partner_row)


def export_partners(actor: Actor, *, search: str = "", filters: PartnerFilters) -> Iterator[PartnerRow]:
    for row in _filtered(actor, search, filters).order_by("organization__name", "pk").iterator(chunk_size=1000):
        yield partner_row(row)


def newest_partners(actor: Actor, *, search: str = "", filters: PartnerFilters) -> QuerySet:
    """For the API: rows that `partner_row` reads."""
    return _filtered(actor, search, filters)


def search_partners(actor: Actor, text: str, limit: int) -> list[PartnerRow]:
    """Partners whose name or domain holds the text, names that begin with it first."""
    found = _filtered(actor, text, {}).order_by("organization__name")[: limit * 4]
    return sorted((partner_row(row) for row in found), key=lambda row: not row.name.casefold().startswith(text.casefold()))[:limit]


def manager_of(partner_id: UUID) -> UUID | None:
    """The vendor's person for this partner. Runs in the caller's scope."""
    return Partner.objects.filter(pk=partner_id).values_list("manager_id", flat=True).first()


def partner_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    rows = policies.reach(actor).order_by("organization__name").values_list("pk", "organization__name")
    return tuple((str(pk), name) for pk, name in rows)


def type_labels() -> dict[str, Any]:
    """The types of partners by code, in words."""
    return dict(TYPE)


def motion_labels() -> dict[str, Any]:
    """The ways of working together by code, in words."""
    return dict(Motion.choices)


def may_manage(actor: Actor) -> bool:
    """Whether pages offer this actor to add and change partners."""
    return policies.why_not_manage(actor) is None


def may_configure(actor: Actor) -> bool:
    """Whether pages offer this actor to change programs and tiers."""
    return policies.why_not_configure(actor) is None


def partner_count(actor: Actor) -> int:
    return policies.reach(actor).filter(organization__status="active").count()


def regions(actor: Actor) -> tuple[tuple[str, str], ...]:
    found = policies.reach(actor).exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    return tuple((region, region) for region in found)


def _filtered(actor: Actor, search: str, filters: PartnerFilters) -> ScopedQuerySet:
    rows = policies.reach(actor).select_related("organization", "manager")
    best = Enrollment.objects.filter(partner=OuterRef("pk"), status="approved").order_by("since", "id")
    rows = rows.annotate(
        program_name=Subquery(best.values("program__name")[:1]),
        tier_name=Subquery(best.values("tier__name")[:1]),
        tier_rank=Subquery(best.values("tier__rank")[:1]),
        tier_since=Subquery(best.values("since")[:1]),
    )
    for name, column in _COLUMNS.items():
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    if value := filters.get("program"):
        rows = rows.filter(pk__in=Enrollment.objects.filter(program__in=value, status="approved").values("partner"))
    if value := filters.get("tier"):
        rows = rows.filter(pk__in=Enrollment.objects.filter(tier__in=value, status="approved").values("partner"))
    if search:
        rows = rows.filter(Q(organization__name__icontains=search) | Q(organization__domain__icontains=search) | Q(organization__legal_name__icontains=search))
    return rows


_COLUMNS = {
    "status": "organization__status",
    "type": "type",
    "motion": "motion",
    "country": "organization__country",
    "region": "region",
    "manager": "manager",
    "team": "team",
}


def partner_row(row: Partner) -> PartnerRow:
    return PartnerRow(
        id=row.pk,
        name=row.organization.name,
        type=row.type,
        motion=row.motion,
        status=row.organization.status,
        country=row.organization.country,
        region=row.region,
        team=row.team,
        manager=row.manager.name if row.manager else "",
        program=row.program_name or "",
        tier=row.tier_name or "",
        since=row.tier_since,
        created_at=row.created_at,
        version=row.version,
    )


def _view(actor: Actor, row: Partner) -> PartnerView:
    organization, own = row.organization, not actor.sees_all_partners
    children = () if own else tuple(row.children.order_by("organization__name").values_list("pk", "organization__name"))
    return PartnerView(
        id=row.pk,
        name=organization.name,
        legal_name=organization.legal_name,
        domain=organization.domain,
        country=organization.country,
        time_zone=organization.time_zone,
        status=organization.status,
        type=row.type,
        motion=row.motion,
        region=row.region,
        team="" if own else row.team,
        website=row.website,
        manager_id=row.manager_id,
        manager_name=row.manager.name if row.manager else "",
        manager_email=row.manager.email if row.manager else "",
        parent_id=None if own else row.parent_id,
        parent_name="" if own or not row.parent else row.parent.organization.name,
        children=children,
        enrollments=enrollments_of(actor, row.pk),
        external_source="" if own else row.external_source,
        external_id="" if own else row.external_id,
        version=row.version,
        created_at=row.created_at,
    )
