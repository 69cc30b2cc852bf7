"""What the database refuses by itself: foreign rows, jumps in the life of a case, approvals with open flags or by two eyes, edits to what was published."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

GUARDS = """
create function compliance_case_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'open>questionnaire_sent', 'open>screening', 'open>declined',
    'questionnaire_sent>answered', 'questionnaire_sent>screening', 'questionnaire_sent>declined',
    'answered>questionnaire_sent', 'answered>screening', 'answered>flags_cleared', 'answered>declined',
    'screening>questionnaire_sent', 'screening>flags_cleared', 'screening>declined',
    'flags_cleared>questionnaire_sent', 'flags_cleared>screening', 'flags_cleared>approved', 'flags_cleared>declined',
    'approved>screening', 'approved>renewal_due', 'approved>lapsed', 'declined>open',
    'renewal_due>questionnaire_sent', 'renewal_due>screening', 'renewal_due>lapsed', 'lapsed>questionnaire_sent', 'lapsed>screening']) then
    raise exception 'a risk case cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'case_state_follows';
  end if;
  if new.state in ('flags_cleared', 'approved') and new.state <> old.state
     and exists (select 1 from compliance_flag where case_id = new.id and state = 'open') then
    raise exception 'a case with an open red flag is not clear' using errcode = '23514', constraint = 'clear_case_has_no_open_flag';
  end if;
  return new;
end $$;
create trigger case_life before update on compliance_riskcase for each row execute function compliance_case_life();

create function compliance_flag_life() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' and (new.state, new.evidence, new.evidence_file_id, new.resolved_by_id, new.resolved_at, new.title, new.detail)
       is distinct from (old.state, old.evidence, old.evidence_file_id, old.resolved_by_id, old.resolved_at, old.title, old.detail) then
    raise exception 'a resolved red flag stays as it is' using errcode = '23514', constraint = 'resolved_flag_stays';
  end if;
  return new;
end $$;
create trigger flag_life before update on compliance_flag for each row execute function compliance_flag_life();

create function compliance_four_eyes() returns trigger language plpgsql as $$
begin
  if new.outcome = 'approved' and exists (
    select 1 from compliance_flag where case_id = new.case_id and cycle = new.cycle and resolved_by_id = new.decided_by) then
    raise exception 'who cleared a flag does not approve the case' using errcode = '23514', constraint = 'case_needs_four_eyes';
  end if;
  return new;
end $$;
create trigger four_eyes before insert on compliance_casedecision for each row execute function compliance_four_eyes();

create function compliance_version_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state <> 'draft' then
      raise exception 'a published questionnaire stays' using errcode = '23514', constraint = 'published_questions_stay';
    end if;
    return old;
  end if;
  if old.state <> 'draft' and (new.questions, new.intro, new.number, new.sha256, new.questionnaire_id)
       is distinct from (old.questions, old.intro, old.number, old.sha256, old.questionnaire_id)
     or new.state <> old.state and not (old.state || '>' || new.state) = any (array['draft>published', 'published>retired']) then
    raise exception 'a published questionnaire stays' using errcode = '23514', constraint = 'published_questions_stay';
  end if;
  return new;
end $$;
create trigger version_life before update or delete on compliance_questionnaireversion for each row execute function compliance_version_life();

create function compliance_reply_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if current_user = 'openprm_partner' then
      raise exception 'questionnaires are sent by the vendor' using errcode = '23514', constraint = 'reply_follows';
    end if;
    return new;
  end if;
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
      'sent>submitted', 'sent>withdrawn', 'submitted>sent', 'submitted>accepted', 'submitted>withdrawn'])
    or old.state <> 'sent' and new.answers is distinct from old.answers
    or (new.partner_id, new.questions_id, new.questionnaire_id, new.case_id, new.sent_at)
         is distinct from (old.partner_id, old.questions_id, old.questionnaire_id, old.case_id, old.sent_at)
    or current_user = 'openprm_partner' and (old.state <> 'sent' or new.state <> 'sent' or (new.due_at, new.score, new.valid_until, new.message)
         is distinct from (old.due_at, old.score, old.valid_until, old.message)) then
    raise exception 'a submitted reply stays as it is' using errcode = '23514', constraint = 'reply_follows';
  end if;
  return new;
end $$;
create trigger reply_life before insert or update on compliance_reply for each row execute function compliance_reply_life();

create function compliance_certificate_life() returns trigger language plpgsql as $$
begin
  if current_user = 'openprm_partner' and (new.state not in ('submitted', 'withdrawn') or new.verified_at is not null and tg_op = 'INSERT') then
    raise exception 'the vendor verifies certificates' using errcode = '23514', constraint = 'certificate_is_verified_by_the_vendor';
  end if;
  if tg_op = 'UPDATE' and new.state <> old.state and not (old.state || '>' || new.state) = any (array[
      'submitted>verified', 'submitted>rejected', 'submitted>withdrawn', 'verified>expired', 'verified>rejected', 'verified>withdrawn']) then
    raise exception 'a certificate cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'certificate_follows';
  end if;
  if tg_op = 'UPDATE' and old.state <> 'submitted' and (new.kind_id, new.issued_on, new.expires_on, new.partner_id)
       is distinct from (old.kind_id, old.issued_on, old.expires_on, old.partner_id) then
    raise exception 'a checked certificate stays as it is' using errcode = '23514', constraint = 'certificate_follows';
  end if;
  return new;
end $$;
create trigger certificate_life before insert or update on compliance_certificate for each row execute function compliance_certificate_life();

create function compliance_verification_life() returns trigger language plpgsql as $$
begin
  if current_user = 'openprm_partner' and (new.state not in ('started', 'submitted')
      or tg_op = 'UPDATE' and (new.approved_until, new.decided_at, new.partner_id, new.kind) is distinct from (old.approved_until, old.decided_at, old.partner_id, old.kind)
      or tg_op = 'INSERT' and new.approved_until is not null) then
    raise exception 'the vendor decides verifications' using errcode = '23514', constraint = 'verification_is_decided_by_the_vendor';
  end if;
  if tg_op = 'UPDATE' and new.state <> old.state and not (old.state || '>' || new.state) = any (array[
      'started>submitted', 'submitted>review', 'submitted>approved', 'submitted>declined', 'submitted>resubmission',
      'review>approved', 'review>declined', 'review>resubmission', 'approved>expired', 'approved>review', 'declined>started',
      'resubmission>submitted', 'expired>submitted']) then
    raise exception 'a verification cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'verification_follows';
  end if;
  return new;
end $$;
create trigger verification_life before insert or update on compliance_verification for each row execute function compliance_verification_life();
"""
_TRIGGERS = (
    ("case_life", "riskcase", "case_life"),
    ("flag_life", "flag", "flag_life"),
    ("four_eyes", "casedecision", "four_eyes"),
    ("version_life", "questionnaireversion", "version_life"),
    ("reply_life", "reply", "reply_life"),
    ("certificate_life", "certificate", "certificate_life"),
    ("verification_life", "verification", "verification_life"),
)
UNDO = "\n".join(f"drop trigger {trigger} on compliance_{table}; drop function compliance_{function}();" for trigger, table, function in _TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        *(RowLevelSecurity(f"compliance_{name}", partner_read=MINE) for name in ("riskcase", "casedecision")),
        *(RowLevelSecurity(f"compliance_{name}", partner="partner_id") for name in ("owner", "reply", "certificate", "verification")),
        *(RowLevelSecurity(f"compliance_{name}") for name in ("flag", "referencecheck", "screeningrun", "sanctionslist", "sanctionsentry", "countryrisk")),
        *(RowLevelSecurity(f"compliance_{name}", partner_read="true") for name in ("questionnaire", "certificatekind", "gatepolicy")),
        RowLevelSecurity("compliance_questionnaireversion", partner_read="state <> 'draft'"),
        RowLevelSecurity("compliance_document", partner_sql=f"case_id is null and {MINE}"),
        *(
            CompositeForeignKey(f"compliance_{table}", ("case_id", "partner_id"), "compliance_riskcase", ("id", "partner_id"))
            for table in ("flag", "referencecheck", "screeningrun", "casedecision", "reply", "document")
        ),
        CompositeForeignKey("compliance_document", ("reply_id", "partner_id"), "compliance_reply", ("id", "partner_id")),
        CompositeForeignKey("compliance_document", ("certificate_id", "partner_id"), "compliance_certificate", ("id", "partner_id")),
        CompositeForeignKey("compliance_document", ("verification_id", "partner_id"), "compliance_verification", ("id", "partner_id")),
        AppendOnly("compliance_casedecision"),
        AppendOnly("compliance_screeningrun"),
    ]
