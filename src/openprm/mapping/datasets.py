"""What mapping lends to analysis: open deals at companies that a partner has too."""

from openprm.analytics.datasets import Dataset
from openprm.mapping.rules.sharing import Group, Level

OVERLAPS = Dataset(
    name="mapping.overlaps",
    about="Open deals in the vendor's lists at companies of a partner's lists, once for each deal and partner, as far as the partner shows the overlap now.",
    columns={"deal_id": "text", "partner_id": "uuid", "customer": "text", "found_at": "moment", "amount_minor": "int", "currency": "text"},
    parameters={"least": int(Level.OVERLAPS), "section": Group.DEALS.value},
    reads=("mapping_verdict",),  # who said a pair is not one goes on seeing it: row-level security asks
    sql="""
select distinct on (m.partner_id, d->>0) d->>0, m.partner_id, e.name, m.found_at, (d->>1)::bigint, d->>2
  from mapping_match m
  join mapping_grant g on g.population_id = m.right_population_id and g.viewer_id = m.left_owner_id
  join mapping_population theirs on theirs.id = m.right_population_id
  join mapping_population mine on mine.id = m.left_population_id
  join mapping_entry e on e.id = m.left_id
  join mapping_detail t on t.entry_id = e.id and t.section = %(section)s
  cross join lateral jsonb_array_elements(t.told->'deals') d
 where m.state <> 'split' and g.revoked_at is null and g.expires_at > now() and g.level >= %(least)s
   and theirs.archived_at is null and mine.archived_at is null
   and 2 = (select count(*) from mapping_consent c where c.partner_id = m.partner_id and c.ended_at is null)
 order by m.partner_id, d->>0, m.found_at
""",
)
DATASETS = (OVERLAPS,)
