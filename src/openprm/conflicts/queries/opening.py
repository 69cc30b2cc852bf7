"""What the dialog that opens a case needs to know about a registration."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.conflicts import policies
from openprm.conflicts.queries import subjects
from openprm.conflicts.queries.cases import cases_of_registration
from openprm.conflicts.queries.results import CaseRow
from openprm.conflicts.rules.draft import types_for
from openprm.conflicts.rules.lifecycle import CaseType
from openprm.conflicts.wording import TYPE, label_of
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.scope import system_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningForm:
    """The types of case that fit a registration or a lead, the cases there are, and for the vendor our people to name."""

    registration_id: UUID | None = None
    lead_id: UUID | None = None
    number: str
    customer: str
    types: tuple[tuple[str, str], ...]
    cases: tuple[CaseRow, ...]
    people: tuple[tuple[str, str], ...]
    why_not_open: str | None


def opening_form(actor: Actor, registration_id: UUID, at: datetime) -> OpeningForm:
    """Raises NotFound."""
    read = deals.registration_for_partner if actor.is_partner else deals.registration_for_vendor
    deal = read(actor, registration_id, at)
    people = () if actor.is_partner else identity.people(SYSTEM, identity.vendor_organization().id)
    return OpeningForm(
        registration_id=registration_id, number=deal.number, customer=deal.customer_name,
        types=tuple((str(type_), label_of(TYPE, type_)) for type_ in types_for(str(deal.status))), cases=cases_of_registration(actor, registration_id, at),
        people=tuple((str(one.id), one.name) for one in people if one.id and one.is_active), why_not_open=policies.why_not_open(actor),
    )  # fmt: skip


def lead_form(actor: Actor, lead_id: UUID) -> OpeningForm:
    """What the dialog needs to know about a lead. Raises NotFound."""
    found = subjects.find(actor, "lead", lead_id)
    return OpeningForm(
        lead_id=lead_id, number=found.label, customer="", types=((str(CaseType.LEAD), label_of(TYPE, CaseType.LEAD)),), cases=(), people=(),
        why_not_open=policies.why_not_open(actor),
    )  # fmt: skip


def may_open_on(actor: Actor, code: str, subject_id: UUID) -> bool:
    """Whether this person can open a case about a lead or an engagement: it may, it sees the thing, and a partner stands behind it."""
    if policies.why_not_open(actor):
        return False
    try:
        found = subjects.find(actor, code, subject_id)
    except NotFound:
        return False
    return actor.is_partner or found.partner_id is not None


def types_of(actor: Actor, registration_id: UUID) -> tuple[str, ...]:
    """The types of case that fit a registration this person may read; none for a stranger."""
    with system_scope():
        status = deals.status_of(registration_id, actor.partner_ids if actor.is_partner else None)
    return tuple(str(type_) for type_ in types_for(status)) if status else ()
