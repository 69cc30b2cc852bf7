"""Names of people who left are taken off claims and disputes; what was said stays."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.attribution.models import Claim, Dispute


def forget_people(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Take the names of a partner's former people off its claims and disputes; gives how many rows changed. In the system's scope, safe to repeat."""
    gone = list(people)
    changed = 0
    for model, who in ((Claim, "made_by"), (Claim, "answered_by"), (Dispute, "opened_by")):
        rows = model.objects.filter(partner_id=partner_id, **{f"{who}__in": gone}).exclude(**{f"{who}_name": ""})
        changed += rows.update(**{f"{who}_name": "", who: None, "updated_at": at})
    return changed
