"""Everything that stands about a customer, read as the system for the conflict check."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.accounts import queries as accounts
from openprm.deals.models import Finding as FindingRow
from openprm.deals.models import ProtectionGrant, Registration
from openprm.deals.rules import conflict
from openprm.deals.rules.conflict import Check, CustomerFacts, Deal, OtherOpportunity, OtherProtection, OtherRegistration, Surroundings
from openprm.deals.rules.lifecycle import BEFORE_DECISION
from openprm.kernel import db

CLAIMS = """
(select 'protection' as what, registration_id as id, partner_id, product_line_id, territory_id, status, ends_at as at, ended_at, null::uuid[] as line_ids
   from deals_protectiongrant
  where account_id = any(%(accounts)s) and product_line_id = any(%(lines)s) and ends_at > %(ended_since)s and status <> 'revoked'
  order by ends_at desc limit 200)
union all
(select 'registration', r.id, r.partner_id, null, null, r.status, r.submitted_at, null,
        array(select product_line_id from deals_line where registration_id = r.id)
   from deals_registration r
  where (r.account_id = any(%(accounts)s) or (r.account_id is null and r.customer_domain = %(domain)s and r.customer_domain <> '' and r.status = any(%(open)s)))
    and (r.status = any(%(open)s) or (r.status = 'approved' and r.partner_id = %(partner)s))
    and r.id is distinct from %(self)s
  limit 200)
union all
(select 'opportunity', id, partner_id, product_line_id, null, status, active_at, null, null
   from deals_opportunity
  where account_id = any(%(accounts)s) and (status = 'open' or active_at >= %(active_since)s)
  limit 200)
"""


def around(deal: Deal, *, account_id: UUID | None, candidate_ids: Iterable[UUID], domain: str, at: datetime) -> Surroundings:
    """Two statements of look-ups by index, the same two whoever the customer is."""
    account_ids = [account_id] if account_id else list(candidate_ids)
    customer = _customer(account_id, account_ids)
    claims = db.rows(
        CLAIMS,
        {
            "accounts": account_ids,
            "lines": sorted(deal.line_ids),
            "domain": domain,
            "partner": deal.partner_id,
            "self": deal.registration_id,
            "open": sorted(status.value for status in BEFORE_DECISION),
            "ended_since": at - timedelta(days=conflict.ENDED_PROTECTION_DAYS),
            "active_since": at - timedelta(days=conflict.PRIOR_ENGAGEMENT_DAYS),
        },
    )
    return Surroundings(
        customer=customer,
        protections=tuple(_protection(row) for row in claims if row["what"] == "protection"),
        registrations=tuple(_registration(row) for row in claims if row["what"] == "registration"),
        opportunities=tuple(_opportunity(row) for row in claims if row["what"] == "opportunity"),
    )


def _customer(account_id: UUID | None, account_ids: list[UUID]) -> CustomerFacts:
    facts = accounts.sales_facts(account_ids)
    if account_id is None or account_id not in facts:
        return CustomerFacts(unsure_candidates=len(account_ids))
    known = facts[account_id]
    return CustomerFacts(account_id, known.motion, known.is_customer, known.owner_id)


def _protection(row: dict[str, Any]) -> OtherProtection:
    live = row["status"] in ProtectionGrant.LIVE
    ended = row["at"] if live else min(row["ended_at"] or row["at"], row["at"])
    return OtherProtection(row["id"], row["partner_id"], row["product_line_id"], row["territory_id"], live, ended)


def _registration(row: dict[str, Any]) -> OtherRegistration:
    return OtherRegistration(row["id"], row["partner_id"], frozenset(row["line_ids"]), row["at"])


def _opportunity(row: dict[str, Any]) -> OtherOpportunity:
    return OtherOpportunity(row["id"], row["partner_id"], row["product_line_id"], row["status"] == "open", row["at"])


def check(registration: Registration, at: datetime) -> tuple[Check, Surroundings]:
    """The conflict check of a registration whose customer was resolved as far as it goes."""
    deal = Deal(
        partner_id=registration.partner_id,
        line_ids=frozenset(line.product_line_id for line in registration.lines.all()),
        territory_id=registration.territory_id,
        deal_type=registration.deal_type,
        registration_id=registration.pk,
    )
    found = around(deal, account_id=registration.account_id, candidate_ids=registration.candidate_ids, domain=registration.customer_domain, at=at)
    return conflict.check(deal, found, at=at), found


CHECK_FIELDS = ("account", "candidate_ids", "verdict", "finding_kinds")


def keep(registration: Registration, check: Check, at: datetime) -> None:
    """Set the verdict on the row (the caller saves it) and replace its findings."""
    if registration.finding_kinds:
        FindingRow.objects.filter(registration=registration).delete()
    registration.verdict = check.verdict
    registration.finding_kinds = [kind.value for kind in check.kinds]
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
