"""What is kept after a partner left, for how long, and the end of it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import services as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Stale, refuse_if
from openprm.kernel.registry import registry
from openprm.offboarding import policies, rules
from openprm.offboarding.models import Offboarding, RetentionPeriod
from openprm.offboarding.services import checks
from openprm.offboarding.services.unit import load, record, save

AT_ONCE = 100


class NotDueYet(Conflict):
    """The retention time is not over."""


@transaction.atomic
def set_retention(*, actor: Actor, kind: str, days: int, at: datetime, version: int | None = None) -> None:
    """Say how long one kind of data is kept. Leavings that have started their time keep it. Raises NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    checks.choice("kind", kind, tuple(rules.RETENTION_DAYS))
    days = checks.days("days", days, least=rules.RETENTION_LEAST[kind], most=rules.RETENTION_MOST)
    row = RetentionPeriod.objects.filter(kind=kind).locked().first() or RetentionPeriod(kind=kind, days=rules.RETENTION_DAYS[kind], version=0)
    if version is not None and version != row.version:
        raise Stale()
    before = row.snapshot()
    if row.days == days and row.version:
        return
    row.days, row.version = days, row.version + 1
    row.save()
    audit.record(actor, "offboarding.retention_set", row, before=before, at=at)


def due_erasures(*, at: datetime) -> list[UUID]:
    """The leavings whose retention time is over, for the job that forgets each by itself."""
    rows = Offboarding.objects.filter(status="done", erased_at=None, erase_at__lte=at).order_by("erase_at", "id")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def erase_people(*, offboarding_id: UUID, at: datetime) -> int:
    """Forget the people of a partner that left, in every room that keeps something of them; gives how many rows changed. Final, safe to repeat.

    Deals, money and the sealed log are not touched. Raises NotFound, NotDueYet.
    """
    row = load(SYSTEM, offboarding_id)
    if row.erased_at:
        return 0
    if row.status != "done" or row.erase_at is None or row.erase_at > at:
        raise NotDueYet(_("The retention time of this partner is not over."))
    before = row.snapshot()
    forgotten = identity.forget_people(actor=SYSTEM, organization_id=row.partner_id, at=at)
    people = (*forgotten.user_ids, *forgotten.kept_user_ids)
    changed = len(forgotten.user_ids) + forgotten.invitations
    changed += sum(erasure.erase(partner_id=row.partner_id, people=people, at=at) for erasure in registry.filling("offboarding.erasure"))
    row.erased_at, row.survey_text, row.closed_memberships = at, "", []
    save(row)
    record(SYSTEM, "offboarding.people_forgotten", row, before=before, at=at, data={"people": len(people)})
    return changed
