"""What the database refuses by itself about proofs, co-op lines and links: foreign rows, edits to evidence and history, more than 100 % of a deal."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

GUARDS = """
create function funds_evidence_stays() returns trigger language plpgsql as $$
begin
  if old.claim_id is not null then
    raise exception 'a file that was handed in stays' using errcode = '23514', constraint = 'handed_in_proof_stays';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if (new.activity_id, new.partner_id, new.rule, new.sha256, new.storage_key, new.format, new.size)
       is distinct from (old.activity_id, old.partner_id, old.rule, old.sha256, old.storage_key, old.format, old.size) then
    raise exception 'a file is replaced, never changed' using errcode = '23514', constraint = 'handed_in_proof_stays';
  end if;
  return new;
end $$;
create trigger evidence_stays before update or delete on funds_prooffile for each row execute function funds_evidence_stays();

create function funds_rate_stays() returns trigger language plpgsql as $$
begin
  if (new.program_id, new.tier_id, new.percent, new.expires_after_days, new.effective_from, new.published_at)
       is distinct from (old.program_id, old.tier_id, old.percent, old.expires_after_days, old.effective_from, old.published_at) then
    raise exception 'a published rate stays as it is' using errcode = '23514', constraint = 'published_accrual_rate_stays';
  end if;
  return new;
end $$;
create trigger rate_stays before update on funds_accrualrate for each row execute function funds_rate_stays();

create function funds_whole_is_enough() returns trigger language plpgsql as $$
declare total numeric;
begin
  perform pg_advisory_xact_lock(hashtextextended('funds.links ' || coalesce(new.deal_id, new.subject_id)::text, 0));
  select coalesce(sum(weight), 0) into total from funds_requestlink
   where id <> new.id and (deal_id = new.deal_id or (kind = new.kind and subject_id = new.subject_id));
  if total + new.weight > 100 then
    raise exception 'the shares of one deal are at most 100 percent' using errcode = '23514', constraint = 'shares_of_a_deal_are_100_percent';
  end if;
  return new;
end $$;
create trigger whole_is_enough before insert or update on funds_requestlink for each row execute function funds_whole_is_enough();

create function funds_extension_life() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'an answered question stays as it is' using errcode = '23514', constraint = 'answered_extension_stays';
  end if;
  return new;
end $$;
create trigger extension_life before update on funds_extension for each row execute function funds_extension_life();
"""
UNDO = """
drop trigger evidence_stays on funds_prooffile; drop function funds_evidence_stays();
drop trigger rate_stays on funds_accrualrate; drop function funds_rate_stays();
drop trigger whole_is_enough on funds_requestlink; drop function funds_whole_is_enough();
drop trigger extension_life on funds_extension; drop function funds_extension_life();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0003_guards"), ("deals", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        *(RowLevelSecurity(f"funds_{name}", partner_read="true") for name in ("activitytype", "proofrule", "accrualrate")),
        *(RowLevelSecurity(f"funds_{name}", partner_read=MINE) for name in ("prooffile", "accrualline", "accrualwarning", "requestlink", "extension")),
        RowLevelSecurity("funds_returnterms"),
        CompositeForeignKey("funds_prooffile", ("activity_id", "partner_id"), "funds_activity", ("id", "partner_id")),
        CompositeForeignKey("funds_prooffile", ("claim_id", "partner_id"), "funds_claim", ("id", "partner_id")),
        CompositeForeignKey("funds_accrualline", ("allocation_id", "partner_id"), "funds_allocation", ("id", "partner_id")),
        CompositeForeignKey("funds_requestlink", ("request_id", "partner_id"), "funds_fundrequest", ("id", "partner_id")),
        CompositeForeignKey("funds_requestlink", ("deal_id", "partner_id"), "deals_registration", ("id", "partner_id")),
        CompositeForeignKey("funds_extension", ("activity_id", "partner_id"), "funds_activity", ("id", "partner_id")),
        CompositeForeignKey("funds_extension", ("allocation_id", "partner_id"), "funds_allocation", ("id", "partner_id")),
        AppendOnly("funds_accrualline"),
    ]
