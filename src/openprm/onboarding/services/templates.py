"""Templates: whom they are for, a draft that is edited in steps, and publishing it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale, refuse_if, refused_by
from openprm.kernel.ids import new_id
from openprm.onboarding import defaults, policies, words
from openprm.onboarding.models import Template, TemplateVersion
from openprm.onboarding.rules import content as contents
from openprm.onboarding.rules.content import Content, Kind, LevelSpec, Side, TaskSpec
from openprm.onboarding.services.unit import check_version, line, text
from openprm.partners import queries as partners
from openprm.partners.rules import MOTIONS, TYPES

State = TemplateVersion.State


class NoDraft(Conflict):
    """The template has no draft to work on."""


@transaction.atomic
def create_template(*, actor: Actor, name: str, at: datetime, copy_of: UUID | None = None, **values: Any) -> UUID:
    """A new template with a draft: empty, or for whom and with what another one is. It starts by itself only once somebody says so.

    Raises NotAllowed, NotFound, Invalid, Conflict."""
    refuse_if(policies.why_not_configure(actor))
    model = policies.reach_templates(actor).one(copy_of) if copy_of else None
    source = _newest(model) if model else None
    template = Template(name=line("name", name, longest=120), **({"is_automatic": False} | _whom(model) | _settings(actor, values)))
    template.code = _free_code(template.name)
    with refused_by("one_onboarding_template_per_code", Conflict(_("There is a template of this name already."), field="name")):
        template.save(force_insert=True)
    _new_version(template, source.parsed if source else _empty(template.name))
    audit.record(actor, "onboarding.template_created", template, after={}, note=template.name, at=at)
    return template.pk


def _whom(model: Template | None) -> dict[str, Any]:
    return {field: getattr(model, field) for field in ("about", "program_id", "motion", "type", "countries")} if model else {}


def _free_code(name: str) -> str:
    code = (slugify(name) or "template")[:32].strip("-")
    return f"{code}-{str(new_id())[-6:]}" if Template.objects.filter(code=code).exists() else code


def _empty(name: str) -> Content:
    return Content(levels=(LevelSpec(key="first-steps", name=_("First steps")),))


def _new_version(template: Template, content: Content) -> TemplateVersion:
    newest = template.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return TemplateVersion.objects.create(template=template, number=newest + 1, content=contents.to_json(content))


@transaction.atomic
def update_template(*, actor: Actor, template_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> None:
    """Change name, segment and switches. Raises NotFound, NotAllowed, Invalid, Stale."""
    template = _template(actor, template_id)
    check_version(template, version)
    before = template.snapshot()
    given = dict(values)
    if "name" in given:
        template.name = line("name", given.pop("name"), longest=120)
    for field, value in _settings(actor, given).items():
        setattr(template, field, value)
    template.version += 1
    template.save()
    audit.record(actor, "onboarding.template_updated", template, before=before, note=template.name, at=at)


def _settings(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    readers: Mapping[str, Callable[[Any], Any]] = {
        "about": lambda value: text("about", value, longest=1000, required=False),
        "program_id": lambda value: partners.program(actor, value).id if value else None,
        "motion": lambda value: _one_of("motion", value, MOTIONS),
        "type": lambda value: _one_of("type", value, TYPES),
        "countries": _countries,
        "is_automatic": bool,
        "is_active": bool,
    }
    if unknown := set(values) - set(readers):
        raise Invalid(_("A template has no such field."), field=sorted(unknown)[0][:40])
    return {field: readers[field](value) for field, value in values.items()}


def _one_of(field: str, value: Any, allowed: tuple[str, ...]) -> str:
    if value and value not in allowed:
        raise Invalid(_("Choose one of: %(choices)s.") % {"choices": ", ".join(allowed)}, field=field)
    return value or ""


def _countries(value: Any) -> list[str]:
    codes = sorted({str(code).strip().upper() for code in value or [] if str(code).strip()})
    if len(codes) > 60 or any(len(code) != 2 or not (code.isascii() and code.isalpha()) for code in codes):
        raise Invalid(_("Countries are two letters each, for example FI, SE, NO."), field="countries")
    return codes


@transaction.atomic
def begin_draft(*, actor: Actor, template_id: UUID, at: datetime) -> UUID:
    """The draft of a template; made from its version in use when there is none. Raises NotFound, NotAllowed."""
    template = _template(actor, template_id)
    draft = template.versions.filter(state=State.DRAFT).first() or _new_version(template, _newest(template).parsed)
    return draft.pk


@transaction.atomic
def discard_draft(*, actor: Actor, template_id: UUID, at: datetime) -> None:
    """Throw the draft away; what is in use stays. Raises NotFound, NotAllowed, NoDraft, Conflict."""
    template = _template(actor, template_id)
    draft = _draft(template)
    if draft.number == 1:
        raise Conflict(_("This template was never published. Publish it or leave it switched off."))
    draft.delete()
    audit.record(actor, "onboarding.draft_discarded", template, after={}, note=template.name, at=at)


@transaction.atomic
def edit_draft(*, actor: Actor, template_id: UUID, lock: int | None, change: Callable[[Content], Content], at: datetime) -> None:
    """Put a change into the draft. `lock` is the number of the draft's last change that the person saw.

    Raises NotFound, NotAllowed, NoDraft, Stale, and what `change` raises.
    """
    draft = _draft(_template(actor, template_id))
    if lock is not None and lock != draft.lock:
        raise Stale()
    draft.put(change(draft.parsed))
    draft.save()


def set_ways(*, actor: Actor, template_id: UUID, sequential: bool, may_skip: bool, stuck_days: int, lock: int | None = None, at: datetime) -> None:
    """How the levels follow each other, and after how many silent days a plan is stuck. Raises Invalid and as `edit_draft`."""
    if not 3 <= stuck_days <= 120:
        raise Invalid(_("A plan counts as stuck after 3 to 120 days."), field="stuck_days")

    def change(content: Content) -> Content:
        return replace(content, sequential=sequential, may_skip=may_skip, stuck_days=stuck_days)

    edit_draft(actor=actor, template_id=template_id, lock=lock, change=change, at=at)


def put_level(
    *, actor: Actor, template_id: UUID, name: str, about: str = "", badge: str = "", benefit: str = "", key: str = "", lock: int | None = None, at: datetime
) -> str:
    """Add a level, or with `key` change one; gives its key. Raises Invalid and as `edit_draft`."""
    words_ = {
        "name": line("name", name, longest=80),
        "about": text("about", about, longest=1500, required=False),
        "badge": line("badge", badge, longest=80, required=False),
        "benefit": line("benefit", benefit, longest=300, required=False),
    }
    made = key or fresh_key()

    def change(content: Content) -> Content:
        known = contents.find_level(content, made)
        if key and known is None:
            raise NotFound()
        if known is None and len(content.levels) >= contents.MOST_LEVELS:
            raise Invalid(_("A template holds at most %(most)d levels.") % {"most": contents.MOST_LEVELS}, field="name")
        return contents.with_level(content, replace(known or LevelSpec(key=made, name=""), **words_))

    edit_draft(actor=actor, template_id=template_id, lock=lock, change=change, at=at)
    return made


def put_task(*, actor: Actor, template_id: UUID, level_key: str, values: Mapping[str, Any], key: str = "", lock: int | None = None, at: datetime) -> str:
    """Add a task to a level, or with `key` change one, also moving it there; gives its key. Raises Invalid and as `edit_draft`."""
    task = _task(values, key or fresh_key())

    def change(content: Content) -> Content:
        level = contents.find_level(content, level_key)
        if level is None or (key and contents.find_task(content, key) is None):
            raise NotFound()
        if not key and len(level.tasks) >= contents.MOST_TASKS:
            raise Invalid(_("A level holds at most %(most)d tasks. Split it.") % {"most": contents.MOST_TASKS}, field="title")
        return contents.with_task(content, level_key, task)

    edit_draft(actor=actor, template_id=template_id, lock=lock, change=change, at=at)
    return task.key


def _task(values: Mapping[str, Any], key: str) -> TaskSpec:
    try:
        kind, side = Kind(values.get("kind", "do")), Side(values.get("side", "partner"))
    except ValueError:
        raise Invalid(_("Choose what is done, and by which side."), field="kind") from None
    task = TaskSpec(
        key=key,
        kind=kind,
        side=side,
        title=line("title", values.get("title"), longest=160),
        about=text("about", values.get("about"), longest=1500, required=False),
        role=str(values.get("role") or contents.ROLES[side][0]),
        offset_days=int(values.get("offset_days") or 0),
        needs_evidence=bool(values.get("needs_evidence")) or kind is Kind.UPLOAD,
        milestone=str(values.get("milestone") or ""),
        link=line("link", values.get("link"), longest=300, required=False),
        is_required=bool(values.get("is_required", True)),
    )
    if faults := tuple(contents.task_faults(task, words.milestones())):
        raise Invalid(problems=words.problems(faults))
    return task


def fresh_key() -> str:
    return f"k{str(new_id())[-10:]}"


def take_out(*, actor: Actor, template_id: UUID, key: str, lock: int | None = None, at: datetime) -> None:
    """Remove a level with its tasks, or a task. Raises as `edit_draft`."""
    edit_draft(actor=actor, template_id=template_id, lock=lock, change=lambda content: contents.without_task(contents.without_level(content, key), key), at=at)


def shift(*, actor: Actor, template_id: UUID, key: str, step: int, lock: int | None = None, at: datetime) -> None:
    """Move a level or a task one place up (-1) or down (1). Raises as `edit_draft`."""
    way = 1 if step > 0 else -1
    edit_draft(
        actor=actor, template_id=template_id, lock=lock, change=lambda content: contents.moved_task(contents.moved_level(content, key, way), key, way), at=at
    )


@transaction.atomic
def publish_draft(*, actor: Actor, template_id: UUID, notice: str = "", lock: int | None = None, at: datetime) -> UUID:
    """Make the draft the version that new plans follow; running plans keep theirs. Raises NotFound, NotAllowed, NoDraft, Invalid, Stale."""
    template = _template(actor, template_id)
    draft = _draft(template)
    if lock is not None and lock != draft.lock:
        raise Stale()
    if faults := contents.faults_of(draft.parsed, words.milestones()):
        raise Invalid(problems=words.problems(faults))
    _put_in_use(template, draft, actor, line("notice", notice, longest=300, required=False), at)
    audit.record(actor, "onboarding.template_published", template, after={}, note=template.name, data={"version": draft.number}, at=at)
    return draft.pk


def _put_in_use(template: Template, draft: TemplateVersion, actor: Actor, notice: str, at: datetime) -> None:
    template.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    draft.state, draft.published_at, draft.notice = State.PUBLISHED, at, notice
    draft.published_by_id, draft.published_by_name = actor.user_id, actor.name[:120]
    draft.save()


def ensure_defaults(*, at: datetime) -> None:
    """One template for each motion, published, until somebody has made templates of their own. Safe to repeat."""
    if Template.objects.exists():
        return
    for one in defaults.TEMPLATES:
        template = Template.objects.create(code=one.code, name=str(one.name), about=str(one.about), motion=one.motion)
        _put_in_use(template, _new_version(template, one.content()), SYSTEM, "", at)


def _template(actor: Actor, template_id: UUID) -> Template:
    template = policies.reach_templates(actor).locked().one(template_id)
    refuse_if(policies.why_not_configure(actor))
    return template


def _draft(template: Template) -> TemplateVersion:
    draft = template.versions.filter(state=State.DRAFT).locked().first()
    if draft is None:
        raise NoDraft(_("There is no draft. Begin one first."))
    return draft


def _newest(template: Template) -> TemplateVersion:
    return template.versions.exclude(state=State.DRAFT).order_by("-number").first() or template.versions.get(state=State.DRAFT)
