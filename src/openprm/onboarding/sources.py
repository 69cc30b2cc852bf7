"""What waits for a person: own tasks that are due, stuck partners, questions, invitations to pilots."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor
from openprm.onboarding import queries

AHEAD = timedelta(days=3)


class WaitingOnboarding:
    """The queue of either side, soonest first."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.can("onboarding.view"):
            return []
        found = [*_tasks(actor, at), *(_questions(actor, at) if actor.is_vendor else _pilots(actor, at))]
        return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at))


def _tasks(actor: Actor, at: datetime) -> Iterator[Decision]:
    page = "onboarding:task" if actor.is_vendor else "onboarding:portal_task"
    for task, partner in queries.waiting_for(actor, at):
        if task.due_at <= at + AHEAD:
            yield Decision(
                key=f"onboarding.task:{task.id}",
                title=task.title,
                detail=partner if actor.is_vendor else _("Getting started"),
                url=reverse(page, args=[task.id]),
                due_at=task.due_at,
                tone="bad" if task.is_overdue else "",
                icon="list-todo",
            )


def _questions(actor: Actor, at: datetime) -> Iterator[Decision]:
    if not actor.can("onboarding.manage"):
        return
    for row in queries.questions(actor, at, only_open=True):
        yield Decision(
            key=f"onboarding.help:{row.id}",
            title=_("%(partner)s asks about its first deal") % {"partner": row.partner},
            detail=row.question[:120],
            url=reverse("onboarding:help", args=[row.id]),
            due_at=row.due_at,
            icon="life-buoy",
            since=row.asked_at,
        )


def _pilots(actor: Actor, at: datetime) -> Iterator[Decision]:
    for row in queries.invitations(actor, at):
        if row.answer == "invited" and row.may_answer:
            yield Decision(
                key=f"onboarding.pilot:{row.pilot_id}",
                title=row.name,
                detail=_("You are invited to try this"),
                url=reverse("onboarding:portal_pilot", args=[row.pilot_id]),
                due_at=None,
                icon="flask-conical",
            )
