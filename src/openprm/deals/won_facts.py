"""What rooms above replay their rules on: every deal that was won, with its worth in the base currency and whether its customer was new."""

from openprm.analytics.datasets import Dataset

SQL = """
select r.id::text as key, r.partner_id::text, r.program_id::text, (r.closed_at at time zone 'UTC')::date as occurred_on, r.base_currency as currency,
       r.base_amount_minor as net_minor, nullif(r.customer_country, '') as country, r.deal_type = 'new' as new_customer, l.product_lines,
       min((r.closed_at at time zone 'UTC')::date) over (
         partition by r.partner_id, r.account_id order by r.closed_at, r.id rows between unbounded preceding and 1 preceding) as first_on
  from deals_registration r
  left join lateral (select string_agg(distinct product_line_id::text, ',') as product_lines from deals_line where registration_id = r.id) l on true
 where r.status = 'closed_won' and r.partner_id = any(%(partner_ids)s) and r.closed_at <= %(until)s
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
        "country": "text",
        "new_customer": "bool",
        "product_lines": "text",
        "first_on": "date",
    },
    sql=SQL,
)
