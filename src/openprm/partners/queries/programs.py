"""Programs, tiers and the enrollment that ties a partner to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from openprm.kernel.actor import Actor
from openprm.partners import policies, rules
from openprm.partners.models import Enrollment, Program, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    id: UUID
    program_id: UUID
    code: str
    name: str
    rank: int
    benefits: Mapping[str, Any]
    partners: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramView:
    """A program with its tiers, the highest first."""

    id: UUID
    code: str
    name: str
    about: str
    motion: str
    currency: str
    is_active: bool
    term_months: int | None
    partners: int
    version: int
    created_at: datetime
    tiers: tuple[TierView, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentView:
    """A partner's place in a program; `benefits` holds every benefit, the tier's value or the default."""

    id: UUID
    partner_id: UUID
    program_id: UUID
    program_code: str
    program_name: str
    currency: str
    status: str
    since: datetime
    until: datetime | None
    version: int
    created_at: datetime
    tier_id: UUID | None = None
    tier_code: str = ""
    tier_name: str = ""
    tier_rank: int = 0
    manager_id: UUID | None = None
    benefits: Mapping[str, Any] = field(default_factory=dict)


def enrollment(partner_id: UUID, at: datetime, *, program_id: UUID | None = None) -> EnrollmentView | None:
    """The approved enrollment in force: of that program, or the partner's oldest one. Two queries at most, runs in the caller's scope."""
    return next(iter(_in_force([partner_id], at, program_id)), None)


def enrollments(partner_ids: Iterable[UUID], at: datetime) -> dict[UUID, EnrollmentView]:
    """The enrollment in force of each partner that has one, in one query."""
    found: dict[UUID, EnrollmentView] = {}
    for view in _in_force(list(partner_ids), at, None):
        found.setdefault(view.partner_id, view)
    return found


def enrollments_of(actor: Actor, partner_id: UUID) -> tuple[EnrollmentView, ...]:
    """Every enrollment of one partner, also ended ones, oldest first."""
    rows = policies.reach_enrollments(actor).filter(partner_id=partner_id).select_related("program", "tier").order_by("since", "id")
    return tuple(enrollment_view(row) for row in rows)


def newest_enrollments(actor: Actor) -> QuerySet:
    return policies.reach_enrollments(actor).select_related("program", "tier")


def programs(actor: Actor, *, active_only: bool = False) -> list[ProgramView]:
    """All programs by name, each with its tiers and the number of approved partners."""
    rows = _with_tiers(policies.reach_programs(actor)).order_by("name")
    return [_program_view(row) for row in (rows.filter(is_active=True) if active_only else rows)]


def program(actor: Actor, program_id: UUID) -> ProgramView:
    return _program_view(_with_tiers(policies.reach_programs(actor)).one(program_id))


def tier(actor: Actor, tier_id: UUID) -> TierView:
    return tier_view(policies.reach_tiers(actor).one(tier_id))


def program_choices(actor: Actor | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((str(pk), name) for pk, name in Program.objects.order_by("name").values_list("pk", "name"))


def tier_choices(actor: Actor | None = None) -> tuple[tuple[str, str], ...]:
    """Every tier as "Program, tier", the highest of each program first."""
    rows = Tier.objects.order_by("program__name", "-rank").values_list("pk", "program__name", "name")
    return tuple((str(pk), f"{program}, {name}") for pk, program, name in rows)


def tier_codes() -> tuple[tuple[str, str], ...]:
    """Every tier code in use with its name, the highest rank first; codes that several programs share come once."""
    rows = Tier.objects.order_by("-rank", "name").values_list("code", "name")
    return tuple(dict(reversed(list(rows))).items())[::-1]


def enrollment_view(row: Enrollment) -> EnrollmentView:
    of_tier = {"tier_id": row.tier.pk, "tier_code": row.tier.code, "tier_name": row.tier.name, "tier_rank": row.tier.rank} if row.tier else {}
    return EnrollmentView(
        id=row.pk,
        partner_id=row.partner_id,
        program_id=row.program_id,
        program_code=row.program.code,
        program_name=row.program.name,
        currency=row.program.currency,
        status=row.status,
        since=row.since,
        until=row.until,
        version=row.version,
        created_at=row.created_at,
        benefits=rules.benefits_of(row.tier.benefits if row.tier else {}),
        manager_id=getattr(row, "manager_id", None),
        **of_tier,
    )


def tier_view(row: Tier) -> TierView:
    return TierView(
        id=row.pk,
        program_id=row.program_id,
        code=row.code,
        name=row.name,
        rank=row.rank,
        benefits=rules.benefits_of(row.benefits),
        partners=getattr(row, "partner_count", 0),
        version=row.version,
    )


def _in_force(partner_ids: list[UUID], at: datetime, program_id: UUID | None) -> list[EnrollmentView]:
    rows = Enrollment.objects.filter(partner_id__in=partner_ids, status=Enrollment.Status.APPROVED, since__lte=at).filter(Q(until=None) | Q(until__gt=at))
    if program_id:
        rows = rows.filter(program_id=program_id)
    rows = rows.select_related("program", "tier").annotate(manager_id=F("partner__manager_id"))
    return [enrollment_view(row) for row in rows.order_by("since", "id")]


def _with_tiers(rows: QuerySet) -> Any:
    tiers = Tier.objects.annotate(partner_count=Count("enrollments", filter=Q(enrollments__status="approved"))).order_by("-rank")
    return rows.annotate(partner_count=Count("enrollments", filter=Q(enrollments__status="approved"))).prefetch_related(Prefetch("tiers", queryset=tiers))


def _program_view(row: Program) -> ProgramView:
    return ProgramView(
        id=row.pk,
        code=row.code,
        name=row.name,
        about=row.about,
        motion=row.motion,
        currency=row.currency,
        is_active=row.is_active,
        term_months=row.term_months,
        partners=row.partner_count,  # type: ignore[attr-defined]
        version=row.version,
        created_at=row.created_at,
        tiers=tuple(tier_view(tier) for tier in row.tiers.all()),
    )
