"""What other rooms know about an applicant: recruitment its fit and its history, compliance its risk. The one place that asks them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.applications.models import Application
from openprm.compliance import services as compliance
from openprm.kernel.actor import Actor
from openprm.recruitment import queries as recruitment
from openprm.recruitment import services as recruiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How near a company comes to the ideal partner; everything is None while no profile is published."""

    points: int | None = None
    could_reach: int | None = None
    missing_percent: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    level: str
    detail: Mapping[str, Any]


def fit(*, program_id: UUID, facts: Mapping[str, Any], at: datetime) -> Fit:
    score = recruitment.score_company(program_id=program_id, facts=facts, at=at)
    if score is None:
        return Fit()
    criteria = [_criterion(one) for one in score.criteria]
    return Fit(
        points=round(score.points),
        could_reach=round(score.could_reach),
        missing_percent=round(score.missing_share * 100),
        detail={"fit": str(score.fit), "profile_version": score.profile_version, "criteria": criteria},
    )


def _criterion(one: Any) -> dict[str, Any]:
    return {
        "label": str(one.label),
        "points": round(float(one.points), 1),
        "most": round(float(one.most), 1),
        "state": str(one.state),
        "sentence": str(one.sentence),
    }


def risk(*, country: str, type: str, facts: Mapping[str, Any], program_id: UUID, at: datetime) -> Risk:
    ownership = {"public": "listed", "private": "private", "family": "private", "private_equity": "private", "state": "state"}
    preview = compliance.risk_preview(country=country, type=type, ownership=ownership.get(facts.get("ownership", ""), "unknown"), program_id=program_id, at=at)
    detail = {
        "clause": preview.clause,
        "clause_text": preview.clause_text,
        "reasons": [str(reason) for reason in preview.reasons],
        "screening": preview.screening,
        "references": preview.references,
        "renewal_months": preview.renewal_months,
    }
    return Risk(level=str(preview.risk), detail=detail)


def names_on_lists(*, names: tuple[str, ...], country: str, at: datetime) -> list[dict[str, Any]]:
    """What the sanctions lists say about the company and the contact, strongest first."""
    return [{**asdict(hit), "reasons": [str(reason) for reason in hit.reasons]} for hit in compliance.screen_names(names=names, country=country, at=at)][:5]


def prospect_of(application: Application) -> UUID | None:
    found = recruitment.find_prospect(domain=application.domain, email=application.email)
    return found.prospect_id if found else None


def claim_referral(application: Application, at: datetime) -> UUID | None:
    """The referral that the code in the link names. Raises SelfReferral."""
    if not application.ref_code:
        return None
    return recruiting.claim_referral(
        code=application.ref_code, company=application.company_name, domain=application.domain, email=application.email, application_id=application.pk, at=at
    )


def welcome(*, actor: Actor, application: Application, facts: Mapping[str, Any], at: datetime) -> None:
    """Tell recruitment that the company is a partner now: its prospect converts, who recommended it is credited."""
    partner_id = application.partner_id
    if application.prospect_id:
        recruiting.convert_to(actor=actor, prospect_id=application.prospect_id, partner_id=partner_id, at=at)
    if application.referral_id:
        recruiting.referral_joined(application_id=application.pk, partner_id=partner_id, program_id=application.program_id, at=at)
    recruiting.remember_company(
        actor=actor, name=application.company_name, domain=application.domain, country=application.country, facts=facts, partner_id=partner_id, at=at
    )


def declined(application: Application, at: datetime) -> None:
    if application.referral_id:
        recruiting.referral_declined(application_id=application.pk, at=at)
