"""What the database refuses by itself: foreign rows, edits to what was calculated or paid, jumps in the life of a line, more taken back than was given."""

from django.db import migrations

from openprm.kernel.guards import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"
FIXED = (
    "partner_id, user_id, program_id, kind, event_id, terms_id, plan_id, line_key, source_key, revision, label, about, occurred_on, earned_on, amount_minor,"
    " currency, basis_minor, rate, capped_by, steps, inputs, points, before_minor, corrects_id, number"
)

GUARDS = f"""
create function earnings_line_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'new>held', 'new>approved', 'new>declined', 'new>clawed_back', 'held>new', 'held>approved', 'held>declined', 'held>clawed_back',
    'approved>in_payout', 'approved>forfeited', 'in_payout>approved', 'in_payout>paid', 'paid>approved']) then
    raise exception 'an earning cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'earning_state_follows';
  end if;
  if ({", ".join("new." + name.strip() for name in FIXED.split(","))}) is distinct from ({", ".join("old." + name.strip() for name in FIXED.split(","))})
     and not (new.user_id is null and old.user_id is not null and ({", ".join("new." + name.strip() for name in FIXED.split(",") if name.strip() != "user_id")})
       is not distinct from ({", ".join("old." + name.strip() for name in FIXED.split(",") if name.strip() != "user_id")})) then
    raise exception 'what was calculated stays as it is: correct it with a further line' using errcode = '23514', constraint = 'earning_stays';
  end if;
  if new.state = 'approved' and old.state in ('new', 'held')
     and exists (select 1 from earnings_alert where earning_id = new.id and state <> 'dismissed') then
    raise exception 'a line with an alert is not approved' using errcode = '23514', constraint = 'approved_earning_has_no_alert';
  end if;
  return new;
end $$;
create trigger line_life before update on earnings_earning for each row execute function earnings_line_life();

create function earnings_line_stays() returns trigger language plpgsql as $$
begin
  raise exception 'earnings are not removed: claw them back' using errcode = '23514', constraint = 'earning_stays';
end $$;
create trigger line_stays before delete on earnings_earning for each row when (old.kind <> 'opening') execute function earnings_line_stays();

create function earnings_clawback_bounds() returns trigger language plpgsql as $$
declare given bigint; taken bigint;
begin
  perform 1 from earnings_earning where id = new.corrects_id for no key update;
  select sum(amount_minor) filter (where kind <> 'clawback'), -coalesce(sum(amount_minor) filter (where kind = 'clawback'), 0) into given, taken
    from earnings_earning where (id = new.corrects_id or corrects_id = new.corrects_id) and state not in ('declined', 'clawed_back');
  if taken - new.amount_minor > coalesce(given, 0) then
    raise exception 'more is taken back than was given' using errcode = '23514', constraint = 'clawback_within_the_line';
  end if;
  return new;
end $$;
create trigger clawback_bounds before insert on earnings_earning for each row when (new.kind = 'clawback') execute function earnings_clawback_bounds();

create function earnings_alert_life() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' and (new.state, new.resolution, new.resolved_at) is distinct from (old.state, old.resolution, old.resolved_at)
     or (new.earning_id, new.code, new.clause, new.facts) is distinct from (old.earning_id, old.code, old.clause, old.facts) then
    raise exception 'a resolved alert stays' using errcode = '23514', constraint = 'earning_alert_stays';
  end if;
  return new;
end $$;
create trigger alert_life before update on earnings_alert for each row execute function earnings_alert_life();

create function earnings_asked_life() returns trigger language plpgsql as $$
begin
  if old.state <> 'proposed' and new.state is distinct from old.state then
    raise exception 'what is decided stays' using errcode = '23514', constraint = 'asked_is_decided_once';
  end if;
  return new;
end $$;
create trigger adjustment_life before update on earnings_adjustment for each row execute function earnings_asked_life();
create trigger bounty_life before update on earnings_bounty for each row execute function earnings_asked_life();

create function earnings_adjustment_stays() returns trigger language plpgsql as $$
begin
  if (new.partner_id, new.amount_minor, new.currency, new.reason, new.proposed_at) is distinct from (old.partner_id, old.amount_minor, old.currency, old.reason, old.proposed_at) then
    raise exception 'a proposal stays as it was made' using errcode = '23514', constraint = 'adjustment_stays';
  end if;
  return new;
end $$;
create trigger adjustment_stays before update on earnings_adjustment for each row execute function earnings_adjustment_stays();
"""
UNDO = """
drop trigger line_life on earnings_earning; drop function earnings_line_life();
drop trigger line_stays on earnings_earning; drop function earnings_line_stays();
drop trigger clawback_bounds on earnings_earning; drop function earnings_clawback_bounds();
drop trigger alert_life on earnings_alert; drop function earnings_alert_life();
drop trigger adjustment_life on earnings_adjustment;
drop trigger bounty_life on earnings_bounty; drop function earnings_asked_life();
drop trigger adjustment_stays on earnings_adjustment; drop function earnings_adjustment_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("earnings", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        *(RowLevelSecurity(f"earnings_{name}", partner_read=MINE) for name in ("sourceevent", "earning", "creditshare", "forfeiturewarning", "bounty", "statement")),
        RowLevelSecurity("earnings_terms", partner_read=f"exists (select 1 from earnings_earning as mine where mine.terms_id = earnings_terms.id and mine.{MINE})"),
        RowLevelSecurity("earnings_adjustment", partner_read=f"state = 'approved' and {MINE}"),
        RowLevelSecurity("earnings_alert"),
        CompositeForeignKey("earnings_earning", ("event_id", "partner_id"), "earnings_sourceevent", ("id", "partner_id")),
        CompositeForeignKey("earnings_earning", ("corrects_id", "partner_id"), "earnings_earning", ("id", "partner_id")),
        CompositeForeignKey("earnings_alert", ("earning_id", "partner_id"), "earnings_earning", ("id", "partner_id")),
        CompositeForeignKey("earnings_forfeiturewarning", ("earning_id", "partner_id"), "earnings_earning", ("id", "partner_id")),
        CompositeForeignKey("earnings_adjustment", ("earning_id", "partner_id"), "earnings_earning", ("id", "partner_id")),
        AppendOnly("earnings_sourceevent"),
        AppendOnly("earnings_terms"),
        AppendOnly("earnings_forfeiturewarning"),
        AppendOnly("earnings_statement"),
    ]
