"""What a piece of news about a lead says, and who hears it. Read in the system's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from openprm.identity import queries as identity
from openprm.leads.models import Lead, LeadNote, Offer
from openprm.leads.rules.notes import NoteSide
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`customer` is for those who may know it; a partner that has not opened the lead reads the number and the place alone."""

    lead_id: UUID
    number: str
    customer: str
    place: str
    version: int


def told_of(lead_ids: Iterable[UUID]) -> dict[UUID, Told]:
    rows = Lead.objects.filter(pk__in=list(lead_ids)).select_related("person")
    return {row.pk: _told(row) for row in rows}


def _told(row: Lead) -> Told:
    place = ", ".join(filter(None, (row.city, row.country)))
    return Told(lead_id=row.pk, number=row.number, customer=row.person.company_name or row.number, place=place, version=row.version)


def people_of(partner_id: UUID) -> frozenset[UUID]:
    """The people of a partner who may work on leads."""
    return frozenset(person.id for person in identity.holders_of("leads.work", partner_id) if person.id)


def workers_of(lead_id: UUID, partner_id: UUID) -> frozenset[UUID]:
    """Who opened or took the lead, else everybody of the partner who could."""
    row = Offer.objects.filter(lead_id=lead_id, partner_id=partner_id).order_by("-offered_at").values_list("opened_by_id", "accepted_by_id").first()
    people = frozenset(filter(None, row or ()))
    return people or people_of(partner_id)


def manager_of(partner_id: UUID) -> frozenset[UUID]:
    manager = partners.manager_of(partner_id)
    return frozenset([manager] if manager else ()) or routers()


def routers() -> frozenset[UUID]:
    """The people of the vendor who say where leads go."""
    return frozenset(person.id for person in identity.holders_of("leads.route") if person.id)


def partner_name(partner_id: UUID | None) -> str:
    return identity.organization_names([partner_id]).get(partner_id, "") if partner_id else ""


def company_of(side: str, partner_id: UUID | None) -> str:
    return identity.vendor_organization().name if side == NoteSide.VENDOR else partner_name(partner_id)


def writers_of(lead_id: UUID, side: str, partner_id: UUID | None = None) -> frozenset[UUID]:
    """Who of this side wrote on the lead before, and may still work on leads."""
    rows = LeadNote.objects.filter(lead_id=lead_id, author_side=side, author__isnull=False)
    wrote = set((rows.filter(partner_id=partner_id) if partner_id else rows).values_list("author_id", flat=True))
    return frozenset(person.id for person in identity.holders_of("leads.note", partner_id) if person.id in wrote)
