"""What earnings lend to analysis: every line that a partner earned or gave back."""

from openprm.analytics.datasets import Dataset
from openprm.deals.queries import in_base

LINES = Dataset(
    name="earnings.lines",
    about="What partners earned and gave back, less what was declined, struck or forfeited; in the reporting currency at the rate of its day too.",
    columns={
        "id": "uuid", "number": "text", "partner_id": "uuid", "program_id": "uuid", "kind": "text", "state": "text", "label": "text", "earned_on": "date",
        "approved_at": "moment", "paid_at": "moment", "amount_minor": "int", "currency": "text", "base_minor": "int",
    },
    sql=f"""
select e.id, e.number, e.partner_id, e.program_id, e.kind, e.state, e.label, e.earned_on, e.approved_at, e.paid_at, e.amount_minor, e.currency,
       {in_base("e.amount_minor", "e.currency", "e.earned_on")}
  from earnings_earning e where e.state not in ('declined', 'clawed_back', 'forfeited') and e.kind <> 'opening'
""",  # noqa: S608
)  # fmt: skip
DATASETS = (LINES,)
