"""What partners lend to analysis: who they are, and their memberships."""

from openprm.analytics.datasets import Dataset

PARTNERS = Dataset(
    name="partners.partners",
    about="Partners with the day they joined their first program, and the day the last one ended.",
    columns={
        "id": "uuid", "name": "text", "type": "text", "motion": "text", "region": "text", "status": "text", "joined_at": "moment", "left_at": "moment",
        "manager_id": "uuid",
    },
    sql="""
select p.id, o.name, p.type, p.motion, nullif(p.region, ''), o.status, e.joined_at, e.left_at, p.manager_id
  from partners_partner p
  join identity_organization o on o.id = p.organization_id
  left join lateral (
    select min(since) as joined_at, case when bool_and(status in ('terminated', 'expired')) then max(until) end as left_at
      from partners_enrollment where partner_id = p.id and status in ('approved', 'terminated', 'expired')) e on true
""",
)  # fmt: skip
ENROLLMENTS = Dataset(
    name="partners.enrollments",
    about="Memberships of programs with the tier of today.",
    columns={
        "partner_id": "uuid", "program_id": "uuid", "program": "text", "tier": "text", "status": "text", "since": "moment", "until": "moment",
    },
    sql="""
select e.partner_id, e.program_id, p.code, t.code, e.status, e.since, e.until
  from partners_enrollment e join partners_program p on p.id = e.program_id left join partners_tier t on t.id = e.tier_id
 where e.status in ('approved', 'terminated', 'expired')
""",
)  # fmt: skip
DATASETS = (PARTNERS, ENROLLMENTS)
