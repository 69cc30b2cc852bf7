"""What the news needs to know. Runs in the system's scope."""

from dataclasses import dataclass
from uuid import UUID

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.onboarding.models import Help, Pilot, Plan, PlanTask
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True)
class Sides:
    """Whom to tell of a partner: its administrators, and the vendor's manager (or all managers while it has none)."""

    name: str
    partner_people: tuple[UUID, ...]
    managers: tuple[UUID, ...]


def sides(partner_id: UUID) -> Sides:
    partner = partners.partner(SYSTEM, partner_id)
    people = identity.holders_of("onboarding.answer_pilot", partner_id)
    managers = (partner.manager_id,) if partner.manager_id else tuple(person.id for person in identity.holders_of("onboarding.manage") if person.id)
    return Sides(partner.name, tuple(person.id for person in people if person.id), managers)


def team(partner_id: UUID) -> dict[UUID, str]:
    """The active people of a partner with their names."""
    return {person.id: person.name for person in identity.people(SYSTEM, partner_id) if person.is_active and person.id}


def plan_of(plan_id: UUID) -> Plan | None:
    return Plan.objects.filter(pk=plan_id).first()


def task_of(task_id: UUID) -> PlanTask | None:
    return PlanTask.objects.select_related("plan", "level").filter(pk=task_id).first()


def tasks_of(task_ids: tuple[UUID, ...]) -> list[PlanTask]:
    return list(PlanTask.objects.filter(pk__in=task_ids, state="open").order_by("due_at", "pk"))


def help_of(help_id: UUID) -> Help | None:
    return Help.objects.filter(pk=help_id).first()


def pilot_of(pilot_id: UUID) -> Pilot | None:
    return Pilot.objects.filter(pk=pilot_id).first()


def members_of(pilot_id: UUID) -> tuple[UUID, ...]:
    pilot = pilot_of(pilot_id)
    return tuple(pilot.members.filter(state="accepted").values_list("partner_id", flat=True)) if pilot else ()


def is_newcomer(partner_id: UUID) -> bool:
    """Whether plans and help begin by themselves: an active partner that no import brought along."""
    partner = partners.partner(SYSTEM, partner_id)
    return partner.status == "active" and not partner.external_source


def programs_of(partner_id: UUID) -> tuple[UUID, ...]:
    return tuple(one.program_id for one in partners.enrollments_of(SYSTEM, partner_id) if one.status == "approved")


def is_partner(organization_id: UUID) -> bool:
    """Whether the organization is a partner, and not the vendor."""
    return identity.organization(SYSTEM, organization_id).kind == "partner"
