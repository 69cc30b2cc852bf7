"""Welcome kits: as the vendor writes them, with their record; as a partner reads its own."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.models import Kit, KitDelivery
from openprm.onboarding.queries.plans import plans_of_partner
from openprm.onboarding.queries.results import ContactView, DeliveryView, KitView, PartnerPlan, TaskView, WelcomeKit
from openprm.partners import queries as partners

FIRST_TASKS = 4


def kits(actor: Actor) -> tuple[KitView, ...]:
    """One line for each program, written or not."""
    found = {kit.program_id: kit for kit in _counted(actor)}
    return tuple(_view(program.id, program.name, found.get(program.id)) for program in partners.programs(actor))


def kit(actor: Actor, program_id: UUID) -> KitView:
    """The kit of a program, empty while nobody has written it. Raises NotFound."""
    program = partners.program(actor, program_id)
    return _view(program.id, program.name, _counted(actor).filter(program=program_id).first())


def _counted(actor: Actor):
    return policies.reach_kits(actor).annotate(delivered=Count("deliveries"), opened=Count("deliveries", filter=Q(deliveries__opened_at__isnull=False)))


def _view(program_id: UUID, program_name: str, row: Kit | None) -> KitView:
    if row is None:
        return KitView(id=None, program_id=program_id, program_name=program_name)
    fields = ("id", "title", "message", "course_title", "course_about", "course_url", "logins", "is_active", "version", "delivered", "opened")
    return KitView(
        program_id=program_id,
        program_name=program_name,
        links=tuple(row.links),
        contacts=tuple(row.contacts),
        **{field: getattr(row, field) for field in fields},
    )


def deliveries(actor: Actor, program_id: UUID, limit: int = 100) -> tuple[DeliveryView, ...]:
    """To whom the kit went and who has read it, newest first."""
    if not actor.sees_all_partners:
        return ()
    rows = policies.reach_deliveries(actor).filter(kit__program=program_id).select_related("partner__organization")
    rows = rows.annotate(
        mailed=Count("openings", filter=Q(openings__mailed_at__isnull=False)), readers=Count("openings", filter=Q(openings__opened_at__isnull=False))
    )
    return tuple(_delivery(row) for row in rows.order_by("-delivered_at", "pk")[:limit])


def _delivery(row: KitDelivery) -> DeliveryView:
    return DeliveryView(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        delivered_at=row.delivered_at,
        opened_at=row.opened_at,
        mailed=row.mailed,
        readers=row.readers,
    )


def welcome_kits(actor: Actor, at: datetime) -> tuple[WelcomeKit, ...]:
    """The kits this partner was given, newest first."""
    rows = policies.reach_deliveries(actor).filter(partner=actor.partner_id).select_related("kit__program").order_by("-delivered_at", "pk")
    found = list(rows[:5])
    plans = plans_of_partner(actor, at) if found else ()
    return tuple(_welcome(actor, row, plans) for row in found)


def _welcome(actor: Actor, row: KitDelivery, plans: tuple[PartnerPlan, ...]) -> WelcomeKit:
    kit = row.kit
    return WelcomeKit(
        delivery_id=row.pk,
        program_name=kit.program.name,
        title=kit.title,
        paragraphs=tuple(part.strip() for part in kit.message.split("\n\n") if part.strip()),
        contacts=contacts_of(kit, row.partner_id),
        logins=kit.logins,
        course_title=kit.course_title,
        course_about=kit.course_about,
        course_url=kit.course_url,
        links=tuple(kit.links),
        first_tasks=_first_tasks(plans, kit.program_id),
        delivered_at=row.delivered_at,
        is_new=not row.openings.filter(user=actor.user_id).exclude(opened_at=None).exists(),
    )


def _first_tasks(plans: tuple[PartnerPlan, ...], program_id: UUID) -> tuple[TaskView, ...]:
    plan = next((plan for plan in plans if plan.program_id in (program_id, None) and plan.state == "running"), None)
    return plan.mine[:FIRST_TASKS] if plan else ()


def contacts_of(kit: Kit, partner_id: UUID) -> tuple[ContactView, ...]:
    """The partner manager first, then the people the kit names."""
    with system_scope():
        partner = partners.partner(SYSTEM, partner_id)
        team = {str(person.id): person for person in identity.people(SYSTEM, identity.vendor_organization().id) if person.is_active}
    found = [ContactView(name=partner.manager_name, email=partner.manager_email, about="")] if partner.manager_name else []
    named = [(team[one["user_id"]], one["about"]) for one in kit.contacts if one["user_id"] in team and one["user_id"] != str(partner.manager_id)]
    return (*found, *(ContactView(name=person.name, email=person.email, about=about) for person, about in named))


def delivery_letter(delivery_id: UUID) -> tuple[WelcomeKit, UUID] | None:
    """What the mail of a delivery says, and the partner it goes to. Runs in the system's scope."""
    row = KitDelivery.objects.select_related("kit__program").filter(pk=delivery_id).first()
    return (_welcome(SYSTEM, row, ()), row.partner_id) if row else None


def deliveries_of(partner_id: UUID) -> tuple[UUID, ...]:
    """Runs in the system's scope: the kits a partner has, for people who join later."""
    return tuple(KitDelivery.objects.filter(partner=partner_id).order_by("delivered_at").values_list("pk", flat=True))
