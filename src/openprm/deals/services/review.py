"""The vendor's side of a decision short of approval: take it up, ask, reject, settle the customer, check again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.accounts import services as account_services
from openprm.deals import policies
from openprm.deals.events import DealRejected, DealReturned, DealReviewStarted
from openprm.deals.models import Decision, Registration
from openprm.deals.rules.chain import StepState
from openprm.deals.rules.lifecycle import RETURNABLE_FIELDS, Status
from openprm.deals.services import clocks, customers, routing, surroundings
from openprm.deals.services.results import Saved
from openprm.deals.services.unit import announce, load, record, save, saved
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Problem, refuse_if


def start_review(*, actor: Actor, registration_id: UUID, version: int | None = None, at: datetime) -> Saved:
    """Take a registration up; the partner sees that somebody looks at it. Raises NotFound, NotAllowed, Stale."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_start_review(actor, registration))
    before = registration.snapshot()
    registration.status, registration.reviewer_id, registration.review_started_at = Status.UNDER_REVIEW, actor.user_id, at
    save(registration, "status", "reviewer", "review_started_at")
    record(actor, "deal.review_started", registration, before=before, at=at)
    announce(DealReviewStarted, registration, actor, at)
    return saved(registration)


def return_for_information(*, actor: Actor, registration_id: UUID, fields: Iterable[str], message: str, version: int | None = None, at: datetime) -> Saved:
    """Ask the partner for something: only the named fields open, and the promise rests until they answer.

    Raises NotFound, NotAllowed, Stale, Invalid.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_review(actor, registration))
    names, text = tuple(dict.fromkeys(fields)), message.strip()
    _refuse_bad_return(names, text)
    before = registration.snapshot()
    registration.status, registration.returned_fields, registration.returned_message = Status.RETURNED, list(names), text
    clock = clocks.hand_over(registration, at, text)
    registration.answer_due_at = clock.due_at
    save(registration, "status", "returned_fields", "returned_message", "answer_due_at")
    record(actor, "deal.returned", registration, before=before, at=at, note=text)
    announce(DealReturned, registration, actor, at, fields=names)
    return saved(registration)


def _refuse_bad_return(names: tuple[str, ...], message: str) -> None:
    unknown = [name for name in names if name not in RETURNABLE_FIELDS]
    problems = [Problem("fields", _("“%(name)s” is not a field that can be returned.") % {"name": name[:40]}) for name in unknown]
    if not names:
        problems.append(Problem("fields", _("Name at least one field that the partner may change."), "required"))
    if not message:
        problems.append(Problem("message", _("Say what you need to know."), "required"))
    if len(message) > 2000:
        problems.append(Problem("message", _("The message is longer than 2,000 characters. Shorten it.")))
    if problems:
        raise Invalid(problems=problems)


def reject(*, actor: Actor, registration_id: UUID, reason: str, clause: str = "", version: int | None = None, at: datetime) -> Saved:
    """Say no, with the reason and the clause it rests on; final. Raises NotFound, NotAllowed, Stale, Invalid."""
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_review(actor, registration))
    reason = required_reason(reason)
    before = registration.snapshot()
    registration.status, registration.decided_at, registration.ended_reason, registration.answer_due_at = Status.REJECTED, at, reason, None
    save(registration, "status", "decided_at", "ended_reason", "answer_due_at")
    registration.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED)
    clocks.answer(registration, at)
    cited, words = _cited(registration, clause)
    routing.write_decision(registration, Decision.Kind.REJECTED, actor=actor, reason=reason, clause=cited, clause_text=words)
    record(actor, "deal.rejected", registration, before=before, at=at, note=reason, data={"clause": cited})
    announce(DealRejected, registration, actor, at, automatic=False, clause=cited)
    return saved(registration)


def _cited(registration: Registration, clause: str) -> tuple[str, str]:
    """The clause with its words: the one that routed the deal unless the reviewer names another."""
    routed = registration.decisions.filter(kind=Decision.Kind.ROUTED).order_by("-created_at").first()
    if routed and clause in ("", routed.clause):
        return routed.clause, routed.clause_text
    return clause[:60], ""


def required_reason(text: str, field: str = "reason", most: int = 500) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_("Give a reason: both sides read it later."), field=field, code="required")
    if len(text) > most:
        raise Invalid(_("The reason is longer than %(most)d characters. Shorten it.") % {"most": most}, field=field)
    return text


def resolve_account(
    *, actor: Actor, registration_id: UUID, account_id: UUID | None = None, create_new: bool = False, version: int | None = None, at: datetime
) -> Saved:
    """Say which account the customer is, or that it is a new one, and check for conflicts again.

    Raises NotFound, NotAllowed, Stale, Invalid when neither or both are said.
    """
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_review(actor, registration))
    if (account_id is None) is not create_new:
        raise Invalid(_("Choose one of the accounts, or create a new one."), field="account_id", code="required")
    customers.hold(customers.customer_key(registration.customer_name, registration.customer_domain))
    before = registration.snapshot()
    registration.account_id = customers.create_account(actor, registration, at) if create_new else accounts.account(actor, account_id).id
    registration.candidate_ids = []
    account_services.grant_access(actor=SYSTEM, account_id=registration.account_id, partner_id=registration.partner_id, reason="registration", at=at)
    _check_again(registration, at)
    record(actor, "deal.customer_settled", registration, before=before, at=at, shared=False)
    return saved(registration)


def recheck(*, actor: Actor, registration_id: UUID, at: datetime) -> Saved:
    """Run the conflict check on what stands now. Raises NotFound, NotAllowed."""
    registration = load(actor, registration_id)
    refuse_if(policies.why_not_review(actor, registration))
    _check_again(registration, at)
    record(SYSTEM, "deal.checked", registration, at=at, shared=False, after={}, data={"verdict": str(registration.verdict)})
    return saved(registration)


def _check_again(registration: Registration, at: datetime) -> None:
    check, _around = surroundings.check(registration, at)
    surroundings.keep(registration, check, at)
    save(registration, *surroundings.CHECK_FIELDS)
