"""Partners: made, changed, moved along their life, taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity import queries as people
from openprm.identity import services as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Stale, refuse_if, refused_by
from openprm.kernel.events import publish
from openprm.partners import policies, rules
from openprm.partners.events import PartnerCreated, PartnerManagerAssigned
from openprm.partners.models import Partner
from openprm.partners.services import checks
from openprm.partners.services.enrollments import enroll

ORGANIZATION_FIELDS = ("name", "legal_name", "domain", "country", "time_zone", "locale")


class PartnerIsKnown(Conflict):
    """A partner with this id of the source is already there."""


class PartnerIsInUse(Conflict):
    """Something hangs on the partner, so it cannot be taken back."""


@transaction.atomic
def create_partner(
    *,
    actor: Actor,
    name: str,
    at: datetime,
    type: str = "reseller",
    motion: str = "transact",
    status: str = "active",
    program_id: UUID | None = None,
    tier_id: UUID | None = None,
    **values: Any,
) -> UUID:
    """Create the organization and the partner, and enroll it when a program is given; returns the partner's id.

    Raises Invalid, NotAllowed, NotFound, PartnerIsKnown.
    """
    refuse_if(policies.why_not_manage(actor))
    profile = {field: values.pop(field) for field in ORGANIZATION_FIELDS if field in values}
    own = _checked(actor, {"type": type, "motion": motion, **values})
    organization_id = identity.create_organization(actor=actor, kind="partner", name=name, at=at, status=status, **profile)
    partner = Partner(organization_id=organization_id, **own)
    with refused_by("one_partner_per_external_id", PartnerIsKnown(_("A partner with this id of that source is already there."), field="external_id")):
        partner.save()
    audit.record(actor, "partner.created", partner, refs=(partner.pk,), visible_to=(partner.pk,), at=at)
    publish(PartnerCreated(partner_id=partner.pk, at=at))
    if program_id:
        enroll(actor=actor, partner_id=partner.pk, program_id=program_id, tier_id=tier_id, at=at)
    return partner.pk


@transaction.atomic
def update_partner(*, actor: Actor, partner_id: UUID, changes: dict[str, Any], at: datetime, version: int | None = None) -> None:
    """Change a partner and the profile of its organization. Raises NotFound, NotAllowed, Invalid, Stale."""
    partner = policies.reach(actor).locked().one(partner_id)
    refuse_if(policies.why_not_manage(actor))
    if version is not None and version != partner.version:
        raise Stale()
    profile = {field: value for field, value in changes.items() if field in ORGANIZATION_FIELDS}
    own = _checked(actor, {field: value for field, value in changes.items() if field not in ORGANIZATION_FIELDS}, partner)
    if profile:
        identity.update_organization(actor=actor, organization_id=partner_id, changes=profile, at=at)
    _write(actor, partner, own, at, is_touched=bool(profile))


def assign_manager(*, actor: Actor, partner_id: UUID, manager_id: UUID | None, at: datetime) -> None:
    """Name the vendor's person for a partner. Raises NotFound, NotAllowed, Invalid."""
    update_partner(actor=actor, partner_id=partner_id, changes={"manager_id": manager_id}, at=at)
    publish(PartnerManagerAssigned(partner_id=partner_id, manager_id=manager_id, at=at))


@transaction.atomic
def remove_imported(*, actor: Actor, partner_id: UUID, at: datetime) -> None:
    """Take back a partner that an import made and nothing hangs on. Raises NotFound, NotAllowed, PartnerIsInUse."""
    partner = policies.reach(actor).locked().one(partner_id)
    refuse_if(policies.why_not_manage(actor))
    organization = partner.organization
    if organization.memberships.exists():
        raise PartnerIsInUse(_("“%(name)s” has people by now.") % {"name": organization.name})
    audit.record(actor, "partner.removed", partner, after={}, refs=(partner_id,), at=at)
    partner.children.update(parent=None)
    partner.delete()
    organization.delete()


def _checked(actor: Actor, values: dict[str, Any], partner: Partner | None = None) -> dict[str, Any]:
    found = checks.collect(values, checks.PARTNER)
    if found.get("parent_id"):
        _refuse_circle(actor, partner, found["parent_id"])
    if found.get("manager_id"):
        _refuse_unknown_manager(found["manager_id"])
    return found


def _refuse_circle(actor: Actor, partner: Partner | None, parent_id: UUID) -> None:
    policies.reach(actor).one(parent_id)
    above = dict(policies.reach(actor).exclude(parent=None).values_list("pk", "parent_id"))
    if partner and rules.makes_circle(partner.pk, parent_id, above):
        raise Invalid(_("A partner cannot stand above itself. Choose another parent."), field="parent_id")


def _refuse_unknown_manager(manager_id: UUID) -> None:
    if manager_id not in {person.id for person in people.holders_of("partners.manage")}:
        raise Invalid(_("Choose a person of the vendor who manages partners."), field="manager_id")


def _write(actor: Actor, partner: Partner, values: dict[str, Any], at: datetime, *, is_touched: bool) -> None:
    before = partner.snapshot()
    changed = {name: value for name, value in values.items() if getattr(partner, name) != value}
    if not changed and not is_touched:
        return
    for name, value in changed.items():
        setattr(partner, name, value)
    partner.version += 1
    partner.save()
    if changed:
        audit.record(actor, "partner.updated", partner, before=before, refs=(partner.pk,), visible_to=(partner.pk,), at=at)
