"""What leads lend to analysis: offers to partners with their answers, leads that became deals, and introductions that partners made."""

from openprm.analytics.datasets import Dataset

OFFERS = Dataset(
    name="leads.offers",
    about="Leads shown to a partner: when, when opened and accepted, and what became of the lead while it was theirs.",
    columns={
        "id": "uuid", "lead_id": "uuid", "number": "text", "partner_id": "uuid", "state": "text", "offered_at": "moment", "opened_at": "moment",
        "accepted_at": "moment", "ended_at": "moment", "registration_id": "uuid", "lead_status": "text", "lead_closed_at": "moment", "net_minor": "int",
    },
    sql="""
select o.id, o.lead_id, l.number, o.partner_id, o.state, o.offered_at, o.opened_at, o.accepted_at, o.ended_at,
       case when l.partner_id = o.partner_id then l.registration_id end, case when l.partner_id = o.partner_id then l.status end,
       case when l.partner_id = o.partner_id then l.closed_at end, l.base_amount_minor
  from leads_offer o left join leads_lead l on l.id = o.lead_id
""",
)  # fmt: skip
CONVERTED = Dataset(
    name="leads.converted",
    about="Registrations that came from a lead, and who referred that lead; nobody did when the vendor found it.",
    columns={"registration_id": "uuid", "referrer_id": "uuid", "partner_id": "uuid"},
    sql="select registration_id, referrer_id, partner_id from leads_lead where registration_id is not null",
)
REFERRALS = Dataset(
    name="leads.referrals",
    about="Companies that one side introduced to the other, and whether they were taken up.",
    columns={
        "id": "uuid", "lead_id": "uuid", "number": "text", "direction": "text", "state": "text", "referrer_id": "uuid", "target_id": "uuid",
        "account_id": "uuid", "referred_at": "moment", "answered_at": "moment", "net_minor": "int",
    },
    sql="""
select r.id, r.lead_id, l.number, r.direction, r.state, r.referrer_id, r.target_id, l.account_id, r.referred_at, r.answered_at, l.base_amount_minor
  from leads_referral r join leads_lead l on l.id = r.lead_id
""",
)  # fmt: skip
DATASETS = (OFFERS, CONVERTED, REFERRALS)
