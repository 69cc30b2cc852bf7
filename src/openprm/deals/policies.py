"""Who can see which registrations, and why somebody cannot do a thing: a sentence, or None."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from openprm.deals.models import Amendment, Document, Note, Opportunity, Precheck, ProtectionGrant, Registration, Renewal, ReviewerRegion, Task
from openprm.deals.models.work import Visibility
from openprm.deals.rules.amendments import State
from openprm.deals.rules.chain import StepState, open_position
from openprm.deals.rules.lifecycle import BEFORE_DECISION, MAX_RESUBMITS, WAITS_FOR_VENDOR, Status, may_follow
from openprm.deals.rules.renewals import State as RenewalState
from openprm.deals.wording import status_label
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.partners import queries as partners


def reach(actor: Actor) -> ScopedQuerySet:
    """The registrations this person can see. A partner's draft is the partner's own business."""
    rows = Registration.objects.all()
    if actor.is_system:
        return rows
    if actor.is_vendor:
        return rows.filter(~Q(status=Status.DRAFT) | Q(submitter_id=actor.user_id))
    if not actor.is_partner:
        return rows.none()
    rows = rows.filter(partner_id__in=actor.partner_ids)
    return rows.filter(collaborators__user_id=actor.user_id) if actor.is_collaborator_only else rows


def reach_in(actor: Actor, *statuses: Status) -> ScopedQuerySet:
    """The reachable registrations in states past the draft: the same rows as `reach` gives, in a form that indexes answer alone."""
    rows = Registration.objects.all() if actor.is_vendor else reach(actor)
    return rows.filter(status=statuses[0]) if len(statuses) == 1 else rows.filter(status__in=sorted(status.value for status in statuses))


def reach_work(actor: Actor, model: type[Note] | type[Task] | type[Document]) -> ScopedQuerySet:
    """Notes, tasks or files of reachable registrations; the partner's side sees what is shared."""
    rows = model.objects.filter(registration__in=reach(actor).values("pk")) if not actor.is_system else model.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids, visibility=Visibility.SHARED)


def reach_opportunities(actor: Actor) -> ScopedQuerySet:
    rows = Opportunity.objects.all()
    if actor.sees_all_partners:
        return rows
    if not actor.is_partner:
        return rows.none()
    rows = rows.filter(partner_id__in=actor.partner_ids)
    return rows.filter(registration__collaborators__user_id=actor.user_id) if actor.is_collaborator_only else rows


def reach_grants(actor: Actor) -> ScopedQuerySet:
    rows = ProtectionGrant.objects.all()
    return rows if actor.sees_all_partners else rows.filter(registration__in=reach(actor).values("pk"))


def reach_prechecks(actor: Actor) -> ScopedQuerySet:
    rows = Precheck.objects.all()
    return rows if actor.sees_all_partners else rows.filter(partner_id__in=actor.partner_ids)


def why_not_register(actor: Actor) -> str | None:
    if not actor.can("deals.register"):
        return _("Your role cannot register deals. Ask an administrator of your team for the sales role.")
    return None


def why_not_edit(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_register(actor):
        return reason
    if registration.status not in {Status.DRAFT, Status.RETURNED}:
        return _("%(number)s is %(status)s and locked. A change needs the reviewer to return it to you.") % _said(registration)
    return None


def why_not_submit(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_register(actor):
        return reason
    if registration.status != Status.DRAFT:
        return _("%(number)s is %(status)s already. Only a draft can be submitted.") % _said(registration)
    return None


def why_not_resubmit(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_register(actor):
        return reason
    if registration.status != Status.RETURNED:
        return _("%(number)s is %(status)s. Only a returned registration can be sent again.") % _said(registration)
    if registration.resubmit_count >= MAX_RESUBMITS:
        return _("%(number)s was sent again %(count)d times, which is the limit. Withdraw it and register anew.") % {
            "number": registration.number,
            "count": registration.resubmit_count,
        }
    return None


def why_not_withdraw(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_register(actor):
        return reason
    if registration.status not in BEFORE_DECISION:
        return _("%(number)s is %(status)s. Only a registration that still waits for a decision can be withdrawn.") % _said(registration)
    return None


def why_not_cancel(actor: Actor, registration: Registration) -> str | None:
    allowed = "deals.register" if registration.status == Status.DRAFT else "deals.protect"
    if not actor.can(allowed):
        return _("Your role cannot cancel %(number)s.") % _said(registration)
    if not may_follow(registration.status, Status.CANCELED):
        return _("%(number)s is %(status)s and cannot be canceled.") % _said(registration)
    return None


def why_not_review(actor: Actor, registration: Registration) -> str | None:
    if not actor.can("deals.review"):
        return _("Your role cannot review registrations.")
    if registration.status not in WAITS_FOR_VENDOR:
        return _("%(number)s is %(status)s and does not wait for a review.") % _said(registration)
    return None


def why_not_start_review(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_review(actor, registration):
        return reason
    if registration.status != Status.SUBMITTED:
        return _("Somebody reviews %(number)s already.") % _said(registration)
    return None


def why_not_approve(actor: Actor, registration: Registration, steps: Iterable) -> str | None:
    """Whether this person may take the step whose turn it is."""
    if not actor.can("deals.approve"):
        return _("Your role cannot approve registrations.")
    if registration.status not in WAITS_FOR_VENDOR:
        return _("%(number)s is %(status)s and does not wait for an approval.") % _said(registration)
    if registration.account_id is None:
        return _("The customer of %(number)s is not settled. Choose the account it means, or create it, then approve.") % _said(registration)
    steps = tuple(steps)
    if actor.is_system or not steps or step_for(actor, registration, steps):
        return None
    if any(step.decided_by_id == actor.user_id and step.state == StepState.APPROVED for step in steps):
        return _("You approved an earlier step of %(number)s. The next one needs a second person.") % _said(registration)
    return _("The next step of %(number)s is for somebody else: the registration page names who.") % _said(registration)


def step_for(actor: Actor, registration: Registration, steps: Iterable):
    """The open approval step this person can take, or None. Nobody takes two steps of one chain."""
    steps = tuple(steps)
    if any(step.decided_by_id == actor.user_id and step.state == StepState.APPROVED for step in steps):
        return None
    turn = open_position((step.position, step.state) for step in steps)
    waiting = [step for step in steps if step.position == turn and step.state == StepState.WAITING]
    return next((step for step in waiting if _takes(actor, registration, step)), None)


def _takes(actor: Actor, registration: Registration, step) -> bool:
    if step.approver_id == actor.user_id or step.role in actor.roles or "vendor_admin" in actor.roles:
        return True
    return step.role == "regional_reviewer" and reviews_region(actor, registration)


def reviews_region(actor: Actor, registration: Registration) -> bool:
    """Whether this person reviews the customer's territory or the partner's region: two rights, each with its own regions (D12)."""
    return _reviews_territory(actor, registration) or _reviews_partner(actor, registration)


def _reviews_territory(actor: Actor, registration: Registration) -> bool:
    if not registration.territory or not actor.can("deals.review_customer_region"):
        return False
    return ReviewerRegion.objects.filter(user_id=actor.user_id, basis=ReviewerRegion.Basis.CUSTOMER, region=registration.territory.code).exists()


def _reviews_partner(actor: Actor, registration: Registration) -> bool:
    if not actor.can("deals.review_partner_region"):
        return False
    regions = ReviewerRegion.objects.filter(user_id=actor.user_id, basis=ReviewerRegion.Basis.PARTNER).values_list("region", flat=True)
    return partners.partner(actor, registration.partner_id).region in set(regions)


def why_not_protect(actor: Actor, registration: Registration) -> str | None:
    if not actor.can("deals.protect"):
        return _("Your role cannot change a protection.")
    if registration.status != Status.APPROVED or registration.protected_until is None:
        return _("%(number)s is %(status)s and holds no protection.") % _said(registration)
    return None


def why_not_ask_extension(actor: Actor, registration: Registration) -> str | None:
    if reason := why_not_register(actor):
        return reason
    if registration.status != Status.APPROVED or registration.protected_until is None:
        return _("%(number)s is %(status)s and holds no protection.") % _said(registration)
    return None


def why_not_advance(actor: Actor, registration: Registration) -> str | None:
    if not actor.can("deals.advance"):
        return _("Your role cannot move deals.")
    if registration.status != Status.APPROVED:
        return _("%(number)s is %(status)s. Only an approved deal moves through the stages.") % _said(registration)
    return None


def why_not_reopen(actor: Actor, registration: Registration) -> str | None:
    if not actor.can("deals.advance"):
        return _("Your role cannot take up a lost deal.")
    if registration.status != Status.CLOSED_LOST:
        return _("%(number)s is %(status)s. Only a lost deal is taken up again.") % _said(registration)
    return None


def why_not_amend(actor: Actor, registration: Registration) -> str | None:
    if not actor.can("deals.register"):
        return _("Your role cannot change deals. Ask an administrator of your team for the sales role.")
    if registration.status != Status.APPROVED:
        return _("%(number)s is %(status)s. Only an approved deal is changed this way.") % _said(registration)
    return None


def why_not_decide_amendment(actor: Actor, amendment: Amendment) -> str | None:
    if not actor.can("deals.review"):
        return _("Your role cannot decide about changes of deals.")
    return _amendment_is_open(amendment)


def why_not_withdraw_amendment(actor: Actor, amendment: Amendment) -> str | None:
    if not actor.can("deals.register") or actor.is_vendor:
        return _("Only the partner takes its own proposal back.")
    return _amendment_is_open(amendment)


def _amendment_is_open(amendment: Amendment) -> str | None:
    if amendment.state != State.PROPOSED:
        return _("This change of %(number)s is decided already.") % {"number": amendment.registration.number}
    return None


def reach_amendments(actor: Actor) -> ScopedQuerySet:
    rows = Amendment.objects.all()
    return rows if actor.is_system else rows.filter(registration__in=reach(actor).values("pk"))


def reach_renewals(actor: Actor) -> ScopedQuerySet:
    rows = Renewal.objects.all()
    return rows if actor.sees_all_partners else rows.filter(registration__in=reach(actor).values("pk"))


def why_not_decline_renewal(actor: Actor, renewal: Renewal) -> str | None:
    if not actor.can("deals.register"):
        return _("Your role cannot decide about renewals.")
    if renewal.state != RenewalState.OPEN:
        return _("This renewal is settled already.")
    return None


def why_not_comment(actor: Actor, registration: Registration, visibility: str) -> str | None:
    if not actor.can("deals.comment"):
        return _("Your role can read this deal but not write on it.")
    if visibility == Visibility.INTERNAL and not actor.sees_all_partners:
        return _("Only the vendor's side keeps internal notes.")
    return None


def why_not_manage_catalogue(actor: Actor) -> str | None:
    return None if actor.can("deals.manage_catalogue") else _("Your role cannot change products, territories and rates.")


def _said(registration: Registration) -> dict[str, str]:
    return {"number": registration.number, "status": str(status_label(registration.status)).lower()}
