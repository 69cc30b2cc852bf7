"""Small parts that several answers share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.leads.models import Lead, LeadPerson, Offer
from openprm.leads.queries.results import Customer
from openprm.leads.rules.intake_draft import PERSONAL
from openprm.leads.rules.lifecycle import OfferState


def amount_of(row: Lead) -> Money | None:
    return None if row.amount_minor is None else Money(row.amount_minor, row.currency)


def shown(row: Lead, lines: dict[UUID, str]) -> dict[str, Any]:
    """What everybody may see of a lead."""
    return {
        "id": row.pk,
        "number": row.number,
        "country": row.country,
        "city": row.city,
        "industry": row.industry,
        "employees": row.employees,
        "product_line": lines.get(row.product_line_id, "") if row.product_line_id else "",
        "skills": tuple(row.skills),
        "amount": amount_of(row),
        "grade": row.grade,
        "received_at": row.received_at,
        "created_at": row.created_at,
        "version": row.version,
    }


def line_names(actor: Actor, rows: Iterable[Lead]) -> dict[UUID, str]:
    """The names of the product lines that these leads ask for; no query when they ask for none."""
    if not any(row.product_line_id for row in rows):
        return {}
    return {line.id: line.name for line in deals.product_lines(actor)}


def customer_of(person: LeadPerson) -> Customer:
    return Customer(**{name: getattr(person, name) for name in PERSONAL})


def due_of(offer: Offer) -> datetime | None:
    """Until when the partner must do the next thing."""
    return {OfferState.OFFERED: offer.open_by, OfferState.OPENED: offer.accept_by, OfferState.ACCEPTED: offer.convert_by}.get(OfferState(offer.state))


def names_of(partner_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    ids = {one for one in partner_ids if one}
    return identity.organization_names(ids) if ids else {}
