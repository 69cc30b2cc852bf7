"""What this room lends to analysis: the costs of the program that finance enters, because no other room keeps them."""

from openprm.analytics.datasets import Dataset
from openprm.deals.queries import in_base

COSTS = Dataset(
    name="kpis.costs",
    about="Costs of the program by month: team, tools, recruiting, onboarding, servicing; for one partner, or shared.",
    columns={
        "id": "uuid",
        "month": "date",
        "kind": "text",
        "partner_id": "uuid",
        "amount_minor": "int",
        "currency": "text",
        "base_minor": "int",
        "note": "text",
    },
    sql=f"""
select c.id, c.month, c.kind, c.partner_id, c.amount_minor, c.currency, {in_base("c.amount_minor", "c.currency", "(c.month + interval '1 month')::date")},
       c.note
  from kpis_cost c
""",  # noqa: S608
)
DATASETS = (COSTS,)
