"""What rooms above replay their rules on: every deal that was won or approved, with its worth in the base currency and whether its customer was new."""

from dataclasses import replace

from openprm.analytics.datasets import Dataset

_SQL = """
select r.id::text as key, r.partner_id::text, r.program_id::text, (r.{moment} at time zone 'UTC')::date as occurred_on, r.base_currency as currency,
       r.base_amount_minor as net_minor,
       case when l.priced then round(l.listed * r.base_amount_minor / nullif(r.amount_minor, 0))::bigint end as list_minor,
       nullif(r.customer_country, '') as country, r.deal_type = 'new' as new_customer, l.product_lines,
       min((r.{moment} at time zone 'UTC')::date) over (
         partition by r.partner_id, r.account_id order by r.{moment}, r.id rows between unbounded preceding and 1 preceding) as first_on
  from deals_registration r
  left join lateral (
    select string_agg(distinct o.product_line_id::text, ',') as product_lines, sum(o.quantity * p.list_price_minor) as listed,
           bool_and(p.list_price_minor is not null and p.currency = r.currency) as priced
      from deals_line o join deals_product p on p.id = o.product_id where o.registration_id = r.id) l on true
 where {which} and r.partner_id = any(%(partner_ids)s) and r.{moment} <= %(until)s
"""
WON = Dataset(
    name="deals.won",
    about="Every deal that was won, by partner and day.",
    columns={
        "key": "text",
        "partner_id": "uuid",
        "program_id": "uuid",
        "occurred_on": "date",
        "currency": "text",
        "net_minor": "int",
        "list_minor": "int",
        "country": "text",
        "new_customer": "bool",
        "product_lines": "text",
        "first_on": "date",
    },
    sql=_SQL.format(moment="closed_at", which="r.status = 'closed_won'"),
)
REGISTERED = replace(
    WON,
    name="deals.registered",
    about="Every registration that was approved, by partner and day.",
    sql=_SQL.format(
        moment="decided_at",
        which="r.status not in ('draft', 'submitted', 'under_review', 'pending_approval', 'returned', 'rejected', 'withdrawn')",
    ),
)
