"""Who may read which row, what belongs to one program, and what was said or decided for good."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

OWN = "partner_id = any ((select openprm_partners())::uuid[])"
DECIDED = """
create function tiering_keep_decided() returns trigger language plpgsql as
$$ begin
  if old.state <> 'pending' then
    raise exception 'tier move % is decided and stays as it is', old.id using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger keep_decided before update on tiering_tiermove for each row execute function tiering_keep_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("tiering", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        CompositeForeignKey("tiering_standing", ("tier_id", "program_id"), "partners_tier", ("id", "program_id")),
        CompositeForeignKey("tiering_tiermove", ("before_id", "program_id"), "partners_tier", ("id", "program_id")),
        CompositeForeignKey("tiering_tiermove", ("after_id", "program_id"), "partners_tier", ("id", "program_id")),
        RowLevelSecurity("tiering_tierpolicy", partner_read="true"),
        RowLevelSecurity("tiering_metric", partner_read="true"),
        RowLevelSecurity("tiering_metricvalue", partner_read=OWN),
        RowLevelSecurity("tiering_standing", partner_read=OWN),
        RowLevelSecurity("tiering_qualification", partner_read=OWN),
        RowLevelSecurity("tiering_tiermove", partner_read=OWN),
        RowLevelSecurity("tiering_benefitnote", partner="partner_id"),
        AppendOnly("tiering_benefitnote"),
        migrations.RunSQL(DECIDED, reverse_sql="drop trigger keep_decided on tiering_tiermove; drop function tiering_keep_decided()"),
    ]
