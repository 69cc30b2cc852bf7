"""Protections as a list of their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.deals import policies
from openprm.deals.models import ProtectionGrant
from openprm.kernel.actor import Actor
from openprm.ui.paging import PageRequest, Slice, slice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionView:
    id: UUID
    registration_id: UUID
    number: str
    partner_id: UUID
    customer: str
    product_line: str
    territory: str
    status: str
    starts_at: datetime
    ends_at: datetime
    created_at: datetime


def protections(actor: Actor, page: PageRequest, *, live: bool = True, registration_id: UUID | None = None, at: datetime) -> Slice[ProtectionView]:
    """One page of the protections this person can see, newest first; `live` ones protect at `at`."""
    rows = policies.reach_grants(actor).select_related("registration", "product_line", "territory")
    if live:
        rows = rows.filter(status__in=ProtectionGrant.LIVE, ends_at__gt=at)
    if registration_id:
        rows = rows.filter(registration_id=registration_id)
    return slice_of(rows, page, order_by={"created": "created_at"}, count=False).map(_view)


def _view(row: ProtectionGrant) -> ProtectionView:
    return ProtectionView(
        id=row.pk,
        registration_id=row.registration_id,
        number=row.registration.number,
        partner_id=row.partner_id,
        customer=row.registration.customer_name,
        product_line=row.product_line.name,
        territory=row.territory.name,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_at=row.created_at,
    )
