"""The facts that notifications are made of. Runs in the system's scope."""

from dataclasses import dataclass
from uuid import UUID

from openprm.directory.models import Badge, Message, Profile, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldProfile:
    profile_id: UUID
    partner_name: str
    was_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldReference:
    partner_name: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMessage:
    name: str
    email: str
    company: str
    text: str
    contact_email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBadge:
    name: str
    partner_name: str
    note: str


def profile_of(partner_id: UUID) -> ToldProfile | None:
    row = Profile.objects.select_related("partner__organization").filter(partner=partner_id).first()
    return ToldProfile(profile_id=row.pk, partner_name=row.partner.organization.name, was_approved=row.approved is not None) if row else None


def reference_of(reference_id: UUID) -> ToldReference | None:
    row = Reference.objects.select_related("partner__organization").filter(pk=reference_id).first()
    return ToldReference(partner_name=row.partner.organization.name, customer=row.customer) if row else None


def message_of(message_id: UUID) -> ToldMessage | None:
    row = Message.objects.filter(pk=message_id).first()
    if row is None:
        return None
    address = Profile.objects.filter(partner=row.partner_id).values_list("contact_email", flat=True).first()
    return ToldMessage(name=row.name, email=row.email, company=row.company, text=row.text, contact_email=address or "")


def badge_of(badge_id: UUID) -> ToldBadge | None:
    row = Badge.objects.select_related("achievement").filter(pk=badge_id).first()
    return ToldBadge(name=row.achievement.name, partner_name=row.partner_name, note=row.revoked_note) if row else None
