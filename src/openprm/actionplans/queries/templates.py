"""Templates and their versions."""

from uuid import UUID

from django.db.models import Count, Q

from openprm.actionplans import policies
from openprm.actionplans.models import Template, TemplateVersion
from openprm.actionplans.queries.results import TemplateChoice, TemplateView, VersionView
from openprm.actionplans.rules.content import Content
from openprm.kernel.actor import Actor
from openprm.kernel.scope import system_scope

State = TemplateVersion.State


def templates(actor: Actor) -> list[TemplateView]:
    rows = policies.reach_templates(actor).select_related("program").order_by("name")
    return [_view(row, _versions(row)) for row in rows]


def template(actor: Actor, template_id: UUID) -> TemplateView:
    """Raises NotFound."""
    row = policies.reach_templates(actor).select_related("program").one(template_id)
    return _view(row, _versions(row))


def _versions(row: Template) -> list[TemplateVersion]:
    return list(row.versions.annotate(used=Count("plans")).order_by("-number"))


def _view(row: Template, versions: list[TemplateVersion]) -> TemplateView:
    views = tuple(_version(one) for one in versions)
    return TemplateView(
        id=row.pk,
        name=row.name,
        about=row.about,
        program_id=row.program_id,
        program=row.program.name if row.program else "",
        is_active=row.is_active,
        version=row.version,
        draft=next((one for one in views if one.state == State.DRAFT), None),
        in_use=next((one for one in views if one.state == State.PUBLISHED), None),
        versions=views,
        plans=sum(one.plans for one in views),
    )


def _version(row: TemplateVersion) -> VersionView:
    return VersionView(
        id=row.pk,
        number=row.number,
        state=row.state,
        state_label=str(State(row.state).label),
        notice=row.notice,
        published_at=row.published_at,
        published_by=row.published_by_name,
        plans=row.used,
        content=row.parsed,
        lock=row.lock,
    )


def choices(actor: Actor, program_id: UUID | None) -> list[TemplateChoice]:
    """The published templates for a deal of this program: its own first, then those for every program. Both sides may choose."""
    if not actor.can("actionplans.view"):
        return []
    with system_scope():
        rows = list(_usable(program_id).order_by("template__name"))
    found = [_choice(row) for row in rows]
    return sorted(found, key=lambda one: (not one.is_for_program, one.name))


def _usable(program_id: UUID | None):
    fits = Q(template__program=None) | Q(template__program=program_id) if program_id else Q(template__program=None)
    return TemplateVersion.objects.filter(fits, state=State.PUBLISHED, template__is_active=True).select_related("template")


def _choice(row: TemplateVersion) -> TemplateChoice:
    content = row.parsed
    return TemplateChoice(
        id=row.template_id,
        name=row.template.name,
        about=row.template.about,
        steps=len(content.steps),
        days=content.days,
        is_for_program=row.template.program_id is not None,
    )


def content_for(actor: Actor, template_id: UUID, program_id: UUID | None) -> Content | None:
    """The steps that a plan of this program would begin with; None for a template that does not fit."""
    if not actor.can("actionplans.view"):
        return None
    with system_scope():
        row = _usable(program_id).filter(template=template_id).first()
    return row.parsed if row else None
