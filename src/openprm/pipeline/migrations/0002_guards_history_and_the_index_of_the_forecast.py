"""Who reads which rows, the history that writes itself, and the index that the board and the forecast read."""

from django.db import migrations

from openprm.kernel.guards import RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

# `updated_at` is the moment of the change by the kernel's clock, which a history that is played can stop.
HISTORY = """
create function pipeline_note_close_move() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  insert into pipeline_closemove (id, created_at, updated_at, registration_id, partner_id, before, after, at)
  values (gen_random_uuid(), new.updated_at, new.updated_at, new.id, new.partner_id, old.expected_close_date, new.expected_close_date, new.updated_at);
  return null;
end $$;
create trigger note_close_move after update of expected_close_date on deals_registration for each row
  when (old.status <> 'draft' and old.expected_close_date is not null and new.expected_close_date is not null
        and old.expected_close_date <> new.expected_close_date)
  execute function pipeline_note_close_move();
"""
UNDO_HISTORY = "drop trigger note_close_move on deals_registration; drop function pipeline_note_close_move();"

# Every column that the sums touch, so that they are read from the index alone.
FORECAST = """
create index pipeline_forecast on deals_registration (stage, program_id, expected_close_date)
  include (base_amount_minor, partner_id, submitter_id, status, currency, fx_date) where status = 'approved'
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_initial"), ("kernel", "0001_partner_set_and_refusals"), ("deals", "0005_deal_life_guards")]

    operations = [
        RowLevelSecurity("pipeline_target", partner="partner_id"),
        RowLevelSecurity("pipeline_closemove", partner_read=MINE),
        migrations.RunSQL(HISTORY, reverse_sql=UNDO_HISTORY),
        migrations.RunSQL(FORECAST, reverse_sql="drop index pipeline_forecast"),
    ]
