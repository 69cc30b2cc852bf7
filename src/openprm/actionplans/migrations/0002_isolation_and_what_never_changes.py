"""Who reads which rows, rows that belong together, and what is not edited once it counts."""

from django.db import migrations

from openprm.kernel.guards import CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"
NOT_THE_VENDORS = f"visibility <> 'vendor' and {MINE}"

# A person of the vendor works under the role that reads all rows; the system does too, and names no person.
PRIVATE = """
create policy private_of_the_partner on {table} as restrictive to openprm_vendor
  using ({shared} or coalesce(current_setting('openprm.actor', true), '') = '')
  with check ({shared} or coalesce(current_setting('openprm.actor', true), '') = '')
"""

FIXED = """
create function actionplans_refuse_published_change() returns trigger language plpgsql as
$$ begin
  if old.state <> 'draft' and (new.content <> old.content or new.number <> old.number or new.published_at is distinct from old.published_at)
  then raise exception 'a published version of a template is not changed; make a draft' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger published_stays before update on actionplans_templateversion for each row execute function actionplans_refuse_published_change();

create function actionplans_refuse_signature_change() returns trigger language plpgsql as
$$ begin
  if (new.plan_id, new.side, new.revision, new.content, new.signed_at) is distinct from (old.plan_id, old.side, old.revision, old.content, old.signed_at)
  then raise exception 'what was signed is not changed' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger signed_stays before update on actionplans_signoff for each row execute function actionplans_refuse_signature_change();
"""
UNDO = """
drop trigger published_stays on actionplans_templateversion; drop function actionplans_refuse_published_change();
drop trigger signed_stays on actionplans_signoff; drop function actionplans_refuse_signature_change();
"""


def _private(table: str, shared: str = "visibility <> 'partner'") -> migrations.RunSQL:
    return migrations.RunSQL(PRIVATE.format(table=table, shared=shared), reverse_sql=f"drop policy private_of_the_partner on {table}")


class Migration(migrations.Migration):
    dependencies = [("actionplans", "0001_initial"), ("kernel", "0001_partner_set_and_refusals"), ("deals", "0003_guards")]

    operations = [
        CompositeForeignKey("actionplans_plan", ("registration_id", "partner_id"), "deals_registration", ("id", "partner_id")),
        CompositeForeignKey("actionplans_step", ("plan_id", "partner_id"), "actionplans_plan", ("id", "partner_id")),
        CompositeForeignKey("actionplans_evidence", ("step_id", "partner_id"), "actionplans_step", ("id", "partner_id")),
        CompositeForeignKey("actionplans_signoff", ("plan_id", "partner_id"), "actionplans_plan", ("id", "partner_id")),
        CompositeForeignKey("actionplans_privateentry", ("plan_id", "partner_id"), "actionplans_plan", ("id", "partner_id")),
        RowLevelSecurity("actionplans_template"),
        RowLevelSecurity("actionplans_templateversion"),
        RowLevelSecurity("actionplans_plan", partner_read=MINE),
        RowLevelSecurity("actionplans_step", partner_read=NOT_THE_VENDORS),
        RowLevelSecurity("actionplans_evidence", partner_read=NOT_THE_VENDORS),
        RowLevelSecurity("actionplans_signoff", partner_read=MINE),
        RowLevelSecurity("actionplans_privateentry", partner_read=MINE),
        _private("actionplans_step"),
        _private("actionplans_evidence"),
        _private("actionplans_privateentry", "false"),
        migrations.RunSQL(FIXED, reverse_sql=UNDO),
    ]
