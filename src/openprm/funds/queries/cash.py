"""How long the money takes: the distribution of days to cash, and what came back month by month."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median, quantiles

from django.utils.translation import gettext as _

from openprm.funds import policies
from openprm.funds.queries.results import DaysToCash, FundMonth, Leg
from openprm.kernel import db
from openprm.kernel.actor import Actor

EDGES = (7, 14, 30, 60, 90)
DAYS = 365
_WAYS = """
select extract(epoch from r.decided_at - r.submitted_at) / 86400 as answer, extract(epoch from c.submitted_at - r.decided_at) / 86400 as work,
  extract(epoch from c.decided_at - c.submitted_at) / 86400 as claim, extract(epoch from s.paid_at - c.decided_at) / 86400 as money,
  extract(epoch from s.paid_at - c.submitted_at) / 86400 as cash, extract(epoch from s.paid_at - r.submitted_at) / 86400 as whole
from funds_settlement s join funds_claim c on c.id = s.claim_id join funds_fundrequest r on r.id = c.request_id
where s.state = 'paid' and s.paid_at >= %(since)s and (%(partner)s::uuid is null or s.partner_id = %(partner)s)
"""
_MONTHS = """
select date_trunc('month', c.decided_at)::date as month, a.program_id, l.deal_id, c.fund_currency as currency,
  sum(c.approved_minor)::bigint as reimbursed,
  sum(greatest(0, round(c.spent_minor * c.fund_minor::numeric / c.amount_minor) - c.approved_minor))::bigint as own
from funds_claim c join funds_fundrequest r on r.id = c.request_id join funds_allocation a on a.id = r.allocation_id
  left join lateral (select case when count(*) = 1 then min(deal_id::text)::uuid end as deal_id
    from funds_requestlink where request_id = r.id and deal_id is not null) l on true
where c.status in ('approved', 'partial', 'paid') and c.decided_at >= %(since)s and c.decided_at < %(until)s and c.partner_id = any(%(partners)s)
group by 1, 2, 3, 4 order by 1
"""


def days_to_cash(actor: Actor, at: datetime, *, everybody: bool = True) -> DaysToCash:
    """Every instalment that was paid in the last year, from request, claim and approval to the money.

    Published: a partner reads the figures over all partners too, which name nobody; the caller opens the system's scope for them.
    """
    since = at - timedelta(days=DAYS)
    rows = db.rows(_WAYS, {"since": since, "partner": None if everybody else actor.partner_id})
    labels = {
        "answer": _("Request to answer"), "claim": _("Claim to answer"), "money": _("Approved claim to money"), "cash": _("Claim to money"),
        "whole": _("Request to money"),
    }  # fmt: skip
    legs = tuple(_leg(label, [float(row[name]) for row in rows if row[name] is not None]) for name, label in labels.items())
    return DaysToCash(legs=legs, bin_labels=_bin_labels(), count=len(rows), since=since.date())


def _leg(label: str, days: Sequence[float]) -> Leg:
    if not days:
        return Leg(label=label, count=0, median=None, p90=None, bins=(0,) * (len(EDGES) + 1))
    p90 = quantiles(days, n=10, method="inclusive")[8] if len(days) > 1 else days[0]
    bins = [0] * (len(EDGES) + 1)
    for one in days:
        bins[sum(one > edge for edge in EDGES)] += 1
    return Leg(label=label, count=len(days), median=round(median(days), 1), p90=round(p90, 1), bins=tuple(bins))


def _bin_labels() -> tuple[str, ...]:
    low = (0, *EDGES)
    return (*(_("%(low)d to %(high)d days") % {"low": a, "high": b} for a, b in zip(low, EDGES, strict=False)), _("over %(low)d days") % {"low": EDGES[-1]})


def monthly(actor: Actor, *, since: date, until: date) -> tuple[FundMonth, ...]:
    """What this partner's claims brought back month by month, and its own share of the cost. `until` is exclusive."""
    partner_ids = list(policies.reach_claims(actor).values_list("partner_id", flat=True).distinct())
    rows = db.rows(_MONTHS, {"since": since, "until": until, "partners": partner_ids}) if partner_ids else []
    return tuple(
        FundMonth(
            month=row["month"], program_id=row["program_id"], deal_id=row["deal_id"], currency=row["currency"], reimbursed_minor=row["reimbursed"],
            own_minor=row["own"],
        )
        for row in rows
    )  # fmt: skip
