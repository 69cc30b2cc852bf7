"""What attribution lends to analysis: of every month the run that stands."""

from openprm.analytics.datasets import Dataset

CREDITS = Dataset(
    name="attribution.credits",
    about="Who is credited for which won deal, by the run that stands for its month; late claims with nothing.",
    columns={
        "run_id": "uuid", "month": "date", "deal_kind": "text", "deal_id": "uuid", "number": "text", "customer": "text", "account_id": "uuid",
        "closed_on": "date", "outcome": "text", "partner_id": "uuid", "basis_points": "int", "credit_minor": "int", "credited_minor": "int",
        "currency": "text", "late": "bool", "is_locked": "bool",
    },
    sql="""
select m.run_id::text, m.month, c.kind, c.deal_id::text, c.number, c.customer, c.account_id::text, (c.closed_at at time zone 'UTC')::date, c.outcome,
       c.partner_id::text, c.basis_points, c.credit_minor, c.credit_minor, c.currency, false, m.locked_at is not null
  from attribution_month m join attribution_credit c on c.run_id = m.run_id
union all
select m.run_id::text, m.month, l.kind, l.deal_id::text, l.number, l.customer, l.account_id::text, (l.closed_at at time zone 'UTC')::date, 'late',
       l.partner_id::text, 0, 0, 0, null, true, m.locked_at is not null
  from attribution_month m join attribution_latetouch l on l.run_id = m.run_id
""",
)  # fmt: skip
OUTCOMES = Dataset(
    name="attribution.outcomes",
    about="Every decided deal of the months that were computed: sourced, influenced or unattributed.",
    columns={
        "run_id": "uuid", "month": "date", "deal_kind": "text", "deal_id": "uuid", "number": "text", "customer": "text", "account_id": "uuid",
        "opened_on": "date", "closed_on": "date", "is_won": "bool", "outcome": "text", "base_amount_minor": "int", "currency": "text", "is_locked": "bool",
    },
    sql="""
select m.run_id::text, m.month, r.kind, r.deal_id::text, r.number, r.customer, r.account_id::text, (r.opened_at at time zone 'UTC')::date,
       (r.closed_at at time zone 'UTC')::date, r.is_won, r.outcome, r.base_minor, u.currency, m.locked_at is not null
  from attribution_month m join attribution_run u on u.id = m.run_id join attribution_result r on r.run_id = m.run_id
""",
)  # fmt: skip
TOUCHES = Dataset(
    name="attribution.touches",
    about="Every touch that stood before a decided deal, and whether it counted.",
    columns={"id": "uuid", "deal_id": "uuid", "partner_id": "uuid", "kind": "text", "at": "moment", "counts": "text", "qualifies": "bool"},
    sql="""
select t->>'touch', r.deal_id::text, t->>'partner', t->>'kind', (t->>'at')::timestamptz, t->>'counts', t->>'counts' in ('introduction', 'influence')
  from attribution_month m join attribution_result r on r.run_id = m.run_id cross join lateral jsonb_array_elements(r.judged) t
""",
)
DATASETS = (CREDITS, OUTCOMES, TOUCHES)
