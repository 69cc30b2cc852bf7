"""People at accounts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.accounts import policies
from openprm.accounts.models import Contact
from openprm.accounts.services import checks
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Stale, refuse_if, refused_by
from openprm.kernel.models import ScopedQuerySet


class ContactIsKnown(Conflict):
    """A contact with this id of the source is already there."""


@transaction.atomic
def create_contact(*, actor: Actor, account_id: UUID, name: str, at: datetime, partner_id: UUID | None = None, **values: Any) -> UUID:
    """Add a person to an account; one added by a partner belongs to that partner. Raises NotFound, NotAllowed, Invalid, ContactIsKnown."""
    account = policies.reach(actor).one(account_id)
    refuse_if(policies.why_not_add_contact(actor))
    owner = partner_id if actor.sees_all_partners else actor.partner_id
    contact = Contact(account=account, partner_id=owner, **checks.contact({"name": name, **values}))
    with refused_by("one_contact_per_external_id", ContactIsKnown(_("A contact with this id of that source is already there."), field="external_id")):
        contact.save()
    _record(actor, "contact.created", contact, None, at)
    return contact.pk


@transaction.atomic
def create_contacts(*, actor: Actor, rows: Sequence[tuple[UUID, Mapping[str, Any]]], at: datetime) -> list[UUID]:
    """Add many people, each with the id of its account. Raises like create_contact, for the whole batch."""
    refuse_if(policies.why_not_manage(actor))
    contacts = [Contact(account_id=account_id, **checks.contact(values)) for account_id, values in rows]
    with refused_by("one_contact_per_external_id", ContactIsKnown(_("A contact with this id of that source is already there."))):
        Contact.objects.bulk_create(contacts)
    audit.record_many(actor, "contact.created", [audit.Entry(contact, refs=(contact.pk, contact.account_id)) for contact in contacts], at=at)
    return [contact.pk for contact in contacts]


@transaction.atomic
def update_contact(*, actor: Actor, contact_id: UUID, changes: Mapping[str, Any], at: datetime, version: int | None = None) -> None:
    """Change a person's details. Raises NotFound, NotAllowed, Invalid, Stale."""
    contact = policies.reach_contacts(actor).locked().one(contact_id)
    refuse_if(policies.why_not_change_contact(actor, contact))
    if version is not None and version != contact.version:
        raise Stale()
    _write(actor, contact, changes, at)


@transaction.atomic
def update_contacts(*, actor: Actor, changes: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    refuse_if(policies.why_not_manage(actor))
    for contact in policies.reach_contacts(actor).filter(pk__in=list(changes)).locked():
        moved = {name: value for name, value in changes[contact.pk].items() if name == "account_id"}
        for name, value in moved.items():
            setattr(contact, name, value)
        _write(actor, contact, {name: value for name, value in changes[contact.pk].items() if name not in moved}, at, is_moved=bool(moved))


def remove_contact(*, actor: Actor, contact_id: UUID, at: datetime) -> None:
    """Remove a person. Raises NotFound, NotAllowed."""
    contact = policies.reach_contacts(actor).one(contact_id)
    refuse_if(policies.why_not_change_contact(actor, contact))
    _remove(actor, policies.reach_contacts(actor).filter(pk=contact_id), at)


def remove_contacts(*, actor: Actor, contact_ids: Iterable[UUID], at: datetime) -> None:
    refuse_if(policies.why_not_manage(actor))
    _remove(actor, policies.reach_contacts(actor).filter(pk__in=list(contact_ids)), at)


@transaction.atomic
def _remove(actor: Actor, rows: ScopedQuerySet, at: datetime) -> None:
    for contact in rows.locked():
        visible = (contact.partner_id,) if contact.partner_id else ()
        audit.record(actor, "contact.removed", contact, after={}, refs=(contact.pk, contact.account_id), visible_to=visible, at=at)
        contact.delete()


def _write(actor: Actor, contact: Contact, changes: Mapping[str, Any], at: datetime, *, is_moved: bool = False) -> None:
    before = contact.snapshot()
    changed = {name: value for name, value in checks.contact(changes).items() if getattr(contact, name) != value}
    if not changed and not is_moved:
        return
    for name, value in changed.items():
        setattr(contact, name, value)
    contact.version += 1
    contact.save()
    _record(actor, "contact.updated", contact, before, at)


def _record(actor: Actor, verb: str, contact: Contact, before: dict[str, Any] | None, at: datetime) -> None:
    visible = (contact.partner_id,) if contact.partner_id else ()
    audit.record(actor, verb, contact, before=before, refs=(contact.pk, contact.account_id), visible_to=visible, at=at)
