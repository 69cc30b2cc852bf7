"""What funds lend to analysis: what partners were given, what they claimed and got, and the deals that came of it."""

from openprm.analytics.datasets import Dataset
from openprm.deals.queries import in_base

ALLOCATIONS = Dataset(
    name="funds.allocations",
    about="Market funds given to partners, in the reporting currency at the rate of the day they were given.",
    columns={
        "id": "uuid", "number": "text", "partner_id": "uuid", "program_id": "uuid", "kind": "text", "name": "text", "given_at": "moment", "ends_on": "date",
        "amount_minor": "int", "currency": "text", "base_minor": "int",
    },
    sql=f"""
select a.id, a.number, a.partner_id, a.program_id, a.kind, a.name, a.created_at, a.ends_on, a.amount_minor, a.currency,
       {in_base("a.amount_minor", "a.currency", "(a.created_at at time zone 'UTC')::date")}
  from funds_allocation a
""",  # noqa: S608
)  # fmt: skip
CLAIMS = Dataset(
    name="funds.claims",
    about="Claims on market funds: asked, approved and paid, in the fund's currency and in the reporting currency at the rate of the claim.",
    columns={
        "id": "uuid", "number": "text", "request_id": "uuid", "allocation_id": "uuid", "partner_id": "uuid", "status": "text", "submitted_at": "moment",
        "decided_at": "moment", "paid_at": "moment", "approved_minor": "int", "paid_minor": "int", "currency": "text", "approved_base_minor": "int",
        "paid_base_minor": "int",
    },
    sql=f"""
select c.id, c.number, c.request_id, q.allocation_id, c.partner_id, c.status, c.submitted_at, c.decided_at, c.paid_at, c.approved_minor, c.paid_minor,
       c.fund_currency, {in_base("c.approved_minor", "c.fund_currency", "c.fx_date")}, {in_base("c.paid_minor", "c.fund_currency", "c.fx_date")}
  from funds_claim c join funds_fundrequest q on q.id = c.request_id
""",  # noqa: S608
)  # fmt: skip
LINKED = Dataset(
    name="funds.linked_deals",
    about="The deals that a request for funds names, each with the share of the deal that it claims, of 100.",
    columns={"request_id": "uuid", "partner_id": "uuid", "deal_id": "uuid", "weight": "decimal"},
    sql="select request_id, partner_id, deal_id, weight from funds_requestlink where deal_id is not null",
)
DATASETS = (ALLOCATIONS, CLAIMS, LINKED)
