"""Rows belong to one person; the log of what came in is the vendor's. A link that was used or revoked never changes again."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

OWN = "user_id = (select nullif(current_setting('openprm.actor', true), '')::uuid)"
OWN_FEED = f"exists (select 1 from correspondence_calendarfeed f where f.id = feed_id and f.{OWN})"

GUARD = """
create function correspondence_guard_link() returns trigger language plpgsql as
$$ begin
  if old.used_at is not null or old.revoked_at is not null then
    raise exception 'a link that was used or revoked stays so' using errcode = 'OP001';
  end if;
  if (new.user_id, new.organization_id, new.action, new.subject_id, new.hash) is distinct from (old.user_id, old.organization_id, old.action, old.subject_id, old.hash)
     or new.expires_at > old.expires_at then
    raise exception 'what a link can do is fixed when it is made' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger guard_link before update on correspondence_actionlink for each row execute function correspondence_guard_link();
create function correspondence_guard_address() returns trigger language plpgsql as
$$ begin
  if old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at then
    raise exception 'a revoked address stays revoked' using errcode = 'OP001';
  end if;
  if (new.user_id, new.organization_id, new.thread, new.subject_id) is distinct from (old.user_id, old.organization_id, old.thread, old.subject_id) then
    raise exception 'an address belongs to one person and one thread' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger guard_address before update on correspondence_replyaddress for each row execute function correspondence_guard_address();
"""
GUARD_UNDO = """
drop trigger guard_address on correspondence_replyaddress; drop function correspondence_guard_address();
drop trigger guard_link on correspondence_actionlink; drop function correspondence_guard_link();
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_correspondence"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        RowLevelSecurity("correspondence_ways", partner_read="true"),
        RowLevelSecurity("correspondence_choice", partner_sql=OWN),
        RowLevelSecurity("correspondence_replyaddress", partner_sql=OWN),
        RowLevelSecurity("correspondence_actionlink", partner_sql=OWN),
        RowLevelSecurity("correspondence_calendarfeed", partner_sql=OWN),
        RowLevelSecurity("correspondence_calendarentry", partner_sql=OWN_FEED),
        RowLevelSecurity("correspondence_receivedmail"),
        migrations.RunSQL(GUARD, reverse_sql=GUARD_UNDO),
    ]
