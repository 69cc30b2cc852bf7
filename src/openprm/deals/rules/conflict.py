"""The conflict check (D2, D3, D17): from what stands about a customer to findings and one verdict.

Findings are codes with values. The vendor's sentence names names, the partner's names nobody;
both are worded in `openprm.deals.wording`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

PRIOR_ENGAGEMENT_DAYS = 60
ENDED_PROTECTION_DAYS = 90
SURE_AT_PERCENT = 96
ASK_AT_PERCENT = 85


class Verdict(StrEnum):
    NONE = "none"
    POSSIBLE = "possible"
    BLOCKING = "blocking"


class FindingKind(StrEnum):
    OTHER_PROTECTION = "other_protection"
    NEARBY_PROTECTION = "nearby_protection"
    ENDED_PROTECTION = "ended_protection"
    OTHER_REGISTRATION = "other_registration"
    OWN_REGISTRATION = "own_registration"
    DIRECT_OPPORTUNITY = "direct_opportunity"
    EXISTING_CUSTOMER = "existing_customer"
    DIRECT_ACCOUNT = "direct_account"
    SHARED_ACCOUNT = "shared_account"
    PRIOR_ENGAGEMENT = "prior_engagement"
    UNRESOLVED_CUSTOMER = "unresolved_customer"


BLOCKING_KINDS = frozenset({FindingKind.OTHER_PROTECTION, FindingKind.DIRECT_ACCOUNT})
_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass(frozen=True, slots=True)
class Deal:
    """The registration under check."""

    partner_id: UUID
    line_ids: frozenset[UUID]
    territory_id: UUID | None
    deal_type: str = "new"
    registration_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OtherProtection:
    registration_id: UUID
    partner_id: UUID
    line_id: UUID
    territory_id: UUID
    live: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OtherRegistration:
    registration_id: UUID
    partner_id: UUID
    line_ids: frozenset[UUID]
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherOpportunity:
    """An opportunity at the customer; `partner_id` None means the vendor's own people work it."""

    opportunity_id: UUID
    partner_id: UUID | None
    line_id: UUID | None
    is_open: bool
    active_at: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    account_id: UUID | None = None
    motion: str = "channel"
    is_customer: bool = False
    owner_id: UUID | None = None
    unsure_candidates: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that stands about one customer when a deal is checked."""

    customer: CustomerFacts = field(default_factory=CustomerFacts)
    protections: tuple[OtherProtection, ...] = ()
    registrations: tuple[OtherRegistration, ...] = ()
    opportunities: tuple[OtherOpportunity, ...] = ()

    @property
    def size(self) -> int:
        return len(self.protections) + len(self.registrations) + len(self.opportunities)


@dataclass(frozen=True, slots=True)
class Finding:
    kind: FindingKind
    other_partner_id: UUID | None = None
    other_registration_id: UUID | None = None
    opportunity_id: UUID | None = None
    until: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def blocks(self) -> bool:
        return self.kind in BLOCKING_KINDS


@dataclass(frozen=True, slots=True)
class Check:
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def kinds(self) -> tuple[FindingKind, ...]:
        """Each kind once, the gravest first: all that a partner ever learns of the findings."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))


def check(deal: Deal, around: Surroundings, *, at: datetime) -> Check:
    """Every finding about `deal`, gravest first, and the verdict they add up to."""
    found = [
        *_protections(deal, around.protections, at),
        *_registrations(deal, around.registrations),
        *_opportunities(deal, around.opportunities, {one.partner_id for one in around.protections}, at),
        *_customer(deal, around.customer),
    ]
    ordered = tuple(sorted(found, key=lambda finding: (not finding.blocks, _ORDER[finding.kind])))
    return Check(verdict_of(ordered, sure=around.customer.unsure_candidates == 0), ordered)


def verdict_of(findings: Iterable[Finding], *, sure: bool = True) -> Verdict:
    """Nothing blocks while it is not settled who the customer is: the claims may be about another company."""
    findings = tuple(findings)
    if sure and any(finding.blocks for finding in findings):
        return Verdict.BLOCKING
    return Verdict.POSSIBLE if findings else Verdict.NONE


def _protections(deal: Deal, protections: Iterable[OtherProtection], at: datetime) -> Iterable[Finding]:
    for other in protections:
        if other.partner_id == deal.partner_id or other.line_id not in deal.line_ids:
            continue
        kind = _kind_of_protection(deal, other, at)
        if kind:
            yield Finding(kind, other.partner_id, other.registration_id, until=other.ends_at)


def _kind_of_protection(deal: Deal, other: OtherProtection, at: datetime) -> FindingKind | None:
    if other.live and other.ends_at > at:
        same_place = deal.territory_id is None or other.territory_id == deal.territory_id
        return FindingKind.OTHER_PROTECTION if same_place else FindingKind.NEARBY_PROTECTION
    if other.ends_at > at - timedelta(days=ENDED_PROTECTION_DAYS):
        return FindingKind.ENDED_PROTECTION
    return None


def _registrations(deal: Deal, registrations: Iterable[OtherRegistration]) -> Iterable[Finding]:
    for other in registrations:
        if other.registration_id == deal.registration_id or not other.line_ids & deal.line_ids:
            continue
        own = other.partner_id == deal.partner_id
        kind = FindingKind.OWN_REGISTRATION if own else FindingKind.OTHER_REGISTRATION
        yield Finding(kind, other.partner_id, other.registration_id, until=other.submitted_at)


def _opportunities(deal: Deal, opportunities: Iterable[OtherOpportunity], protected: set[UUID], at: datetime) -> Iterable[Finding]:
    """The vendor's own open work, and others' recent work; a partner whose protection is told already is not told twice."""
    recent = at - timedelta(days=PRIOR_ENGAGEMENT_DAYS)
    for other in opportunities:
        if other.partner_id == deal.partner_id:
            continue
        if other.partner_id is None and other.is_open and other.line_id in {None, *deal.line_ids}:
            yield Finding(FindingKind.DIRECT_OPPORTUNITY, opportunity_id=other.opportunity_id)
        elif other.active_at and other.active_at >= recent and other.partner_id not in protected:
            yield Finding(FindingKind.PRIOR_ENGAGEMENT, other.partner_id, opportunity_id=other.opportunity_id, until=other.active_at)


def _customer(deal: Deal, customer: CustomerFacts) -> Iterable[Finding]:
    if customer.motion == "direct":
        yield Finding(FindingKind.DIRECT_ACCOUNT)
    if customer.motion == "shared" and customer.owner_id:
        yield Finding(FindingKind.SHARED_ACCOUNT)
    if customer.is_customer and deal.deal_type == "new":
        yield Finding(FindingKind.EXISTING_CUSTOMER)
    if customer.account_id is None and customer.unsure_candidates:
        yield Finding(FindingKind.UNRESOLVED_CUSTOMER, values={"candidates": customer.unsure_candidates})


@dataclass(frozen=True, slots=True)
class Candidate:
    account_id: UUID
    score: int
    same_domain: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who the customer is (D15): a known account, nobody known (create one), or unsure (a person decides)."""

    account_id: UUID | None
    candidate_ids: tuple[UUID, ...] = ()

    @property
    def is_new(self) -> bool:
        return self.account_id is None and not self.candidate_ids


def resolve(candidates: Iterable[Candidate], *, has_domain: bool) -> Resolution:
    """Entity resolution before creation: one unmistakable candidate is the customer, several or vague ones are asked about.

    A customer that gives a web domain of its own is asked about for close names only; one without is asked about for any.
    """
    candidates = tuple(candidates)
    sure = [one for one in candidates if one.score >= SURE_AT_PERCENT or one.same_domain]
    if len(sure) == 1:
        return Resolution(sure[0].account_id)
    return Resolution(None, tuple(one.account_id for one in candidates if one.score >= ASK_AT_PERCENT or one.same_domain or not has_domain))
