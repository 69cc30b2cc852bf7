"""The news of onboarding: what each piece says, and to whom it goes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.onboarding import queries, words
from openprm.onboarding.queries import facts

GROUP = gettext_lazy("Onboarding")


def _kind(code: str, label: Any, icon: str, **more: Any) -> NotificationKind:
    return NotificationKind(code=f"onboarding.{code}", label=label, icon=icon, group=GROUP, **more)


KINDS = (
    _kind("welcome", gettext_lazy("a welcome kit is ready for us"), "gift", tone="ok", side="partner"),
    _kind("started", gettext_lazy("an onboarding plan starts"), "rocket", tone="info"),
    _kind("assigned", gettext_lazy("a task becomes mine"), "list-todo", mail="daily"),
    _kind("due", gettext_lazy("a task of mine is due soon"), "alarm-clock", tone="warn", mail="daily"),
    _kind("overdue", gettext_lazy("a task of mine is overdue"), "alarm-clock", tone="bad"),
    _kind("slipped", gettext_lazy("a partner of mine slips"), "hourglass", tone="warn", side="vendor", mail="daily"),
    _kind("stuck", gettext_lazy("the onboarding of a partner of mine stands still"), "circle-alert", tone="bad", side="vendor"),
    _kind("commented", gettext_lazy("somebody writes on a task of mine"), "message-square", mail="daily"),
    _kind("level", gettext_lazy("a level is completed"), "award", tone="ok"),
    _kind("completed", gettext_lazy("an onboarding plan is completed"), "trophy", tone="ok"),
    _kind("help", gettext_lazy("a partner asks for help with its first deal"), "life-buoy", tone="warn", side="vendor"),
    _kind("helped", gettext_lazy("a question on our first deal is answered"), "life-buoy", tone="ok", side="partner"),
    _kind("pilot", gettext_lazy("we are invited to a pilot"), "flask-conical", tone="info", side="partner"),
    _kind("pilot_answer", gettext_lazy("a partner answers an invitation to a pilot"), "flask-conical", side="vendor", mail="daily"),
    _kind("pilot_over", gettext_lazy("a pilot that we take part in is over"), "flask-conical", side="partner"),
)


def _tell(kind: str, to: Iterable[UUID | None], title: str, body: str, url: str, *, refs: Iterable[UUID], key: str, at: datetime, urgent: bool = False) -> None:
    people = [person for person in dict.fromkeys(to) if person]
    if people:
        code = f"onboarding.{kind}"
        inbox.notify(to=people, kind=code, title=title[:200], body=body, url=url, refs=tuple(refs), key=f"{code}:{key}", urgent=urgent, at=at)


def _page(side: str, page: str, row_id: UUID) -> str:
    return reverse(f"onboarding:{'portal_' if side == 'partner' else ''}{page}", args=[row_id])


def welcome(delivery_id: UUID, people: Iterable[UUID], at: datetime) -> None:
    """The kit as a mail: who looks after us, where to begin, and the way to the page with the rest."""
    found = queries.delivery_letter(delivery_id)
    if found is None:
        return
    kit, partner_id = found
    lines = [*kit.paragraphs[:2]]
    if kit.contacts:
        lines.append(_("Your contacts: %(people)s") % {"people": "; ".join(_contact(one) for one in kit.contacts)})
    if kit.course_title:
        lines.append(_("Your first course: %(title)s") % {"title": kit.course_title})
    lines.append(_("Logins, first tasks, rules and agreements are on your welcome page."))
    url = reverse("onboarding:portal_welcome")
    _tell("welcome", people, kit.title, "\n\n".join(lines), url, refs=(partner_id,), key=str(delivery_id), urgent=True, at=at)


def _contact(one: Any) -> str:
    return f"{one.name} ({one.about}), {one.email}" if one.about else f"{one.name}, {one.email}"


def plan_started(plan_id: UUID, at: datetime) -> None:
    plan = facts.plan_of(plan_id)
    if plan is None:
        return
    both = facts.sides(plan.partner_id)
    refs = (plan.pk, plan.partner_id)
    _tell(
        "started",
        both.partner_people,
        _("Your plan for the start is ready"),
        _("%(plan)s: what to do first, what we do for you, and until when.") % {"plan": plan.name},
        _page("partner", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:p",
        at=at,
    )
    _tell(
        "started",
        both.managers,
        _("%(partner)s begins its onboarding") % {"partner": both.name},
        _("%(plan)s. Your own tasks are in it; the first contact is promised.") % {"plan": plan.name},
        _page("vendor", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:v",
        at=at,
    )


def assigned(task_ids: tuple[UUID, ...], actor_id: UUID | None, at: datetime) -> None:
    """One piece of news for each new owner, however many tasks."""
    by_owner: dict[UUID, list[Any]] = {}
    for task in facts.tasks_of(task_ids):
        if task.owner_id and task.owner_id != actor_id:
            by_owner.setdefault(task.owner_id, []).append(task)
    for owner_id, tasks in by_owner.items():
        first, count = tasks[0], len(tasks)
        title = ngettext("“%(task)s” is yours now", "%(count)d tasks are yours now", count) % {"task": first.title, "count": count}
        body = _("First: %(task)s, until %(day)s.") % {"task": first.title, "day": date_format(first.due_at, "j M Y")}
        url = _page(first.side, "task" if count == 1 else "plan", first.pk if count == 1 else first.plan_id)
        _tell("assigned", [owner_id], title, body, url, refs=(first.plan_id, first.partner_id), key=f"{first.pk}:{count}:{at.isoformat()}", at=at)


def due(task_id: UUID, *, is_overdue: bool, at: datetime) -> None:
    """The owner is reminded; when it is overdue, the partner manager hears that the plan slips."""
    task = facts.task_of(task_id)
    if task is None or task.state != "open":
        return
    both = facts.sides(task.partner_id)
    owners = [task.owner_id] if task.owner_id else list(both.partner_people if task.side == "partner" else both.managers)
    said = {"task": task.title, "partner": both.name, "day": date_format(task.due_at, "j M Y"), "plan": task.plan.name}
    refs, key = (task.plan_id, task.partner_id), f"{task.pk}:{task.due_at.isoformat()}"
    if is_overdue:
        _tell(
            "overdue",
            owners,
            _("“%(task)s” is overdue") % said,
            _("It was due on %(day)s. Do it, or ask for more time in a comment.") % said,
            _page(task.side, "task", task.pk),
            refs=refs,
            key=key,
            at=at,
        )
        slip = [manager for manager in both.managers if manager not in owners]
        _tell(
            "slipped",
            slip,
            _("%(partner)s slips: %(task)s") % said,
            _("It was due on %(day)s. A call often helps more than a reminder.") % said,
            _page("vendor", "task", task.pk),
            refs=refs,
            key=key,
            at=at,
        )
        return
    _tell(
        "due", owners, _("“%(task)s” is due on %(day)s") % said, _("Part of “%(plan)s”.") % said, _page(task.side, "task", task.pk), refs=refs, key=key, at=at
    )


def stuck(plan_id: UUID, reason: str, days: int, task_id: UUID | None, at: datetime) -> None:
    plan = facts.plan_of(plan_id)
    if plan is None:
        return
    both, task = facts.sides(plan.partner_id), facts.task_of(task_id) if task_id else None
    owner = str(words.ROLE.get(task.role, "")) if task else ""
    why = words.stuck(reason if task or reason == "silent" else "silent", days, task.title if task else "", owner)
    _tell(
        "stuck",
        both.managers,
        _("%(partner)s stands still") % {"partner": both.name},
        why,
        _page("vendor", "plan", plan.pk),
        refs=(plan.pk, plan.partner_id),
        key=f"{plan.pk}:{at.date()}",
        at=at,
    )


def spoken(task_id: UUID, actor_id: UUID | None, text: str, at: datetime) -> None:
    """The owner of the task and the other side hear of it, never the one who wrote."""
    task = facts.task_of(task_id)
    if task is None:
        return
    both, team = facts.sides(task.partner_id), facts.team(task.partner_id)
    here, there = [], []
    for person in (task.owner_id, *both.managers, *both.partner_people):
        if person and person != actor_id:
            (there if person in team else here).append(person)
    for side, people in (("vendor", here), ("partner", there)):
        _tell(
            "commented",
            people,
            _("News on “%(task)s”") % {"task": task.title},
            text,
            _page(side, "task", task.pk),
            refs=(task.plan_id, task.partner_id),
            key=f"{task.pk}:{at.isoformat()}:{side}",
            at=at,
        )


def level_completed(plan_id: UUID, level_key: str, name: str, badge: str, at: datetime) -> None:
    plan = facts.plan_of(plan_id)
    if plan is None or plan.state == "completed":
        return
    both = facts.sides(plan.partner_id)
    body = _("You earned “%(badge)s”. The next level is open.") % {"badge": badge} if badge else _("The next level is open.")
    refs = (plan.pk, plan.partner_id)
    _tell(
        "level",
        both.partner_people,
        _("Level completed: %(level)s") % {"level": name},
        body,
        _page("partner", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:{level_key}:p",
        at=at,
    )
    _tell(
        "level",
        both.managers,
        _("%(partner)s completed “%(level)s”") % {"partner": both.name, "level": name},
        "",
        _page("vendor", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:{level_key}:v",
        at=at,
    )


def plan_completed(plan_id: UUID, days: int, at: datetime) -> None:
    plan = facts.plan_of(plan_id)
    if plan is None:
        return
    both, refs = facts.sides(plan.partner_id), (plan_id, plan.partner_id)
    _tell(
        "completed",
        both.partner_people,
        _("You made it: “%(plan)s” is complete") % {"plan": plan.name},
        _("Every level is done. Thank you for the first %(days)d days.") % {"days": days},
        _page("partner", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:p",
        at=at,
    )
    _tell(
        "completed",
        both.managers,
        _("%(partner)s completed its onboarding") % {"partner": both.name},
        _("It took %(days)d days.") % {"days": days},
        _page("vendor", "plan", plan.pk),
        refs=refs,
        key=f"{plan.pk}:v",
        at=at,
    )


def help_asked(help_id: UUID, at: datetime) -> None:
    row = facts.help_of(help_id)
    if row:
        both = facts.sides(row.partner_id)
        _tell(
            "help",
            both.managers,
            _("%(partner)s asks about its first deal") % {"partner": both.name},
            row.question[:500],
            _page("vendor", "help", row.pk),
            refs=(row.pk, row.partner_id),
            key=str(row.pk),
            urgent=True,
            at=at,
        )


def help_answered(help_id: UUID, at: datetime) -> None:
    row = facts.help_of(help_id)
    if row:
        people = [row.asked_by_id] if row.asked_by_id else facts.sides(row.partner_id).partner_people
        _tell(
            "helped",
            people,
            _("%(name)s answered your question") % {"name": row.answered_by_name},
            row.answer[:500],
            _page("partner", "help", row.pk),
            refs=(row.pk, row.partner_id),
            key=str(row.pk),
            at=at,
        )


def pilot_invited(pilot_id: UUID, partner_id: UUID, at: datetime) -> None:
    pilot = facts.pilot_of(pilot_id)
    if pilot:
        _tell(
            "pilot",
            facts.sides(partner_id).partner_people,
            _("You are invited to try something: %(pilot)s") % {"pilot": pilot.name},
            pilot.about[:500],
            _page("partner", "pilot", pilot_id),
            refs=(pilot_id, partner_id),
            key=f"{pilot_id}:{partner_id}",
            at=at,
        )


def pilot_answered(pilot_id: UUID, partner_id: UUID, accepted: bool, at: datetime) -> None:
    pilot = facts.pilot_of(pilot_id)
    if pilot is None:
        return
    name = facts.sides(partner_id).name
    title = (_("%(partner)s takes part in “%(pilot)s”") if accepted else _("%(partner)s declines “%(pilot)s”")) % {"partner": name, "pilot": pilot.name}
    _tell(
        "pilot_answer",
        [pilot.owner_id],
        title,
        "",
        _page("vendor", "pilot", pilot_id),
        refs=(pilot_id, partner_id),
        key=f"{pilot_id}:{partner_id}:{at.isoformat()}",
        at=at,
    )


def pilot_over(pilot_id: UUID, outcome: str, at: datetime) -> None:
    pilot = facts.pilot_of(pilot_id)
    if pilot is None:
        return
    for partner_id in facts.members_of(pilot_id):
        body = _("It is rolled out to everybody. Thank you for trying it.") if outcome == "rolled_out" else _("It ends here. Thank you for trying it.")
        _tell(
            "pilot_over",
            facts.sides(partner_id).partner_people,
            _("“%(pilot)s” is over") % {"pilot": pilot.name},
            body,
            _page("partner", "pilot", pilot_id),
            refs=(pilot_id, partner_id),
            key=f"{pilot_id}:{partner_id}",
            at=at,
        )
