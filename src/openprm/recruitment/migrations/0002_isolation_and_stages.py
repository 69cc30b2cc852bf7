"""Who may read which row, the ways that prospects and referrals go, and that a published profile never changes."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

STAGES = """
create function recruitment_check_stage() returns trigger language plpgsql as
$$ begin
  if old.stage <> new.stage and (old.stage = 'converted' or (old.stage = 'lost' and new.stage <> 'identified'))
  then raise exception 'a prospect cannot go from % to %', old.stage, new.stage using errcode = 'check_violation', constraint = 'prospect_way';
  end if;
  return new;
end $$;
create trigger prospect_way before update of stage on recruitment_prospect for each row execute function recruitment_check_stage();

create function recruitment_check_referral() returns trigger language plpgsql as
$$ begin
  if old.state <> new.state and (old.state, new.state) not in (
      ('introduced', 'applied'), ('introduced', 'joined'), ('introduced', 'declined'), ('applied', 'joined'), ('applied', 'declined'),
      ('joined', 'earning'), ('earning', 'ended'), ('declined', 'applied'))
  then raise exception 'a referral cannot go from % to %', old.state, new.state using errcode = 'check_violation', constraint = 'referral_way';
  end if;
  if current_user = 'openprm_partner' and new.state <> old.state
  then raise exception 'a partner does not decide on its referrals' using errcode = 'check_violation', constraint = 'referral_way';
  end if;
  return new;
end $$;
create trigger referral_way before update on recruitment_referral for each row execute function recruitment_check_referral();

create function recruitment_keep_profile() returns trigger language plpgsql as
$$ begin
  if old.state <> 'draft' and (tg_op = 'DELETE' or new.criteria <> old.criteria or new.number <> old.number or new.program_id <> old.program_id
      or new.published_at <> old.published_at or (old.state, new.state) not in (('published', 'published'), ('published', 'retired'), ('retired', 'retired')))
  then raise exception 'a published profile never changes' using errcode = 'OP001', constraint = 'published_profile_is_kept';
  end if;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create trigger published_profile_is_kept before update or delete on recruitment_idealprofile for each row execute function recruitment_keep_profile();
"""
STAGES_UNDO = """
drop trigger prospect_way on recruitment_prospect; drop function recruitment_check_stage();
drop trigger referral_way on recruitment_referral; drop function recruitment_check_referral();
drop trigger published_profile_is_kept on recruitment_idealprofile; drop function recruitment_keep_profile();
"""
VENDORS_OWN = ("company", "companyscore", "contact", "fact", "idealprofile", "note", "outreach", "prospect", "signal")


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        *(RowLevelSecurity(f"recruitment_{table}") for table in VENDORS_OWN),
        RowLevelSecurity("recruitment_referralterms", partner_read="true"),
        RowLevelSecurity("recruitment_referralcode", partner="partner_id"),
        RowLevelSecurity("recruitment_referral", partner="partner_id"),
        migrations.RunSQL(STAGES, reverse_sql=STAGES_UNDO),
    ]
