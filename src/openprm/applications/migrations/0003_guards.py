"""What the database refuses by itself: readers of the partner side, jumps in the life of an application, changed forms."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

LIFE = """
create function applications_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'draft>unconfirmed', 'draft>submitted', 'draft>withdrawn',
    'unconfirmed>draft', 'unconfirmed>submitted', 'unconfirmed>held', 'unconfirmed>withdrawn',
    'held>submitted', 'held>rejected', 'held>withdrawn',
    'submitted>returned', 'submitted>approved', 'submitted>rejected', 'submitted>withdrawn',
    'returned>submitted', 'returned>rejected', 'returned>withdrawn']) then
    raise exception 'application % cannot go from % to %', old.number, old.state, new.state
      using errcode = '23514', constraint = 'application_state_follows';
  end if;
  if old.state in ('approved', 'rejected', 'withdrawn') and
     (new.answers, new.partner_id, new.decided_at, new.reason, new.company_name, new.domain) is distinct from
     (old.answers, old.partner_id, old.decided_at, old.reason, old.company_name, old.domain) then
    raise exception 'application % is closed', old.number using errcode = '23514', constraint = 'application_is_closed';
  end if;
  return new;
end $$;
create trigger application_life before update on applications_application for each row execute function applications_life();

create function applications_form_stays() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and ((new.fields, new.intro, new.number, new.program_id, new.published_at) is distinct from
     (old.fields, old.intro, old.number, old.program_id, old.published_at) or new.state = 'draft') then
    raise exception 'form % was published and cannot change', old.number using errcode = '23514', constraint = 'published_form_stays';
  end if;
  return new;
end $$;
create trigger form_stays before update on applications_formversion for each row execute function applications_form_stays();
"""
UNDO = """
drop trigger form_stays on applications_formversion; drop function applications_form_stays();
drop trigger application_life on applications_application; drop function applications_life();
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(LIFE, reverse_sql=UNDO),
        CompositeForeignKey("applications_application", ("form_id", "program_id"), "applications_formversion", ("id", "program_id")),
        *(RowLevelSecurity(f"applications_{name}") for name in ("application", "finding", "note", "formversion", "programpage", "visit")),
    ]
