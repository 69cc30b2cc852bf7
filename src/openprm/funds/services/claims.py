"""Claims: made against an approved activity, judged by the promise it was approved under, decided level by level, owed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.events import ClaimApproved, ClaimRefused, ClaimSubmitted, FundsStepTaken
from openprm.funds.models import Activity, Allocation, Claim, FundRequest, Settlement
from openprm.funds.promisekinds import CLAIM, PAYMENT
from openprm.funds.queries.judging import judge_claim, judgement_json
from openprm.funds.rules.judgement import Judgement
from openprm.funds.rules.lifecycle import ClaimStatus
from openprm.funds.services import books, chain, releases
from openprm.funds.services.budgets import root_of
from openprm.funds.services.proofs import seal
from openprm.funds.services.refusals import ClaimAboveRequest
from openprm.funds.services.results import Changed
from openprm.funds.services.unit import amount, as_system, load, near, record, refusing, save, text
from openprm.funds.wording_proofs import problem_in_words
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.money import Money, convert, format_money, minor_units
from openprm.ledger import services as ledger
from openprm.partners import queries as partners
from openprm.promises import services as promises

FIELD_OF_PROBLEM = {"nothing_spent": "spent", "too_small": "spent", "nothing_asked": "amount", "above": "amount", "nothing_left": "amount"}


@transaction.atomic
def submit_claim(
    *, actor: Actor, activity_id: UUID, spent: Money, asked: Money | None = None, spent_on: date | None = None, note: str = "", is_final: bool = True,
    claim_id: UUID | None = None, version: int | None = None, at: datetime,
) -> Changed:  # fmt: skip
    """Claim what an approved activity cost, or send a rejected claim again (`claim_id`).

    The judgement is the one that the simulation showed. `asked` None asks for all that it gives. A final claim gives back what it leaves.
    Raises NotFound, NotAllowed, Stale, Invalid (every problem in a sentence), ClaimAboveRequest, NoRate; then nothing changes.
    """
    activity = policies.reach_activities(actor).select_related("request").one(activity_id)
    refuse_if(policies.why_not_claim(actor, activity, activity.request))
    refuse_if(partners.why_closed(activity.partner_id, "funds", at))
    _check_money(spent, asked)
    said = text("note", note, longest=1000, required=False, lines=True)
    with as_system(actor):
        activity = Activity.objects.select_related("request__allocation__budget").locked().get(pk=activity_id)
        claim = _again(activity, claim_id, version) if claim_id else None
        values = _judged(activity, spent, asked, claim, spent_on or at.date(), at)
        return _send(actor, activity, claim, values | {"note": said, "is_final": is_final}, at)


def _check_money(spent: Money, asked: Money | None) -> None:
    minor_units(spent.currency)
    amount("spent", spent.minor)
    if asked is None:
        return
    amount("amount", asked.minor)
    if asked.currency != spent.currency:
        raise Invalid(_("Claim in the currency of the bills: %(currency)s.") % {"currency": spent.currency}, field="amount")
    if asked.minor > spent.minor:
        raise Invalid(_("You cannot claim more than you spent: %(spent)s.") % {"spent": format_money(spent)}, field="amount")


def _again(activity: Activity, claim_id: UUID, version: int | None) -> Claim:
    claim = load(Claim.objects.filter(activity=activity), claim_id, version)
    if claim.status != ClaimStatus.REJECTED:
        raise Conflict(_("%(number)s was not rejected, so it cannot be sent again.") % {"number": claim.number})
    return claim


def _judged(activity: Activity, spent: Money, asked: Money | None, claim: Claim | None, spent_on: date, at: datetime) -> dict[str, Any]:
    """The claim's columns, from the judgement. Raises Invalid with every problem, NoRate."""
    if spent_on > at.date():
        raise Invalid(_("The money cannot have been spent on a day that is still to come."), field="spent_on")
    near("spent_on", spent_on, at.date())
    rate = ledger.rate(currency=spent.currency, to=activity.currency, on=at.date())
    judgement = judge_claim(activity, spent=spent, on=at.date(), asked=asked, claim_id=claim.pk if claim else None)
    if not judgement.accepted:
        raise _refused(judgement, activity, asked)
    worth = judgement.reimbursable
    return {
        "currency": spent.currency, "spent_minor": spent.minor, "amount_minor": asked.minor if asked else _back(worth, spent, rate.rate),
        "fund_currency": activity.currency, "fund_minor": worth.minor, "fx_rate": rate.rate, "fx_date": rate.rate_date, "spent_on": spent_on,
        "judgement": judgement_json(judgement),
    }  # fmt: skip


def _back(worth: Money, spent: Money, rate: Decimal) -> int:
    """What the claim gives, in the currency of the bills."""
    return worth.minor if worth.currency == spent.currency else min(spent.minor, max(1, convert(worth, to=spent.currency, rate=1 / rate).minor))


def _refused(judgement: Judgement, activity: Activity, asked: Money | None) -> Invalid:
    problems = [Problem(FIELD_OF_PROBLEM.get(one.code, "proofs"), problem_in_words(one), one.code) for one in judgement.problems]
    if any(one.code in ("above", "nothing_left") for one in judgement.problems):
        left = format_money(Money(activity.open_minor, activity.currency))
        problems.append(
            Problem("amount", _("%(number)s has %(left)s open for “%(title)s”.") % {"number": activity.request.number, "left": left, "title": activity.title})
        )
    return Invalid(problems=problems)


def _send(actor: Actor, activity: Activity, claim: Claim | None, values: dict[str, Any], at: datetime) -> Changed:
    request, before = activity.request, claim.snapshot() if claim else None
    claim = claim or Claim(request=request, activity=activity, partner_id=activity.partner_id)
    again = before is not None
    for name, value in values.items():
        setattr(claim, name, value)
    claim.status, claim.submitted_at, claim.decided_at, claim.answer, claim.claimed_by_id = ClaimStatus.SUBMITTED, at, None, "", actor.user_id
    with refusing({"fund_claims_within_request": lambda: _above(activity)}):
        if again:
            claim.round += 1
            save(claim, *values, "status", "submitted_at", "decided_at", "answer", "claimed_by", "round")
        else:
            claim.save(force_insert=True)
    claim.refresh_from_db()
    seal(claim=claim)
    fund = request.allocation
    steps = chain.lay_out(claim, Money(claim.fund_minor, claim.fund_currency), program_id=fund.budget.program_id, kind=fund.kind, activities=1, at=at)
    promises.start(
        actor=actor, code=CLAIM, subject=claim, partner_id=claim.partner_id, program_id=fund.budget.program_id,
        refs=(claim.pk, request.pk, claim.partner_id), at=at,
    )  # fmt: skip
    record(actor, "fund.claim_submitted", claim, before=before, refs=(request.pk, fund.pk), at=at)
    announce(ClaimSubmitted, claim, request, actor, at, claim.fund_minor)
    releases.refresh(request.pk, at)
    if not steps:
        _grant(actor, claim, claim.fund_minor, "", at)
    return _changed(claim)


def _above(activity: Activity) -> ClaimAboveRequest:
    left = format_money(Money(max(0, activity.open_minor), activity.currency))
    return ClaimAboveRequest(
        _("This claim is above its request: %(number)s has %(left)s open for “%(title)s”. Claim less.")
        % {"number": activity.request.number, "left": left, "title": activity.title},
        field="amount",
    )


@transaction.atomic
def approve_claim(
    *, actor: Actor, claim_id: UUID, amount_minor: int | None = None, note: str = "", version: int | None = None, at: datetime
) -> Changed:  # fmt: skip
    """Take this person's level; the last one makes the amount owed. `amount_minor` (the fund's currency) approves less than claimed.

    Raises NotFound, NotAllowed, Stale, AboveLimit, Invalid; then nothing changes.
    """
    claim = load(policies.reach_claims(actor), claim_id, version)
    minor = claim.fund_minor if amount_minor is None else amount("amount_minor", amount_minor)
    if minor > claim.fund_minor:
        raise Invalid(_("A claim cannot get more than it asks for: %(most)s.") % {"most": format_money(Money(claim.fund_minor, claim.fund_currency))},
            field="amount_minor")  # fmt: skip
    said, before = text("note", note, longest=1000, required=False, lines=True), claim.snapshot()
    following = chain.take(actor, claim, Money(minor, claim.fund_currency), said, at)
    if following is None:
        _grant(actor, claim, minor, said, at)
        return _changed(claim)
    if minor != claim.fund_minor:
        raise Invalid(_("Only the last level changes the amount. Approve as claimed, or reject with what to change."), field="amount_minor")
    save(claim)
    record(actor, "fund.step_taken", claim, before=before, note=said, data={"next": following.role}, refs=(claim.request_id,), at=at)
    publish(FundsStepTaken(**_told(claim, claim.request, actor, at, minor), claim_id=claim.pk, role=following.role))
    return _changed(claim, following.role)


def _grant(actor: Actor, claim: Claim, minor: int, said: str, at: datetime) -> None:
    """Make an approved claim true: owed in the books, due as one instalment, and what a final claim leaves given back."""
    before, request = claim.snapshot(), claim.request
    fund: Allocation = request.allocation
    claim.status, claim.approved_minor, claim.decided_at, claim.answer = ClaimStatus.APPROVED, minor, at, said
    save(claim, "status", "approved_minor", "decided_at", "answer")
    books.claim_approved(actor, claim, fund, root_of(fund.budget_id), at)
    Settlement.objects.create(
        claim=claim, partner_id=claim.partner_id, fund_currency=claim.fund_currency, fund_minor=minor, currency=claim.fund_currency, amount_minor=minor,
        payable_from=at.date(),
    )  # fmt: skip
    promises.keep(subject_id=claim.pk, code=CLAIM, at=at)
    promises.start(
        actor=actor, code=PAYMENT, subject=claim, partner_id=claim.partner_id, program_id=fund.budget.program_id, refs=(claim.pk, request.pk, claim.partner_id),
        at=at,
    )  # fmt: skip
    record(actor, "fund.claim_approved", claim, before=before, note=said, refs=(request.pk, fund.pk), at=at)
    announce(ClaimApproved, claim, request, actor, at, minor)
    if claim.is_final:
        releases.give_back(actor, claim.activity_id, _("The claim %(number)s was the last one.") % {"number": claim.number}, at)
    releases.refresh(request.pk, at)


def reject_claim(*, actor: Actor, claim_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """Say no for now: the partner may mend it and send it again. Raises NotFound, NotAllowed, Stale, Invalid."""
    return _refuse(actor, claim_id, ClaimStatus.REJECTED, reason, version, at)


def decline_claim(*, actor: Actor, claim_id: UUID, reason: str, version: int | None = None, at: datetime) -> Changed:
    """Say no for good. Raises NotFound, NotAllowed, Stale, Invalid."""
    return _refuse(actor, claim_id, ClaimStatus.DECLINED, reason, version, at)


@transaction.atomic
def _refuse(actor: Actor, claim_id: UUID, status: ClaimStatus, reason: str, version: int | None, at: datetime) -> Changed:
    said = text("reason", reason, longest=1000, lines=True)
    claim = load(policies.reach_claims(actor), claim_id, version)
    before, final = claim.snapshot(), status == ClaimStatus.DECLINED
    chain.refuse(actor, claim, said, at)
    claim.status, claim.decided_at, claim.answer = status, at, said
    save(claim, "status", "decided_at", "answer")
    promises.keep(subject_id=claim.pk, code=CLAIM, at=at)
    record(actor, "fund.claim_declined" if final else "fund.claim_rejected", claim, before=before, note=said, refs=(claim.request_id,), at=at)
    announce(ClaimRefused, claim, claim.request, actor, at, claim.fund_minor, final=final, reason=said)
    releases.refresh(claim.request_id, at)
    return _changed(claim)


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim_id: UUID, version: int | None = None, at: datetime) -> Changed:
    """The partner takes a claim back before it is decided. Raises NotFound, NotAllowed, Stale."""
    refuse_if(policies.why_not_withdraw(actor, policies.reach_claims(actor).one(claim_id)))
    with as_system(actor):
        claim = load(Claim.objects, claim_id, version)
        refuse_if(policies.why_not_withdraw(actor, claim))
        before = claim.snapshot()
        chain.skip_open(claim, at)
        claim.status = ClaimStatus.WITHDRAWN
        save(claim, "status")
        promises.cancel(subject_id=claim.pk, code=CLAIM, at=at)
        record(actor, "fund.claim_withdrawn", claim, before=before, refs=(claim.request_id,), at=at)
        releases.refresh(claim.request_id, at)
    return _changed(claim)


def _told(claim: Claim, request: FundRequest, actor: Actor, at: datetime, minor: int) -> dict[str, Any]:
    return {
        "partner_id": claim.partner_id, "actor_id": actor.user_id, "at": at, "request_id": request.pk, "number": request.number, "amount_minor": minor,
        "currency": claim.fund_currency,
    }  # fmt: skip


def announce(event: type, claim: Claim, request: FundRequest, actor: Actor, at: datetime, minor: int, **values: Any) -> None:
    publish(event(**_told(claim, request, actor, at, minor), claim_id=claim.pk, claim_number=claim.number, **values))


def _changed(claim: Claim, next_role: str = "") -> Changed:
    return Changed(id=claim.pk, number=claim.number, status=str(claim.status), version=claim.version, final=not next_role, next_role=next_role)
