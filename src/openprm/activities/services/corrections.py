"""What can happen to an entry later: struck, confirmed, hung on a merged account, its author forgotten. Its words stay."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.activities import policies
from openprm.activities.events import ActivityConfirmed, ActivityStruck
from openprm.activities.models import Activity
from openprm.activities.rules.kinds import Struck
from openprm.activities.services import checks
from openprm.activities.services.recording import _readers, _refs, facts_of
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotAllowed, refuse_if
from openprm.kernel.events import publish

STRUCK_FIELDS = ("struck_at", "struck_by", "struck_as", "struck_reason", "updated_at")


@transaction.atomic
def strike(*, actor: Actor, activity_id: UUID, reason: str, at: datetime) -> None:
    """Mark a wrong entry so that it does not count; it stays readable with the reason. Raises NotFound, NotAllowed, Invalid."""
    row = policies.reach(actor).locked().one(activity_id)
    refuse_if(policies.why_not_strike(actor, row))
    said = checks.text("reason", reason, 500)
    if not said:
        raise Invalid(_("Say what is wrong with this entry."), field="reason", code="required")
    _strike(actor, row, Struck.WRONG, said, at)


def _strike(actor: Actor, row: Activity, why: Struck, reason: str, at: datetime) -> None:
    before = row.snapshot()
    row.struck_at, row.struck_by_id, row.struck_as, row.struck_reason = at, actor.user_id, why, reason
    row.save(update_fields=STRUCK_FIELDS)
    audit.record(actor, "activity.struck", row, before=before, refs=_refs(row), visible_to=_readers(row), note=reason, at=at)
    publish(ActivityStruck(**facts_of(row, actor, at), reason=reason))


@transaction.atomic
def take_back(*, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
    """Strike what an import brought; the same file can be imported again. Raises NotAllowed."""
    refuse_if(policies.why_not_import(actor))
    for row in policies.reach(actor).filter(pk__in=list(ids), struck_at=None).locked():
        _strike(actor, row, Struck.UNDONE, _("The import that brought it was taken back."), at)


@transaction.atomic
def confirm(*, actor: Actor, activity_id: UUID, at: datetime) -> None:
    """Say that what a partner reported is so. Raises NotFound, NotAllowed."""
    row = policies.reach(actor).locked().one(activity_id)
    refuse_if(policies.why_not_confirm(actor, row))
    before = row.snapshot()
    row.confirmed_at, row.confirmed_by_id = at, actor.user_id
    row.save(update_fields=("confirmed_at", "confirmed_by", "updated_at"))
    audit.record(actor, "activity.confirmed", row, before=before, refs=_refs(row), visible_to=_readers(row), at=at)
    publish(ActivityConfirmed(**facts_of(row, actor, at)))


def move_to_account(*, actor: Actor, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
    """Hang entries on the account that another was merged into. Raises NotAllowed."""
    if not actor.sees_all_partners:
        raise NotAllowed()
    Activity.objects.filter(pk__in=list(ids)).update(account_id=to_account_id, updated_at=at)


def forget_authors(*, partner_id: UUID, people: tuple[UUID, ...], at: datetime) -> int:
    """Take the names of a partner's former people off what they logged; what they logged stays."""
    mine = Activity.objects.filter(partner=partner_id, author__in=people).exclude(author_name="")
    return mine.update(author_name="", updated_at=at)
