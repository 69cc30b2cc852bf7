"""What a piece of news about a deal says, and who hears it. Read in the system's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.deals.models import ApprovalStep, Registration, ReviewerRegion
from openprm.deals.rules.chain import StepState, open_position
from openprm.identity import queries as identity
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    registration_id: UUID
    partner_id: UUID
    number: str
    title: str
    customer: str
    partner: str
    reason: str
    returned_message: str
    protected_until: datetime | None
    partner_people: frozenset[UUID]
    vendor_people: frozenset[UUID]


def told_of(registration_id: UUID) -> Told | None:
    """The facts of a piece of news; None when the registration is gone."""
    row = Registration.objects.select_related("partner").filter(pk=registration_id).first()
    if row is None:
        return None
    people = {row.submitter_id, *row.collaborators.values_list("user_id", flat=True)}
    return Told(
        registration_id=row.pk,
        partner_id=row.partner_id,
        number=row.number,
        title=row.title or row.customer_name or row.number,
        customer=row.customer_name,
        partner=row.partner.name,
        reason=row.lost_reason or row.ended_reason,
        returned_message=row.returned_message,
        protected_until=row.protected_until,
        partner_people=frozenset(filter(None, people)),
        vendor_people=frozenset(filter(None, {partners.manager_of(row.partner_id), row.reviewer_id})),
    )


def account_owner_of(registration_id: UUID) -> UUID | None:
    """Who of the vendor's people owns the customer of a deal."""
    account_id = Registration.objects.filter(pk=registration_id).values_list("account_id", flat=True).first()
    facts = accounts.sales_facts([account_id]).get(account_id) if account_id else None
    return facts.owner_id if facts else None


def deciders_of(registration_id: UUID) -> frozenset[UUID]:
    """The people asked now: those named in the open steps, or all who hold the step's role or region."""
    steps = list(ApprovalStep.objects.filter(registration_id=registration_id).select_related("registration__territory"))
    turn = open_position((step.position, step.state) for step in steps)
    return frozenset(person for step in steps if step.position == turn and step.state == StepState.WAITING for person in _asked(step))


def _asked(step: ApprovalStep) -> set[UUID]:
    if step.approver_id:
        return {step.approver_id}
    if step.role == "regional_reviewer":
        territory = step.registration.territory
        regions = ReviewerRegion.objects.filter(basis=ReviewerRegion.Basis.CUSTOMER, region=territory.code if territory else "")
        return set(regions.values_list("user_id", flat=True)) or _holders("partner_manager")
    return _holders(step.role)


def _holders(role: str) -> set[UUID]:
    return {person.id for person in identity.holders_of("deals.approve") if person.role == role and person.id}
