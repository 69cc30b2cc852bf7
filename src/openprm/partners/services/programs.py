"""Programs and their tiers, kept by an administrator of the vendor."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Stale, refuse_if, refused_by
from openprm.partners import policies
from openprm.partners.models import Enrollment, Program, Tier
from openprm.partners.services import checks


class CodeIsTaken(Conflict):
    """Codes are unique, because rules and addresses name things by them."""


class RankIsTaken(Conflict):
    """Two tiers of one program cannot stand on the same rung."""


class TierIsInUse(Conflict):
    """Partners are in this tier."""


def create_program(*, actor: Actor, code: str, name: str, at: datetime, **values: Any) -> UUID:
    """Add a program. Raises NotAllowed, Invalid, CodeIsTaken."""
    refuse_if(policies.why_not_configure(actor))
    program = Program(**checks.collect({"code": code, "name": name, **values}, checks.PROGRAM))
    _save(actor, program, "program.created", None, at)
    return program.pk


def update_program(*, actor: Actor, program_id: UUID, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change a program. Raises NotFound, NotAllowed, Invalid, CodeIsTaken, Stale."""
    _update(actor, policies.reach_programs(actor), program_id, changes, checks.PROGRAM, "program.updated", at, version)


def create_tier(*, actor: Actor, program_id: UUID, code: str, name: str, rank: int, at: datetime, benefits: dict[str, Any] | None = None) -> UUID:
    """Add a tier to a program. Raises NotFound, NotAllowed, Invalid, CodeIsTaken, RankIsTaken."""
    refuse_if(policies.why_not_configure(actor))
    program = policies.reach_programs(actor).one(program_id)
    tier = Tier(program=program, **checks.collect({"code": code, "name": name, "rank": rank, "benefits": benefits or {}}, checks.TIER))
    _save(actor, tier, "tier.created", None, at)
    return tier.pk


def update_tier(*, actor: Actor, tier_id: UUID, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change a tier and what it gives. Raises NotFound, NotAllowed, Invalid, CodeIsTaken, RankIsTaken, Stale."""
    _update(actor, policies.reach_tiers(actor), tier_id, changes, checks.TIER, "tier.updated", at, version)


@transaction.atomic
def remove_tier(*, actor: Actor, tier_id: UUID, at: datetime) -> None:
    """Remove a tier that no partner is in. Raises NotFound, NotAllowed, TierIsInUse."""
    tier = policies.reach_tiers(actor).locked().one(tier_id)
    refuse_if(policies.why_not_configure(actor))
    held = Enrollment.objects.filter(tier=tier).count()
    if held:
        raise TierIsInUse(_("%(count)d partners are in this tier. Move them to another one first.") % {"count": held})
    audit.record(actor, "tier.removed", tier, before=tier.snapshot(), after={}, refs=(tier.program_id,), at=at)
    tier.delete()


@transaction.atomic
def _update(actor: Actor, rows: Any, row_id: UUID, changes: dict[str, Any], readers: Any, verb: str, at: datetime, version: int | None) -> None:
    row = rows.locked().one(row_id)
    refuse_if(policies.why_not_configure(actor))
    if version is not None and version != row.version:
        raise Stale()
    before = row.snapshot()
    for name, value in checks.collect(changes, readers).items():
        setattr(row, name, value)
    row.version += 1
    _save(actor, row, verb, before, at)


@transaction.atomic
def _save(actor: Actor, row: Program | Tier, verb: str, before: dict[str, Any] | None, at: datetime) -> None:
    taken = CodeIsTaken(_("“%(code)s” is taken. Choose another code.") % {"code": row.code}, field="code")
    with refused_by("one_program_per_code", taken), refused_by("one_tier_per_code", taken):
        row.save()
    if isinstance(row, Tier) and Tier.objects.filter(program=row.program_id, rank=row.rank).exclude(pk=row.pk).exists():
        raise RankIsTaken(_("Another tier of this program has rank %(rank)d. Give each its own.") % {"rank": row.rank}, field="rank")
    ref = row.program_id if isinstance(row, Tier) else row.pk
    audit.record(actor, verb, row, before=before, refs=(ref,), at=at)
