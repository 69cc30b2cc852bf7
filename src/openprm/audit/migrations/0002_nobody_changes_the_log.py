"""What the database itself keeps: the log only grows, a partner reads its own lines and never the vendor's columns,
and every new event is put on the list of those that wait for a seal."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

HISTORY = ("audit_event", "audit_key", "audit_seal", "audit_sealed")
READABLE = (
    "id, at, verb, actor_side, actor_id, actor_name, actor_organization, viewing_as, subject_type, subject_id, subject_label, "
    "changes, data, note, refs"
)

# visible_to may be asked about, so that a page of a partner's own events can use its index; the application never reads it out.
PARTNER_COLUMNS = f"""
revoke select on audit_event from openprm_partner;
grant select ({READABLE}, visible_to) on audit_event to openprm_partner;
create policy partner_adds on audit_event for insert to openprm_partner with check (true);
"""
PARTNER_COLUMNS_UNDO = """
drop policy partner_adds on audit_event;
revoke select on audit_event from openprm_partner;
grant select on audit_event to openprm_partner;
"""

WAITING = """
create function audit_await_seal() returns trigger language plpgsql security definer set search_path = public as
$$ begin
  insert into audit_unsealed (event_id) select id from fresh;
  return null;
end $$;
create trigger await_seal after insert on audit_event
  referencing new table as fresh for each statement execute function audit_await_seal();
revoke all on function audit_await_seal() from public;
"""
WAITING_UNDO = "drop trigger await_seal on audit_event; drop function audit_await_seal()"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        *(AppendOnly(table) for table in HISTORY),
        RowLevelSecurity("audit_event", partner_read="visible_to && (select openprm_partners())"),
        RowLevelSecurity("audit_key", partner_read="true", app_read="true"),
        RowLevelSecurity("audit_seal", partner_read="true"),
        RowLevelSecurity("audit_sealed", partner_read="exists (select 1 from audit_event e where e.id = audit_sealed.event_id)"),
        RowLevelSecurity("audit_unsealed"),
        migrations.RunSQL(PARTNER_COLUMNS, reverse_sql=PARTNER_COLUMNS_UNDO),
        migrations.RunSQL(WAITING, reverse_sql=WAITING_UNDO),
    ]
