"""Who may read which row, and that nobody has left while a step is open. All writes are the vendor's or the system's."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

LIFE = """
create function offboarding_check_life() returns trigger language plpgsql as $$
begin
  if new.status <> old.status and not (old.status || '>' || new.status) = any (array[
    'requested>open', 'requested>declined', 'requested>canceled', 'open>done', 'open>canceled', 'done>reinstated']) then
    raise exception 'an offboarding cannot go from % to %', old.status, new.status using errcode = 'check_violation', constraint = 'offboarding_life';
  end if;
  if new.status = 'canceled' and new.access_ended_at is not null then
    raise exception 'access has ended: finish, then take the partner back' using errcode = 'check_violation', constraint = 'offboarding_life';
  end if;
  if new.status = 'done' and old.status <> 'done' and exists (
    select 1 from offboarding_step s where s.offboarding_id = new.id and s.state not in ('done', 'skipped')) then
    raise exception 'a step is open' using errcode = 'check_violation', constraint = 'offboarding_steps_first';
  end if;
  if old.erased_at is not null and new.erased_at is distinct from old.erased_at then
    raise exception 'what was erased stays erased' using errcode = 'check_violation', constraint = 'offboarding_life';
  end if;
  return new;
end $$;
create trigger offboarding_life before update on offboarding_offboarding for each row execute function offboarding_check_life();
"""
UNDO = "drop trigger offboarding_life on offboarding_offboarding; drop function offboarding_check_life()"


def same_partner(table: str) -> CompositeForeignKey:
    return CompositeForeignKey(table, ("offboarding_id", "partner_id"), "offboarding_offboarding", ("id", "partner_id"))


class Migration(migrations.Migration):
    dependencies = [("offboarding", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(LIFE, reverse_sql=UNDO),
        *(RowLevelSecurity(f"offboarding_{name}", partner_read=MINE) for name in ("offboarding", "step", "export")),
        RowLevelSecurity("offboarding_retentionperiod", partner_read="true"),
        same_partner("offboarding_step"),
        same_partner("offboarding_export"),
    ]
