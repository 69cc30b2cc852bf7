"""What the database refuses of intake: readers of the partner side, changed words of a form, a consent that is rewritten."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

STAYS = """
create function leads_arrival_stays() returns trigger language plpgsql as $$
begin
  if (new.ground, new.consent_text, new.text_version, new.given_at, new.needs, new.received_at, new.lead_id) is distinct from
     (old.ground, old.consent_text, old.text_version, old.given_at, old.needs, old.received_at, old.lead_id)
     and new.withdrawn_at is null then
    raise exception 'a consent is kept as it was given' using errcode = '23514', constraint = 'consent_stays';
  end if;
  return new;
end $$;
create trigger arrival_stays before update on leads_arrival for each row execute function leads_arrival_stays();

create function leads_referral_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and old.state <> 'waiting' then
    raise exception 'referral was answered' using errcode = '23514', constraint = 'lead_referral_is_answered_once';
  end if;
  return new;
end $$;
create trigger referral_life before update on leads_referral for each row execute function leads_referral_life();
"""
UNDO = """
drop trigger referral_life on leads_referral; drop function leads_referral_life();
drop trigger arrival_stays on leads_arrival; drop function leads_arrival_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_guards"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(STAYS, reverse_sql=UNDO),
        AppendOnly("leads_webformversion"),
        RowLevelSecurity("leads_referral", partner="referrer_id"),
        *(RowLevelSecurity(f"leads_{name}") for name in ("webform", "webformversion", "submission", "arrival", "eventsource", "sourceevent")),
    ]
