"""What attribution lends to analysis: of every month the run that stands, and what no run holds yet."""

from collections.abc import Mapping

from openprm.analytics.datasets import ColumnType, Dataset
from openprm.attribution.queries import corrections
from openprm.attribution.services import unrun

MONTHS = """
select m.month::text, concat_ws(':', m.run_id, m.locked_at is not null, (select count(*) from attribution_result r where r.run_id = m.run_id))
  from attribution_month m
"""
WANTED = "(%(parts)s::text[] is null or m.month::text = any(%(parts)s::text[]))"
CREDITS = Dataset(
    name="attribution.credits",
    about="Who is credited for which won deal, by the run that stands for its month; late claims with nothing.",
    columns={
        "run_id": "uuid", "month": "date", "deal_kind": "text", "deal_id": "uuid", "number": "text", "customer": "text", "account_id": "uuid",
        "closed_on": "date", "outcome": "text", "partner_id": "uuid", "basis_points": "int", "credit_minor": "int", "credited_minor": "int",
        "currency": "text", "late": "bool", "is_locked": "bool",
    },
    parts=MONTHS,
    sql=f"""
select m.run_id::text, m.month, c.kind, c.deal_id::text, c.number, c.customer, c.account_id::text, (c.closed_at at time zone 'UTC')::date, c.outcome,
       c.partner_id::text, c.basis_points, c.credit_minor, c.credit_minor, c.currency, false, m.locked_at is not null
  from attribution_month m join attribution_credit c on c.run_id = m.run_id where {WANTED}
union all
select m.run_id::text, m.month, l.kind, l.deal_id::text, l.number, l.customer, l.account_id::text, (l.closed_at at time zone 'UTC')::date, 'late',
       l.partner_id::text, 0, 0, 0, null, true, m.locked_at is not null
  from attribution_month m join attribution_latetouch l on l.run_id = m.run_id where {WANTED}
""",  # noqa: S608
)  # fmt: skip
OUTCOME: Mapping[str, ColumnType] = {
    "month": "date", "deal_kind": "text", "deal_id": "uuid", "number": "text", "customer": "text", "account_id": "uuid", "program_id": "uuid",
    "deal_type": "text", "partner_id": "uuid", "source_id": "uuid", "opened_at": "moment", "closed_at": "moment", "is_won": "bool", "outcome": "text",
    "base_amount_minor": "int", "currency": "text", "in_run": "bool", "is_locked": "bool",
}  # fmt: skip
OUTCOMES = Dataset(
    name="attribution.outcomes",
    about="Every decided deal of the standing runs: sourced, influenced or unattributed, who sourced it, and the one partner it is counted for.",
    columns=OUTCOME,
    parts=MONTHS,
    sql=f"""
select m.month, r.kind, r.deal_id::text, r.number, r.customer, r.account_id::text, r.program_id::text, r.deal_type,
       coalesce(first.source, credited.partner_id::text, first.counts), first.source, r.opened_at, r.closed_at, r.is_won, r.outcome,
       case when r.base_minor <> 0 or r.amount_minor = 0 then r.base_minor end, u.currency, true, m.locked_at is not null
  from attribution_month m
  join attribution_run u on u.id = m.run_id
  join attribution_result r on r.run_id = m.run_id
  left join lateral (
    select (array_agg(t->>'partner' order by place) filter (where t->>'counts' = 'introduction'))[1] as source,
           (array_agg(t->>'partner' order by place) filter (where t->>'counts' = 'influence'))[1] as counts
      from jsonb_array_elements(r.judged) with ordinality as j(t, place)) first on true
  left join lateral (
    select c.partner_id from attribution_credit c where c.result_id = r.id order by c.credit_minor desc, c.partner_id limit 1) credited on true
 where {WANTED}
""",  # noqa: S608
)
PART: Mapping[str, ColumnType] = {"introduced": "bool", "counts": "bool", "late": "bool", "credit_minor": "int"}
PARTS = Dataset(
    name="attribution.parts",
    about="Who has a part in which decided deal of the standing runs: introduced it, counts for it, or only claimed it too late; with its credit.",
    columns={"month": "date", "deal_id": "uuid", "partner_id": "uuid", **PART},
    parts=MONTHS,
    sql=f"""
select m.month, r.deal_id::text, j.partner, j.introduced, j.counts, not j.counts, coalesce(c.credit_minor, 0)
  from attribution_month m
  join attribution_result r on r.run_id = m.run_id
  cross join lateral (
    select t->>'partner' as partner, bool_or(t->>'counts' = 'introduction') as introduced, bool_or(t->>'counts' in ('introduction', 'influence')) as counts
      from jsonb_array_elements(r.judged) t where t->>'counts' <> 'nothing' group by 1) j
  left join attribution_credit c on c.result_id = r.id and c.partner_id = j.partner::uuid
 where {WANTED}
""",  # noqa: S608
)
UNRUN = Dataset(
    name="attribution.unrun",
    about="Decided deals in no standing run, judged by the rules in force: a row for each partner with a part. A partner reads its deals of runs here too.",
    columns={**OUTCOME, "is_first": "bool", "part_id": "uuid", **PART},
    rows=unrun.rows,
    reads=unrun.READS,
)
TOUCHES = Dataset(
    name="attribution.touches",
    about="Every touch that stood before a decided deal, and whether it counted.",
    columns={"id": "uuid", "deal_id": "uuid", "partner_id": "uuid", "kind": "text", "at": "moment", "counts": "text", "qualifies": "bool"},
    parts=MONTHS,
    sql=f"""
select t->>'touch', r.deal_id::text, t->>'partner', t->>'kind', (t->>'at')::timestamptz, t->>'counts', t->>'counts' in ('introduction', 'influence')
  from attribution_month m join attribution_result r on r.run_id = m.run_id cross join lateral jsonb_array_elements(r.judged) t
 where {WANTED}
""",  # noqa: S608
)
CORRECTIONS = Dataset(
    name="attribution.corrections",
    about="What partners have of deals in locked months, and what they would have with what became known since: beside the locked numbers, in none of them.",
    columns={
        "run_id": "uuid", "month": "date", "as_of": "moment", "deal_kind": "text", "deal_id": "uuid", "number": "text", "customer": "text",
        "account_id": "uuid", "closed_on": "date", "partner_id": "uuid", "locked_points": "int", "found_points": "int", "locked_minor": "int",
        "found_minor": "int", "difference_minor": "int", "currency": "text",
    },
    rows=corrections.rows,
    reads=corrections.READS,
)  # fmt: skip
DATASETS = (CREDITS, OUTCOMES, PARTS, TOUCHES, UNRUN, CORRECTIONS)
