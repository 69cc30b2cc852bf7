"""Splitting a deal: the lines of some product lines become a registration of their own, with a protection of their own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import Amendment, Collaborator, Decision, ProtectionGrant, Registration
from openprm.deals.rules.amendments import Kind, split_lines
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import customers, opportunities, routing
from openprm.deals.services.amendments import Amended, enter, values_of, write_lines
from openprm.deals.services.review import required_reason
from openprm.deals.services.unit import as_system, load, record, save
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if

COPIED = (
    *("partner_id", "program_id", "submitter_id", "account_id", "territory_id", "customer_name", "customer_domain", "customer_country", "customer_city"),
    *("contact_name", "contact_email", "contact_phone", "contact_title", "deal_type", "description", "next_step", "competitor", "engaged_since_date"),
    *("expected_close_date", "currency", "base_currency", "fx_rate", "fx_date", "stage", "submitted_at", "decided_at", "booked_at", "reviewer_id"),
    *("bonus_days", "follows_id"),
)
HELD = ("account_id", "product_line_id", "territory_id", "starts_at", "ends_at", "extended_at", "extended_reason")
LIVE = ProtectionGrant.LIVE


@transaction.atomic
def split_registration(
    *, actor: Actor, registration_id: UUID, product_line_ids: Iterable[UUID], title: str = "", reason: str, version: int | None = None, at: datetime
) -> Amended:
    """Ask for a second registration that takes the named product lines along; an amendment of its own kind.

    Raises NotFound, NotAllowed, Stale, Invalid, Conflict, CapacityReached: there is one active registration more afterwards.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_amend(actor, registration))
    reason = required_reason(reason)
    before = values_of(registration)
    stay, go = split_lines(before["lines"], {str(line_id) for line_id in product_line_ids})
    _refuse_bad_split(stay, go, title)
    with as_system(actor):
        _refuse_crowded(registration, at)
    names = ", ".join(dict.fromkeys(line["product_line"] for line in go))
    after = {**before, "lines": stay, "split_lines": go, "title": (title.strip() or f"{registration.title}, {names}")[:160]}
    return enter(actor, registration, Kind.SPLIT, before, after, ("lines",), reason, at)


def _refuse_bad_split(stay: list[Any], go: list[Any], title: str) -> None:
    if not go:
        raise Invalid(_("Choose at least one product line of this deal that shall go."), field="product_line_ids", code="required")
    if not stay:
        raise Invalid(
            _("At least one product line stays on the deal. A protection covers a product line, so its products go together."), field="product_line_ids"
        )
    if sum(line["amount_minor"] for line in stay) <= 0 or sum(line["amount_minor"] for line in go) <= 0:
        raise Invalid(_("Both deals need an amount above zero. Change the amounts first."), field="product_line_ids")
    if len(title) > 160:
        raise Invalid(_("The name is longer than 160 characters. Shorten it."), field="title")


def _refuse_crowded(registration: Registration, at: datetime) -> None:
    """Two at once for one partner wait for each other, so that both together cannot pass the limit."""
    customers.hold(f"partner:{registration.partner_id}", registration.account_id)
    standing = routing.standing_of(registration.partner_id, registration.program_id, at)
    routing.refuse_beyond_capacity(registration.partner_id, standing, at)


def split_off(amendment: Amendment, at: datetime) -> Registration:
    """Make the second registration; the first keeps what stays. Both are booked at the rate of the approval. Raises CapacityReached."""
    first = amendment.registration
    _refuse_crowded(first, at)
    moving = {UUID(line["product_line_id"]) for line in amendment.after["split_lines"]}
    grants = list(first.grants.filter(kind=ProtectionGrant.Kind.DEAL, status__in=LIVE, product_line_id__in=moving).locked())
    second = _second(first, amendment.after["title"], grants, at)
    write_lines(first, amendment.after["lines"])
    write_lines(second, amendment.after["split_lines"])
    second.save(update_fields=["amount_minor", "base_amount_minor", "updated_at"])
    _move_protection(second, grants, at)
    _copy_people_and_terms(first, second)
    left = first.grants.filter(kind=ProtectionGrant.Kind.DEAL, status__in=LIVE).values_list("ends_at", flat=True)
    first.protected_until = max(left, default=None)
    first.active_at, first.stalled_alert_at = at, None
    save(first, "amount_minor", "base_amount_minor", "protected_until", "active_at", "stalled_alert_at")
    opportunities.link(second, at)
    record(SYSTEM, "deal.split_off", second, after={}, at=at, note=amendment.reason, data={"from": first.number})
    return second


def _second(first: Registration, title: str, grants: list[ProtectionGrant], at: datetime) -> Registration:
    second = Registration(status=Status.APPROVED, title=title, split_from=first, **{name: getattr(first, name) for name in COPIED})
    second.first_deal_id = first.first_deal_id or first.pk
    second.protected_until = max((grant.ends_at for grant in grants), default=None)
    second.stage_changed_at = second.active_at = at
    second.save(force_insert=True)
    second.refresh_from_db()
    return second


def _move_protection(second: Registration, grants: list[ProtectionGrant], at: datetime) -> None:
    """The same days for the same customer, now held by the second registration; between the two nobody else can step in."""
    for grant in grants:
        kept = {name: getattr(grant, name) for name in HELD}
        status, reason = grant.status, _("Split off to %(number)s") % {"number": second.number}
        grant.status, grant.ended_at, grant.ended_reason = ProtectionGrant.Status.RELEASED, at, reason
        grant.save(update_fields=["status", "ended_at", "ended_reason", "updated_at"])
        ProtectionGrant.objects.create(registration=second, partner_id=second.partner_id, status=status, reminded_days=grant.reminded_days, **kept)


def _copy_people_and_terms(first: Registration, second: Registration) -> None:
    """The same people work on it, and the terms of the approval hold on."""
    people = first.collaborators.values_list("user_id", flat=True)
    Collaborator.objects.bulk_create(Collaborator(registration=second, partner_id=second.partner_id, user_id=user_id) for user_id in people)
    approved = first.decisions.filter(kind=Decision.Kind.APPROVED).first()
    if approved:
        names = ("automatic", "by_id", "by_name", "clause", "clause_text", "rule_version_id", "rule_version", "inputs", "outcome", "would_change")
        kept = {name: getattr(approved, name) for name in names}
        reason = _("Split off from %(number)s") % {"number": first.number}
        Decision.objects.create(registration=second, partner_id=second.partner_id, kind=Decision.Kind.APPROVED, reason=reason, **kept)
