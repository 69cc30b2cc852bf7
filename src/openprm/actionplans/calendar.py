"""Due dates for the calendar feed: the open steps that this person owns, each on its day."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.actionplans import queries
from openprm.correspondence.ports import DateSource, DueDate
from openprm.kernel.actor import Actor

MOST = 300


def own_steps(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    if not actor.can("actionplans.view"):
        return []
    page = "actionplans:step" if actor.is_vendor else "actionplans:portal_step"
    return [
        DueDate(uid=f"actionplans.step:{step.step_id}", title=step.title, starts_at=step.due_date, url=reverse(page, args=[step.step_id]), note=step.plan)
        for step in queries.owed(actor, at, since=since.date(), until=until.date(), most=MOST)
    ]


DATES = (DateSource(code="actionplans.steps", label=_("Steps of action plans"), list=own_steps),)
