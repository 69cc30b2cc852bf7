"""What deals tell tiering: what a partner won, registered and got approved, and what it protects. Sums are booked amounts (KPIS.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.analytics.datasets import Dataset
from openprm.kernel import db
from openprm.kernel.jobs import job
from openprm.kernel.money import minor_units
from openprm.tiering import queries as tier_queries
from openprm.tiering import services as tiering
from openprm.tiering.ports import BenefitFinding, TierFact

NAMES = ("revenue_won", "won_deals", "registrations", "approved_registrations", "protected_pipeline")
KINDS = (
    TierFact(
        name="new_revenue_won", label=gettext_lazy("New business won in 12 months"), type="money", unit=tier_queries.CURRENCY,
        phrase=gettext_lazy("the revenue of new business won in the last 12 months"), window="rolling",
    ),
    TierFact(
        name="new_deals_won", label=gettext_lazy("New deals won in 12 months"), phrase=gettext_lazy("the number of new deals won in the last 12 months"),
        decimals=0, window="rolling",
    ),
    TierFact(
        name="renewal_revenue_won", label=gettext_lazy("Renewals won in 12 months"), type="money", unit=tier_queries.CURRENCY,
        phrase=gettext_lazy("the revenue of renewals won in the last 12 months"), window="rolling",
    ),
    TierFact(
        name="renewals_won", label=gettext_lazy("Renewed deals in 12 months"), phrase=gettext_lazy("the number of renewals won in the last 12 months"),
        decimals=0, window="rolling",
    ),
)  # fmt: skip
"""The two parts of what was won: a renewal is no new business, everything else is. Revenue and deals won stay the sum of both."""
ALL = (*NAMES, *(fact.name for fact in KINDS))
MONEY = frozenset({"revenue_won", "protected_pipeline", "new_revenue_won", "renewal_revenue_won"})
SCALE = Decimal(1).scaleb(minor_units(tier_queries.CURRENCY))
VALUES = """
select partner_id,
       coalesce(sum(base_amount_minor) filter (where status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s), 0) as revenue_won,
       count(*) filter (where status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s) as won_deals,
       coalesce(sum(base_amount_minor) filter (where deal_type <> 'renewal' and status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s), 0)
         as new_revenue_won,
       count(*) filter (where deal_type <> 'renewal' and status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s) as new_deals_won,
       coalesce(sum(base_amount_minor) filter (where deal_type = 'renewal' and status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s), 0)
         as renewal_revenue_won,
       count(*) filter (where deal_type = 'renewal' and status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s) as renewals_won,
       count(*) filter (where submitted_at > %(since)s and submitted_at <= %(until)s and status <> 'withdrawn') as registrations,
       count(*) filter (where booked_at > %(since)s and booked_at <= %(until)s) as approved_registrations,
       coalesce(sum(base_amount_minor) filter (where status = 'approved' and protected_until > %(until)s), 0) as protected_pipeline
  from deals_registration
 where partner_id = any(%(partner_ids)s) and (program_id = %(program_id)s or program_id is null) and status <> 'draft'
 group by partner_id
"""
MONTHLY = """
select partner_id::text, program_id::text, month, sum(won_minor) / %(scale)s as revenue_won, sum(won) as won_deals, sum(registered) as registrations,
       sum(approved) as approved_registrations,
       coalesce(sum(won_minor) filter (where not renews), 0) / %(scale)s as new_revenue_won, coalesce(sum(won) filter (where not renews), 0) as new_deals_won,
       coalesce(sum(won_minor) filter (where renews), 0) / %(scale)s as renewal_revenue_won, coalesce(sum(won) filter (where renews), 0) as renewals_won
  from (select partner_id, program_id, date_trunc('month', closed_at at time zone 'UTC')::date as month, base_amount_minor as won_minor,
               1 as won, 0 as registered, 0 as approved, deal_type = 'renewal' as renews
          from deals_registration
         where partner_id = any(%(partner_ids)s) and status = 'closed_won' and closed_at > %(since)s and closed_at <= %(until)s
        union all
        select partner_id, program_id, date_trunc('month', submitted_at at time zone 'UTC')::date, 0, 0, 1, 0, false
          from deals_registration
         where partner_id = any(%(partner_ids)s) and status not in ('draft', 'withdrawn') and submitted_at > %(since)s and submitted_at <= %(until)s
        union all
        select partner_id, program_id, date_trunc('month', booked_at at time zone 'UTC')::date, 0, 0, 0, 1, false
          from deals_registration
         where partner_id = any(%(partner_ids)s) and booked_at > %(since)s and booked_at <= %(until)s) happened
 group by partner_id, program_id, month
"""


class DealFacts:
    """The source of the facts of deals, for the port "tiering.facts"."""

    code = "deals"
    facts = (*(fact for fact in tier_queries.STANDARD if fact.name in NAMES), *KINDS)
    monthly = Dataset(
        name="deals.tier_facts",
        about="What each partner won, registered and got approved, by month and program.",
        columns={
            "partner_id": "uuid",
            "program_id": "uuid",
            "month": "date",
            "revenue_won": "decimal",
            "won_deals": "int",
            "registrations": "int",
            "approved_registrations": "int",
            "new_revenue_won": "decimal",
            "new_deals_won": "int",
            "renewal_revenue_won": "decimal",
            "renewals_won": "int",
        },
        sql=MONTHLY,
        parameters={"scale": SCALE},
    )

    def read(self, *, partner_ids: Sequence[UUID], program_id: UUID, since: datetime, until: datetime) -> Mapping[UUID, Mapping[str, Decimal]]:
        """One statement for all of them."""
        rows = db.rows(VALUES, {"partner_ids": list(partner_ids), "program_id": program_id, "since": since, "until": until})
        return {row["partner_id"]: {name: _exact(row, name) for name in ALL} for row in rows}


def _exact(row: Mapping[str, Any], name: str) -> Decimal:
    value = Decimal(row[name])
    return value / SCALE if name in MONEY else value


PROTECTION = """
select count(*) as granted,
       count(*) filter (where g.ends_at - g.starts_at >= make_interval(days => %(days)s) - interval '1 day') as kept
  from deals_protectiongrant g join deals_registration r on r.id = g.registration_id
 where g.partner_id = %(partner)s and (r.program_id = %(program)s or r.program_id is null) and r.deal_type <> 'renewal'
   and g.starts_at > %(since)s and g.starts_at <= %(at)s
"""


class ProtectionGiven:
    """Whether the protections of the last year were as long as the tier promises, for the port "tiering.benefit_checks"."""

    benefit = "protection_days"

    def check(self, *, partner_id: UUID, program_id: UUID, value: Any, at: datetime) -> BenefitFinding | None:
        since = at.replace(year=at.year - 1, day=min(at.day, 28))
        [row] = db.rows(PROTECTION, {"partner": partner_id, "program": program_id, "days": int(value), "since": since, "at": at})
        if not row["granted"]:
            return BenefitFinding(state="pending", detail=_("No deal was protected in the last 12 months."))
        words = _("%(kept)d of %(granted)d protections were at least %(days)d days long") % {**row, "days": int(value)}
        return BenefitFinding(state="met" if row["kept"] == row["granted"] else "not_met", detail=words)


@job(name="deals.measure_tier_of_winner")
def on_won(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime, account_id: UUID, base_amount_minor: int) -> None:
    """A won deal is a tier fact: the partner is measured at once."""
    tiering.refresh(partner_id=partner_id, at=at)


@job(name="deals.measure_tier_of_approved")
def on_approved(
    *,
    registration_id: UUID,
    partner_id: UUID,
    number: str,
    actor_id: UUID | None,
    at: datetime,
    account_id: UUID,
    automatic: bool,
    protected_until: datetime | None,
) -> None:
    """An approved registration is a tier fact: the partner is measured at once."""
    tiering.refresh(partner_id=partner_id, at=at)
