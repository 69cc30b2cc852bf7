"""One request and one claim, as each side may see it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.models import Activity, ApprovalStep, ApproverLimit, Claim, FundRequest, ProofFile, Settlement
from openprm.funds.queries.lists import claim_rows, newest_claims, newest_requests, request_rows
from openprm.funds.queries.results import (
    ActivityView,
    Approver,
    ClaimedFile,
    ClaimRow,
    InstalmentView,
    PartnerClaim,
    PartnerRequest,
    RequestRow,
    StepView,
    VendorClaim,
    VendorRequest,
)
from openprm.funds.queries.sums import fund_row, path_of
from openprm.funds.rules.lifecycle import ClaimStatus, InstalmentState
from openprm.funds.rules.limits import StepState
from openprm.funds.wording import ACTIVITY, INSTALMENT, ROLE, STEP
from openprm.funds.wording_proofs import step_in_short
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed, NotFound
from openprm.kernel.money import Money


def request_for_vendor(actor: Actor, request_id: UUID, at: datetime) -> VendorRequest:
    """Everything behind a request, with the way up of its budget. Raises NotFound."""
    if not actor.sees_all_partners:
        raise NotFound()
    row = newest_requests(actor).select_related("partner", "allocation__budget", "allocation__partner", "requested_by").one(request_id)
    steps = list(row.steps.all())
    budget = row.allocation.budget
    return VendorRequest(
        **_request(actor, row, steps, at), requested_by=row.requested_by.name if row.requested_by else "",
        budget_path=(*path_of(budget), (budget.pk, budget.name)), is_last_step=_is_last(steps, row.round),
        why_not_decide=policies.why_not_decide(actor, row, steps) or "",
    )  # fmt: skip


def request_for_partner(actor: Actor, request_id: UUID, at: datetime) -> PartnerRequest:
    row = newest_requests(actor).select_related("partner", "allocation__partner").one(request_id)
    return PartnerRequest(
        **_request(actor, row, list(row.steps.all()), at), why_not_edit=policies.why_not_edit(actor, row) or "",
        why_not_submit=policies.why_not_submit(actor, row) or "", why_not_withdraw=policies.why_not_withdraw(actor, row) or "",
    )  # fmt: skip


def _request(actor: Actor, row: FundRequest, steps: list[ApprovalStep], at: datetime) -> dict[str, Any]:
    found = request_rows([row], at)[0]
    claims = claim_rows(newest_claims(actor).filter(request=row).order_by("created_at"), at)
    activities = row.activities.select_related("activity_type")
    return {name: getattr(found, name) for name in RequestRow.__dataclass_fields__} | {
        "purpose": row.purpose, "expected": row.expected, "answer": row.answer, "round": row.round, "claims": tuple(claims),
        "activities": tuple(activity_view(actor, one, row) for one in activities), "steps": steps_of(actor, steps), "fund_row": fund_row(row.allocation),
    }  # fmt: skip


def _is_last(steps: Iterable[ApprovalStep], round_: int) -> bool:
    return sum(step.round == round_ and step.state == StepState.WAITING for step in steps) <= 1


def activity_view(actor: Actor, row: Activity, request: FundRequest) -> ActivityView:
    label, tone = ACTIVITY[row.status]

    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return ActivityView(
        id=row.pk, position=row.position, activity_type_id=row.activity_type_id, kind=row.terms.get("name") or row.activity_type.name, title=row.title,
        starts_on=row.starts_on, ends_on=row.ends_on, country=row.country, planned=money(row.planned_minor), asked=money(row.asked_minor),
        approved=money(row.approved_minor), open=money(row.open_minor), waiting=money(row.waiting_minor), claimed=money(row.claimed_minor),
        paid=money(row.paid_minor), released=money(row.released_minor), status=str(row.status), label=str(label), tone=tone, claim_by=row.claim_by,
        max_percent=_percent(row.terms.get("max_percent")), why_not_claim=policies.why_not_claim(actor, row, request) or "",
        why_not_release=policies.why_not_release(actor, row) or "",
    )  # fmt: skip


def _percent(text: str | None) -> str:
    """A share as it is read: 50, not 50.00."""
    return f"{Decimal(text).normalize():f}" if text else ""


def steps_of(actor: Actor, steps: Iterable[ApprovalStep]) -> tuple[StepView, ...]:
    """The levels of every round. The partner's side does not read who of the vendor decided, nor the notes of levels before the last."""
    return tuple(_step(one, hidden=not actor.sees_all_partners) for one in steps)


def _step(row: ApprovalStep, *, hidden: bool) -> StepView:
    label, tone = STEP[row.state]
    return StepView(
        position=row.position, role=row.role, role_label=str(ROLE.get(row.role, row.role)), state=row.state, label=str(label), tone=tone,
        by="" if hidden else row.decided_by_name, at=row.decided_at, note="" if hidden else row.note, clause=row.clause,
    )  # fmt: skip


def claim_for_vendor(actor: Actor, claim_id: UUID, at: datetime) -> VendorClaim:
    """Raises NotFound."""
    if not actor.sees_all_partners:
        raise NotFound()
    row = newest_claims(actor).select_related("partner", "request", "activity__activity_type", "claimed_by").one(claim_id)
    steps = list(row.steps.all())
    return VendorClaim(
        **_claim(actor, row, steps, at), claimed_by=row.claimed_by.name if row.claimed_by else "", is_last_step=_is_last(steps, row.round),
        why_not_decide=policies.why_not_decide(actor, row, steps) or "", may_settle=not policies.why_not_settle(actor),
    )  # fmt: skip


def claim_for_partner(actor: Actor, claim_id: UUID, at: datetime) -> PartnerClaim:
    row = newest_claims(actor).select_related("partner", "request", "activity__activity_type").one(claim_id)
    again = policies.why_not_request(actor) or ("" if row.status == ClaimStatus.REJECTED else _("Only a rejected claim can be sent again."))
    return PartnerClaim(
        **_claim(actor, row, list(row.steps.all()), at), why_not_withdraw=policies.why_not_withdraw(actor, row) or "", why_not_resubmit=again
    )  # fmt: skip


def _claim(actor: Actor, row: Claim, steps: list[ApprovalStep], at: datetime) -> dict[str, Any]:
    found = claim_rows([row], at)[0]
    instalments = row.settlements.exclude(state=InstalmentState.REPLACED).order_by("position")
    return {name: getattr(found, name) for name in ClaimRow.__dataclass_fields__} | {
        "activity": activity_view(actor, row.activity, row.request), "spent_on": row.spent_on, "note": row.note, "answer": row.answer,
        "is_final": row.is_final, "fx_rate": row.fx_rate, "fx_date": row.fx_date, "round": row.round, "judgement": row.judgement,
        "sum_lines": tuple((step_in_short(code), Money(minor, currency)) for code, minor, currency in row.judgement.get("steps", ())),
        "steps": steps_of(actor, steps), "instalments": tuple(map(_instalment, instalments)),
        "files": tuple(_claimed_file(one, row) for one in row.proofs.all()),
    }  # fmt: skip


def _claimed_file(row: ProofFile, claim: Claim) -> ClaimedFile:
    names = {one["code"]: one["name"] for one in claim.activity.terms.get("proofs", ())}
    return ClaimedFile(id=row.pk, name=row.name, proof=names.get(row.rule, row.rule), dated_on=row.dated_on)


def _instalment(row: Settlement) -> InstalmentView:
    label, tone = INSTALMENT[row.state]
    return InstalmentView(
        id=row.pk, position=row.position, state=row.state, label=str(label), tone=tone, owed=Money(row.fund_minor, row.fund_currency),
        payable_from=row.payable_from, moved=Money(row.amount_minor, row.currency), fx_to_claim=row.fx_to_claim, fx_to_budget=row.fx_to_budget,
        fx_date=row.fx_date, reference=row.reference, released_because=row.released_because, paid_at=row.paid_at,
    )  # fmt: skip


def approvers(actor: Actor) -> tuple[Approver, ...]:
    """Who decides about funds, and how much each may approve. Raises NotAllowed."""
    if reason := policies.why_not_limit(actor):
        raise NotAllowed(reason)
    held = {row.user_id: row for row in ApproverLimit.objects.all()}
    people = [one for one in identity.holders_of("funds.decide") if one.id]
    return tuple(
        Approver(
            user_id=one.id, name=one.name, email=one.email, role=str(ROLE.get(one.role, one.role)),
            limit=Money(held[one.id].limit_minor, held[one.id].currency) if one.id in held else None,
        )
        for one in people
    )  # fmt: skip
