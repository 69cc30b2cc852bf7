"""Whose eyes these rows are for, said to the database: an administrator of the partner who acts as itself, and nobody else.

The vendor's role has no policy here, so it reads nothing, whatever the query; nor does the system, which works under it.
A person of the vendor who views the portal as the partner works under the partner's role, so the partner set alone is not
asked: the acting person must be an active administrator among the partner's own people.
"""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

TABLES = ("profitability_book", "profitability_group", "profitability_rate", "profitability_entry", "profitability_change")
MINE = "partner_id = any ((select profitability_own_books())::uuid[])"

INSIDER = """
create function profitability_own_books() returns uuid[] language sql stable security definer set search_path = public, pg_temp as
$$ select coalesce(array_agg(m.organization_id), '{}') from identity_membership m
   where m.user_id = nullif(current_setting('openprm.actor', true), '')::uuid and m.side = 'partner' and m.state = 'active'
     and m.role = 'partner_admin' and m.organization_id = any (openprm_partners()) $$
"""
CLOSED = ";\n".join(f"drop policy vendor on {table}" for table in TABLES)
OPEN = ";\n".join(f"create policy vendor on {table} to openprm_vendor using (true) with check (true)" for table in TABLES)

# What the vendor's side may do without reading: forget all of it, once the partner has left for good.
FORGET = """
create function profitability_forget(partner uuid) returns integer language plpgsql security definer set search_path = public, pg_temp as
$$ declare gone integer; begin
  if not exists (select 1 from identity_organization o where o.id = partner and o.kind = 'partner' and o.status = 'offboarded') then
    raise exception 'the books of a partner that is there are its own' using errcode = 'OP001';
  end if;
  delete from profitability_entry where partner_id = partner;
  get diagnostics gone = row_count;
  delete from profitability_book where partner_id = partner;
  delete from profitability_rate where partner_id = partner;
  delete from profitability_group where partner_id = partner;
  delete from profitability_change where partner_id = partner;
  return gone;
end $$
"""
KEPT = "create trigger change_stays before update or truncate on profitability_change for each statement execute function openprm_refuse_change()"


class Migration(migrations.Migration):
    dependencies = [
        ("profitability", "0001_initial"),
        ("kernel", "0001_partner_set_and_refusals"),
        ("identity", "0003_the_whole_life_of_an_organization"),
    ]

    operations = [
        migrations.RunSQL(INSIDER, reverse_sql="drop function profitability_own_books()"),
        *(RowLevelSecurity(table, partner_sql=MINE) for table in TABLES),
        migrations.RunSQL(CLOSED, reverse_sql=OPEN),
        CompositeForeignKey("profitability_rate", ("group_id", "partner_id"), "profitability_group", ("id", "partner_id")),
        CompositeForeignKey("profitability_entry", ("group_id", "partner_id"), "profitability_group", ("id", "partner_id")),
        CompositeForeignKey("profitability_book", ("training_group_id", "partner_id"), "profitability_group", ("id", "partner_id")),
        migrations.RunSQL(FORGET, reverse_sql="drop function profitability_forget(uuid)"),
        migrations.RunSQL(KEPT, reverse_sql="drop trigger change_stays on profitability_change"),
    ]
