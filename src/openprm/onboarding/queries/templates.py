"""Templates with their versions, and who is to get them."""

from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.onboarding import policies, words
from openprm.onboarding.models import Template, TemplateVersion
from openprm.onboarding.queries.results import TemplateView, VersionView


def templates(actor: Actor) -> tuple[TemplateView, ...]:
    """All templates, those in use first. Two queries."""
    rows = policies.reach_templates(actor).select_related("program").order_by("-is_active", "-is_automatic", "name", "pk")
    return tuple(_view(row, versions) for row, versions in _with_versions(list(rows)))


def template(actor: Actor, template_id: UUID) -> TemplateView:
    """Raises NotFound."""
    row = policies.reach_templates(actor).select_related("program").one(template_id)
    return _view(*_with_versions([row])[0])


def template_choices(actor: Actor) -> list[tuple[str, str]]:
    """The templates that a plan can start from."""
    rows = policies.reach_templates(actor).filter(is_active=True, versions__state=TemplateVersion.State.PUBLISHED).order_by("name")
    return [(str(row.pk), row.name) for row in rows]


def may_configure(actor: Actor) -> bool:
    return policies.why_not_configure(actor) is None


def may_manage(actor: Actor) -> bool:
    return policies.why_not_manage(actor) is None


def milestone_choices() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in words.milestones().items()]


def _with_versions(rows: list[Template]) -> list[tuple[Template, list[TemplateVersion]]]:
    found: dict[UUID, list[TemplateVersion]] = {row.pk: [] for row in rows}
    versions = TemplateVersion.objects.filter(template__in=list(found)).annotate(running=Count("plans", filter=Q(plans__state="running")))
    for version in versions.order_by("-number"):
        found[version.template_id].append(version)
    return [(row, found[row.pk]) for row in rows]


def _view(row: Template, versions: list[TemplateVersion]) -> TemplateView:
    views = [_version(version) for version in versions]
    return TemplateView(
        id=row.pk,
        code=row.code,
        name=row.name,
        about=row.about,
        program_id=row.program_id,
        program_name=row.program.name if row.program else "",
        motion=row.motion,
        type=row.type,
        countries=tuple(row.countries),
        whom=_whom(row),
        is_automatic=row.is_automatic,
        is_active=row.is_active,
        in_use=next((view for view in views if view.state == "published"), None),
        draft=next((view for view in views if view.state == "draft"), None),
        versions=tuple(views),
        running=sum(view.plans for view in views),
        created_at=row.created_at,
        version=row.version,
    )


def _version(row: TemplateVersion) -> VersionView:
    return VersionView(
        id=row.pk,
        number=row.number,
        state=row.state,
        state_label=str(row.get_state_display()),
        notice=row.notice,
        published_at=row.published_at,
        published_by=row.published_by_name,
        plans=row.running,
        lock=row.lock,
        content=row.parsed,
    )


def _whom(row: Template) -> str:
    """The segment in words: "Resell, system integrators, FI SE"."""
    parts = [row.program.name if row.program else "", words.MOTION.get(row.motion, ""), words.TYPE.get(row.type, ""), " ".join(row.countries)]
    return ", ".join(str(part) for part in parts if part) or _("Every partner that no other template fits better")
