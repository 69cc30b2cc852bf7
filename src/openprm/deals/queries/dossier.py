"""What is on file about a registration, for somebody who judges it. Read in the system's scope; the caller decides who is told what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from openprm.deals.models import ApprovalStep, Decision, ProtectionGrant, Registration
from openprm.deals.rules.lifecycle import COUNTS_AGAINST_CAPACITY, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDecision:
    kind: str
    at: datetime
    by_id: UUID | None
    automatic: bool
    clause: str
    clause_text: str
    rule_version_id: UUID | None
    rule_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledGrant:
    id: UUID
    product_line: str
    territory: str
    status: str
    starts_at: datetime
    ends_at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One registration with its dates, decisions and protections. `deciders` decided it or a step of it."""

    id: UUID
    number: str
    title: str
    status: str
    partner_id: UUID
    program_id: UUID | None
    account_id: UUID | None
    customer: str
    customer_domain: str
    country: str
    city: str
    contact: str
    territory: str
    amount_minor: int
    currency: str
    base_amount_minor: int
    submitted_at: datetime | None
    decided_at: datetime | None
    protected_until: datetime | None
    deciders: frozenset[UUID]
    decisions: tuple[FiledDecision, ...]
    grants: tuple[FiledGrant, ...]

    def protection_at(self, at: datetime) -> str:
        """ "live", "ended" while the deal goes on, "lapsed" with the deal, or "none"."""
        if any(grant.is_live and grant.starts_at <= at < grant.ends_at for grant in self.grants):
            return "live"
        if not self.grants:
            return "none"
        return "ended" if self.status == Status.APPROVED else "lapsed"


def dossier(registration_id: UUID, at: datetime) -> Dossier:
    """Raises NotFound. Six queries."""
    row = Registration.objects.select_related("territory").one(registration_id)
    decisions = list(Decision.objects.filter(registration=row))
    grants = ProtectionGrant.objects.filter(registration=row).select_related("product_line", "territory").order_by("starts_at", "pk")
    return Dossier(
        id=row.pk, number=row.number, title=row.title, status=row.status, partner_id=row.partner_id, program_id=row.program_id, account_id=row.account_id,
        customer=row.customer_name, customer_domain=row.customer_domain, country=row.customer_country, city=row.customer_city, contact=row.contact_name,
        territory=row.territory.name if row.territory else "", amount_minor=row.amount_minor, currency=row.currency,
        base_amount_minor=row.base_amount_minor, submitted_at=row.submitted_at, decided_at=row.decided_at, protected_until=row.protected_until,
        deciders=deciders_of(row.pk), decisions=tuple(map(_decision, decisions)), grants=tuple(_grant(grant, at) for grant in grants),
    )  # fmt: skip


def status_of(registration_id: UUID, partner_ids: Iterable[UUID] | None = None) -> str:
    """The state of a registration, of one of these partners when they are named; "" when there is none."""
    rows = Registration.objects.filter(pk=registration_id)
    rows = rows if partner_ids is None else rows.filter(partner__in=list(partner_ids))
    return rows.values_list("status", flat=True).first() or ""


def deciders_of(registration_id: UUID) -> frozenset[UUID]:
    """Who reviewed a registration, took a step of its approval, or decided it. Three queries."""
    reviewer = Registration.objects.filter(pk=registration_id).values_list("reviewer_id", flat=True)
    stepped = ApprovalStep.objects.filter(registration=registration_id, decided_by__isnull=False).values_list("decided_by_id", flat=True)
    decided = Decision.objects.filter(registration=registration_id, by__isnull=False).values_list("by_id", flat=True)
    return frozenset(filter(None, (*reviewer, *stepped, *decided)))


def _decision(row: Decision) -> FiledDecision:
    return FiledDecision(
        kind=row.kind, at=row.created_at, by_id=row.by_id, automatic=row.automatic, clause=row.clause, clause_text=row.clause_text,
        rule_version_id=row.rule_version_id, rule_version=row.rule_version,
    )  # fmt: skip


def _grant(row: ProtectionGrant, at: datetime) -> FiledGrant:
    return FiledGrant(
        id=row.pk, product_line=row.product_line.name, territory=row.territory.name, status=row.status, starts_at=row.starts_at, ends_at=row.ends_at,
        is_live=row.status in ProtectionGrant.LIVE and row.ends_at > at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A live protection at an account: whose it is and which deal it comes from."""

    registration_id: UUID
    partner_id: UUID
    program_id: UUID | None
    number: str


def guards_of(account_id: UUID, at: datetime) -> tuple[Guard, ...]:
    """The deals whose protection covers an account at `at`, one line a deal, oldest first. In the system's scope."""
    live = Q(status__in=ProtectionGrant.LIVE) | Q(ended_at__gt=at)
    rows = ProtectionGrant.objects.filter(live, account=account_id, starts_at__lte=at, ends_at__gt=at).select_related("registration")
    rows = rows.order_by("starts_at", "pk")
    found = {row.registration_id: row.registration for row in rows}
    return tuple(Guard(registration_id=row.pk, partner_id=row.partner_id, program_id=row.program_id, number=row.number) for row in found.values())


def rival_of(account_id: UUID, partner_id: UUID) -> UUID | None:
    """The deal of another partner that stands longest at this account: a protected one first. In the system's scope."""
    rows = Registration.objects.filter(account=account_id, status__in=sorted(COUNTS_AGAINST_CAPACITY)).exclude(partner=partner_id)
    best = sorted(rows, key=lambda row: (row.protected_until is None, row.submitted_at or row.created_at, str(row.pk)))
    return best[0].pk if best else None
