"""A partner's membership of programs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import policies, rules
from openprm.partners.events import PartnerEnrolled, TierChanged
from openprm.partners.models import Enrollment, Program, Tier


class AlreadyEnrolled(Conflict):
    """A partner is in a program once."""


class NotEnrolled(Conflict):
    """The partner is not in that program, or no longer."""


@transaction.atomic
def enroll(*, actor: Actor, partner_id: UUID, program_id: UUID, at: datetime, tier_id: UUID | None = None, since: datetime | None = None) -> UUID:
    """Put a partner into a program, in its lowest tier unless another is named. An ended enrollment is taken up again.

    Raises NotFound, NotAllowed, Invalid, AlreadyEnrolled.
    """
    partner = policies.reach(actor).locked().one(partner_id)
    refuse_if(policies.why_not_manage(actor))
    program = policies.reach_programs(actor).one(program_id)
    tier = _tier(program, tier_id)
    enrollment = Enrollment.objects.filter(partner=partner, program=program).first() or Enrollment(partner=partner, program=program, since=since or at)
    if enrollment.status == Enrollment.Status.APPROVED:
        raise AlreadyEnrolled(_("This partner is already in %(program)s. Change its tier instead.") % {"program": program.name}, field="program_id")
    enrollment.status, enrollment.tier, enrollment.reminded_days = Enrollment.Status.APPROVED, tier, None
    enrollment.until = rules.term_end(max(at, enrollment.since), program.term_months)
    with refused_by("one_enrollment_per_program", AlreadyEnrolled(_("Somebody enrolled this partner just now. Reload the page."))):
        enrollment.save()
    data = {"program": program.name, "tier": tier.name}
    audit.record(actor, "partner.enrolled", enrollment, refs=(partner_id,), visible_to=(partner_id,), data=data, at=at)
    publish(TierChanged(partner_id=partner_id, program_id=program.pk, before="", after=tier.code, at=at))
    publish(PartnerEnrolled(partner_id=partner_id, program_id=program.pk, tier_code=tier.code, at=at))
    return enrollment.pk


@transaction.atomic
def change_tier(*, actor: Actor, partner_id: UUID, program_id: UUID, tier_id: UUID, at: datetime, version: int | None = None) -> None:
    """Move a partner to another tier of a program it is in. Raises NotFound, NotAllowed, Invalid, NotEnrolled, Stale."""
    enrollment = _approved(actor, partner_id, program_id, version)
    tier, old = _tier(enrollment.program, tier_id), enrollment.tier
    if old is None or tier.pk == old.pk:
        return
    enrollment.tier = tier
    _save(enrollment)
    before, after = {"tier": old.name}, {"tier": tier.name}
    audit.record(actor, "partner.tier_changed", enrollment, before=before, after=after, refs=(partner_id,), visible_to=(partner_id,), at=at)
    publish(TierChanged(partner_id=partner_id, program_id=program_id, before=old.code, after=tier.code, at=at))


@transaction.atomic
def end_enrollment(*, actor: Actor, partner_id: UUID, program_id: UUID, at: datetime, version: int | None = None) -> None:
    """Take a partner out of a program. Raises NotFound, NotAllowed, NotEnrolled, Stale."""
    enrollment = _approved(actor, partner_id, program_id, version)
    before = enrollment.snapshot()
    enrollment.status = Enrollment.Status.TERMINATED
    enrollment.until = at if at > enrollment.since else None
    _save(enrollment)
    audit.record(actor, "partner.enrollment_ended", enrollment, before=before, refs=(partner_id,), visible_to=(partner_id,), at=at)


def _approved(actor: Actor, partner_id: UUID, program_id: UUID, version: int | None) -> Any:
    policies.reach(actor).one(partner_id)
    refuse_if(policies.why_not_manage(actor))
    enrollment = Enrollment.objects.filter(partner=partner_id, program=program_id).locked().first()
    if enrollment is None or not rules.can_move_enrollment(enrollment.status, "terminated"):
        raise NotEnrolled(_("This partner is not in that program."), field="program_id")
    if version is not None and version != enrollment.version:
        raise Stale()
    return enrollment


def _save(enrollment: Enrollment) -> None:
    enrollment.version += 1
    enrollment.save()


def _tier(program: Program, tier_id: UUID | None) -> Tier:
    tiers = Tier.objects.filter(program=program).order_by("rank")
    tier = tiers.filter(pk=tier_id).first() if tier_id else tiers.first()
    if tier is None:
        raise Invalid(_("%(program)s has no such tier. Choose one of its own.") % {"program": program.name}, field="tier_id")
    return tier
