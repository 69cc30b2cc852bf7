"""What the database refuses by itself: strangers' rows, sealed words, jumps in the life of a case, an appeal before its first judge, edits to what was decided."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "any ((select openprm_partners())::uuid[])"
PARTY = f"(partner_id = {MINE} or other_partner_id = {MINE})"
OF_MY_CASE = f"exists (select 1 from conflicts_conflictcase c where c.id = case_id and (c.partner_id = {MINE} or c.other_partner_id = {MINE}))"
SAID = f"partner_id = {MINE} or (revealed_at is not null and {OF_MY_CASE})"

GUARDS = """
create function conflicts_case_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'open>in_review', 'open>closed', 'in_review>decided', 'in_review>closed', 'decided>appealed', 'decided>closed',
    'appealed>in_review', 'appealed>closed']) then
    raise exception 'case % cannot go from % to %', old.number, old.state, new.state using errcode = '23514', constraint = 'conflict_state_follows';
  end if;
  if (new.partner_id, new.number, new.type, new.origin, new.opened_at) is distinct from (old.partner_id, old.number, old.type, old.origin, old.opened_at) then
    raise exception 'what case % is about stays', old.number using errcode = '23514', constraint = 'conflict_subject_stays';
  end if;
  if old.state = 'closed' and (new.finding, new.ending, new.closed_at) is distinct from (old.finding, old.ending, old.closed_at) then
    raise exception 'case % is closed', old.number using errcode = '23514', constraint = 'closed_case_stays';
  end if;
  if new.state = 'appealed' and old.state = 'decided' and not exists (select 1 from conflicts_appeal where case_id = new.id) then
    raise exception 'case % has no appeal', old.number using errcode = '23514', constraint = 'conflict_state_follows';
  end if;
  if old.first_reviewer_id is not null and new.first_reviewer_id is distinct from old.first_reviewer_id then
    raise exception 'who decided case % first stays', old.number using errcode = '23514', constraint = 'first_decision_stays';
  end if;
  return new;
end $$;
create trigger case_life before update on conflicts_conflictcase for each row execute function conflicts_case_life();

create function conflicts_second_reviewer() returns trigger language plpgsql as $$
begin
  if new.kind = 'appeal' and exists (
       select 1 from conflicts_ruling where case_id = new.case_id and kind = 'decision' and by_id = new.by_id)
     or new.kind = 'decision' and new.round > 1 and exists (
       select 1 from conflicts_ruling where case_id = new.case_id and kind = 'decision' and by_id = new.by_id) then
    raise exception 'an appeal is never answered by who decided first' using errcode = '23514', constraint = 'appeal_needs_a_second_reviewer';
  end if;
  return new;
end $$;
create trigger second_reviewer before insert on conflicts_ruling for each row execute function conflicts_second_reviewer();

create function conflicts_appeal_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.result <> '' and (new.result, new.answered_at, new.reviewer_id) is distinct from (old.result, old.answered_at, old.reviewer_id)
     or (new.case_id, new.partner_id, new.text, new.filed_at) is distinct from (old.case_id, old.partner_id, old.text, old.filed_at) then
    raise exception 'an appeal stays as it was filed and answered' using errcode = '23514', constraint = 'appeal_stays';
  end if;
  if new.reviewer_id is not null and exists (
       select 1 from conflicts_ruling where case_id = new.case_id and kind = 'decision' and by_id = new.reviewer_id) then
    raise exception 'an appeal is never answered by who decided first' using errcode = '23514', constraint = 'appeal_needs_a_second_reviewer';
  end if;
  return new;
end $$;
create trigger appeal_life before update or delete on conflicts_appeal for each row execute function conflicts_appeal_life();

create function conflicts_said_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.revealed_at is not null and new.revealed_at is distinct from old.revealed_at
     or (to_jsonb(new) - array['revealed_at', 'updated_at', 'author_id', 'author_name'])
          is distinct from (to_jsonb(old) - array['revealed_at', 'updated_at', 'author_id', 'author_name']) then
    raise exception 'what was said stays as it was said' using errcode = '23514', constraint = 'said_stays';
  end if;
  return new;
end $$;
create trigger said_life before update or delete on conflicts_statement for each row execute function conflicts_said_life();
create trigger said_life before update or delete on conflicts_evidence for each row execute function conflicts_said_life();

create function conflicts_precedent_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.state <> 'draft'
     or tg_op = 'UPDATE' and (new.state <> old.state and not (old.state || '>' || new.state) = any (array['draft>published', 'published>withdrawn'])
       or old.state <> 'draft' and (new.title, new.what_happened, new.reasons, new.would_change, new.clause, new.finding, new.number)
            is distinct from (old.title, old.what_happened, old.reasons, old.would_change, old.clause, old.finding, old.number)) then
    raise exception 'a published precedent stays as it is' using errcode = '23514', constraint = 'published_precedent_stays';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger precedent_life before update or delete on conflicts_precedent for each row execute function conflicts_precedent_life();
"""
_TRIGGERS = (
    ("case_life", "conflictcase", "case_life"),
    ("second_reviewer", "ruling", "second_reviewer"),
    ("appeal_life", "appeal", "appeal_life"),
    ("said_life", "statement", "said_life"),
    ("precedent_life", "precedent", "precedent_life"),
)
UNDO = "drop trigger said_life on conflicts_evidence;\n" + "\n".join(
    f"drop trigger {trigger} on conflicts_{table}; drop function conflicts_{function}();" for trigger, table, function in _TRIGGERS
)


class Migration(migrations.Migration):
    dependencies = [("conflicts", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        RowLevelSecurity("conflicts_conflictcase", partner_read=PARTY),
        RowLevelSecurity("conflicts_party", partner_read=f"partner_id = {MINE}"),
        RowLevelSecurity("conflicts_statement", partner_read=SAID),
        RowLevelSecurity("conflicts_evidence", partner_read=SAID),
        RowLevelSecurity("conflicts_casefact", partner_read=f"reader_id = {MINE}"),
        RowLevelSecurity("conflicts_casenote"),
        RowLevelSecurity("conflicts_appeal", partner_read=OF_MY_CASE),
        RowLevelSecurity("conflicts_ruling", partner_read=OF_MY_CASE),
        RowLevelSecurity("conflicts_remedy", partner_read=OF_MY_CASE),
        RowLevelSecurity("conflicts_precedent", partner_read="state = 'published'"),
        CompositeForeignKey("conflicts_conflictcase", ("registration_id", "partner_id"), "deals_registration", ("id", "partner_id")),
        CompositeForeignKey("conflicts_conflictcase", ("other_registration_id", "other_partner_id"), "deals_registration", ("id", "partner_id")),
        CompositeForeignKey("conflicts_statement", ("party_id", "partner_id"), "conflicts_party", ("id", "partner_id")),
        CompositeForeignKey("conflicts_evidence", ("party_id", "partner_id"), "conflicts_party", ("id", "partner_id")),
        AppendOnly("conflicts_ruling"),
        AppendOnly("conflicts_remedy"),
    ]
