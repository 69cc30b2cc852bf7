"""Who reads which rows, rows that belong together, and what is not edited once it counts."""

from django.db import migrations

from openprm.kernel.guards import CompositeForeignKey, RowLevelSecurity

MINE = "= any ((select openprm_partners())::uuid[])"

FIXED = """
create function onboarding_refuse_published_change() returns trigger language plpgsql as
$$ begin
  if old.state <> 'draft' and (new.content <> old.content or new.number <> old.number or new.published_at is distinct from old.published_at)
  then raise exception 'a published version of a template is not changed; make a draft' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger published_stays before update on onboarding_templateversion for each row execute function onboarding_refuse_published_change();

create function onboarding_refuse_milestone_change() returns trigger language plpgsql as
$$ begin raise exception 'a milestone was reached once and is not changed' using errcode = 'OP001'; end $$;
create trigger milestone_stays before update on onboarding_reachedmilestone for each row execute function onboarding_refuse_milestone_change();

create function onboarding_check_pilot() returns trigger language plpgsql as
$$ begin
  if old.state <> new.state and (old.state, new.state) not in (('draft', 'running'), ('draft', 'ended'), ('running', 'rolled_out'), ('running', 'ended'))
  then raise exception 'a pilot cannot go from % to %', old.state, new.state using errcode = 'check_violation', constraint = 'pilot_lifecycle';
  end if;
  return new;
end $$;
create trigger pilot_lifecycle before update of state on onboarding_pilot for each row execute function onboarding_check_pilot();
"""
UNDO = """
drop trigger published_stays on onboarding_templateversion; drop function onboarding_refuse_published_change();
drop trigger milestone_stays on onboarding_reachedmilestone; drop function onboarding_refuse_milestone_change();
drop trigger pilot_lifecycle on onboarding_pilot; drop function onboarding_check_pilot();
"""


def _mine(table: str, column: str = "partner_id") -> RowLevelSecurity:
    return RowLevelSecurity(table, partner_read=f"{column} {MINE}")


def _through(table: str, child: str, key: str, own: str) -> RowLevelSecurity:
    """Rows of the vendor that a partner reads because a row of its own points at them."""
    return RowLevelSecurity(table, partner_read=f"exists (select 1 from {child} mine where mine.{key} = {table}.{own} and mine.partner_id {MINE})")


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        CompositeForeignKey("onboarding_planlevel", ("plan_id", "partner_id"), "onboarding_plan", ("id", "partner_id")),
        CompositeForeignKey("onboarding_plantask", ("plan_id", "partner_id"), "onboarding_plan", ("id", "partner_id")),
        CompositeForeignKey("onboarding_plantask", ("level_id", "plan_id"), "onboarding_planlevel", ("id", "plan_id")),
        CompositeForeignKey("onboarding_comment", ("task_id", "partner_id"), "onboarding_plantask", ("id", "partner_id")),
        CompositeForeignKey("onboarding_evidence", ("task_id", "partner_id"), "onboarding_plantask", ("id", "partner_id")),
        CompositeForeignKey("onboarding_kitopening", ("delivery_id", "partner_id"), "onboarding_kitdelivery", ("id", "partner_id")),
        RowLevelSecurity("onboarding_template"),
        RowLevelSecurity("onboarding_templateversion"),
        _mine("onboarding_plan"),
        _mine("onboarding_planlevel"),
        _mine("onboarding_plantask"),
        _mine("onboarding_comment"),
        _mine("onboarding_evidence"),
        _through("onboarding_kit", "onboarding_kitdelivery", "kit_id", "id"),
        _mine("onboarding_kitdelivery"),
        _mine("onboarding_kitopening"),
        _mine("onboarding_firstdeal"),
        _mine("onboarding_reachedmilestone"),
        _mine("onboarding_help"),
        _through("onboarding_pilot", "onboarding_pilotpartner", "pilot_id", "id"),
        _through("onboarding_pilotgoal", "onboarding_pilotpartner", "pilot_id", "pilot_id"),
        _mine("onboarding_pilotpartner"),
        migrations.RunSQL(FIXED, reverse_sql=UNDO),
    ]
