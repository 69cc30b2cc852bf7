"""Corrections are history too; the shares of a run are checked once, when the run is complete, and nothing is added to it after.

Checking each credit by itself asked two questions for every row of a run. Names on disputes may be forgotten after the answer.
"""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

WHOLE = """
drop trigger points_are_whole on attribution_credit;
drop trigger points_are_whole on attribution_result;
drop function attribution_points_are_whole();

create function attribution_points_are_whole() returns trigger language plpgsql security definer set search_path = public as $$
declare
  wrong record;
begin
  select r.deal_id, coalesce(c.points, 0) as points, coalesce(c.minor, 0) as minor into wrong
    from attribution_result r
    left join (select result_id, sum(basis_points) as points, sum(credit_minor) as minor from attribution_credit where run_id = new.id group by result_id) c
      on c.result_id = r.id
   where r.run_id = new.id
     and case when r.is_won and r.outcome <> 'unattributed' then coalesce(c.points, 0) <> 10000 or coalesce(c.minor, 0) <> r.base_minor
              else c.result_id is not null end
   limit 1;
  if found then
    raise exception 'the shares of deal % are 10,000 points and its whole amount, or there are none, not % and %', wrong.deal_id, wrong.points, wrong.minor
      using errcode = '23514', constraint = 'attribution_points_are_whole';
  end if;
  return null;
end $$;
create constraint trigger points_are_whole after insert on attribution_run deferrable initially deferred
  for each row execute function attribution_points_are_whole();
revoke all on function attribution_points_are_whole() from public;

create function attribution_run_is_complete() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (select 1 from attribution_run r where r.id in (select n.run_id from new_rows n)) then
    raise exception 'a run is complete when it is written: nothing is added to it' using errcode = '23514', constraint = 'attribution_run_is_complete';
  end if;
  return null;
end $$;
create trigger run_is_complete after insert on attribution_result referencing new table as new_rows
  for each statement execute function attribution_run_is_complete();
create trigger run_is_complete after insert on attribution_credit referencing new table as new_rows
  for each statement execute function attribution_run_is_complete();
create trigger run_is_complete after insert on attribution_latetouch referencing new table as new_rows
  for each statement execute function attribution_run_is_complete();
revoke all on function attribution_run_is_complete() from public;

drop trigger said_once on attribution_dispute;
create trigger said_once before update of state, reason, deal, deal_id, answer, partner_id, answered_at on attribution_dispute
  for each row execute function attribution_said_once();
"""
BACK = """
drop trigger said_once on attribution_dispute;
create trigger said_once before update on attribution_dispute for each row execute function attribution_said_once();
drop trigger run_is_complete on attribution_latetouch; drop trigger run_is_complete on attribution_credit; drop trigger run_is_complete on attribution_result;
drop function attribution_run_is_complete();
drop trigger points_are_whole on attribution_run;
drop function attribution_points_are_whole();
create function attribution_points_are_whole() returns trigger language plpgsql security definer set search_path = public as $$
declare
  one uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
  deal record; points bigint; minor numeric;
begin
  select r.is_won, r.outcome, r.base_minor into deal from attribution_result r where r.id = one;
  select coalesce(sum(basis_points), 0), coalesce(sum(credit_minor), 0) into points, minor from attribution_credit where result_id = one;
  if deal.is_won and deal.outcome <> 'unattributed' and (points <> 10000 or minor <> deal.base_minor)
     or not (deal.is_won and deal.outcome <> 'unattributed') and points <> 0 then
    raise exception 'the shares of a deal are 10,000 points and its whole amount, not % and %', points, minor
      using errcode = '23514', constraint = 'attribution_points_are_whole';
  end if;
  return null;
end $$;
create constraint trigger points_are_whole after insert on attribution_credit deferrable initially deferred
  for each row execute function attribution_points_are_whole('result_id');
create constraint trigger points_are_whole after insert on attribution_result deferrable initially deferred
  for each row execute function attribution_points_are_whole('id');
revoke all on function attribution_points_are_whole() from public;
"""


class Migration(migrations.Migration):
    dependencies = [("attribution", "0003_incremental_runs_and_corrections"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        AppendOnly("attribution_correction"),
        AppendOnly("attribution_correctedpart"),
        RowLevelSecurity("attribution_correction"),
        RowLevelSecurity("attribution_correctedpart", partner_read="partner_id = any ((select openprm_partners())::uuid[])"),
        migrations.RunSQL(WHOLE, reverse_sql=BACK),
    ]
