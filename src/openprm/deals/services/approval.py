"""Approving: the steps of the chain, the protection it opens, the opportunity it becomes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.events import DealApproved, DealStepApproved
from openprm.deals.models import ApprovalStep, Decision, ProtectionGrant, Registration
from openprm.deals.rules.chain import StepState, open_position
from openprm.deals.rules.conflict import Check, Verdict
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.window import Window, WindowTerms, window_of
from openprm.deals.services import booking, clocks, customers, opportunities, renewals, routing
from openprm.deals.services.refusals import AccountAlreadyProtected, CustomerUnresolved
from openprm.deals.services.results import Approved, BulkResult, Refused
from openprm.deals.services.stages import entry_stage
from openprm.deals.services.unit import announce, load, record, save
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound, Refusal, refuse_if, refused_by

MOST_AT_ONCE = 200


@transaction.atomic
def approve(*, actor: Actor, registration_id: UUID, reason: str = "", version: int | None = None, at: datetime) -> Approved:
    """Take this person's step; the last step approves the deal, opens its protection and makes it an opportunity.

    Raises NotFound, NotAllowed, Stale, CustomerUnresolved, AccountAlreadyProtected.
    """
    registration = load(actor, registration_id, version=version)
    steps = list(registration.steps.all())
    _refuse_unresolved(registration)
    refuse_if(policies.why_not_approve(actor, registration, steps))
    step = policies.step_for(actor, registration, steps)
    if step:
        _take(actor, step, at)
    if open_position((one.position, one.state) for one in steps) is None:
        grant(actor, registration, at=at, reason=reason)
    else:
        _pass_on(actor, registration, step, reason, at)
    return _approved(registration, steps)


def _refuse_unresolved(registration: Registration) -> None:
    if registration.account_id is None and registration.candidate_ids:
        raise CustomerUnresolved(
            _("The customer of %(number)s is not settled. Choose the account it means, or create it, then approve.") % {"number": registration.number}
        )


def _take(actor: Actor, step: ApprovalStep, at: datetime) -> None:
    step.state, step.decided_by_id, step.decided_at = StepState.APPROVED, actor.user_id, at
    step.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])


def _pass_on(actor: Actor, registration: Registration, step: ApprovalStep, reason: str, at: datetime) -> None:
    before = registration.snapshot()
    registration.status = Status.PENDING_APPROVAL
    save(registration, "status")
    record(actor, "deal.step_approved", registration, before=before, at=at, note=reason, data={"role": step.role})
    announce(DealStepApproved, registration, actor, at, role=step.role)


def _approved(registration: Registration, steps: Iterable[ApprovalStep]) -> Approved:
    steps = tuple(steps)
    turn = open_position((one.position, one.state) for one in steps)
    final = registration.status == Status.APPROVED
    return Approved(
        registration_id=registration.pk,
        number=registration.number,
        version=registration.version,
        status=str(registration.status),
        final=final,
        protected_until=registration.protected_until,
        next_roles=() if final else tuple(one.role for one in steps if one.position == turn and one.state == StepState.WAITING),
    )


def grant(actor: Actor, registration: Registration, *, at: datetime, verdict: Any = None, reason: str = "") -> None:
    """Make an approval true: status, booked money, protection, opportunity, evidence, news. The caller checked that it may be.

    Raises AccountAlreadyProtected, and then nothing is changed.
    """
    customers.hold(registration.account_id)
    before = registration.snapshot()
    terms, ruling = _terms(registration, at)
    registration.status, registration.decided_at, registration.booked_at, registration.answer_due_at = Status.APPROVED, at, at, None
    registration.stage, registration.stage_changed_at = entry_stage(registration), at
    registration.protected_until = _open_protection(registration, terms, at)
    booking.book_on(registration, at.date())
    changed = ("status", "decided_at", "booked_at", "answer_due_at", "stage", "stage_changed_at", "protected_until")
    save(registration, *changed, *booking.FX_FIELDS)
    opportunities.link(registration, at)
    clocks.answer(registration, at)
    outcome = {"protection": {"days": terms.days, "extension_days": terms.extension_days, "starts": str(terms.starts), "bonus_days": terms.bonus_days}}
    routing.write_decision(registration, Decision.Kind.APPROVED, actor=actor, verdict=verdict or ruling, reason=reason, outcome=outcome)
    booked = {"days": terms.days} | {name: getattr(registration, name) for name in booking.FX_FIELDS}
    record(actor, "deal.approved", registration, before=before, at=at, note=reason, data=booked)
    announce(
        DealApproved, registration, actor, at,
        account_id=registration.account_id, automatic=actor.is_system, protected_until=registration.protected_until,
    )  # fmt: skip


def _terms(registration: Registration, at: datetime) -> tuple[WindowTerms, Any]:
    """The window by the rules in force when the deal was submitted: a later rule does not touch deals in flight (X15)."""
    asked_at = registration.submitted_at or at
    standing = routing.standing_of(registration.partner_id, registration.program_id, asked_at)
    facts = routing.facts_of(registration, standing, Check(Verdict(registration.verdict), ()))
    return routing.terms_of(facts, asked_at, bonus_days=registration.bonus_days)


def _open_protection(registration: Registration, terms: WindowTerms, at: datetime) -> datetime | None:
    """One grant per product line, in a fixed order. The database refuses a second live one."""
    if not terms.protects:
        return None
    window = window_of(terms, submitted_at=registration.submitted_at or at, approved_at=at)
    line_ids = sorted({line.product_line_id for line in registration.lines.all()})
    try:
        _write_grants(registration, line_ids, window)
    except AccountAlreadyProtected:
        if not renewals.give_way(registration, line_ids, at):
            raise
        _write_grants(registration, line_ids, window)
    return window.ends_at


def _write_grants(registration: Registration, line_ids: list[UUID], window: Window) -> None:
    with refused_by("one_live_protection", AccountAlreadyProtected(_already_protected(registration))):
        ProtectionGrant.objects.bulk_create(
            ProtectionGrant(
                registration=registration,
                partner_id=registration.partner_id,
                account_id=registration.account_id,
                product_line_id=line_id,
                territory_id=registration.territory_id,
                starts_at=window.starts_at,
                ends_at=window.ends_at,
            )
            for line_id in line_ids
        )


def _already_protected(registration: Registration) -> str:
    return _("Another live protection covers %(customer)s for this product line in %(territory)s. %(number)s can be approved when it ends or is released.") % {
        "customer": registration.customer_name,
        "territory": registration.territory.name,
        "number": registration.number,
    }


def bulk_approve(*, actor: Actor, registration_ids: Iterable[UUID], at: datetime) -> BulkResult:
    """Approve what can be approved and say of each other one why not; one refusal does not undo the rest.

    All customers are locked first, in one order, so that two bulk approvals never wait for each other in a circle.
    """
    wanted = list(dict.fromkeys(registration_ids))[:MOST_AT_ONCE]
    rows = {row.pk: row for row in policies.reach(actor).filter(pk__in=wanted).locked()}
    customers.hold(*(row.account_id for row in rows.values() if row.account_id))
    done: list[Approved] = []
    refused: list[Refused] = []
    for registration_id in wanted:
        _try_one(actor, registration_id, rows.get(registration_id), at, done, refused)
    return BulkResult(approved=tuple(done), refused=tuple(refused))


def _try_one(actor: Actor, registration_id: UUID, row: Registration | None, at: datetime, done: list[Approved], refused: list[Refused]) -> None:
    try:
        if row is None:
            raise NotFound()
        with transaction.atomic():
            done.append(approve(actor=actor, registration_id=registration_id, at=at))
    except Refusal as refusal:
        refused.append(Refused(registration_id=registration_id, number=row.number if row else "", reason=refusal.message))


def skip_open_steps(registration: Registration, at: datetime) -> None:
    registration.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED, decided_at=at)
