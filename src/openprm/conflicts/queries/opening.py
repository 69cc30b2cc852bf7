"""What the dialog that opens a case needs to know about a registration."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.conflicts import policies
from openprm.conflicts.queries import subjects
from openprm.conflicts.queries.cases import cases_of_registration, cases_of_subject
from openprm.conflicts.queries.results import CaseRow
from openprm.conflicts.rules.draft import ON_AN_ENGAGEMENT, types_for
from openprm.conflicts.rules.lifecycle import CaseType
from openprm.conflicts.wording import TYPE, label_of
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound, refuse_if
from openprm.kernel.scope import system_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningForm:
    """The types of case that fit a registration, a lead or an engagement, the cases there are, and whom one can name: for the vendor our
    people and the partner that claims, on an engagement the other partners.
    """

    registration_id: UUID | None = None
    lead_id: UUID | None = None
    engagement_id: UUID | None = None
    number: str
    customer: str
    types: tuple[tuple[str, str], ...]
    cases: tuple[CaseRow, ...]
    people: tuple[tuple[str, str], ...]
    why_not_open: str | None
    claimants: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    url: str = ""


def opening_form(actor: Actor, registration_id: UUID, at: datetime) -> OpeningForm:
    """Raises NotFound."""
    read = deals.registration_for_partner if actor.is_partner else deals.registration_for_vendor
    deal = read(actor, registration_id, at)
    return OpeningForm(
        registration_id=registration_id, number=deal.number, customer=deal.customer_name,
        types=tuple((str(type_), label_of(TYPE, type_)) for type_ in types_for(str(deal.status))), cases=cases_of_registration(actor, registration_id, at),
        people=_our_people(actor), why_not_open=policies.why_not_open(actor),
    )  # fmt: skip


def _our_people(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Whom the vendor can name; a partner names none of them."""
    people = () if actor.is_partner else identity.people(SYSTEM, identity.vendor_organization().id)
    return tuple((str(one.id), one.name) for one in people if one.id and one.is_active)


def lead_form(actor: Actor, lead_id: UUID) -> OpeningForm:
    """What the dialog needs to know about a lead. Raises NotFound."""
    found = subjects.find(actor, "lead", lead_id)
    return OpeningForm(
        lead_id=lead_id, number=found.label, customer="", types=((str(CaseType.LEAD), label_of(TYPE, CaseType.LEAD)),), cases=(), people=(),
        why_not_open=policies.why_not_open(actor),
    )  # fmt: skip


def engagement_form(actor: Actor, engagement_id: UUID, at: datetime) -> OpeningForm:
    """What the dialog needs to know about an engagement: who takes part, as far as the actor may know. Raises NotFound, NotAllowed."""
    found = subjects.find(actor, "engagement", engagement_id)
    refuse_if(found.why_not or None)
    partners = tuple((str(partner_id), name) for partner_id, name in found.partners)
    others = tuple(one for one in partners if one[0] != str(found.partner_id))
    types = ON_AN_ENGAGEMENT if others else tuple(type_ for type_ in ON_AN_ENGAGEMENT if type_ != CaseType.PARTNERS)
    return OpeningForm(
        engagement_id=engagement_id, number=found.label, customer="", types=tuple((str(type_), label_of(TYPE, type_)) for type_ in types),
        cases=cases_of_subject(actor, "engagement", engagement_id, at), people=_our_people(actor), why_not_open=policies.why_not_open(actor),
        claimants=() if found.partner_id else partners, others=others, url=found.url,
    )  # fmt: skip


def may_open_on(actor: Actor, code: str, subject_id: UUID) -> bool:
    """Whether this person can open a case about a lead or an engagement: it may, it sees the thing, and a partner stands behind it."""
    if policies.why_not_open(actor):
        return False
    try:
        found = subjects.find(actor, code, subject_id)
    except NotFound:
        return False
    return not found.why_not and (actor.is_partner or found.partner_id is not None or bool(found.partners))


def types_of(actor: Actor, registration_id: UUID) -> tuple[str, ...]:
    """The types of case that fit a registration this person may read; none for a stranger."""
    with system_scope():
        status = deals.status_of(registration_id, actor.partner_ids if actor.is_partner else None)
    return tuple(str(type_) for type_ in types_for(status)) if status else ()
