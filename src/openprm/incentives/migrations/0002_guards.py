"""Who may read which row, closed months that stay as they are, and shares that never come to more than the whole."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

OWN = "partner_id = any ((select openprm_partners())::uuid[])"
OPEN = """
create function incentives_month_is_open() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('incentives.usage_month', 0));
  if exists (select 1 from incentives_usagemonth where month = new.booked_month) then
    raise exception 'usage month % is closed', new.booked_month using errcode = '23514', constraint = 'usage_month_is_open';
  end if;
  return new;
end $$;
create trigger month_is_open before insert on incentives_usageline for each row execute function incentives_month_is_open();
create trigger month_is_open before insert on incentives_usagecredit for each row execute function incentives_month_is_open();

create function incentives_month_closes() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('incentives.usage_month', 0));
  return new;
end $$;
create trigger month_closes before insert on incentives_usagemonth for each row execute function incentives_month_closes();
"""
OPEN_UNDO = """
drop trigger month_closes on incentives_usagemonth; drop function incentives_month_closes();
drop trigger month_is_open on incentives_usagecredit; drop trigger month_is_open on incentives_usageline; drop function incentives_month_is_open();
"""
SHARES = """
create function incentives_keep_share() returns trigger language plpgsql as $$
begin
  if old.superseded_at is not null or (old.customer_key, old.partner_id, old.percent, old.from_month, old.until_month, old.recorded_at)
       is distinct from (new.customer_key, new.partner_id, new.percent, new.from_month, new.until_month, new.recorded_at) then
    raise exception 'usage share % stays as it was recorded', old.id using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger keep_share before update on incentives_usageshare for each row execute function incentives_keep_share();
create trigger no_share_is_removed before delete or truncate on incentives_usageshare for each statement execute function openprm_refuse_change();

create function incentives_shares_in_cap() returns trigger language plpgsql as $$
declare
  found record;
begin
  perform pg_advisory_xact_lock(hashtextextended('incentives.share:' || new.customer_key, 0));
  select m.from_month, sum(s.percent) as total into found
    from (select distinct from_month from incentives_usageshare where customer_key = new.customer_key and superseded_at is null) m
    join incentives_usageshare s on s.customer_key = new.customer_key and s.superseded_at is null
         and s.from_month <= m.from_month and (s.until_month is null or s.until_month >= m.from_month)
   group by m.from_month having sum(s.percent) > 100 or count(*) <> count(distinct s.partner_id) order by m.from_month limit 1;
  if found.total is not null then
    raise exception 'shares of % come to %', found.from_month, found.total using errcode = '23514', constraint = 'usage_shares_in_cap';
  end if;
  return null;
end $$;
create constraint trigger shares_in_cap after insert on incentives_usageshare deferrable initially deferred
  for each row execute function incentives_shares_in_cap();
"""
SHARES_UNDO = """
drop trigger shares_in_cap on incentives_usageshare; drop function incentives_shares_in_cap();
drop trigger no_share_is_removed on incentives_usageshare; drop trigger keep_share on incentives_usageshare; drop function incentives_keep_share();
"""


class Migration(migrations.Migration):
    dependencies = [("incentives", "0001_tables"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        RowLevelSecurity("incentives_plan"),
        RowLevelSecurity("incentives_usagemonth", partner_read="true"),
        RowLevelSecurity("incentives_usageline"),
        RowLevelSecurity("incentives_usageshare", partner_read=OWN),
        RowLevelSecurity("incentives_usagecredit", partner_read=OWN),
        AppendOnly("incentives_usagemonth"),
        AppendOnly("incentives_usageline"),
        AppendOnly("incentives_usagecredit"),
        migrations.RunSQL(OPEN, reverse_sql=OPEN_UNDO),
        migrations.RunSQL(SHARES, reverse_sql=SHARES_UNDO),
    ]
