"""What the database refuses by itself: foreign rows, changed words, removed entries, a partner that confirms itself."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

MINE = "side = 'partner' and partner_id = any ((select openprm_partners())::uuid[])"

KEPT = """
create function activities_kept() returns trigger language plpgsql as $$
begin
  if (new.partner_id, new.about, new.kind, new.side, new.direction, new.occurred_at, new.summary, new.outcome, new.self_reported, new.source,
      new.external_id, new.proof_sha256, new.created_at)
     is distinct from
     (old.partner_id, old.about, old.kind, old.side, old.direction, old.occurred_at, old.summary, old.outcome, old.self_reported, old.source,
      old.external_id, old.proof_sha256, old.created_at) then
    raise exception 'an activity is history: strike it and log it anew' using errcode = 'OP001';
  end if;
  if old.struck_at is not null and (new.struck_at, new.struck_reason, new.struck_as) is distinct from (old.struck_at, old.struck_reason, old.struck_as) then
    raise exception 'an activity is struck once' using errcode = 'OP001';
  end if;
  if current_user = 'openprm_partner' and (new.confirmed_at, new.account_id) is distinct from (old.confirmed_at, old.account_id) then
    raise exception 'a partner does not confirm its own activities' using errcode = '23514', constraint = 'activity_confirmed_by_vendor';
  end if;
  return new;
end $$;
create trigger activities_kept before update on activities_activity for each row execute function activities_kept();

create function activities_start() returns trigger language plpgsql as $$
begin
  if new.struck_at is not null or (current_user = 'openprm_partner' and (new.confirmed_at is not null or not new.self_reported)) then
    raise exception 'an activity begins unstruck, and a partner reports its own' using errcode = '23514', constraint = 'activity_confirmed_by_vendor';
  end if;
  return new;
end $$;
create trigger activities_start before insert on activities_activity for each row execute function activities_start();
create trigger activities_stay before delete or truncate on activities_activity for each statement execute function openprm_refuse_change();
"""
UNDO = """
drop trigger activities_stay on activities_activity;
drop trigger activities_start on activities_activity;
drop function activities_start();
drop trigger activities_kept on activities_activity;
drop function activities_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [RowLevelSecurity("activities_activity", partner_sql=MINE), migrations.RunSQL(KEPT, reverse_sql=UNDO)]
