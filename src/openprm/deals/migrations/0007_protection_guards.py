"""What the database refuses about windows that reflect work, and about the customer's choice: no shortening without notice."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

NOTICE = """
create function deals_step_has_notice() returns trigger language plpgsql as $$
begin
  if new.ends_after < new.ends_before and new.kind <> 'by_hand' and not exists (
       select 1 from deals_protectionstep told
       where told.id = new.announced_id and told.registration_id = new.registration_id and told.kind = 'announced'
         and told.effective_at <= new.at and new.ends_after >= told.planned_after) then
    raise exception 'a protection is shortened only as announced, after its notice' using errcode = '23514', constraint = 'protection_step_has_notice';
  end if;
  return new;
end $$;
create trigger step_has_notice before insert on deals_protectionstep for each row execute function deals_step_has_notice();
"""
UNDO = "drop trigger step_has_notice on deals_protectionstep; drop function deals_step_has_notice();"


def same_partner(table: str) -> CompositeForeignKey:
    return CompositeForeignKey(table, ("registration_id", "partner_id"), "deals_registration", ("id", "partner_id"))


class Migration(migrations.Migration):
    dependencies = [("deals", "0006_protection_by_work_and_choice"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        *(RowLevelSecurity(f"deals_{name}", partner_read=MINE) for name in ("stagemove", "protectionstep", "customerchoice")),
        RowLevelSecurity("deals_choiceletter"),
        RowLevelSecurity("deals_choicelink"),
        *(same_partner(f"deals_{name}") for name in ("stagemove", "protectionstep", "customerchoice")),
        AppendOnly("deals_protectionstep"),
        AppendOnly("deals_stagemove"),
        migrations.RunSQL(NOTICE, reverse_sql=UNDO),
    ]
