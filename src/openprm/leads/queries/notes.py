"""The thread of a lead, as far as the reader's side may know it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.leads import policies
from openprm.leads.models import Lead, LeadNote, Offer
from openprm.leads.rules.lifecycle import READABLE
from openprm.leads.rules.notes import Audience, NoteSide

NEWEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """`company` wrote it; `partner` is whom the vendor talked with, blank for a note that stays with it."""

    id: UUID
    body: str
    author: str
    company: str
    partner: str
    by_vendor: bool
    is_private: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadThread:
    """The notes, newest first; the company at the other end; and why this reader cannot write, or cannot share."""

    notes: tuple[NoteView, ...]
    other: str
    why_not_write: str | None
    why_not_share: str | None


def holder_of(lead_id: UUID) -> UUID | None:
    """The partner that opened the lead or works on it, as far as the running scope reads offers."""
    readable = Offer.objects.filter(lead_id=lead_id, state__in=sorted(READABLE))
    return readable.order_by(F("accepted_at").desc(nulls_last=True), "-opened_at").values_list("partner_id", flat=True).first()


def lead_thread(actor: Actor, lead_id: UUID) -> LeadThread:
    """Raises NotFound for somebody who may not see the lead."""
    lead = policies.reach(actor).one(lead_id)
    holder = holder_of(lead.pk)
    rows = list(policies.reach_notes(actor).filter(lead=lead).order_by("-created_at")[:NEWEST])
    names = identity.organization_names({row.partner_id for row in rows if row.partner_id} | ({holder} if holder else set()))
    vendor = identity.vendor_organization().name
    return LeadThread(
        notes=tuple(_note(row, names, vendor) for row in rows),
        other=vendor if actor.is_partner else names.get(holder, "") if holder else "",
        why_not_write=policies.why_not_write(actor, lead, holder=holder),
        why_not_share=policies.why_not_share(actor, lead, holder=holder),
    )


def _note(row: LeadNote, names: Mapping[UUID, str], vendor: str) -> NoteView:
    by_vendor = row.author_side == NoteSide.VENDOR
    partner = names.get(row.partner_id, "") if row.partner_id else ""
    return NoteView(
        id=row.pk,
        body=row.body,
        author=row.author_name,
        company=vendor if by_vendor else partner,
        partner=partner,
        by_vendor=by_vendor,
        is_private=row.audience == Audience.PRIVATE,
        at=row.created_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOfThread:
    """What a mail about a thread says of its lead."""

    id: UUID
    title: str
    why_not_share: str | None


def lead_of_thread(actor: Actor, lead_id: UUID) -> LeadOfThread:
    """Raises NotFound."""
    lead: Lead = policies.reach(actor).select_related("person").one(lead_id)
    holder = holder_of(lead.pk)
    why_not = policies.why_not_share(actor, lead, holder=holder)
    title = lead.number if why_not else f"{lead.number} {lead.person.company_name}".strip()
    return LeadOfThread(id=lead.pk, title=title, why_not_share=why_not)


def export_notes(actor: Actor) -> Iterator[Mapping[str, Any]]:
    """Every note that this reader may read, oldest first, with the number of its lead."""
    for row in policies.reach_notes(actor).select_related("lead").order_by("created_at").iterator():
        yield {
            "number": row.lead.number,
            "written_at": row.created_at,
            "author": row.author_name,
            "side": row.author_side,
            "audience": row.audience,
            "body": row.body,
        }
