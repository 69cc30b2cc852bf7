"""What the database itself keeps: published hours and targets are history, and a clock only moves forward.

An answered clock is final, a missed one stays missed, its due moment moves only when a pause ends, and nobody can
take a clock away. There is no correction by hand: a promise that was measured unfairly is explained, not erased.
"""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

GUARD = """
create function promises_guard_clock() returns trigger language plpgsql as
$$ begin
  if tg_op = 'DELETE' then
    raise exception 'a promise cannot be removed' using errcode = 'OP001';
  end if;
  if old.state in ('kept', 'broken', 'canceled') then
    raise exception 'an answered promise cannot be changed' using errcode = 'OP001';
  end if;
  if (new.id, new.code, new.subject_type, new.subject_id, new.partner_id, new.target_id, new.hours_id, new.allowed_seconds, new.started_at)
     is distinct from (old.id, old.code, old.subject_type, old.subject_id, old.partner_id, old.target_id, old.hours_id, old.allowed_seconds, old.started_at)
     or new.program_id is distinct from old.program_id or new.tier_code is distinct from old.tier_code then
    raise exception 'what was promised cannot be changed' using errcode = 'OP001';
  end if;
  if old.missed_at is not null and (new.missed_at is distinct from old.missed_at or new.settled_at is distinct from old.settled_at) then
    raise exception 'a missed promise stays missed' using errcode = 'OP001';
  end if;
  if new.due_at is distinct from old.due_at and (old.state <> 'paused' or old.missed_at is not null) then
    raise exception 'the due moment of a promise moves only when a pause ends' using errcode = 'OP001';
  end if;
  if new.spent_seconds < old.spent_seconds or jsonb_array_length(new.pauses) < jsonb_array_length(old.pauses) then
    raise exception 'the time spent on a promise cannot be taken back' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger guard_clock before update or delete on promises_clock for each row execute function promises_guard_clock();
create trigger keep_clocks before truncate on promises_clock for each statement execute function openprm_refuse_change();
"""
GUARD_UNDO = """
drop trigger keep_clocks on promises_clock; drop trigger guard_clock on promises_clock; drop function promises_guard_clock();
"""


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        RowLevelSecurity("promises_businesscalendar", partner_read="true"),
        RowLevelSecurity("promises_calendarversion", partner_read="true"),
        RowLevelSecurity("promises_targetversion", partner_read="true"),
        RowLevelSecurity("promises_clock", partner="partner_id"),
        AppendOnly("promises_calendarversion"),
        AppendOnly("promises_targetversion"),
        migrations.RunSQL(GUARD, reverse_sql=GUARD_UNDO),
    ]
