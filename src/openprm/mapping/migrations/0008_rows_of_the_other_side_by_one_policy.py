"""What is shown of the other side's rows, by one policy that asks the cheapest question first; and statistics after much was written.

Three policies asked for every row of a list shown whole whether it had matches. A query that joins rows with matches is planned
by counts that the database takes anew on its own time only: a comparison that has just written 100,000 matches says so itself.
What both sides show is counted by hashing instead of sorting.
"""

from django.db import migrations

ME = "any ((select mapping_me())::uuid[])"
SHOWN = "population_id = any ((select mapping_shown({}))::uuid[])"
SIDES = {"vendor": "right", "partner": "left"}  # whose rows a side reads of the other

COUNTS = """
create function mapping_take_counts() returns void language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  analyze (skip_locked) mapping_entry;
  analyze (skip_locked) mapping_detail;
  analyze (skip_locked) mapping_match;
end $$
"""


GIVEN = """
create or replace function mapping_given(partner uuid) returns table (owner_id uuid, companies bigint, currency text, minor numeric)
language sql stable security definer set search_path = public, pg_temp as
$$ with live as (
     select g.owner_id, g.population_id, g.level, 'deals' = any (g.fields) as tells_deals
       from mapping_grant g join mapping_population p on p.id = g.population_id
      where g.partner_id = partner and (g.owner_id = any (mapping_me()) or g.viewer_id = any (mapping_me()))
        and g.revoked_at is null and g.expires_at > now() and g.level >= 2 and p.archived_at is null
        and 2 = (select count(*) from mapping_consent c where c.partner_id = partner and c.ended_at is null)),
   shown as (
     select l.owner_id, e.id, e.key, l.tells_deals from live l join mapping_entry e on e.population_id = l.population_id
      where l.level = 3
         or exists (select 1 from mapping_match m where m.left_id = e.id and m.partner_id = partner and m.state <> 'split')
         or exists (select 1 from mapping_match m where m.right_id = e.id and m.partner_id = partner and m.state <> 'split')),
   counted as ({counted}),
   deals as (
     select distinct s.owner_id, d ->> 0 as id, (d ->> 1)::numeric as minor, d ->> 2 as currency
       from shown s join mapping_detail t on t.entry_id = s.id and t.section = 'deals', jsonb_array_elements(t.told -> 'deals') d
      where s.tells_deals)
   select c.owner_id, c.n - c.n % 5, d.currency, sum(d.minor) from counted c left join deals d on d.owner_id = c.owner_id
    where c.n >= 5 group by c.owner_id, c.n, d.currency $$
"""
SORTED = "select s.owner_id, count(distinct s.key) as n from shown s group by s.owner_id"
HASHED = "select s.owner_id, count(*) as n from (select distinct o.owner_id, o.key from shown o) s group by s.owner_id"


def _met(side: str) -> str:
    word = (
        f"exists (select 1 from mapping_verdict v where v.{side}_population_id = mapping_entry.population_id and v.{side}_key = mapping_entry.key"
        f" and not v.is_same and v.undone_at is null and v.decider_id = {ME})"
    )
    return f"exists (select 1 from mapping_match m where m.{side}_id = mapping_entry.id and (m.state <> 'split' or {word}))"


def _old() -> str:
    made = []
    for role in SIDES:
        conditions = {"all": SHOWN.format(3)} | {side: f"{SHOWN.format(2)} and {_met(side)}" for side in ("left", "right")}
        made += [f"create policy {role}_shown_{name} on mapping_entry for select to openprm_{role} using ({said})" for name, said in conditions.items()]
        made.append(f"drop policy {role}_shown on mapping_entry")
    return ";\n".join(made)


def _new() -> str:
    made = []
    for role, side in SIDES.items():
        made += [f"drop policy {role}_shown_{name} on mapping_entry" for name in ("all", "left", "right")]
        said = f"{SHOWN.format(3)} or ({SHOWN.format(2)} and {_met(side)})"
        made.append(f"create policy {role}_shown on mapping_entry for select to openprm_{role} using ({said})")
    return ";\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("mapping", "0007_who_split_a_pair_goes_on_seeing_it")]

    operations = [
        migrations.RunSQL(_new(), reverse_sql=_old()),
        migrations.RunSQL(GIVEN.replace("{counted}", HASHED), reverse_sql=GIVEN.replace("{counted}", SORTED)),
        migrations.RunSQL(COUNTS, reverse_sql="drop function mapping_take_counts()"),
    ]
