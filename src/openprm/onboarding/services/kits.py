"""Welcome kits: what is in one, delivering it on approval, and who opened it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.onboarding import policies
from openprm.onboarding.events import KitDelivered
from openprm.onboarding.models import Kit, KitDelivery, KitOpening
from openprm.onboarding.rules.content import is_link
from openprm.onboarding.services.milestones import reach_milestone
from openprm.onboarding.services.unit import as_system, check_version, line, record, text
from openprm.partners import queries as partners

MOST_LINKS = 12
MOST_CONTACTS = 6
LINES: Mapping[str, tuple[int, bool]] = {"title": (120, True), "course_title": (120, False), "course_about": (500, False), "course_url": (300, False)}
TEXTS: Mapping[str, tuple[int, bool]] = {"message": (3000, True), "logins": (1000, False)}


class NoKit(Conflict):
    """The program has no kit that is switched on."""


@transaction.atomic
def save_kit(*, actor: Actor, program_id: UUID, values: Mapping[str, Any], version: int | None = None, at: datetime) -> UUID:
    """Write the kit of a program. `links` are {"label", "url"}, `contacts` are {"user_id", "about"} of the vendor's people.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    program = partners.program(actor, program_id)
    refuse_if(policies.why_not_configure(actor))
    kit = policies.reach_kits(actor).filter(program=program_id).locked().first() or Kit(program_id=program_id, version=0)
    check_version(kit, version)
    before = kit.snapshot() if kit.version else None
    for field, value in _read(values).items():
        setattr(kit, field, value)
    kit.version += 1
    kit.save()
    audit.record(actor, "onboarding.kit_saved", kit, before=before, after=None if before else {}, note=program.name, at=at)
    return kit.pk


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, value in values.items():
        try:
            found[field] = _read_one(field, value)
        except Invalid as invalid:
            problems += invalid.problems
    if problems:
        raise Invalid(problems=problems)
    return found


def _read_one(field: str, value: Any) -> Any:
    if field in LINES:
        clean = line(field, value, longest=LINES[field][0], required=LINES[field][1])
        return _link(field, clean) if field == "course_url" and clean else clean
    if field in TEXTS:
        return text(field, value, longest=TEXTS[field][0], required=TEXTS[field][1])
    if field == "links":
        return [_one_link(number, one) for number, one in enumerate(_few(field, value, MOST_LINKS))]
    if field == "contacts":
        return _contacts(field, _few(field, value, MOST_CONTACTS))
    if field == "is_active":
        return bool(value)
    raise Invalid(_("A welcome kit has no such field."), field=field[:40])


def _few(field: str, value: Any, most: int) -> list[Any]:
    rows = list(value or [])
    if len(rows) > most:
        raise Invalid(_("At most %(most)d of these.") % {"most": most}, field=field)
    return rows


def _one_link(number: int, one: Mapping[str, Any]) -> dict[str, str]:
    where = f"links[{number}]"
    return {
        "label": line(f"{where}.label", one.get("label"), longest=80),
        "url": _link(f"{where}.url", line(f"{where}.url", one.get("url"), longest=300)),
    }


def _link(field: str, url: str) -> str:
    if not is_link(url):
        raise Invalid(_("A link begins with https:// or is a page of ours that begins with /."), field=field)
    return url


def _contacts(field: str, rows: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    known = {str(person.id) for person in identity.people(SYSTEM, identity.vendor_organization().id) if person.is_active}
    if any(str(row.get("user_id")) not in known for row in rows):
        raise Invalid(_("Choose people of your own team."), field=field)
    return [{"user_id": str(row["user_id"]), "about": line(f"{field}.about", row.get("about"), longest=80, required=False)} for row in rows]


def deliver_kit(*, partner_id: UUID, program_id: UUID, at: datetime) -> UUID | None:
    """Hand a new partner its kit: the portal page at once, a mail to everybody who has joined. None without a kit. Safe to repeat."""
    with system_scope():
        kit = Kit.objects.filter(program=program_id, is_active=True).first()
        if kit is None:
            return None
        delivery, is_new = KitDelivery.objects.get_or_create(kit=kit, partner_id=partner_id, defaults={"delivered_at": at})
        if is_new:
            record(SYSTEM, "onboarding.kit_delivered", delivery, partner_id=partner_id, after={}, note=kit.title, at=at)
            publish(KitDelivered(delivery_id=delivery.pk, partner_id=partner_id, at=at))
        return delivery.pk


@transaction.atomic
def send_kit(*, actor: Actor, partner_id: UUID, program_id: UUID, at: datetime) -> UUID:
    """The same by hand, for a partner from before the kit. Raises NotFound, NotAllowed, NoKit."""
    partners.partner(actor, partner_id)
    refuse_if(policies.why_not_manage(actor))
    delivery_id = deliver_kit(partner_id=partner_id, program_id=program_id, at=at)
    if delivery_id is None:
        raise NoKit(_("This program has no welcome kit that is switched on. Write one first."), field="program_id")
    return delivery_id


def note_mailed(*, delivery_id: UUID, people: Mapping[UUID, str], at: datetime) -> list[UUID]:
    """Remember to whom the kit's mail goes; gives those who had not been told."""
    with system_scope():
        delivery = KitDelivery.objects.filter(pk=delivery_id).first()
        if delivery is None:
            return []
        told = set(KitOpening.objects.filter(delivery=delivery).exclude(mailed_at=None).values_list("user_id", flat=True))
        new = [user_id for user_id in people if user_id not in told]
        for user_id in new:
            KitOpening.objects.update_or_create(
                delivery=delivery, user_id=user_id, defaults={"partner_id": delivery.partner_id, "name": people[user_id][:120], "mailed_at": at}
            )
        return new


def open_kit(*, actor: Actor, delivery_id: UUID, at: datetime) -> None:
    """A person of the partner reads the kit's page. The first time of each person counts; a vendor who looks does not. Raises NotFound."""
    delivery = policies.reach_deliveries(actor).one(delivery_id)
    if actor.sees_all_partners or actor.read_only or actor.user_id is None:
        return
    if delivery.openings.filter(user=actor.user_id).exclude(opened_at=None).exists():
        return
    with as_system(actor):
        KitOpening.objects.update_or_create(
            delivery=delivery, user_id=actor.user_id, defaults={"partner_id": delivery.partner_id, "name": actor.name[:120], "opened_at": at}
        )
        if KitDelivery.objects.filter(pk=delivery.pk, opened_at=None).update(opened_at=at):
            record(actor, "onboarding.kit_opened", delivery, partner_id=delivery.partner_id, after={}, note=str(delivery.kit), at=at)
            reach_milestone(partner_id=delivery.partner_id, code="onboarding.kit_opened", evidence=actor.name, at=at)
