"""The look at what is overdue: whoever owns a step is reminded once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.actionplans.models import Plan, Step
from openprm.actionplans.queries import days
from openprm.actionplans.rules.words import State

AT_ONCE = 500


@transaction.atomic
def overdue_steps(*, at: datetime, most: int = AT_ONCE) -> list[UUID]:
    """The steps whose owner is to be told that they are late. Told is told, until the day of the step moves."""
    waiting = Step.objects.filter(state=State.OPEN, overdue_told_at=None, due_date__lt=days.today(at), plan__state=Plan.State.RUNNING)
    waiting = waiting.filter(partner__status="active")
    found = list(waiting.order_by("pk").select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:most])
    Step.objects.filter(pk__in=found).update(overdue_told_at=at)
    return found
