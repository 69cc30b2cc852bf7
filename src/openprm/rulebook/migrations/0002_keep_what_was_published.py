"""Partners read what is published for them; nobody changes a published version or a decision."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

KEEP = """
create function rulebook_keep_published() returns trigger language plpgsql as
$$
declare
  was rulebook_ruleversion;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'published rules are history: they cannot be removed' using errcode = 'OP001';
  end if;
  if old.state = 'draft' then
    return case when tg_op = 'DELETE' then old else new end;
  end if;
  if tg_op = 'DELETE' or old.state = 'withdrawn' then
    raise exception 'rule version % is history: it cannot be changed or removed', old.id using errcode = 'OP001';
  end if;
  was := new;
  was.state := old.state;
  was.period := old.period;
  was.updated_at := old.updated_at;
  if was is distinct from old or lower(new.period) is distinct from lower(old.period) or lower_inf(new.period) <> lower_inf(old.period) or isempty(new.period) then
    raise exception 'rule version % is published: its rules and its beginning cannot change', old.id using errcode = 'OP001';
  end if;
  if new.state = 'draft' or (new.state = 'withdrawn' and exists (select 1 from rulebook_decision where version_id = old.id)) then
    raise exception 'rule version % has been in force: it cannot be taken back', old.id using errcode = 'OP001';
  end if;
  if upper(new.period) is distinct from upper(old.period) and exists (
    select 1 from rulebook_ruleversion other
    where other.rule_set_id = old.rule_set_id and other.state = 'published' and lower(other.period) = upper(old.period)
  ) then
    raise exception 'rule version % was followed by another: its end cannot change', old.id using errcode = 'OP001';
  end if;
  return new;
end
$$;
create trigger keep_published before update or delete on rulebook_ruleversion for each row execute function rulebook_keep_published();
create trigger keep_published_all before truncate on rulebook_ruleversion for each statement execute function rulebook_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        RowLevelSecurity("rulebook_ruleset", partner_read="true"),
        RowLevelSecurity("rulebook_ruleversion", partner_read="state <> 'draft' and for_partners"),
        RowLevelSecurity("rulebook_decision", partner_read="for_partners and partner_id = any ((select openprm_partners())::uuid[])"),
        AppendOnly("rulebook_decision"),
        migrations.RunSQL(
            KEEP,
            reverse_sql="drop trigger keep_published on rulebook_ruleversion; drop trigger keep_published_all on rulebook_ruleversion; drop function rulebook_keep_published()",
        ),
    ]
