"""What the database refuses by itself: foreign rows, changed runs, shares that are not whole, a locked month that moves, a touch that is rewritten."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

MINE = "= any ((select openprm_partners())::uuid[])"
OWN = f"partner_id {MINE}"

GUARDS = """
create function attribution_points_are_whole() returns trigger language plpgsql security definer set search_path = public as $$
declare
  one uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
  deal record; points bigint; minor numeric;
begin
  select r.is_won, r.outcome, r.base_minor into deal from attribution_result r where r.id = one;
  select coalesce(sum(basis_points), 0), coalesce(sum(credit_minor), 0) into points, minor from attribution_credit where result_id = one;
  if deal.is_won and deal.outcome <> 'unattributed' then
    if points <> 10000 or minor <> deal.base_minor then
      raise exception 'the shares of a deal are 10,000 points and its whole amount, not % and %', points, minor
        using errcode = '23514', constraint = 'attribution_points_are_whole';
    end if;
  elsif points <> 0 then
    raise exception 'only a won and attributed deal is divided' using errcode = '23514', constraint = 'attribution_points_are_whole';
  end if;
  return null;
end $$;
create constraint trigger points_are_whole after insert on attribution_credit deferrable initially deferred
  for each row execute function attribution_points_are_whole('result_id');
create constraint trigger points_are_whole after insert on attribution_result deferrable initially deferred
  for each row execute function attribution_points_are_whole('id');
revoke all on function attribution_points_are_whole() from public;

create function attribution_month_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.locked_at is not null then
    raise exception 'month % is locked for good', old.month using errcode = 'OP001';
  end if;
  if not exists (select 1 from attribution_run r where r.id = new.run_id and r.month = new.month) then
    raise exception 'a month stands on a run of its own' using errcode = '23514', constraint = 'attribution_month_has_its_run';
  end if;
  return new;
end $$;
create trigger month_kept before insert or update on attribution_month for each row execute function attribution_month_kept();
create trigger month_stays before delete or truncate on attribution_month for each statement execute function openprm_refuse_change();

create function attribution_touch_kept() returns trigger language plpgsql as $$
begin
  if (new.partner_id, new.about, new.via, new.kind, new.source, new.source_key, new.evidence, new.summary, new.occurred_at, new.recorded_at, new.claimed_at)
     is distinct from
     (old.partner_id, old.about, old.via, old.kind, old.source, old.source_key, old.evidence, old.summary, old.occurred_at, old.recorded_at, old.claimed_at) then
    raise exception 'a touch is history: strike it and record it anew' using errcode = 'OP001';
  end if;
  if old.struck_at is not null and new.struck_at is distinct from old.struck_at or old.verified_at is not null and new.verified_at is distinct from old.verified_at
  then
    raise exception 'a touch is struck and verified once' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger touch_kept before update on attribution_touch for each row execute function attribution_touch_kept();
create trigger touch_stays before delete or truncate on attribution_touch for each statement execute function openprm_refuse_change();

create function attribution_said_once() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'what was answered stays answered' using errcode = 'OP001';
  end if;
  return new;
end $$;
create trigger said_once before update of state, statement, customer, kind, occurred_at, answer, touch_id, partner_id, deal_id, side on attribution_claim
  for each row execute function attribution_said_once();
create trigger said_once before update on attribution_dispute for each row execute function attribution_said_once();
create trigger claim_stays before delete or truncate on attribution_claim for each statement execute function openprm_refuse_change();
create trigger dispute_stays before delete or truncate on attribution_dispute for each statement execute function openprm_refuse_change();
"""
UNDO = """
drop trigger dispute_stays on attribution_dispute; drop trigger claim_stays on attribution_claim;
drop trigger said_once on attribution_dispute; drop trigger said_once on attribution_claim; drop function attribution_said_once();
drop trigger touch_stays on attribution_touch; drop trigger touch_kept on attribution_touch; drop function attribution_touch_kept();
drop trigger month_stays on attribution_month; drop trigger month_kept on attribution_month; drop function attribution_month_kept();
drop trigger points_are_whole on attribution_result; drop trigger points_are_whole on attribution_credit; drop function attribution_points_are_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("attribution", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        *(AppendOnly(f"attribution_{table}") for table in ("configuration", "run", "result", "credit", "latetouch", "review")),
        *(RowLevelSecurity(f"attribution_{table}", partner_read=OWN) for table in ("touch", "credit", "latetouch", "claim", "dispute")),
        *(RowLevelSecurity(f"attribution_{table}", partner_read="true") for table in ("configuration", "month")),
        *(RowLevelSecurity(f"attribution_{table}") for table in ("run", "result", "review", "collected")),
    ]
