"""Plans: one of either side, a page of the list, a partner's own."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies, words
from openprm.onboarding.models import Plan, PlanLevel, PlanTask, TemplateVersion
from openprm.onboarding.queries.results import LevelView, PartnerPlan, PlanRow, TaskView, VendorPlan
from openprm.onboarding.queries.shapes import level_view, names, task_view
from openprm.onboarding.rules.schedule import next_task, progress
from openprm.partners import queries as partners
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"partner": "partner__organization__name", "started_at": "started_at", "percent": "share", "overdue": "overdue", "next_due_at": "next_due"}


def plan_for_vendor(actor: Actor, plan_id: UUID, at: datetime) -> VendorPlan:
    """Raises NotFound."""
    row = _plan(actor).one(plan_id) if actor.sees_all_partners else Plan.objects.none().one(plan_id)
    levels = _levels(row, actor, at)
    version, may = row.template_version, policies.why_not_manage(actor) is None
    newer = TemplateVersion.objects.filter(template=version.template_id, state=TemplateVersion.State.PUBLISHED).exclude(pk=version.pk).first()
    return VendorPlan(
        **_shared(row, levels, at),
        template_id=version.template_id,
        version_number=version.number,
        newer_version=newer.number if newer else None,
        newer_notice=newer.notice if newer else "",
        stuck_since=row.stuck_since,
        stuck_why=_why(row, at),
        last_progress_at=row.last_progress_at,
        may_manage=may and row.state == Plan.State.RUNNING,
    )


def plan_for_partner(actor: Actor, plan_id: UUID, at: datetime) -> PartnerPlan:
    """Raises NotFound."""
    return _for_partner(actor, policies.reach_plans(actor).select_related("program", "partner__organization").one(plan_id), at)


def plans_of_partner(actor: Actor, at: datetime) -> tuple[PartnerPlan, ...]:
    """The partner's own plans: running ones first, then what was walked before."""
    rows = policies.reach_plans(actor).filter(partner=actor.partner_id).select_related("program", "partner__organization")
    ranked = sorted(rows, key=lambda row: (row.state != Plan.State.RUNNING, -row.started_at.timestamp()))
    return tuple(_for_partner(actor, row, at) for row in ranked[:3])


def _for_partner(actor: Actor, row: Plan, at: datetime) -> PartnerPlan:
    levels = _levels(row, actor, at)
    waiting = sorted((task for level in levels if level.state == "open" for task in level.tasks if task.state == "open"), key=lambda task: task.due_at)
    return PartnerPlan(
        **_shared(row, levels, at),
        mine=tuple(task for task in waiting if task.side == "partner"),
        theirs=tuple(task for task in waiting if task.side == "vendor"),
    )


def _plan(actor: Actor) -> Any:
    return policies.reach_plans(actor).select_related("program", "partner__organization", "template_version__template", "stuck_task")


def _levels(row: Plan, actor: Actor, at: datetime) -> tuple[LevelView, ...]:
    tasks = list(PlanTask.objects.filter(plan=row).select_related("level").order_by("level__position", "position"))
    people = names(task.owner_id for task in tasks)
    views: dict[UUID, list[TaskView]] = {}
    for task in tasks:
        task.plan = row
        views.setdefault(task.level_id, []).append(task_view(task, actor, people, at))
    return tuple(_level(row, level, tuple(views.get(level.pk, ())), actor) for level in PlanLevel.objects.filter(plan=row).order_by("position"))


def _level(plan: Plan, level: PlanLevel, tasks: tuple[TaskView, ...], actor: Actor) -> LevelView:
    level.plan = plan
    return level_view(level, tasks, can_skip=actor.sees_all_partners and policies.why_not_skip(actor, level) is None)


def _shared(row: Plan, levels: tuple[LevelView, ...], at: datetime) -> dict[str, Any]:
    tasks = [task for level in levels for task in level.tasks]
    waiting = [task for level in levels if level.state == "open" for task in level.tasks]
    far = progress(tasks)
    label, tone = words.PLAN_STATE[row.state]
    with system_scope():
        partner = partners.partner(SYSTEM, row.partner_id)
    return {
        "id": row.pk,
        "partner_id": row.partner_id,
        "partner_name": partner.name,
        "program_id": row.program_id,
        "program_name": row.program.name if row.program else "",
        "name": row.name,
        "state": row.state,
        "state_label": str(label),
        "state_tone": tone,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "ended_reason": row.ended_reason,
        "day": max(((row.ended_at or at) - row.started_at).days + 1, 1),
        "days": max((ceil((task.due_at - row.started_at).total_seconds() / 86_400) for task in tasks), default=0),
        "done": far.done,
        "total": far.total,
        "percent": far.percent,
        "overdue": sum(task.is_overdue for task in waiting),
        "levels": levels,
        "next_task": next_task(waiting) if row.state == Plan.State.RUNNING else None,
        "manager_name": partner.manager_name,
        "manager_email": partner.manager_email,
        "created_at": row.created_at,
        "version": row.version,
    }


def list_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice[PlanRow]:
    """A page of the list of plans."""
    found = slice_of(_listed(actor, search, filters, at), page, order_by=SORTS)
    owners = names(row.stuck_task.owner_id for row in found.rows if row.stuck_task)
    return found.map(lambda row: plan_row(row, at, owners))


def export_plans(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime) -> Iterator[PlanRow]:
    for row in _listed(actor, search, filters, at).order_by("-started_at", "pk").iterator(chunk_size=500):
        yield plan_row(row, at, {})


def newest_plans(actor: Actor, *, filters: Mapping[str, Any], at: datetime) -> QuerySet:
    """For the API: rows that `plan_row` reads. A partner gets its own."""
    return _listed(actor, "", filters, at)


def stuck_plans(actor: Actor, at: datetime, limit: int = 50) -> tuple[PlanRow, ...]:
    """The plans that stand still, longest first."""
    rows = list(_listed(actor, "", {"standing": ("stuck",)}, at).order_by("stuck_since", "pk")[:limit])
    owners = names(row.stuck_task.owner_id for row in rows if row.stuck_task)
    return tuple(plan_row(row, at, owners) for row in rows)


def stuck_count(actor: Actor) -> int:
    return policies.reach_plans(actor).filter(state=Plan.State.RUNNING).exclude(stuck_since=None).count()


def _listed(actor: Actor, search: str, filters: Mapping[str, Any], at: datetime) -> Any:
    counted = Q(tasks__is_required=True) & ~Q(tasks__state="waived")
    coming = PlanTask.objects.filter(plan=OuterRef("pk"), state="open", level__state="open").order_by("due_at", "pk")
    rows = policies.reach_plans(actor).select_related("program", "partner__organization", "partner__manager", "stuck_task").annotate(
        total=Count("tasks", filter=counted),
        finished=Count("tasks", filter=counted & Q(tasks__state="done")),
        overdue=Count("tasks", filter=Q(tasks__state="open", tasks__level__state="open", tasks__due_at__lt=at)),
        next_title=Subquery(coming.values("title")[:1]),
        next_due=Subquery(coming.values("due_at")[:1]),
        level_name=Subquery(PlanLevel.objects.filter(plan=OuterRef("pk"), state="open").order_by("position").values("name")[:1]),
    )  # fmt: skip
    rows = rows.annotate(share=F("finished") * 100 / (F("total") + 0.0001))
    rows = _narrowed(rows, filters, at)
    return rows.filter(Q(partner__organization__name__icontains=search) | Q(name__icontains=search)) if search else rows


def _narrowed(rows: Any, filters: Mapping[str, Any], at: datetime) -> Any:
    for name, column in (
        ("state", "state"),
        ("program", "program"),
        ("manager", "partner__manager"),
        ("template", "template_version__template"),
        ("partner", "partner"),
    ):
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    standing = filters.get("standing") or ()
    late = Exists(PlanTask.objects.filter(plan=OuterRef("pk"), state="open", level__state="open", due_at__lt=at))
    wanted = {"stuck": Q(state="running", stuck_since__isnull=False), "late": Q(late, state="running"), "on_track": Q(~late, state="running", stuck_since=None)}
    chosen = [wanted[one] for one in standing if one in wanted]
    if not chosen:
        return rows
    either = chosen[0]
    for one in chosen[1:]:
        either |= one
    return rows.filter(either)


def plan_row(row: Any, at: datetime, owners: Mapping[UUID, str] | None = None) -> PlanRow:
    return PlanRow(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        program=row.program.name if row.program else "",
        template=row.name,
        state=row.state,
        started_at=row.started_at,
        day=max(((row.ended_at or at) - row.started_at).days + 1, 1),
        level=row.level_name or "",
        percent=100 * row.finished // row.total if row.total else 100,
        done=row.finished,
        total=row.total,
        overdue=row.overdue if row.state == "running" else 0,
        next_title=(row.next_title or "") if row.state == "running" else "",
        next_due_at=row.next_due if row.state == "running" else None,
        stuck_since=row.stuck_since,
        stuck_why=_why(row, at, owners),
        manager=row.partner.manager.name if row.partner.manager else "",
        created_at=row.created_at,
        version=row.version,
    )


def _why(row: Plan, at: datetime, owners: Mapping[UUID, str] | None = None) -> str:
    if row.stuck_since is None:
        return ""
    task = row.stuck_task
    if row.stuck_reason == "overdue" and task:
        known = owners if owners is not None else names([task.owner_id])
        owner = known.get(task.owner_id, "") if task.owner_id else ""
        return words.stuck("overdue", (at - task.due_at).days, task.title, owner)
    return words.stuck("silent", (at - row.last_progress_at).days, "", "")
