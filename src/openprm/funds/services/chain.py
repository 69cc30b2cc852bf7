"""The levels of a decision: laid out by the published rule, taken one after the other, each by another person and within its limit."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.deals import queries as deals
from openprm.funds import policies
from openprm.funds.models import ApprovalStep, ApproverLimit, Claim, FundRequest
from openprm.funds.rulekinds import APPROVAL
from openprm.funds.rules import limits
from openprm.funds.rules.limits import StepState
from openprm.funds.services.refusals import AboveLimit, Decided
from openprm.funds.services.unit import amount, in_base, save
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, refuse_if, refused_by
from openprm.kernel.money import Money, format_money
from openprm.ledger import services as ledger
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook


def lay_out(row: FundRequest | Claim, money: Money, *, program_id: UUID | None, kind: str, activities: int, at: datetime) -> list[ApprovalStep]:
    """Write the levels that the rule in force names; none when nobody needs to be asked. Raises NoRate, Invalid."""
    standing = partners.enrollment(row.partner_id, at)
    subject = "request" if isinstance(row, FundRequest) else "claim"
    inputs = {"subject": subject, "amount": in_base(money, at), "fund": kind, "tier": standing.tier_code if standing else "", "activities": activities}
    verdict = rulebook.evaluate(kind=APPROVAL, program_id=program_id, inputs=inputs, at=at)
    if verdict.outcome is None:
        raise Invalid(_("No clause of the rule “Approval of funds” fits %(number)s. Ask the vendor to publish one.") % {"number": row.number})
    roles = limits.parse_chain(verdict.outcome["approvers"])
    return ApprovalStep.objects.bulk_create(
        ApprovalStep(
            **{subject: row}, partner_id=row.partner_id, round=row.round, position=position, role=role, clause=verdict.clause, rule_version=verdict.version
        )
        for position, role in enumerate(roles, start=1)
    )


def take(actor: Actor, row: FundRequest | Claim, money: Money, note: str, at: datetime) -> ApprovalStep | None:
    """Take this person's level with a yes; gives the next one, or None when it was the last. Raises NotAllowed, AboveLimit, Decided, NoRate."""
    steps = list(row.steps.filter(round=row.round).order_by("position").select_for_update(of=("self",), no_key=True))
    refuse_if(policies.why_not_decide(actor, row, steps))
    _refuse_above_limit(actor, money, at)
    step = policies.step_of(steps, row.round)
    if step is None:
        return None
    step.state, step.decided_by_id, step.decided_by_name, step.decided_at, step.note = (
        StepState.APPROVED, actor.user_id, actor.name[:120], at, note,
    )  # fmt: skip
    with refused_by(f"fund_{_subject(row)}_other_eyes", Decided(_("You approved an earlier level of %(number)s.") % {"number": row.number})):
        step.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at", "note", "updated_at"])
    return policies.step_of(steps, row.round)


def refuse(actor: Actor, row: FundRequest | Claim, note: str, at: datetime) -> None:
    """Take this person's level with a no: the levels after it are not needed. Raises NotAllowed."""
    steps = list(row.steps.filter(round=row.round).order_by("position").select_for_update(of=("self",), no_key=True))
    refuse_if(policies.why_not_decide(actor, row, steps))
    step = policies.step_of(steps, row.round)
    if step:
        said = {"decided_by_id": actor.user_id, "decided_by_name": actor.name[:120], "decided_at": at, "note": note, "updated_at": at}
        ApprovalStep.objects.filter(pk=step.pk).update(state=StepState.REFUSED, **said)
    skip_open(row, at)


def skip_open(row: FundRequest | Claim, at: datetime) -> None:
    row.steps.filter(state=StepState.WAITING).update(state=StepState.SKIPPED, decided_at=at)


def _subject(row: FundRequest | Claim) -> str:
    return "request" if isinstance(row, FundRequest) else "claim"


def _refuse_above_limit(actor: Actor, money: Money, at: datetime) -> None:
    held = ApproverLimit.objects.filter(user_id=actor.user_id).first() if actor.user_id else None
    if held is None:
        return
    asked = ledger.convert(money, to=held.currency, on=at.date()).money
    if not limits.is_within(held.limit_minor, asked.minor):
        raise AboveLimit(
            _("You may approve up to %(limit)s at once; this is %(asked)s. Somebody with a higher limit decides it.")
            % {"limit": format_money(Money(held.limit_minor, held.currency)), "asked": format_money(asked)}
        )


@transaction.atomic
def set_limit(*, actor: Actor, user_id: UUID, limit_minor: int | None, at: datetime) -> None:
    """How much one person may approve at once, in the reporting currency; None lifts the limit. Raises NotAllowed, NotFound, Invalid."""
    refuse_if(policies.why_not_limit(actor))
    person = next((one for one in identity.holders_of("funds.decide") if one.id == user_id), None)
    if person is None:
        raise NotFound(_("There is nobody with this id who approves funds."))
    held = ApproverLimit.objects.filter(user_id=user_id).locked().first()
    if limit_minor is None:
        if held:
            audit.record(actor, "fund.limit_lifted", held, after={}, refs=(user_id,), data={"person": person.name}, at=at)
            held.delete()
        return
    before = held.snapshot() if held else None
    held = held or ApproverLimit(user_id=user_id, currency=deals.base_currency(), version=0)
    held.limit_minor = amount("limit_minor", limit_minor, least=0)
    if held._state.adding:
        held.version = 1
        held.save(force_insert=True)
    else:
        save(held, "limit_minor")
    audit.record(actor, "fund.limit_set", held, before=before, refs=(user_id,), data={"person": person.name}, at=at)
