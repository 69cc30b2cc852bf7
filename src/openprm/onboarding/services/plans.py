"""Plans: started for a partner, moved to a newer version of their template, ended."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.events import PlanStarted, TasksAssigned
from openprm.onboarding.models import Plan, PlanLevel, PlanTask, ReachedMilestone, Template, TemplateVersion
from openprm.onboarding.promisekinds import FIRST_CONTACT
from openprm.onboarding.rules import segment
from openprm.onboarding.rules.content import Content, LevelSpec, TaskSpec
from openprm.onboarding.rules.schedule import due_at
from openprm.onboarding.services import hours
from openprm.onboarding.services.owners import Owners
from openprm.onboarding.services.settling import close_level, settle, touch
from openprm.onboarding.services.unit import check_version, line, record
from openprm.partners import queries as partners
from openprm.promises import services as promises

EARLIEST_START_DAYS = 400


class PlanRuns(Conflict):
    """The partner has a running plan in that program already."""


class NotPublished(Conflict):
    """The template has no version in use."""


class NothingNewer(Conflict):
    """The plan follows the newest version already."""


@transaction.atomic
def start_plan(*, actor: Actor, partner_id: UUID, template_id: UUID, program_id: UUID | None = None, started_at: datetime | None = None, at: datetime) -> UUID:
    """Give a partner a plan from the template's version in use. Raises NotFound, NotAllowed, Invalid, NotPublished, PlanRuns."""
    partners.partner(actor, partner_id)
    refuse_if(policies.why_not_manage(actor))
    template = policies.reach_templates(actor).one(template_id)
    if program_id is None:
        program_id = template.program_id
    if program_id:
        partners.program(actor, program_id)
    first = started_at or at
    if abs((first - at).days) > EARLIEST_START_DAYS:
        raise Invalid(_("A plan starts at most %(days)d days before or after today.") % {"days": EARLIEST_START_DAYS}, field="started_at")
    return _start(actor, partner_id, program_id, template, first, at).pk


def start_for_segment(*, partner_id: UUID, program_id: UUID | None, at: datetime) -> UUID | None:
    """Start what the segments say for a partner that joined at `at`; None when nothing fits or it has its plan already.

    A plan that began before the partner was in any program becomes the plan of its first program.
    """
    with system_scope():
        running = Plan.objects.filter(partner=partner_id, state=Plan.State.RUNNING)
        if running.filter(program=program_id).exists() or Plan.objects.filter(partner=partner_id, program=program_id, created_at__gte=at).exists():
            return None
        template = find_template(partner_id, program_id)
        loose = running.filter(program=None).first()
        if loose and program_id:
            loose.program_id = program_id
            loose.save(update_fields=["program", "updated_at"])
            return loose.pk
        return _start(SYSTEM, partner_id, program_id, template, at, at).pk if template else None


def find_template(partner_id: UUID, program_id: UUID | None) -> Template | None:
    """The automatic template whose segment fits this partner most closely."""
    partner = partners.partner(SYSTEM, partner_id)
    whom = segment.Candidate(program_id=program_id, motion=_motion(partner, program_id), type=partner.type, country=partner.country)
    usable = Template.objects.filter(is_active=True, is_automatic=True, versions__state=TemplateVersion.State.PUBLISHED).order_by("created_at", "pk")
    found = segment.best([(template.pk, template.segment) for template in usable], whom)
    return Template.objects.get(pk=found) if found else None


def _motion(partner: partners.PartnerView, program_id: UUID | None) -> str:
    """What the partner will do in this program: the program's motion, or outside of any its own."""
    return partners.program(SYSTEM, program_id).motion if program_id else partner.motion


def _start(actor: Actor, partner_id: UUID, program_id: UUID | None, template: Template, started_at: datetime, at: datetime) -> Plan:
    version = TemplateVersion.objects.filter(template=template, state=TemplateVersion.State.PUBLISHED).first()
    if version is None:
        raise NotPublished(_("“%(name)s” has no published version yet. Publish its draft first.") % {"name": template.name}, field="template_id")
    plan = Plan(
        partner_id=partner_id, program_id=program_id, template_version=version, name=template.name, started_at=started_at, last_progress_at=max(started_at, at)
    )
    with refused_by("one_running_plan_per_program", PlanRuns(_("This partner has a running plan in that program. End it, or move it to another version."))):
        plan.save(force_insert=True)
    _fill(plan, version.parsed, at)
    record(actor, "onboarding.plan_started", plan, partner_id=partner_id, after={}, note=plan.name, data={"version": version.number}, at=at)
    publish(PlanStarted(plan_id=plan.pk, partner_id=partner_id, program_id=program_id, template_code=template.code, at=at))
    promises.start(actor=actor, code=FIRST_CONTACT, subject=plan, partner_id=partner_id, program_id=program_id, refs=(partner_id,), at=at)
    settle(plan, SYSTEM, at)
    return plan


def _fill(plan: Plan, content: Content, at: datetime) -> None:
    """The levels and tasks of a new plan. What happened before the plan began is ticked off at once."""
    builder = _Builder(plan, content, at)
    levels = [builder.level(position, spec) for position, spec in enumerate(content.levels)]
    tasks = [builder.task(level, position, spec) for level, source in zip(levels, content.levels, strict=True) for position, spec in enumerate(source.tasks)]
    PlanLevel.objects.bulk_create(levels)
    PlanTask.objects.bulk_create(tasks)


class _Builder:
    """Makes rows of a plan from the specs of its template."""

    def __init__(self, plan: Plan, content: Content, at: datetime):
        self.plan, self.content, self.at = plan, content, at
        self.calendar, self.owners = hours.calendar(at), Owners(plan.partner_id)
        self.reached = dict(ReachedMilestone.objects.filter(partner=plan.partner_id).values_list("code", "reached_at"))

    def level(self, position: int, spec: LevelSpec) -> PlanLevel:
        is_open = position == 0 or not self.content.sequential
        return PlanLevel(
            plan=self.plan,
            partner_id=self.plan.partner_id,
            key=spec.key,
            position=position,
            name=spec.name,
            about=spec.about,
            badge=spec.badge,
            benefit=spec.benefit,
            state=PlanLevel.State.OPEN if is_open else PlanLevel.State.LOCKED,
            opened_at=self.at if is_open else None,
        )

    def task(self, level: PlanLevel, position: int, spec: TaskSpec) -> PlanTask:
        row = PlanTask(plan=self.plan, level=level, partner_id=self.plan.partner_id, key=spec.key)
        self.shape(row, level, position, spec)
        row.owner_id = self.owners.of(spec.side, spec.role)
        if spec.milestone in self.reached:
            row.state, row.done_at, row.done_by_name = PlanTask.State.DONE, self.reached[spec.milestone], "OpenPRM"
        return row

    def shape(self, row: PlanTask, level: PlanLevel, position: int, spec: TaskSpec) -> None:
        """What the template says about a task, put on its row."""
        row.level, row.position = level, position
        row.title, row.about, row.link, row.milestone = spec.title, spec.about, spec.link, spec.milestone
        row.kind, row.side, row.role = spec.kind, spec.side, spec.role
        row.needs_evidence, row.is_required = spec.needs_evidence, spec.is_required
        row.due_at = due_at(self.calendar, self.plan.started_at, spec.offset_days)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move to another version did: tasks kept, added, and waived because the new version leaves them out."""

    kept: int
    added: int
    left_out: int


@transaction.atomic
def move_plan(*, actor: Actor, plan_id: UUID, version_id: UUID | None = None, version: int | None = None, at: datetime) -> Moved:
    """Let a running plan follow another published version, its template's newest unless one is named.

    Tasks are matched by key: what is done stays done, what is open takes the new words and dates. Open tasks that the new
    version leaves out are waived with that reason; nothing people wrote is lost. Raises NotFound, NotAllowed, NothingNewer.
    """
    plan = running_plan(actor, plan_id, version)
    target = _target(plan, version_id)
    if target.pk == plan.template_version_id:
        raise NothingNewer(_("The plan follows the newest version already."))
    before = plan.template_version.number
    plan.template_version, plan.name = target, target.template.name
    moved = _Move(plan, target, at).run()
    touch(plan, actor, at)
    data = {"from": before, "to": target.number, "added": moved.added, "left_out": moved.left_out}
    record(actor, "onboarding.plan_moved", plan, partner_id=plan.partner_id, after={}, note=plan.name, data=data, at=at)
    settle(plan, actor, at)
    return moved


def _target(plan: Plan, version_id: UUID | None) -> TemplateVersion:
    published = TemplateVersion.objects.select_related("template").filter(state=TemplateVersion.State.PUBLISHED)
    return published.one(version_id) if version_id else published.filter(template=plan.template_version.template_id).first() or plan.template_version


class _Move:
    def __init__(self, plan: Plan, target: TemplateVersion, at: datetime):
        self.plan, self.content, self.at = plan, target.parsed, at
        self.reason = _("Version %(number)d of the template leaves this out.") % {"number": target.number}
        self.builder = _Builder(plan, self.content, at)
        self.levels = {level.key: level for level in PlanLevel.objects.filter(plan=plan)}
        self.tasks = {task.key: task for task in PlanTask.objects.filter(plan=plan).select_related("level")}

    def run(self) -> Moved:
        kept = added = 0
        for position, spec in enumerate(self.content.levels):
            level = self._level(position, spec)
            for number, task in enumerate(spec.tasks):
                is_new = self._task(level, number, task)
                kept, added = kept + (not is_new), added + is_new
        return Moved(kept, added, self._leave_out())

    def _level(self, position: int, spec: LevelSpec) -> PlanLevel:
        level = self.levels.pop(spec.key, None) or self.builder.level(position, spec)
        level.position, level.name, level.about, level.badge, level.benefit = position, spec.name, spec.about, spec.badge, spec.benefit
        level.save()
        return level

    def _task(self, level: PlanLevel, position: int, spec: TaskSpec) -> bool:
        row = self.tasks.pop(spec.key, None)
        if row is None:
            self.builder.task(level, position, spec).save(force_insert=True)
            return True
        if row.state == PlanTask.State.OPEN:
            self.builder.shape(row, level, position, spec)
        row.level, row.position = level, position
        row.save()
        return False

    def _leave_out(self) -> int:
        gone = [task for task in self.tasks.values() if task.state == PlanTask.State.OPEN]
        for task in gone:
            task.state, task.done_at, task.reason = PlanTask.State.WAIVED, self.at, self.reason
            task.save()
        for level in self.levels.values():
            if level.state in (PlanLevel.State.OPEN, PlanLevel.State.LOCKED):
                close_level(level, PlanLevel.State.SKIPPED, SYSTEM, self.at, self.reason)
        return len(gone)


@transaction.atomic
def end_plan(*, actor: Actor, plan_id: UUID, reason: str, version: int | None = None, at: datetime) -> None:
    """Stop a plan that will not be walked to its end. Raises NotFound, NotAllowed, Invalid, Conflict."""
    plan = running_plan(actor, plan_id, version)
    _end(plan, actor, line("reason", reason, longest=500), at)


def end_plans_of(*, partner_id: UUID, reason: str, at: datetime) -> None:
    """End whatever runs for a partner that leaves."""
    with system_scope():
        for plan in Plan.objects.filter(partner=partner_id, state=Plan.State.RUNNING).locked():
            _end(plan, SYSTEM, reason, at)


def _end(plan: Plan, actor: Actor, reason: str, at: datetime) -> None:
    before = plan.snapshot()
    plan.state, plan.ended_at, plan.ended_reason = Plan.State.ENDED, at, reason
    plan.stuck_since, plan.stuck_reason, plan.stuck_task_id = None, "", None
    plan.version += 1
    plan.save()
    promises.cancel(subject_id=plan.pk, code=FIRST_CONTACT, at=at)
    record(actor, "onboarding.plan_ended", plan, partner_id=plan.partner_id, before=before, note=reason, at=at)


@transaction.atomic
def skip_level(*, actor: Actor, level_id: UUID, reason: str, at: datetime) -> None:
    """Pass an open level over and open the next, where the template allows it. Raises NotFound, NotAllowed, Invalid."""
    level = policies.reach_levels(actor).select_related("plan__template_version").one(level_id)
    plan = Plan.objects.select_related("template_version").locked().one(level.plan_id)
    refuse_if(policies.why_not_skip(actor, level))
    reason = line("reason", reason, longest=500)
    for task in PlanTask.objects.filter(level=level, state=PlanTask.State.OPEN):
        task.state, task.done_at, task.reason, task.done_by_id, task.done_by_name = PlanTask.State.WAIVED, at, reason, actor.user_id, actor.name[:120]
        task.save()
    close_level(level, PlanLevel.State.SKIPPED, actor, at, reason)
    touch(plan, actor, at)
    settle(plan, actor, at)


def assign_waiting(*, partner_id: UUID, at: datetime) -> None:
    """Give the open tasks without an owner to the people who have joined since."""
    with system_scope():
        waiting = PlanTask.objects.filter(partner=partner_id, owner=None, state=PlanTask.State.OPEN, plan__state=Plan.State.RUNNING)
        owned = Owners(partner_id).own(waiting.order_by("due_at"))
        for task in owned:
            task.save(update_fields=["owner", "updated_at"])
        for plan_id in dict.fromkeys(task.plan_id for task in owned):
            publish(TasksAssigned(plan_id=plan_id, task_ids=tuple(task.pk for task in owned if task.plan_id == plan_id), actor_id=None, at=at))


def hand_over_to_manager(*, partner_id: UUID, manager_id: UUID | None, at: datetime) -> None:
    """The tasks of the partner manager go with the partner to its new manager."""
    with system_scope():
        mine = PlanTask.objects.filter(partner=partner_id, side="vendor", role="partner_manager", state=PlanTask.State.OPEN, plan__state=Plan.State.RUNNING)
        mine.exclude(owner=manager_id).update(owner=manager_id)


def running_plan(actor: Actor, plan_id: UUID, version: int | None = None) -> Plan:
    """The plan, locked, for a manager. Raises NotFound, NotAllowed, Stale, Conflict."""
    plan = policies.reach_plans(actor).select_related("template_version__template").locked().one(plan_id)
    refuse_if(policies.why_not_manage(actor))
    check_version(plan, version)
    if plan.state != Plan.State.RUNNING:
        raise Conflict(_("This plan is over. It stays as it was."))
    return plan
