"""Asking the rulebook: may it, who decides, for how long is it protected (D4, D6, D9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals.models import ApprovalStep, Decision, Registration, ReviewerRegion
from openprm.deals.rules.chain import BadChain, ChainStep, parse_chain
from openprm.deals.rules.conflict import Check, CustomerFacts, Surroundings, Verdict
from openprm.deals.rules.lifecycle import COUNTS_AGAINST_CAPACITY
from openprm.deals.rules.window import WindowStart, WindowTerms
from openprm.deals.services.booking import base_currency
from openprm.deals.services.refusals import CapacityReached
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.onboarding import queries as onboarding
from openprm.partners import queries as partners
from openprm.promises.rules.targets import Pace, quickest
from openprm.rulebook import services as rulebook

NOBODY = "nobody"
UNCHECKED = Check(Verdict.NONE, ())
UNKNOWN_CUSTOMER = CustomerFacts()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the partner stands in the program the deal belongs to."""

    program_id: UUID | None
    tier_code: str
    tier_rank: int
    promise_class: str = Pace.STANDARD
    manager_id: UUID | None = None


def standing_of(partner_id: UUID, program_id: UUID | None, at: datetime) -> Standing:
    held = partners.enrollment(partner_id, at, program_id=program_id)
    if held is None:
        return Standing(program_id, "", 0, manager_id=partners.manager_of(partner_id))
    return Standing(program_id or held.program_id, held.tier_code, held.tier_rank, held.benefits["promise_class"], held.manager_id)


def pace_of(partner_id: UUID, standing: Standing, at: datetime) -> str:
    """How fast the vendor answers: the tier's promise class, and at least priority until a partner has won its first deal (C8)."""
    return quickest(standing.promise_class, Pace.PRIORITY if onboarding.awaits_first_deal(partner_id, at) else Pace.STANDARD)


@dataclass(frozen=True, slots=True)
class Facts:
    """What every deals rule may ask about one deal."""

    standing: Standing
    amount_minor: int
    deal_type: str
    territory: str
    check: Check = UNCHECKED
    customer: CustomerFacts = UNKNOWN_CUSTOMER
    customer_known: bool = True

    def inputs(self) -> dict[str, Any]:
        return {
            "amount": Money(self.amount_minor, base_currency()),
            "conflict": self.check.verdict.value,
            "account_motion": self.customer.motion,
            "customer_known": self.customer_known,
            "deal_type": self.deal_type,
            "tier": self.standing.tier_code,
            "tier_rank": self.standing.tier_rank,
            "territory": self.territory,
        }


def facts_of(registration: Registration, standing: Standing, check: Check, around: Surroundings | None = None) -> Facts:
    return Facts(
        standing=standing,
        amount_minor=registration.base_amount_minor,
        deal_type=registration.deal_type,
        territory=registration.territory.code if registration.territory else "",
        check=check,
        customer=around.customer if around else UNKNOWN_CUSTOMER,
        customer_known=registration.account_id is not None,
    )


def ask(kind: str, facts: Facts, at: datetime) -> Any:
    """The rulebook's verdict on one kind of question; only the facts that the kind declares are passed."""
    from openprm.deals.rulekinds import RULE_KINDS

    declared = next(one for one in RULE_KINDS if one.code == kind)
    inputs = facts.inputs()
    return rulebook.evaluate(kind=kind, program_id=facts.standing.program_id, inputs={fact.name: inputs[fact.name] for fact in declared.inputs}, at=at)


def terms_of(facts: Facts, at: datetime, *, bonus_days: int = 0) -> tuple[WindowTerms, Any]:
    verdict = ask("deals.protection", facts, at)
    outcome = verdict.outcome or {}
    terms = WindowTerms(
        days=int(outcome.get("days") or 0),
        extension_days=int(outcome.get("extension_days") or 0),
        starts=WindowStart(outcome.get("starts") or WindowStart.APPROVAL),
        bonus_days=bonus_days,
    )
    return terms, verdict


def capacity_of(partner_id: UUID, standing: Standing, at: datetime) -> tuple[int, int | None]:
    """(active registrations, the most that may be active), the latter None when no rule limits it."""
    used = Registration.objects.filter(partner_id=partner_id, status__in=sorted(status.value for status in COUNTS_AGAINST_CAPACITY)).count()
    facts = Facts(standing=standing, amount_minor=0, deal_type="new", territory="")
    outcome = ask("deals.capacity", facts, at).outcome or {}
    return used, int(outcome["max_active"]) if outcome.get("max_active") is not None else None


def refuse_beyond_capacity(partner_id: UUID, standing: Standing, at: datetime) -> None:
    used, most = capacity_of(partner_id, standing, at)
    if most is not None and used >= most:
        raise CapacityReached(
            _("Your tier holds up to %(most)d active registrations and %(used)d are active. Close or withdraw one to make room.") % {"most": most, "used": used}
        )


def steps_named(approvers: str) -> tuple[ChainStep, ...]:
    """The chain of a rule. An empty or unreadable cell leads to the partner manager rather than to nobody."""
    try:
        return parse_chain(approvers) if approvers and approvers != NOBODY else (ChainStep(1, "partner_manager"),)
    except BadChain:
        return (ChainStep(1, "partner_manager"),)


def people_for(steps: Iterable[ChainStep], *, manager_id: UUID | None, territory: str, region: str = "") -> dict[str, UUID | None]:
    """The person asked for each role, where the role names one: the partner's manager, the region's reviewer."""
    roles = {step.role for step in steps}
    people: dict[str, UUID | None] = {}
    if roles & {"partner_manager", "regional_reviewer"}:
        people["partner_manager"] = manager_id
    if "regional_reviewer" in roles:
        people["regional_reviewer"] = _reviewer(territory, region) or people["partner_manager"]
    return people


def _reviewer(territory: str, region: str) -> UUID | None:
    """A reviewer of the customer's territory first, of the partner's region second (D12)."""
    basis = ReviewerRegion.Basis
    for kind, name in ((basis.CUSTOMER, territory), (basis.PARTNER, region)):
        found = ReviewerRegion.objects.filter(basis=kind, region=name).order_by("created_at").values_list("user_id", flat=True).first() if name else None
        if found:
            return found
    return None


def lay_out(registration: Registration, approvers: str, standing: Standing) -> list[ApprovalStep]:
    """Write the approval chain that the rule named."""
    steps = steps_named(approvers)
    region = partner_region(registration.partner_id) if any(step.role == "regional_reviewer" for step in steps) else ""
    people = people_for(steps, manager_id=standing.manager_id, territory=registration.territory.code, region=region)
    return ApprovalStep.objects.bulk_create(
        ApprovalStep(registration=registration, partner_id=registration.partner_id, position=step.position, role=step.role, approver_id=people.get(step.role))
        for step in steps
    )


def partner_region(partner_id: UUID) -> str:
    from openprm.kernel.actor import SYSTEM

    return partners.partner(SYSTEM, partner_id).region


def write_decision(
    registration: Registration,
    kind: str,
    *,
    verdict: Any = None,
    actor: Actor | None = None,
    reason: str = "",
    clause: str = "",
    clause_text: str = "",
    outcome: dict[str, Any] | None = None,
) -> Decision:
    """Keep the evidence of a decision (X3). Without a person it was automatic."""
    person = actor if actor and not actor.is_system else None
    return Decision.objects.create(
        registration=registration,
        partner_id=registration.partner_id,
        kind=kind,
        automatic=person is None,
        by_id=person.user_id if person else None,
        by_name=person.name[:120] if person else "",
        reason=reason,
        clause=clause or (verdict.clause if verdict else ""),
        clause_text=clause_text or (verdict.clause_text if verdict else ""),
        rule_version_id=verdict.version_id if verdict else None,
        rule_version=verdict.version if verdict else None,
        inputs=_plain(verdict.inputs) if verdict else {},
        outcome=outcome if outcome is not None else _plain(verdict.outcome or {}) if verdict else {},
        would_change=[str(line) for line in verdict.would_change] if verdict else [],
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | int | bool | type(None)) else str(value) for name, value in values.items()}
