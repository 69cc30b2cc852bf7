"""The partners of a program, its ladder and its policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.kernel.actor import SYSTEM
from openprm.partners import queries as partners
from openprm.tiering.models import TierPolicy
from openprm.tiering.rules.ladder import Policy, Rung


@dataclass(frozen=True, slots=True)
class Member:
    """An approved enrollment, as tiering needs it."""

    enrollment_id: UUID
    partner_id: UUID
    partner_type: str
    tier_id: UUID
    rank: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of a program, the lowest first, with their ids."""

    program_id: UUID
    program_name: str
    rungs: tuple[Rung, ...]
    ids: dict[int, UUID]

    @property
    def ranks(self) -> dict[str, int]:
        return {rung.code: rung.rank for rung in self.rungs}

    def rung(self, rank: int | None) -> Rung | None:
        return next((rung for rung in self.rungs if rung.rank == rank), None)

    def above(self, rank: int) -> Rung | None:
        return next((rung for rung in self.rungs if rung.rank > rank), None)


def members(program_id: UUID, at: datetime, partner_ids: Sequence[UUID] | None = None, enrollment_ids: Sequence[UUID] | None = None) -> list[Member]:
    """Who is in the program at that moment. One query of plain values, in the caller's scope as the system."""
    rows = _in_force(at).filter(program_id=program_id)
    if partner_ids is not None:
        rows = rows.filter(partner_id__in=partner_ids)
    if enrollment_ids is not None:
        rows = rows.filter(pk__in=enrollment_ids)
    return [Member(*row) for row in rows.order_by("partner_id").values_list("pk", "partner_id", "partner__type", "tier_id", "tier__rank", "since")]


def names_of(program_ids: Sequence[UUID], at: datetime) -> list[tuple[UUID, UUID, str]]:
    """Every enrollment of these programs as (enrollment, program, partner's name), in a fixed order. One query."""
    rows = _in_force(at).filter(program_id__in=program_ids).order_by("pk")
    return list(rows.values_list("pk", "program_id", "partner__organization__name"))


def programs_of(partner_id: UUID, at: datetime) -> list[UUID]:
    """The programs that a partner is in."""
    return list(_in_force(at).filter(partner_id=partner_id).order_by("since", "id").values_list("program_id", flat=True))


def _in_force(at: datetime) -> QuerySet:
    rows = partners.newest_enrollments(SYSTEM).select_related(None).filter(status="approved", since__lte=at, tier__isnull=False)
    return rows.filter(Q(until=None) | Q(until__gt=at))


def ladder(program_id: UUID) -> Ladder:
    """Raises NotFound."""
    program = partners.program(SYSTEM, program_id)
    tiers = sorted(program.tiers, key=lambda tier: tier.rank)
    return Ladder(program.id, program.name, tuple(Rung(tier.rank, tier.code, tier.name) for tier in tiers), {tier.rank: tier.id for tier in tiers})


def policy(program_id: UUID) -> Policy:
    """How the program moves its partners; the defaults where nobody chose."""
    row = TierPolicy.objects.filter(program_id=program_id).first()
    return policy_of(row) if row else Policy()


def policy_of(row: TierPolicy) -> Policy:
    return Policy(row.promotes_at_once, row.demotes_at_once, row.is_forgiving, row.grace_days, row.warn_days, row.ask_again_days)
