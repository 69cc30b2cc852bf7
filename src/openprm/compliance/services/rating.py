"""Rating a partner's risk by the published rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.compliance import policies
from openprm.compliance.models import CountryRisk, RiskCase
from openprm.compliance.models.cases import COMPENSATION, GOVERNMENT, OWNERSHIP
from openprm.compliance.rulekinds import CURRENCY
from openprm.compliance.services.gates import refresh_gates
from openprm.compliance.services.unit import choice, load, record, save
from openprm.compliance.wording import FACT, PARTNER_TYPE, fact_value
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.money import Money
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.rulebook import services as rulebook

KIND = "compliance.risk"
RATED = (
    "country_class", "risk", "clause", "clause_text", "rule_version_id", "rule_inputs", "would_change", "questionnaire_code", "needs_screening",
    "references_needed", "approver", "renewal_months",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPreview:
    """What the rule says about a company that may not be a partner yet. Nothing is stored."""

    risk: str
    clause: str
    clause_text: str
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]
    questionnaire: str
    screening: bool
    references: int
    approver: str
    renewal_months: int
    country_class: str
    version_id: UUID | None
    inputs: Mapping[str, Any]


def risk_preview(
    *,
    country: str,
    type: str,
    government: str = "none",
    ownership: str = "unknown",
    compensation: str = "margin",
    transaction: Money | None = None,
    program_id: UUID | None = None,
    at: datetime,
) -> RiskPreview:
    """The class of risk these facts give by the rules in force, with its clause and reasons. Cheap, and stores nothing.

    Raises Invalid for a fact that is none.
    """
    facts = {"partner_type": choice("type", type, PARTNER_TYPE), **_checked(government, ownership, compensation)}
    with system_scope():
        facts["country_class"] = class_of(country)
        return _preview({**facts, "transaction": transaction}, program_id, at)


def class_of(country: str) -> str:
    """The corruption class of a country by the vendor's table; medium when it is not in it."""
    return CountryRisk.objects.filter(country=country).values_list("level", flat=True).first() or "medium"


def _checked(government: str, ownership: str, compensation: str) -> dict[str, Any]:
    return {
        "government": choice("government", government, GOVERNMENT),
        "ownership": choice("ownership", ownership, OWNERSHIP),
        "compensation": choice("compensation", compensation, COMPENSATION),
    }


def _preview(facts: dict[str, Any], program_id: UUID | None, at: datetime, subject: tuple[Any, UUID] | None = None) -> RiskPreview:
    verdict = rulebook.evaluate(kind=KIND, program_id=program_id, inputs=facts, at=at, record_for=subject)
    outcome = verdict.outcome or {}
    questionnaire = str(outcome.get("questionnaire") or "none")
    return RiskPreview(
        risk=str(outcome.get("risk") or "high"),
        clause=verdict.clause,
        clause_text=verdict.clause_text,
        reasons=tuple(f"{FACT[cell.fact]}: {cell.value}" for cell in verdict.cells if cell.fact in FACT),
        would_change=verdict.would_change,
        questionnaire="" if questionnaire == "none" else questionnaire,
        screening=bool(outcome.get("screening", True)),
        references=int(outcome.get("references") or 0),
        approver=str(outcome.get("approver") or "vendor_admin"),
        renewal_months=max(1, min(120, int(outcome.get("renewal_months") or 12))),
        country_class=facts["country_class"],
        version_id=verdict.version_id,
        inputs={name: fact_value(name, value) for name, value in verdict.inputs.items()},
    )


def rate(case: RiskCase, at: datetime) -> tuple[str, ...]:
    """Put what the rule says now onto the case, unsaved; gives the fields to save. Runs in the system's scope."""
    partner = partners.partner(SYSTEM, case.partner_id)
    enrollment = partners.enrollment(case.partner_id, at)
    facts = {"country_class": class_of(partner.country), "partner_type": partner.type, **_checked(case.government, case.ownership, case.compensation)}
    facts["transaction"] = Money(case.transaction_minor, CURRENCY) if case.transaction_minor is not None else None
    found = _preview(facts, enrollment.program_id if enrollment else None, at, (case, case.partner_id))
    case.country_class, case.risk, case.clause, case.clause_text = found.country_class, found.risk, found.clause, found.clause_text
    case.rule_version_id, case.rule_inputs, case.would_change = found.version_id, dict(found.inputs), list(found.would_change)
    case.questionnaire_code, case.needs_screening, case.references_needed = found.questionnaire, found.screening, found.references
    case.approver, case.renewal_months = found.approver, found.renewal_months
    return RATED


def set_factors(*, actor: Actor, case_id: UUID, factors: Mapping[str, Any], version: int | None = None, at: datetime) -> str:
    """Change what is known about a partner and rate it anew; gives the class. Raises NotFound, NotAllowed, Invalid, Stale."""
    case = load(policies.reach(actor), case_id, version)
    refuse_if(policies.why_not_review(actor))
    before = case.snapshot()
    case.government = choice("government", factors.get("government", case.government), GOVERNMENT)
    case.ownership = choice("ownership", factors.get("ownership", case.ownership), OWNERSHIP)
    case.compensation = choice("compensation", factors.get("compensation", case.compensation), COMPENSATION)
    if "transaction_minor" in factors:
        case.transaction_minor = _amount(factors["transaction_minor"])
    fields = rate(case, at)
    save(case, "government", "ownership", "compensation", "transaction_minor", *fields)
    record(actor, "compliance.rated", case, before=before, data={"risk": case.risk, "clause": case.clause}, at=at)
    refresh_gates(partner_id=case.partner_id, at=at)
    return case.risk


def _amount(minor: Any) -> int | None:
    if minor is None:
        return None
    if not isinstance(minor, int) or isinstance(minor, bool) or not 0 <= minor <= 10**15:
        raise Invalid(_("This is not an amount. Write for example 50000."), field="transaction_minor")
    return minor
