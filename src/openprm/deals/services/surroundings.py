"""Everything that stands about a customer, read as the system for the conflict check."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from openprm.accounts import queries as accounts
from openprm.deals.models import Finding as FindingRow
from openprm.deals.models import Opportunity, ProtectionGrant, Registration
from openprm.deals.rules import conflict
from openprm.deals.rules.conflict import Check, CustomerFacts, Deal, OtherOpportunity, OtherProtection, OtherRegistration, Surroundings
from openprm.deals.rules.lifecycle import BEFORE_DECISION, Status

MOST = 200


def around(deal: Deal, *, account_id: UUID | None, candidate_ids: Iterable[UUID], domain: str, at: datetime) -> Surroundings:
    """Four look-ups by index, the same four whoever the customer is."""
    account_ids = [account_id] if account_id else list(candidate_ids)
    return Surroundings(
        customer=_customer(account_id, account_ids),
        protections=tuple(_protections(account_ids, deal.line_ids, at)),
        registrations=tuple(_registrations(account_ids, domain, deal)),
        opportunities=tuple(_opportunities(account_ids, at)),
    )


def _customer(account_id: UUID | None, account_ids: list[UUID]) -> CustomerFacts:
    facts = accounts.sales_facts(account_ids)
    if account_id is None or account_id not in facts:
        return CustomerFacts(unsure_candidates=len(account_ids))
    known = facts[account_id]
    return CustomerFacts(account_id, known.motion, known.is_customer, known.owner_id)


def _protections(account_ids: list[UUID], line_ids: Iterable[UUID], at: datetime) -> Iterable[OtherProtection]:
    rows = ProtectionGrant.objects.filter(
        account_id__in=account_ids, product_line_id__in=line_ids, ends_at__gt=at - timedelta(days=conflict.ENDED_PROTECTION_DAYS)
    ).exclude(status=ProtectionGrant.Status.REVOKED)
    for row in rows.order_by("-ends_at")[:MOST]:
        live = row.status in ProtectionGrant.LIVE
        ended = row.ends_at if live else min(row.ended_at or row.ends_at, row.ends_at)
        yield OtherProtection(row.registration_id, row.partner_id, row.product_line_id, row.territory_id, live, ended)


def _registrations(account_ids: list[UUID], domain: str, deal: Deal) -> Iterable[OtherRegistration]:
    same_customer = Q(account_id__in=account_ids)
    if domain:
        same_customer |= Q(account_id__isnull=True, customer_domain=domain, status__in=_sorted(BEFORE_DECISION))
    stands = Q(status__in=_sorted(BEFORE_DECISION)) | Q(status=Status.APPROVED, partner_id=deal.partner_id)
    rows = (
        Registration.objects.filter(same_customer, stands)
        .exclude(pk=deal.registration_id)
        .values_list("pk", "partner_id", "submitted_at")
        .annotate(line_ids=ArrayAgg("lines__product_line_id"))
    )
    for pk, partner_id, submitted_at, line_ids in rows[:MOST]:
        yield OtherRegistration(pk, partner_id, frozenset(filter(None, line_ids)), submitted_at)


def _opportunities(account_ids: list[UUID], at: datetime) -> Iterable[OtherOpportunity]:
    recent = at - timedelta(days=conflict.PRIOR_ENGAGEMENT_DAYS)
    rows = Opportunity.objects.filter(Q(status=Opportunity.Status.OPEN) | Q(active_at__gte=recent), account_id__in=account_ids)
    for row in rows.only("pk", "partner_id", "product_line_id", "status", "active_at")[:MOST]:
        yield OtherOpportunity(row.pk, row.partner_id, row.product_line_id, row.status == Opportunity.Status.OPEN, row.active_at)


def _sorted(statuses: Iterable[Status]) -> list[str]:
    return sorted(status.value for status in statuses)


def check(registration: Registration, at: datetime) -> tuple[Check, Surroundings]:
    """The conflict check of a registration whose customer was resolved as far as it goes."""
    deal = Deal(
        partner_id=registration.partner_id,
        line_ids=frozenset(line.product_line_id for line in registration.lines.all()),
        territory_id=registration.territory_id,
        deal_type=registration.deal_type,
        registration_id=registration.pk,
    )
    found = around(
        deal, account_id=registration.account_id, candidate_ids=registration.candidate_ids, domain=registration.customer_domain, at=at
    )
    return conflict.check(deal, found, at=at), found


CHECK_FIELDS = ("account", "candidate_ids", "verdict", "finding_kinds")


def keep(registration: Registration, check: Check, at: datetime) -> None:
    """Set the verdict on the row (the caller saves it) and replace its findings."""
    registration.verdict = check.verdict
    registration.finding_kinds = [kind.value for kind in check.kinds]
    FindingRow.objects.filter(registration=registration).delete()
    FindingRow.objects.bulk_create(
        FindingRow(
            registration=registration,
            kind=finding.kind,
            other_partner_id=finding.other_partner_id,
            other_registration_id=finding.other_registration_id,
            opportunity_id=finding.opportunity_id,
            until=finding.until,
            values=finding.values,
            found_at=at,
            position=position,
        )
        for position, finding in enumerate(check.findings)
    )


