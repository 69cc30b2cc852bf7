"""The news of action plans: what each piece says, and to whom it goes. A private step is told to its own side alone."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.actionplans.queries import facts
from openprm.actionplans.rules.words import Side
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind

GROUP = gettext_lazy("Action plans")


def _kind(code: str, label: Any, icon: str, **more: Any) -> NotificationKind:
    return NotificationKind(code=f"actionplans.{code}", label=label, icon=icon, group=GROUP, **more)


KINDS = (
    _kind("started", gettext_lazy("a mutual action plan begins on a deal of mine"), "list-checks", tone="info"),
    _kind("assigned", gettext_lazy("a step of a plan becomes mine"), "user-check", mail="daily"),
    _kind("overdue", gettext_lazy("a step of mine is late"), "alarm-clock", tone="bad"),
    _kind("to_sign", gettext_lazy("the other side agreed to a plan and waits for us"), "pen-line", tone="warn"),
    _kind("agreed", gettext_lazy("both sides agreed to a plan"), "handshake", tone="ok"),
    _kind("shifted", gettext_lazy("a plan follows a new close date"), "calendar-clock", tone="info"),
    _kind("unblocked", gettext_lazy("a step of mine can begin"), "lock-open", mail="daily"),
)


def _tell(kind: str, to: Iterable[UUID | None], title: str, body: str, plan: Any, side: Side, *, key: str, actor_id: UUID | None, at: datetime) -> None:
    people = [person for person in dict.fromkeys(to) if person and person != actor_id]
    if people:
        url = reverse(f"actionplans:{'portal_' if side == Side.PARTNER else ''}plan", args=[plan.pk])
        refs = (plan.subject_id, plan.pk, plan.partner_id)
        inbox.notify(to=people, kind=f"actionplans.{kind}", title=title[:200], body=body, url=url, refs=refs, key=f"actionplans.{kind}:{key}", at=at)


def _sides(plan: Any) -> tuple[tuple[Side, list[UUID]], ...]:
    return tuple((side, facts.owners_in(plan, side)) for side in (Side.VENDOR, Side.PARTNER))


def plan_started(plan_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    if (plan := facts.plan_of(plan_id)) is None:
        return
    for side, people in _sides(plan):
        body = _("%(number)s for %(customer)s, until %(day)s. Look at the steps, then agree to them.") % _said(plan)
        _tell("started", people, _("A plan begins: %(title)s") % _said(plan), body, plan, side, key=str(plan.pk), actor_id=actor_id, at=at)


def _said(plan: Any) -> dict[str, str]:
    return {"title": plan.title, "number": plan.number, "customer": plan.customer, "day": _day(plan.close_date), "partner": plan.partner.name}


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def assigned(step_id: UUID, owner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    for step in facts.steps_of([step_id]):
        body = _("%(plan)s, due on %(day)s.") % {"plan": step.plan.title, "day": _day(step.due_date)}
        title = _("Yours: %(title)s") % {"title": step.title}
        _tell(
            "assigned",
            [owner_id],
            title,
            body,
            step.plan,
            _side_of(owner_id, step.plan),
            key=f"{step.pk}:{owner_id}:{at.isoformat()}",
            actor_id=actor_id,
            at=at,
        )


def _side_of(user_id: UUID, plan: Any) -> Side:
    return Side.PARTNER if user_id in {one.id for one in identity.holders_of("actionplans.view", plan.partner_id)} else Side.VENDOR


def overdue(step_ids: Iterable[UUID], at: datetime) -> None:
    """One piece of news for each step, to its owner; to whoever answers for the side when nobody owns it."""
    for step in facts.steps_of(step_ids):
        people = [step.owner_id] if step.owner_id else _answering(step)
        for person in people:
            body = _("It was due on %(day)s. %(plan)s.") % {"day": _day(step.due_date), "plan": step.plan.title}
            title = _("Late: %(title)s") % {"title": step.title}
            key = f"{step.pk}:{step.due_date}"
            _tell("overdue", [person], title, body, step.plan, _side_of(person, step.plan), key=key, actor_id=None, at=at)


def _answering(step: Any) -> list[UUID]:
    if step.visibility != "shared":
        return facts.default_owner(step.plan, Side(step.visibility))
    return facts.default_owner(step.plan, Side.PARTNER if step.side == Side.CUSTOMER else Side(step.side))


def signed(plan_id: UUID, side: str, revision: int, actor_id: UUID | None, at: datetime) -> None:
    """Ask the other side, unless it signed this revision too: then the news of the agreement says it."""
    plan = facts.plan_of(plan_id)
    if plan is None or plan.revision != revision:
        return
    other = Side.PARTNER if side == Side.VENDOR else Side.VENDOR
    body = _("%(number)s for %(customer)s. Read the steps and agree, or change what does not fit.") % _said(plan)
    title = _("Waits for your side: %(title)s") % _said(plan)
    _tell("to_sign", facts.signers(plan, other), title, body, plan, other, key=f"{plan.pk}:{revision}", actor_id=actor_id, at=at)


def agreed(plan_id: UUID, revision: int, actor_id: UUID | None, at: datetime) -> None:
    if (plan := facts.plan_of(plan_id)) is None:
        return
    for side, people in _sides(plan):
        body = _("%(number)s for %(customer)s, until %(day)s.") % _said(plan)
        _tell("agreed", people, _("Agreed: %(title)s") % _said(plan), body, plan, side, key=f"{plan.pk}:{revision}", actor_id=actor_id, at=at)


def shifted(plan_id: UUID, before: date, after: date, moved: int, actor_id: UUID | None, at: datetime) -> None:
    if (plan := facts.plan_of(plan_id)) is None:
        return
    said = ngettext("%(count)d step moved.", "%(count)d steps moved.", moved) % {"count": moved}
    for side, people in _sides(plan):
        body = _("From %(before)s to %(after)s.") % {"before": _day(before), "after": _day(after)} + " " + said
        _tell("shifted", people, _("New close date: %(title)s") % _said(plan), body, plan, side, key=f"{plan.pk}:{at.isoformat()}", actor_id=actor_id, at=at)


def unblocked(step_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    """Owners of steps that waited for this one alone hear that they can begin."""
    for step in facts.freed_by(step_id):
        body = _("%(plan)s, due on %(day)s.") % {"plan": step.plan.title, "day": _day(step.due_date)}
        title = _("Can begin: %(title)s") % {"title": step.title}
        if step.owner_id:
            _tell(
                "unblocked", [step.owner_id], title, body, step.plan, _side_of(step.owner_id, step.plan), key=f"{step.pk}:{step_id}", actor_id=actor_id, at=at
            )
