"""Whose rows are whose, said to the database. Both sides are treated alike: the vendor's role reads a partner's lists only by a grant.

`mapping_me` gives the organizations of which the acting person is itself a member, so a person of the vendor who looks at
the portal as a partner is nobody here. The system, which acts for no person, compares lists and therefore reads them all.
"""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey

ME = "any ((select mapping_me())::uuid[])"

FUNCTIONS = """
create function mapping_system() returns boolean language sql stable as
$$ select current_setting('role', true) = 'openprm_vendor' and coalesce(current_setting('openprm.actor', true), '') = '' $$;

create function mapping_me() returns uuid[] language sql stable security definer set search_path = public, pg_temp as
$$ select coalesce(array_agg(m.organization_id), '{}') from identity_membership m
   where m.user_id = nullif(current_setting('openprm.actor', true), '')::uuid and m.state = 'active'
     and case current_setting('role', true)
         when 'openprm_vendor' then m.side = 'vendor'
         when 'openprm_partner' then m.side = 'partner' and m.organization_id = any (openprm_partners())
         else false end $$;

create function mapping_live_grants() returns table (id uuid, population_id uuid, partner_id uuid, viewer_id uuid, level smallint, fields varchar[])
language sql stable security definer set search_path = public, pg_temp as
$$ select g.id, g.population_id, g.partner_id, g.viewer_id, g.level, g.fields from mapping_grant g join mapping_population p on p.id = g.population_id
   where g.viewer_id = any (mapping_me()) and g.revoked_at is null and g.expires_at > now() and p.archived_at is null
     and 2 = (select count(*) from mapping_consent c where c.partner_id = g.partner_id and c.ended_at is null) $$;

create function mapping_shown(lowest integer) returns uuid[] language sql stable security definer set search_path = public, pg_temp as
$$ select coalesce(array_agg(population_id), '{}') from mapping_live_grants() where level >= lowest $$;

create function mapping_shown_fields(wanted text) returns uuid[] language sql stable security definer set search_path = public, pg_temp as
$$ select coalesce(array_agg(population_id), '{}') from mapping_live_grants() where wanted = any (fields) $$;

create function mapping_cells(partner uuid) returns table (mine uuid, theirs uuid, companies bigint)
language sql stable security definer set search_path = public, pg_temp as
$$ with pairs as (
     select own.id as mine, own.row_count, g.population_id as theirs, g.level from mapping_live_grants() g
       join mapping_population own on own.owner_id = g.viewer_id and own.archived_at is null
      where g.partner_id = partner),
   counted as (
     select p.mine, p.theirs, p.level, p.row_count,
            case when current_setting('role', true) = 'openprm_vendor'
              then (select count(distinct m.left_id) from mapping_match m
                     where m.left_population_id = p.mine and m.right_population_id = p.theirs and m.state <> 'split')
              else (select count(distinct m.right_id) from mapping_match m
                     where m.right_population_id = p.mine and m.left_population_id = p.theirs and m.state <> 'split') end as n
       from pairs p)
   select mine, theirs, case when level >= 2 then n when row_count < 20 or n < 5 then -1 else n - n % 5 end from counted $$;

create function mapping_given(partner uuid) returns table (owner_id uuid, companies bigint, currency text, minor numeric)
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
   counted as (select s.owner_id, count(distinct s.key) as n from shown s group by s.owner_id),
   deals as (
     select distinct s.owner_id, d ->> 0 as id, (d ->> 1)::numeric as minor, d ->> 2 as currency
       from shown s join mapping_detail t on t.entry_id = s.id and t.section = 'deals', jsonb_array_elements(t.told -> 'deals') d
      where s.tells_deals)
   select c.owner_id, c.n - c.n % 5, d.currency, sum(d.minor) from counted c left join deals d on d.owner_id = c.owner_id
    where c.n >= 5 group by c.owner_id, c.n, d.currency $$
"""
DROP = ";\n".join(
    f"drop function {name}"
    for name in ("mapping_given(uuid)", "mapping_cells(uuid)", "mapping_shown_fields(text)", "mapping_shown(integer)", "mapping_live_grants()", "mapping_me()", "mapping_system()")
)

OWNER = f"owner_id = {ME}"
SHOWN = "any ((select mapping_shown({}))::uuid[])"
SEES = {name: f"population_id = any ((select mapping_shown_fields('{name}'))::uuid[])" for name in ("identifiers", "deals", "people")}
OF_A_GROUP = " or ".join(f"({column} and section = '{name}')" for name, column in SEES.items())

# table: (what one may do everything with, {name: what one may read})
RULES: dict[str, tuple[str | None, dict[str, str]]] = {
    "consent": (f"giver_id = {ME}", {"received": f"receiver_id = {ME}"}),
    "population": (OWNER, {"shown": f"id = {SHOWN.format(1)}"}),
    "making": (OWNER, {}),
    "term": (OWNER, {}),
    "grant": (OWNER, {"received": f"viewer_id = {ME}"}),
    "entry": (
        OWNER,
        {
            "shown_all": f"population_id = {SHOWN.format(3)}",
            "shown_left": f"population_id = {SHOWN.format(2)} and exists (select 1 from mapping_match m where m.left_id = mapping_entry.id and m.state <> 'split')",
            "shown_right": f"population_id = {SHOWN.format(2)} and exists (select 1 from mapping_match m where m.right_id = mapping_entry.id and m.state <> 'split')",
        },
    ),
    "detail": (OWNER, {"shown": f"({OF_A_GROUP}) and exists (select 1 from mapping_entry e where e.id = entry_id)"}),
    "match": (
        None,
        {
            "mine_left": f"left_owner_id = {ME} and right_population_id = {SHOWN.format(2)}",
            "mine_right": f"right_owner_id = {ME} and left_population_id = {SHOWN.format(2)}",
        },
    ),
    "verdict": (None, {"mine": f"decider_id = {ME}"}),
    "look": (None, {"about_mine": OWNER}),
    "ask": (f"asker_id = {ME}", {}),
}
ASKED = (
    "create policy vendor_answers on mapping_ask to openprm_vendor using ({0}) with check ({0});\n"
    "create policy partner_answers on mapping_ask to openprm_partner using ({0}) with check ({0})"
).format(OWNER)
LOOKED = "\n".join(
    f"create policy {side}_looks on mapping_look for insert to openprm_{side} with check (viewer_id = {ME});" for side in ("vendor", "partner")
)


def _policies(table: str) -> migrations.RunSQL:
    name, (whole, readings) = f"mapping_{table}", RULES[table]
    made = [
        f"alter table {name} enable row level security",
        f"alter table {name} force row level security",
        f"create policy owner on {name} to openprm_owner using (true) with check (true)",
        f"create policy system on {name} to openprm_vendor using ((select mapping_system())) with check ((select mapping_system()))",
    ]
    for side in ("vendor", "partner"):
        if whole:
            made.append(f"create policy {side}_own on {name} to openprm_{side} using ({whole}) with check ({whole})")
        made += [f"create policy {side}_{label} on {name} for select to openprm_{side} using ({condition})" for label, condition in readings.items()]
    undo = [f"drop policy if exists {one.split()[2]} on {name}" for one in made if one.startswith("create policy")]
    undo += [f"alter table {name} no force row level security", f"alter table {name} disable row level security"]
    return migrations.RunSQL(";\n".join(made), reverse_sql=";\n".join(undo))


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0001_initial"),
        ("kernel", "0001_partner_set_and_refusals"),
        ("identity", "0003_the_whole_life_of_an_organization"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, reverse_sql=DROP),
        *(_policies(table) for table in RULES),
        migrations.RunSQL(ASKED, reverse_sql="drop policy vendor_answers on mapping_ask; drop policy partner_answers on mapping_ask"),
        migrations.RunSQL(LOOKED, reverse_sql="drop policy vendor_looks on mapping_look; drop policy partner_looks on mapping_look"),
        *(
            CompositeForeignKey(f"mapping_{table}", ("population_id", "owner_id"), "mapping_population", ("id", "owner_id"))
            for table in ("making", "term", "grant", "entry", "detail", "look")
        ),
        CompositeForeignKey("mapping_match", ("left_population_id", "left_owner_id"), "mapping_population", ("id", "owner_id")),
        CompositeForeignKey("mapping_match", ("right_population_id", "right_owner_id"), "mapping_population", ("id", "owner_id")),
        AppendOnly("mapping_look"),
    ]
