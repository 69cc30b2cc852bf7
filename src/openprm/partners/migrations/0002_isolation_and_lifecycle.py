"""Who may read which row, and the moves of a partner's and an enrollment's life that the database allows."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

LIFECYCLE = """
create function partners_check_lifecycle() returns trigger language plpgsql as
$$ begin
  if new.kind = 'partner' and old.status <> new.status and (
    current_user = 'openprm_partner' or (old.status, new.status) not in (
      ('applicant', 'pending'), ('applicant', 'active'), ('applicant', 'offboarded'), ('pending', 'active'), ('pending', 'offboarded'),
      ('active', 'suspended'), ('active', 'offboarded'), ('suspended', 'active'), ('suspended', 'offboarded'), ('offboarded', 'active')))
  then raise exception 'a partner cannot go from % to %', old.status, new.status using errcode = 'check_violation', constraint = 'partner_lifecycle';
  end if;
  return new;
end $$;
create trigger partner_lifecycle before update of status on identity_organization for each row execute function partners_check_lifecycle();

create function partners_check_enrollment() returns trigger language plpgsql as
$$ begin
  if old.status <> new.status and (old.status, new.status) not in (
      ('draft', 'pending'), ('draft', 'approved'), ('pending', 'approved'), ('pending', 'rejected'), ('approved', 'terminated'),
      ('rejected', 'pending'), ('terminated', 'approved'))
  then raise exception 'an enrollment cannot go from % to %', old.status, new.status using errcode = 'check_violation', constraint = 'enrollment_lifecycle';
  end if;
  return new;
end $$;
create trigger enrollment_lifecycle before update of status on partners_enrollment for each row execute function partners_check_enrollment();
"""
LIFECYCLE_UNDO = """
drop trigger partner_lifecycle on identity_organization; drop function partners_check_lifecycle();
drop trigger enrollment_lifecycle on partners_enrollment; drop function partners_check_enrollment();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial"), ("identity", "0002_isolation"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        CompositeForeignKey("partners_enrollment", ("tier_id", "program_id"), "partners_tier", ("id", "program_id")),
        RowLevelSecurity("partners_program", partner_read="true"),
        RowLevelSecurity("partners_tier", partner_read="true"),
        RowLevelSecurity("partners_partner", partner_read="id = any ((select openprm_partners())::uuid[])"),
        RowLevelSecurity("partners_enrollment", partner_read="partner_id = any ((select openprm_partners())::uuid[])"),
        migrations.RunSQL(LIFECYCLE, reverse_sql=LIFECYCLE_UNDO),
    ]
