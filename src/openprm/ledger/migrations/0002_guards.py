"""What the books refuse, whoever asks: an entry that does not balance, a leg that comes later, a change to what is posted,
an entry in a closed month, a month that opens again, a balance that anything but a leg moves."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity

MINE = "= any ((select openprm_partners())::uuid[])"
ROLES = "openprm_vendor, openprm_partner, openprm_app"
KEPT = ("ledger_account", "ledger_turnover")

ENTRIES = f"""
create sequence ledger_number;
grant usage on sequence ledger_number to openprm_vendor;
alter table ledger_entry alter column number set default nextval('ledger_number');
alter table ledger_entry add column written_in xid8 not null default pg_current_xact_id();

create function ledger_entry_in_open_month() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform 1 from ledger_period p
    where p.month in (select distinct date_trunc('month', n.value_date)::date from fresh n) order by p.month for share;
  if exists (select 1 from fresh n left join ledger_period p on p.month = date_trunc('month', n.value_date)::date where p.state is distinct from 'open') then
    raise exception 'the month of this entry is not open' using errcode = '23514', constraint = 'ledger_period_is_open';
  end if;
  if exists (select 1 from fresh where written_in <> pg_current_xact_id()) then
    raise exception 'an entry is written in its own transaction' using errcode = '23514', constraint = 'ledger_leg_fits';
  end if;
  return null;
end $$;
create trigger in_open_month after insert on ledger_entry referencing new table as fresh
  for each statement execute function ledger_entry_in_open_month();
"""

LEGS = f"""
create table ledger_unfinished (id bigint generated always as identity primary key, entry_id uuid not null);
revoke all on ledger_unfinished from {ROLES};

create function ledger_book() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (
    select 1 from fresh n left join ledger_entry e on e.id = n.entry_id left join ledger_account a on a.id = n.account_id
    where e.id is null or a.id is null or e.written_in <> pg_current_xact_id()
       or n.value_date <> e.value_date or n.currency <> a.currency or n.partner_id is distinct from a.partner_id
       or n.partner_id is not null and n.partner_id is distinct from e.partner_id
  ) then
    raise exception 'a leg is written with its entry and repeats its account, partner and date' using errcode = '23514', constraint = 'ledger_leg_fits';
  end if;

  perform 1 from ledger_account where id in (select account_id from fresh) order by partner_id nulls first, id for no key update;
  update ledger_account a set balance_minor = a.balance_minor + s.amount, leg_count = a.leg_count + s.legs, updated_at = clock_timestamp()
    from (select account_id, sum(amount_minor) as amount, count(*) as legs from fresh group by account_id) s where a.id = s.account_id;

  insert into ledger_turnover (account_id, month, debit_minor, credit_minor, leg_count)
    select account_id, date_trunc('month', value_date)::date, sum(greatest(amount_minor, 0)), sum(greatest(-amount_minor, 0)), count(*)
    from fresh group by 1, 2 order by 1, 2
    on conflict (account_id, month) do update set debit_minor = ledger_turnover.debit_minor + excluded.debit_minor,
      credit_minor = ledger_turnover.credit_minor + excluded.credit_minor, leg_count = ledger_turnover.leg_count + excluded.leg_count;

  insert into ledger_unfinished (entry_id)
    select distinct entry_id from (select entry_id from fresh group by entry_id, currency having sum(amount_minor) <> 0) s;
  return null;
end $$;
create trigger book after insert on ledger_leg referencing new table as fresh for each statement execute function ledger_book();

create function ledger_legs_sum_to_zero() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (select 1 from ledger_leg where entry_id = new.entry_id group by currency having sum(amount_minor) <> 0) then
    raise exception 'the legs of entry % do not sum to zero', new.entry_id using errcode = '23514', constraint = 'ledger_legs_sum_to_zero';
  end if;
  delete from ledger_unfinished where id = new.id;
  return null;
end $$;
create constraint trigger legs_sum_to_zero after insert on ledger_unfinished deferrable initially deferred
  for each row execute function ledger_legs_sum_to_zero();
revoke all on function ledger_book(), ledger_entry_in_open_month(), ledger_legs_sum_to_zero() from public;
"""

BALANCES = (
    f"""
create function ledger_only_legs_move_balances() returns trigger language plpgsql as $$
begin
  if pg_trigger_depth() < 2 then
    raise exception 'balances and turnovers are moved by legs alone' using errcode = 'OP001';
  end if;
  return null;
end $$;
create function ledger_account_begins_at_zero() returns trigger language plpgsql as $$
begin
  if new.balance_minor <> 0 or new.leg_count <> 0 then
    raise exception 'an account begins at zero' using errcode = '23514', constraint = 'ledger_account_begins_at_zero';
  end if;
  return new;
end $$;
create trigger begins_at_zero before insert on ledger_account for each row execute function ledger_account_begins_at_zero();
create trigger only_legs before update or delete or truncate on ledger_account for each statement execute function ledger_only_legs_move_balances();
create trigger only_legs before insert or update or delete or truncate on ledger_turnover for each statement execute function ledger_only_legs_move_balances();
"""
    + "\n".join(f"revoke update, delete, truncate on {table} from {ROLES};" for table in KEPT)
)

PERIODS = """
create function ledger_period_life() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('ledger_period', 0));
  if tg_op = 'INSERT' then
    if new.state <> 'open' or exists (select 1 from ledger_period where state = 'closed' and month > new.month) then
      raise exception 'a month begins open, and none begins before a closed one' using errcode = '23514', constraint = 'ledger_period_is_open';
    end if;
    return new;
  end if;
  if old.state = 'closed' then
    raise exception 'month % is closed for good', old.month using errcode = 'OP001';
  end if;
  if new.month <> old.month then
    raise exception 'a month stays the month it is' using errcode = 'OP001';
  end if;
  if new.state = 'closed' and exists (select 1 from ledger_period where state = 'open' and month < new.month) then
    raise exception 'months close in their order' using errcode = '23514', constraint = 'ledger_months_close_in_order';
  end if;
  return new;
end $$;
create trigger period_life before insert or update on ledger_period for each row execute function ledger_period_life();
create trigger period_stays before delete or truncate on ledger_period for each statement execute function openprm_refuse_change();
"""

UNDO = """
drop trigger period_stays on ledger_period; drop trigger period_life on ledger_period; drop function ledger_period_life();
drop trigger only_legs on ledger_turnover; drop trigger only_legs on ledger_account; drop trigger begins_at_zero on ledger_account;
drop function ledger_account_begins_at_zero(); drop function ledger_only_legs_move_balances();
drop trigger book on ledger_leg; drop function ledger_book(); drop table ledger_unfinished; drop function ledger_legs_sum_to_zero();
drop trigger in_open_month on ledger_entry; drop function ledger_entry_in_open_month();
alter table ledger_entry drop column written_in; alter table ledger_entry alter column number drop default; drop sequence ledger_number;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(ENTRIES + LEGS + BALANCES + PERIODS, reverse_sql=UNDO),
        AppendOnly("ledger_entry"),
        AppendOnly("ledger_leg"),
        *(RowLevelSecurity(table, partner_read=f"partner_id {MINE}") for table in ("ledger_account", "ledger_entry", "ledger_leg")),
        RowLevelSecurity("ledger_turnover", partner_read=f"account_id in (select id from ledger_account where partner_id {MINE})"),
        *(RowLevelSecurity(table) for table in ("ledger_period", "ledger_accountcode", "ledger_exportsettings")),
    ]
