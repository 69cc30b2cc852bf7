"""What waits for a person: own steps that are due, plans to agree to, plans whose close date moved."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.actionplans import queries
from openprm.inbox.ports import Decision
from openprm.kernel.actor import Actor


class WaitingPlans:
    """The queue of either side, soonest first."""

    def list_decisions(self, actor: Actor, at: datetime) -> list[Decision]:
        if not actor.can("actionplans.view"):
            return []
        found = [*_steps(actor, at), *_signatures(actor), *_moved(actor)]
        return sorted(found, key=lambda one: (one.due_at is None, one.due_at or at))


def _page(actor: Actor, page: str, *args: object) -> str:
    return reverse(f"actionplans:{'' if actor.is_vendor else 'portal_'}{page}", args=args)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(17), tzinfo=UTC)


def _steps(actor: Actor, at: datetime) -> Iterator[Decision]:
    for step in queries.due_soon(actor, at):
        yield Decision(
            key=f"actionplans.step:{step.step_id}",
            title=step.title,
            detail=f"{step.partner} · {step.plan}" if actor.is_vendor else step.plan,
            url=_page(actor, "step", step.step_id),
            due_at=end_of(step.due_date),
            tone="bad" if step.days_late else "",
            icon="list-checks",
        )


def _signatures(actor: Actor) -> Iterator[Decision]:
    for plan in queries.to_sign(actor):
        yield Decision(
            key=f"actionplans.sign:{plan.plan_id}",
            title=_("Agree to “%(title)s”") % {"title": plan.title},
            detail=_("%(partner)s agreed and waits for you") % {"partner": plan.partner} if actor.is_vendor else _("We agreed and wait for you"),
            url=_page(actor, "plan", plan.plan_id),
            due_at=None,
            icon="pen-line",
            since=plan.since,
        )


def _moved(actor: Actor) -> Iterator[Decision]:
    for plan_id, title, before, after in queries.moved_closes(actor):
        yield Decision(
            key=f"actionplans.moved:{plan_id}",
            title=_("Move the steps of “%(title)s”") % {"title": title},
            detail=_("The close date went from %(before)s to %(after)s") % {"before": date_format(before, "j M Y"), "after": date_format(after, "j M Y")},
            url=_page(actor, "plan_shift", plan_id),
            due_at=None,
            icon="calendar-clock",
        )
