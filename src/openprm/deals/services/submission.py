"""Submitting a deal: resolve the customer, check for conflicts, ask the rules, start the promise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects

from openprm.deals import policies
from openprm.deals.events import DealRejected, DealResubmitted, DealSubmitted
from openprm.deals.models import Decision, Registration
from openprm.deals.rules.conflict import Check
from openprm.deals.rules.draft import RegistrationDraft
from openprm.deals.rules.lifecycle import Status
from openprm.deals.services import booking, clocks, customers, routing, surroundings
from openprm.deals.services.approval import grant
from openprm.deals.services.drafts import checked_products, draft_from, missing, normal, rewrite, save_draft
from openprm.deals.services.results import Submitted
from openprm.deals.services.routing import Standing
from openprm.deals.services.unit import announce, as_system, load, record, save
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.partners import queries as partners

_CHECKED = ("territory", "program", *surroundings.CHECK_FIELDS, *booking.FX_FIELDS)


@dataclass(frozen=True, slots=True)
class Route:
    """What the rules said about a checked registration."""

    verdict: Any
    check: Check
    standing: Standing
    compared: int

    @property
    def outcome(self) -> str:
        return (self.verdict.outcome or {}).get("decision") or "review"

    @property
    def approvers(self) -> str:
        return (self.verdict.outcome or {}).get("approvers") or ""


@transaction.atomic
def register(*, actor: Actor, draft: RegistrationDraft, partner_id: UUID | None = None, at: datetime) -> Submitted:
    """Save and submit in one go; when it cannot be submitted, nothing is saved. Raises what `save_draft` and `submit` raise."""
    made = save_draft(actor=actor, draft=draft, partner_id=partner_id, at=at)
    return submit(actor=actor, registration_id=made.registration_id, at=at)


def submit(*, actor: Actor, registration_id: UUID, version: int | None = None, at: datetime) -> Submitted:
    """Hand a draft to the vendor and start the promise; the rules may approve or reject it on the spot.

    Raises NotFound, NotAllowed (also while a gate is closed to the partner), Stale, Invalid (what is missing), NoExchangeRate, CapacityReached.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_submit(actor, registration))
    refuse_if(partners.why_closed(registration.partner_id, "deals", at))
    prefetch_related_objects([registration], "lines")
    _refuse_incomplete(registration, at)
    with as_system(actor):
        route = _route(registration, at, count_capacity=True)
        registration.status, registration.submitted_at = Status.SUBMITTED, at
        _enter(actor, registration, route, "deal.submitted", at)
        announce(DealSubmitted, registration, actor, at, outcome=route.outcome)
        return _follow(registration, route, at)


@transaction.atomic
def resubmit(*, actor: Actor, registration_id: UUID, draft: RegistrationDraft | None = None, version: int | None = None, at: datetime) -> Submitted:
    """Send a returned registration back with its named fields mended; the vendor's clock goes on where it stopped.

    Raises NotFound, NotAllowed (also at the limit of resubmits), Stale, Locked, Invalid.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_resubmit(actor, registration))
    changed: tuple[str, ...] = ()
    if draft is not None:
        tidy = normal(draft)
        changed = rewrite(actor, registration, tidy, checked_products(tidy), at)
    _refuse_incomplete(registration, at)
    if "customer_country" in changed:
        registration.territory = None
    with as_system(actor):
        route = _route(registration, at, count_capacity=False, customer_changed=bool({"customer_name", "customer_domain"} & set(changed)))
        registration.status, registration.resubmit_count = Status.SUBMITTED, registration.resubmit_count + 1
        registration.returned_fields, registration.returned_message = [], ""
        registration.steps.all().delete()
        _enter(actor, registration, route, "deal.resubmitted", at, data={"changed": list(changed)})
        announce(DealResubmitted, registration, actor, at, changed=changed)
        return _follow(registration, route, at)


def _refuse_incomplete(registration: Registration, at: datetime) -> None:
    if problems := missing(draft_from(registration), at):
        raise Invalid(problems=problems)


def _route(registration: Registration, at: datetime, *, count_capacity: bool, customer_changed: bool = False) -> Route:
    """Resolve, check and ask; sets the row's columns and writes its findings. The locks keep twin claims from passing each other."""
    customers.hold(f"partner:{registration.partner_id}", customers.customer_key(registration.customer_name, registration.customer_domain))
    standing = routing.standing_of(registration.partner_id, registration.program_id, at)
    if count_capacity:
        routing.refuse_beyond_capacity(registration.partner_id, standing, at)
    registration.program_id = standing.program_id
    registration.territory = registration.territory or customers.territory_for(registration.customer_country)
    booking.book_on(registration, at.date())
    if registration.follows_id and registration.account_id is None:
        registration.account_id = customers.account_of(registration.follows_id)
    elif registration.account_id is None or customer_changed:
        customers.settle(SYSTEM, registration, at)
    check, around = surroundings.check(registration, at)
    surroundings.keep(registration, check, at)
    verdict = routing.ask("deals.decision", routing.facts_of(registration, standing, check, around), at)
    return Route(verdict, check, standing, around.size)


def _enter(actor: Actor, registration: Registration, route: Route, verb: str, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Save the submitted row with its chain and clock, and write it down."""
    clock = clocks.begin(registration, route.standing, at)
    registration.answer_due_at = clock.due_at
    save(registration, "status", "submitted_at", "resubmit_count", "returned_fields", "returned_message", "answer_due_at", *_CHECKED)
    if route.outcome == "review":
        routing.lay_out(registration, route.approvers, route.standing)
    routing.write_decision(registration, Decision.Kind.ROUTED, verdict=route.verdict)
    record(actor, verb, registration, after={}, at=at, data=_claim(registration) | (data or {}))
    if route.check.findings:
        told = {"verdict": route.check.verdict.value, "findings": list(route.check.kinds)}
        record(SYSTEM, "deal.checked", registration, at=at, shared=False, after={}, data=told)


def _claim(registration: Registration) -> dict[str, Any]:
    """What is claimed, as both sides can prove later from the log."""
    names = ("title", "customer_name", "customer_domain", "customer_country", "amount_minor", "currency", "expected_close_date")
    return {name: getattr(registration, name) for name in names} | {"number": registration.number}


def _follow(registration: Registration, route: Route, at: datetime) -> Submitted:
    """Take the decision that the rules take by themselves. What they cannot approve is left to a person."""
    if route.outcome == "approve" and registration.account_id:
        grant(SYSTEM, registration, at=at, verdict=route.verdict, reason="")
    elif route.outcome == "approve":
        routing.lay_out(registration, "", route.standing)
    elif route.outcome == "reject":
        _reject_by_rule(registration, route, at)
    return Submitted(
        registration_id=registration.pk,
        number=registration.number,
        version=registration.version,
        status=str(registration.status),
        outcome=route.outcome,
        verdict=str(registration.verdict),
        due_at=registration.answer_due_at,
        clause=route.verdict.clause,
        clause_text=route.verdict.clause_text,
        protected_until=registration.protected_until,
    )


def _reject_by_rule(registration: Registration, route: Route, at: datetime) -> None:
    before = registration.snapshot()
    registration.status, registration.decided_at, registration.answer_due_at = Status.REJECTED, at, None
    registration.ended_reason = route.verdict.clause_text[:500]
    save(registration, "status", "decided_at", "ended_reason", "answer_due_at")
    clocks.answer(registration, at)
    routing.write_decision(registration, Decision.Kind.REJECTED, verdict=route.verdict)
    record(SYSTEM, "deal.rejected", registration, before=before, at=at, data={"clause": route.verdict.clause})
    announce(DealRejected, registration, SYSTEM, at, automatic=True, clause=route.verdict.clause)
