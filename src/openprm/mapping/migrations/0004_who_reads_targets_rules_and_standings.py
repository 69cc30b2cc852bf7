"""Row-level security of targets, rules, standings and kept comparisons; the sums over all partners, told as the cells are."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey

ME = "any ((select mapping_me())::uuid[])"

FUNCTIONS = """
create function mapping_agreed() returns uuid[] language sql stable security definer set search_path = public, pg_temp as
$$ select coalesce(array_agg(partner_id), '{}') from (
     select c.partner_id from mapping_consent c where c.ended_at is null and (c.giver_id = any (mapping_me()) or c.receiver_id = any (mapping_me()))
      group by c.partner_id having count(*) = 2) both_sides $$;

create function mapping_heat() returns table (partner uuid, mine uuid, companies bigint)
language sql stable security definer set search_path = public, pg_temp as
$$ with shown as (select g.partner_id, g.population_id, g.level from mapping_live_grants() g),
   own as (select p.id, p.row_count from mapping_population p where p.owner_id = any (mapping_me()) and p.archived_at is null),
   exact as (
     select s.partner_id, m.left_population_id as mine, count(distinct m.left_id) as n
       from mapping_match m join shown s on s.population_id = m.right_population_id and s.level >= 2 join own o on o.id = m.left_population_id
      where m.state <> 'split' group by 1, 2),
   counted as (
     select c.partner_id, c.mine, max(case when o.row_count < 20 or c.n < 5 then -1 else c.n - c.n % 5 end) as n from (
       select s.partner_id, m.left_population_id as mine, m.right_population_id, count(distinct m.left_id) as n
         from mapping_match m join shown s on s.population_id = m.right_population_id and s.level = 1 join own o on o.id = m.left_population_id
        where m.state <> 'split' group by 1, 2, 3) c join own o on o.id = c.mine group by 1, 2),
   pairs as (select s.partner_id, o.id as mine, bool_or(s.level >= 2) as by_rows from shown s cross join own o group by 1, 2)
   select p.partner_id, p.mine, case when p.by_rows then coalesce(e.n, 0) else coalesce(c.n, -1) end
     from pairs p left join exact e on e.partner_id = p.partner_id and e.mine = p.mine left join counted c on c.partner_id = p.partner_id and c.mine = p.mine
    where current_setting('role', true) = 'openprm_vendor' $$;

create function mapping_balance() returns table (partner uuid, owner uuid, companies bigint, currency text, minor numeric)
language sql stable security definer set search_path = public, pg_temp as
$$ select p.partner, g.owner_id, g.companies, g.currency, g.minor
     from unnest(mapping_agreed()) as p(partner) cross join lateral mapping_given(p.partner) g $$;
"""
DROP = "drop function mapping_balance(); drop function mapping_heat(); drop function mapping_agreed()"

TOLD = (
    f"source_owner_id = {ME} or (partner_id = any ((select mapping_agreed())::uuid[]) and (chooser_id = source_owner_id"
    " or (kind = 'overlap' and source_id = any ((select mapping_shown(2))::uuid[])) or source_id = any ((select mapping_shown(3))::uuid[])))"
)
READS = {
    "target": {"vendor": f"left_owner_id = {ME} and ({TOLD})", "partner": f"right_owner_id = {ME} and ({TOLD})"},
    "rule": {"vendor": "true", "partner": "true"},
    "standing": {"vendor": "(select mapping_me()) <> '{}'"},
    "comparison": {},
}


def _policies(table: str) -> migrations.RunSQL:
    name = f"mapping_{table}"
    made = [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy owner on {name} to openprm_owner using (true) with check (true)",
        f"create policy system on {name} to openprm_vendor using ((select mapping_system())) with check ((select mapping_system()))",
        *(f"create policy {side}_reads on {name} for select to openprm_{side} using ({condition})" for side, condition in READS[table].items()),
    ]
    undo = [f"drop policy if exists {one.split()[2]} on {name}" for one in made if one.startswith("create policy")]
    undo += [f"alter table {name} no force row level security", f"alter table {name} disable row level security"]
    return migrations.RunSQL(";\n".join(made), reverse_sql=";\n".join(undo))


class Migration(migrations.Migration):
    dependencies = [("mapping", "0003_targets_rules_receipts_and_kept_comparisons")]

    operations = [
        migrations.RunSQL(FUNCTIONS, reverse_sql=DROP),
        *(_policies(table) for table in READS),
        CompositeForeignKey("mapping_target", ("source_id", "source_owner_id"), "mapping_population", ("id", "owner_id")),
    ]
