"""How a case ends without a decision, or after it by time."""

from datetime import datetime
from uuid import UUID

from openprm.conflicts import policies
from openprm.conflicts.models import ConflictCase
from openprm.conflicts.rules.lifecycle import Ending, State
from openprm.conflicts.services.results import Saved
from openprm.conflicts.services.review import close
from openprm.conflicts.services.unit import as_system, locked, visible, words
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import refuse_if

AT_ONCE = 200


def withdraw(*, actor: Actor, case_id: UUID, reason: str, version: int | None = None, at: datetime) -> Saved:
    """Take one's own claim back. Raises NotFound, NotAllowed, Stale, Invalid."""
    visible(actor, case_id)
    said = words("reason", reason, most=2000)
    with as_system(actor):
        case = locked(case_id, version)
        refuse_if(policies.why_not_withdraw(actor, case))
        close(actor, case, Ending.WITHDRAWN, said, at)
        return Saved(case_id=case.pk, number=case.number, version=case.version, state=str(case.state))


def close_due(*, at: datetime) -> int:
    """Close decided cases whose time to appeal is over. Safe to run twice; gives how many were looked at."""
    rows = ConflictCase.objects.filter(state=State.DECIDED, appeal_until__lte=at).order_by("appeal_until", "pk")
    due = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for case in ConflictCase.objects.filter(pk__in=due, state=State.DECIDED).locked():
        close(SYSTEM, case, Ending.DECIDED, "", at)
    return len(due)
