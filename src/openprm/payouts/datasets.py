"""What payouts lend to analysis: how long partners wait for what was approved."""

from openprm.analytics.datasets import Dataset

PAYOUTS = Dataset(
    name="payouts.payouts",
    about="Payouts with the day their oldest line was approved and the day the money arrived; one that failed has no arrival.",
    columns={
        "id": "uuid", "number": "text", "partner_id": "uuid", "state": "text", "approved_at": "moment", "arrived_at": "moment", "amount_minor": "int",
        "currency": "text",
    },
    sql="""
select id, number, partner_id, state, approved_since, case when state = 'completed' then completed_at end, amount_minor, currency
  from payouts_payout where state <> 'canceled'
""",
)  # fmt: skip
DATASETS = (PAYOUTS,)
