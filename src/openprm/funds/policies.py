"""Who can see which funds, and why somebody cannot do a thing: a sentence, or None."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.funds.models import Activity, Allocation, ApprovalStep, Budget, Claim, FundRequest
from openprm.funds.rules import limits
from openprm.funds.rules.lifecycle import EDITABLE, GRANTED, ActivityStatus, ClaimStatus, RequestStatus
from openprm.funds.wording import ROLE, status_word
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet

_WAITING = {RequestStatus.PENDING, ClaimStatus.SUBMITTED}


def reach_budgets(actor: Actor) -> ScopedQuerySet:
    """Budgets are the vendor's own business."""
    rows = Budget.objects.all()
    return rows if actor.sees_all_partners else rows.none()


def _of_partner(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    if actor.sees_all_partners:
        return rows
    if not actor.is_partner or actor.is_collaborator_only:
        return rows.none()
    return rows.filter(partner_id__in=actor.partner_ids)


def reach_allocations(actor: Actor) -> ScopedQuerySet:
    return _of_partner(actor, Allocation.objects.all())


def reach_requests(actor: Actor) -> ScopedQuerySet:
    """A draft is its partner's own business."""
    rows = _of_partner(actor, FundRequest.objects.all())
    return rows.filter(~Q(status=RequestStatus.DRAFT) | Q(requested_by_id=actor.user_id)) if actor.is_vendor else rows


def reach_activities(actor: Actor) -> ScopedQuerySet:
    rows = _of_partner(actor, Activity.objects.all())
    return rows.filter(~Q(request__status=RequestStatus.DRAFT)) if actor.is_vendor else rows


def reach_claims(actor: Actor) -> ScopedQuerySet:
    return _of_partner(actor, Claim.objects.all())


def why_not_manage(actor: Actor) -> str | None:
    return None if actor.can("funds.manage") else _("Your role cannot change budgets and funds. Ask finance or an administrator.")


def why_not_request(actor: Actor) -> str | None:
    return None if actor.can("funds.request") else _("Your role cannot ask for funds. Ask an administrator of your team for the marketing role.")


def why_not_settle(actor: Actor) -> str | None:
    return None if actor.can("funds.settle") else _("Your role cannot settle claims. Ask finance or an administrator.")


def why_not_limit(actor: Actor) -> str | None:
    return None if actor.can("funds.limit") else _("Your role cannot set what others may approve. Ask an administrator.")


def why_not_edit(actor: Actor, request: FundRequest) -> str | None:
    if reason := why_not_request(actor):
        return reason
    if request.status not in EDITABLE:
        return _("%(number)s is %(status)s and locked. Withdraw it, or wait for the answer.") % _said(request)
    return None


def why_not_submit(actor: Actor, request: FundRequest) -> str | None:
    if reason := why_not_request(actor):
        return reason
    if request.status == RequestStatus.DECLINED:
        return _("%(number)s was declined, and that is final. Make a new request.") % _said(request)
    if request.status not in EDITABLE:
        return _("%(number)s is %(status)s already.") % _said(request)
    return None


def why_not_withdraw(actor: Actor, row: FundRequest | Claim) -> str | None:
    if reason := why_not_request(actor):
        return reason
    if row.status not in {RequestStatus.DRAFT, RequestStatus.PENDING, RequestStatus.REJECTED, ClaimStatus.SUBMITTED}:
        return _("%(number)s is %(status)s and cannot be withdrawn any more.") % _said(row)
    return None


def why_not_release(actor: Actor, activity: Activity) -> str | None:
    if not actor.can("funds.request" if actor.is_partner else "funds.decide"):
        return _("Your role cannot give reserved money back.")
    if activity.status != ActivityStatus.APPROVED:
        return _("“%(title)s” holds no reserved money.") % {"title": activity.title}
    if activity.waiting_minor:
        return _("A claim for “%(title)s” waits for its answer. Decide it first.") % {"title": activity.title}
    return None


def why_not_claim(actor: Actor, activity: Activity, request: FundRequest) -> str | None:
    if reason := why_not_request(actor):
        return reason
    if request.status not in GRANTED or activity.status != ActivityStatus.APPROVED:
        return _("“%(title)s” of %(number)s is not open for claims: it is %(status)s.") % {
            "title": activity.title, "number": request.number, "status": status_word(request.status).lower(),
        }  # fmt: skip
    return None


def step_of(steps: Iterable[ApprovalStep], round_: int) -> ApprovalStep | None:
    """The level whose turn it is in this round."""
    return limits.open_step([step for step in steps if step.round == round_])  # type: ignore[type-var,return-value]


def why_not_decide(actor: Actor, row: FundRequest | Claim, steps: Iterable[ApprovalStep]) -> str | None:
    if not actor.can("funds.decide"):
        return _("Your role cannot decide about funds.")
    if row.status not in _WAITING:
        return _("%(number)s is %(status)s and waits for no decision.") % _said(row)
    mine = [step for step in steps if step.round == row.round]
    step: Any = limits.open_step(mine)  # type: ignore[type-var]
    if step is None or actor.is_system:
        return None
    if not limits.may_take(step, actor.roles):
        return _("%(number)s waits for: %(role)s.") % {"number": row.number, "role": str(ROLE.get(step.role, step.role)).lower()}
    if limits.has_decided([_decided(one) for one in mine], actor.user_id):
        return _("You approved an earlier level of %(number)s. Somebody else decides this one.") % {"number": row.number}
    return None


def _decided(step: ApprovalStep) -> limits.Step:
    return limits.Step(step.position, step.role, step.state, step.decided_by_id)


def _said(row: FundRequest | Claim) -> dict[str, str]:
    return {"number": row.number, "status": status_word(row.status).lower()}
