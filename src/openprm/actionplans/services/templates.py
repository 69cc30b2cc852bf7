"""Templates: for which program, a draft that is edited step by step, and publishing it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.actionplans import defaults, policies, wording
from openprm.actionplans.models import Template, TemplateVersion
from openprm.actionplans.rules import content as contents
from openprm.actionplans.rules.content import Content, StepSpec
from openprm.actionplans.rules.words import Side
from openprm.actionplans.services.unit import check_version, line, text
from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if, refused_by
from openprm.partners import queries as partners

State = TemplateVersion.State


class NoDraft(Conflict):
    """The template has no draft to work on."""


def _template(actor: Actor, template_id: UUID) -> Template:
    template = policies.reach_templates(actor).locked().one(template_id)
    refuse_if(policies.why_not_configure(actor))
    return template


def _same_name() -> Conflict:
    return Conflict(_("There is a template of this name already."), field="name")


@transaction.atomic
def create_template(*, actor: Actor, name: str, about: str = "", program_id: UUID | None = None, copy_of: UUID | None = None, at: datetime) -> UUID:
    """A new template with a draft: empty, or with the steps of another one. Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_configure(actor))
    source = _newest(policies.reach_templates(actor).one(copy_of)).parsed if copy_of else Content()
    template = Template(name=line("name", name, longest=120), about=text("about", about, longest=1000, required=False))
    template.program_id = partners.program(actor, program_id).id if program_id else None
    with refused_by("one_action_plan_template_per_name", _same_name()):
        template.save(force_insert=True)
    _new_version(template, source)
    audit.record(actor, "actionplan.template_created", template, after={}, note=template.name, at=at)
    return template.pk


def _newest(template: Template) -> TemplateVersion:
    return template.versions.order_by("-number").first()


def _new_version(template: Template, content: Content) -> TemplateVersion:
    newest = template.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return TemplateVersion.objects.create(template=template, number=newest + 1, content=contents.to_json(content))


@transaction.atomic
def update_template(*, actor: Actor, template_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> None:
    """Change name, about, program_id, is_active. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    template = _template(actor, template_id)
    check_version(template, version)
    readers: Mapping[str, Callable[[Any], Any]] = {
        "name": lambda value: line("name", value, longest=120),
        "about": lambda value: text("about", value, longest=1000, required=False),
        "program_id": lambda value: partners.program(actor, value).id if value else None,
        "is_active": bool,
    }
    if unknown := set(values) - set(readers):
        raise Invalid(_("A template has no such field."), field=sorted(unknown)[0][:40])
    before = template.snapshot()
    for name, value in values.items():
        setattr(template, name, readers[name](value))
    template.version += 1
    with refused_by("one_action_plan_template_per_name", _same_name()):
        template.save()
    audit.record(actor, "actionplan.template_updated", template, before=before, note=template.name, at=at)


@transaction.atomic
def begin_draft(*, actor: Actor, template_id: UUID, at: datetime) -> UUID:
    """The draft of a template; made from its newest version when there is none. Raises NotFound, NotAllowed."""
    template = _template(actor, template_id)
    draft = template.versions.filter(state=State.DRAFT).first() or _new_version(template, _newest(template).parsed)
    return draft.pk


@transaction.atomic
def discard_draft(*, actor: Actor, template_id: UUID, at: datetime) -> None:
    """Throw the draft away; what is in use stays. Raises NotFound, NotAllowed, NoDraft, Conflict."""
    template = _template(actor, template_id)
    draft = _draft(template)
    if draft.number == 1:
        raise Conflict(_("This template was never published. Publish it, or switch it off."))
    draft.delete()
    audit.record(actor, "actionplan.draft_discarded", template, after={}, note=template.name, at=at)


def _draft(template: Template) -> TemplateVersion:
    found = template.versions.filter(state=State.DRAFT).select_for_update().first()
    if found is None:
        raise NoDraft(_("Begin a draft first. What is in use never changes."))
    return found


@transaction.atomic
def edit_draft(*, actor: Actor, template_id: UUID, change: Callable[[Content], Content], lock: int | None = None, at: datetime) -> None:
    """Put a change into the draft. `lock` is the number of its last change that the person saw.

    Raises NotFound, NotAllowed, NoDraft, Stale, Invalid, and what `change` raises."""
    draft = _draft(_template(actor, template_id))
    if lock is not None and lock != draft.lock:
        raise Stale()
    content = change(draft.parsed)
    _refuse_faults(contents.faults(content), but="empty")
    draft.put(content)
    draft.save()


def _refuse_faults(faults: tuple[contents.Fault, ...], *, but: str = "") -> None:
    problems = [Problem(field=one.field, message=wording.fault(one), code=one.code) for one in faults if one.code != but]
    if problems:
        raise Invalid(problems=problems)


def put_steps(*, actor: Actor, template_id: UUID, steps: tuple[StepSpec, ...], lock: int | None = None, at: datetime) -> None:
    """Replace every step of the draft, for the API. Raises as `edit_draft`."""
    edit_draft(actor=actor, template_id=template_id, change=lambda _content: Content(steps=steps), lock=lock, at=at)


def save_step(
    *,
    actor: Actor,
    template_id: UUID,
    title: str,
    side: str,
    days_before: int,
    about: str = "",
    waits_for: tuple[str, ...] = (),
    key: str = "",
    lock: int | None = None,
    at: datetime,
) -> None:
    """Add a step to the draft, or with `key` change one. Raises as `edit_draft`, and NotFound for a key that is none."""

    def change(content: Content) -> Content:
        if key and content.step(key) is None:
            raise NotFound()
        made = StepSpec(
            key=key or _free_key(title, content), title=title.strip(), about=about.strip(), side=_side(side), days_before=days_before, waits_for=waits_for
        )
        kept = tuple(made if one.key == key else one for one in content.steps)
        return replace(content, steps=_in_order(kept if key else (*kept, made)))

    edit_draft(actor=actor, template_id=template_id, change=change, lock=lock, at=at)


def _side(value: str) -> Side:
    if value not in set(Side):
        raise Invalid(_("Choose vendor, partner or customer."), field="side")
    return Side(value)


def _free_key(title: str, content: Content) -> str:
    stem = (slugify(title) or "step")[:36].strip("-") or "step"
    taken = {one.key for one in content.steps}
    return next(key for number in range(1, 200) if (key := stem if number == 1 else f"{stem}-{number}") not in taken)


def _in_order(steps: tuple[StepSpec, ...]) -> tuple[StepSpec, ...]:
    """The earliest first: the list reads as the plan will."""
    return tuple(sorted(steps, key=lambda step: -step.days_before))


def remove_template_step(*, actor: Actor, template_id: UUID, key: str, lock: int | None = None, at: datetime) -> None:
    """Take a step out of the draft, and out of what others wait for. Raises as `edit_draft`, and NotFound."""

    def change(content: Content) -> Content:
        if content.step(key) is None:
            raise NotFound()
        rest = (one for one in content.steps if one.key != key)
        return Content(steps=tuple(replace(one, waits_for=tuple(other for other in one.waits_for if other != key)) for one in rest))

    edit_draft(actor=actor, template_id=template_id, change=change, lock=lock, at=at)


@transaction.atomic
def publish_draft(*, actor: Actor, template_id: UUID, notice: str = "", lock: int | None = None, at: datetime) -> int:
    """Use the draft for plans that begin from now on; running plans keep their steps. Gives its number.

    Raises NotFound, NotAllowed, NoDraft, Stale, Invalid."""
    template = _template(actor, template_id)
    draft = _draft(template)
    if lock is not None and lock != draft.lock:
        raise Stale()
    _publish(actor, template, draft, line("notice", notice, longest=300, required=False), at)
    audit.record(actor, "actionplan.template_published", template, after={}, note=f"{template.name} {draft.number}", at=at)
    return draft.number


def _publish(actor: Actor, template: Template, draft: TemplateVersion, notice: str, at: datetime) -> None:
    _refuse_faults(contents.faults(draft.parsed))
    template.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    draft.state, draft.notice, draft.published_at = State.PUBLISHED, notice, at
    draft.published_by_id, draft.published_by_name = actor.user_id, actor.name[:120]
    draft.save()


@transaction.atomic
def ensure_defaults(*, at: datetime) -> None:
    """The first template, once; one that somebody changed or threw away stays as it is."""
    if Template.objects.exists():
        return
    template = Template.objects.create(name=defaults.NAME, about=defaults.ABOUT)
    _publish(SYSTEM, template, _new_version(template, defaults.CONTENT), "", at)
