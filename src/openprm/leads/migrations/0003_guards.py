"""What the database refuses by itself: hidden customers, jumps in the life of a lead, a second offer to a decliner."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"
OFFERED = (
    "exists (select 1 from leads_offer o where o.lead_id = leads_lead.id and o.partner_id = any ((select openprm_partners())::uuid[]) "
    "and o.state in ('offered', 'opened', 'accepted', 'ended'))"
)
OPENED = (
    "exists (select 1 from leads_offer o where o.lead_id = leads_leadperson.lead_id and o.partner_id = any ((select openprm_partners())::uuid[]) "
    "and o.opened_at is not null and o.state in ('opened', 'accepted', 'ended'))"
)

LIFE = """
create function leads_lead_life() returns trigger language plpgsql as $$
begin
  if new.status <> old.status and not (old.status || '>' || new.status) = any (array[
    'new>offered', 'new>unrouted', 'new>nurture', 'new>lost',
    'offered>accepted', 'offered>declined', 'offered>expired', 'offered>unrouted', 'offered>nurture', 'offered>lost',
    'accepted>converted', 'accepted>offered', 'accepted>declined', 'accepted>expired', 'accepted>unrouted', 'accepted>nurture', 'accepted>won', 'accepted>lost',
    'declined>offered', 'declined>unrouted', 'declined>nurture', 'declined>lost',
    'expired>offered', 'expired>unrouted', 'expired>nurture', 'expired>lost',
    'unrouted>offered', 'unrouted>nurture', 'unrouted>lost',
    'nurture>offered', 'nurture>unrouted', 'nurture>lost',
    'converted>won', 'converted>lost']) then
    raise exception 'lead % cannot go from % to %', old.number, old.status, new.status using errcode = '23514', constraint = 'lead_status_follows';
  end if;
  if old.status in ('converted', 'won', 'lost') and new.erased_at is null and
       (new.partner_id, new.registration_id, new.account_id, new.country, new.amount_minor, new.currency, new.product_line_id, new.skills)
         is distinct from (old.partner_id, old.registration_id, old.account_id, old.country, old.amount_minor, old.currency, old.product_line_id, old.skills) then
    raise exception 'lead % is locked', old.number using errcode = '23514', constraint = 'lead_is_locked';
  end if;
  return new;
end $$;
create trigger lead_life before update on leads_lead for each row execute function leads_lead_life();

create function leads_lead_start() returns trigger language plpgsql as $$
begin
  if new.status <> 'new' then
    raise exception 'a lead begins as new' using errcode = '23514', constraint = 'lead_status_follows';
  end if;
  return new;
end $$;
create trigger lead_start before insert on leads_lead for each row execute function leads_lead_start();

create function leads_person_lock() returns trigger language plpgsql as $$
declare
  held record;
begin
  select status, number, erased_at into held from leads_lead where id = old.lead_id;
  if held.status in ('converted', 'won', 'lost') and held.erased_at is null then
    raise exception 'lead % is locked', held.number using errcode = '23514', constraint = 'lead_is_locked';
  end if;
  return new;
end $$;
create trigger person_lock before update on leads_leadperson for each row execute function leads_person_lock();

create function leads_offer_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'offered>opened', 'offered>accepted', 'offered>declined', 'offered>expired', 'offered>withdrawn', 'offered>taken',
    'opened>accepted', 'opened>declined', 'opened>expired', 'opened>withdrawn', 'opened>taken',
    'accepted>declined', 'accepted>expired', 'accepted>withdrawn', 'accepted>ended']) then
    raise exception 'an offer cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'offer_state_follows';
  end if;
  if old.opened_at is not null and new.opened_at is distinct from old.opened_at then
    raise exception 'an opening is proof and stays' using errcode = '23514', constraint = 'offer_opening_stays';
  end if;
  if (new.lead_id, new.partner_id, new.routing_id) is distinct from (old.lead_id, old.partner_id, old.routing_id) then
    raise exception 'an offer stays with its lead and partner' using errcode = '23514', constraint = 'offer_stays';
  end if;
  return new;
end $$;
create trigger offer_life before update on leads_offer for each row execute function leads_offer_life();
"""
UNDO = """
drop trigger offer_life on leads_offer; drop function leads_offer_life();
drop trigger person_lock on leads_leadperson; drop function leads_person_lock();
drop trigger lead_start on leads_lead; drop function leads_lead_start();
drop trigger lead_life on leads_lead; drop function leads_lead_life();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(LIFE, reverse_sql=UNDO),
        RowLevelSecurity("leads_lead", partner_read=OFFERED),
        RowLevelSecurity("leads_leadperson", partner_read=OPENED),
        RowLevelSecurity("leads_offer", partner_read=MINE),
        RowLevelSecurity("leads_routing"),
        RowLevelSecurity("leads_receiver", partner_read=MINE),
        CompositeForeignKey("leads_offer", ("routing_id", "lead_id"), "leads_routing", ("id", "lead_id")),
    ]
