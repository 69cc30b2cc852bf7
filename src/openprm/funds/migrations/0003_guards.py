"""What the database refuses by itself: money that is handed on twice, foreign currencies, jumps of a state, strangers' rows."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

BUDGETS = """
create function funds_budget_place() returns trigger language plpgsql as $$
declare
  above record;
begin
  if tg_op = 'UPDATE' then
    if (new.parent_id, new.currency, new.kind, new.level) is distinct from (old.parent_id, old.currency, old.kind, old.level) then
      raise exception 'a budget stays in its place and currency' using errcode = '23514', constraint = 'fund_budget_stays';
    end if;
    if old.ignores_limits and not new.ignores_limits then
      raise exception 'validation that was switched off stays off' using errcode = '23514', constraint = 'fund_limits_ignored_for_good';
    end if;
    return new;
  end if;
  if new.parent_id is null then
    new.level = 1;
    return new;
  end if;
  select currency, kind, level, partner_id into above from funds_budget where id = new.parent_id;
  new.level = above.level + 1;
  if new.currency <> above.currency then
    raise exception 'a budget in % cannot lie under one in %', new.currency, above.currency using errcode = '23514', constraint = 'fund_currency_of_parent';
  end if;
  if new.kind <> above.kind or (above.partner_id is not null and new.partner_id is distinct from above.partner_id) then
    raise exception 'a budget has the kind and partner of the one above it' using errcode = '23514', constraint = 'fund_kind_of_parent';
  end if;
  return new;
end $$;
create trigger budget_place before insert or update on funds_budget for each row execute function funds_budget_place();

create function funds_budget_sum() returns trigger language plpgsql as $$
declare
  parent uuid := coalesce(new.parent_id, old.parent_id);
  delta bigint := coalesce(new.amount_minor, 0) - coalesce(old.amount_minor, 0);
begin
  if parent is not null and delta <> 0 then
    update funds_budget set allotted_minor = allotted_minor + delta where id = parent;
  end if;
  return null;
end $$;
create trigger budget_sum after insert or delete or update of amount_minor on funds_budget for each row execute function funds_budget_sum();

create function funds_allocation_place() returns trigger language plpgsql as $$
declare
  above record;
begin
  if tg_op = 'UPDATE' then
    if (new.budget_id, new.partner_id, new.currency, new.kind) is distinct from (old.budget_id, old.partner_id, old.currency, old.kind) then
      raise exception 'a fund stays with its budget, partner and currency' using errcode = '23514', constraint = 'fund_stays';
    end if;
    return new;
  end if;
  select currency, kind, partner_id, program_id into above from funds_budget where id = new.budget_id;
  new.program_id = above.program_id;
  if new.currency <> above.currency then
    raise exception 'a fund in % cannot come out of a budget in %', new.currency, above.currency using errcode = '23514', constraint = 'fund_currency_of_parent';
  end if;
  if new.kind <> above.kind or (above.partner_id is not null and new.partner_id <> above.partner_id) then
    raise exception 'a fund has the kind and partner of its budget' using errcode = '23514', constraint = 'fund_kind_of_parent';
  end if;
  return new;
end $$;
create trigger allocation_place before insert or update on funds_allocation for each row execute function funds_allocation_place();

create function funds_allocation_sum() returns trigger language plpgsql as $$
declare
  delta bigint := coalesce(new.amount_minor, 0) - coalesce(old.amount_minor, 0);
begin
  if delta <> 0 then
    update funds_budget set allotted_minor = allotted_minor + delta where id = coalesce(new.budget_id, old.budget_id);
  end if;
  return null;
end $$;
create trigger allocation_sum after insert or delete or update of amount_minor on funds_allocation for each row execute function funds_allocation_sum();
"""
REQUESTS = """
create function funds_request_life() returns trigger language plpgsql as $$
begin
  if new.status <> old.status and not (old.status || '>' || new.status) = any (array[
    'draft>pending', 'draft>withdrawn', 'pending>approved', 'pending>rejected', 'pending>declined', 'pending>withdrawn', 'rejected>pending',
    'rejected>withdrawn', 'approved>claimed', 'approved>partial', 'approved>reimbursed', 'approved>expired', 'claimed>approved', 'claimed>partial',
    'claimed>reimbursed', 'claimed>expired', 'partial>claimed', 'partial>reimbursed', 'reimbursed>partial', 'reimbursed>claimed']) then
    raise exception 'request % cannot go from % to %', old.number, old.status, new.status using errcode = '23514', constraint = 'fund_request_status_follows';
  end if;
  if (new.allocation_id, new.partner_id, new.currency) is distinct from (old.allocation_id, old.partner_id, old.currency) and old.status <> 'draft' then
    raise exception 'request % stays with its fund', old.number using errcode = '23514', constraint = 'fund_request_stays';
  end if;
  return new;
end $$;
create trigger request_life before update on funds_fundrequest for each row execute function funds_request_life();

create function funds_activity_life() returns trigger language plpgsql as $$
declare
  held text;
begin
  if tg_op = 'UPDATE' and (new.request_id, new.allocation_id, new.partner_id, new.currency)
       is not distinct from (old.request_id, old.allocation_id, old.partner_id, old.currency)
     and (new.planned_minor, new.asked_minor, new.activity_type_id) is not distinct from (old.planned_minor, old.asked_minor, old.activity_type_id)
     and (old.approved_minor = 0 or new.approved_minor = old.approved_minor) then
    return new;
  end if;
  select status into held from funds_fundrequest where id = coalesce(old.request_id, new.request_id);
  if held not in ('draft', 'rejected') then
    raise exception 'what was sent stays as it was sent' using errcode = '23514', constraint = 'fund_activity_is_locked';
  end if;
  return coalesce(new, old);
end $$;
create trigger activity_life before insert or update or delete on funds_activity for each row execute function funds_activity_life();

create function funds_activity_sum() returns trigger language plpgsql as $$
declare
  request uuid := coalesce(new.request_id, old.request_id);
  asked bigint := coalesce(new.asked_minor, 0) - coalesce(old.asked_minor, 0);
  approved bigint := coalesce(new.approved_minor, 0) - coalesce(old.approved_minor, 0);
  released bigint := coalesce(new.released_minor, 0) - coalesce(old.released_minor, 0);
  waiting bigint := coalesce(new.waiting_minor, 0) - coalesce(old.waiting_minor, 0);
  claimed bigint := coalesce(new.claimed_minor, 0) - coalesce(old.claimed_minor, 0);
  paid bigint := coalesce(new.paid_minor, 0) - coalesce(old.paid_minor, 0);
begin
  if asked <> 0 or approved <> 0 or released <> 0 or waiting <> 0 or claimed <> 0 or paid <> 0 then
    update funds_fundrequest set asked_minor = asked_minor + asked, approved_minor = approved_minor + approved, released_minor = released_minor + released,
           waiting_minor = waiting_minor + waiting, claimed_minor = claimed_minor + claimed, paid_minor = paid_minor + paid where id = request;
  end if;
  if approved <> 0 or released <> 0 or waiting <> 0 or claimed <> 0 or paid <> 0 then
    update funds_allocation set approved_minor = approved_minor + approved, released_minor = released_minor + released,
           waiting_minor = waiting_minor + waiting, claimed_minor = claimed_minor + claimed, paid_minor = paid_minor + paid
     where id = coalesce(new.allocation_id, old.allocation_id);
  end if;
  return null;
end $$;
create trigger activity_sum after insert or update or delete on funds_activity for each row execute function funds_activity_sum();
"""
CLAIMS = """
create function funds_claim_life() returns trigger language plpgsql as $$
declare
  held record;
begin
  if tg_op = 'INSERT' then
    select request_id, currency into held from funds_activity where id = new.activity_id;
    if (new.request_id, new.fund_currency) is distinct from (held.request_id, held.currency) then
      raise exception 'a claim belongs to the request and the currency of its activity' using errcode = '23514', constraint = 'fund_claim_of_its_request';
    end if;
    if new.status <> 'submitted' then
      raise exception 'a claim begins as submitted' using errcode = '23514', constraint = 'fund_claim_status_follows';
    end if;
    return new;
  end if;
  if new.status <> old.status and not (old.status || '>' || new.status) = any (array[
    'submitted>approved', 'submitted>rejected', 'submitted>declined', 'submitted>withdrawn', 'rejected>submitted', 'rejected>withdrawn',
    'approved>partial', 'approved>paid', 'partial>paid', 'partial>approved', 'paid>partial', 'paid>approved']) then
    raise exception 'claim % cannot go from % to %', old.number, old.status, new.status using errcode = '23514', constraint = 'fund_claim_status_follows';
  end if;
  if (new.activity_id, new.request_id, new.partner_id, new.fund_currency) is distinct from (old.activity_id, old.request_id, old.partner_id, old.fund_currency)
     or (old.status not in ('submitted', 'rejected') and (new.amount_minor, new.currency, new.fx_rate, new.fund_minor, new.approved_minor)
           is distinct from (old.amount_minor, old.currency, old.fx_rate, old.fund_minor, old.approved_minor)) then
    raise exception 'claim % stays as it was decided', old.number using errcode = '23514', constraint = 'fund_claim_stays';
  end if;
  return new;
end $$;
create trigger claim_life before insert or update on funds_claim for each row execute function funds_claim_life();

create function funds_claim_sum() returns trigger language plpgsql as $$
declare
  waiting bigint := 0;
  claimed bigint := 0;
  paid bigint := 0;
begin
  if tg_op <> 'DELETE' then
    waiting := case when new.status = 'submitted' then new.fund_minor else 0 end;
    claimed := case when new.status in ('approved', 'partial', 'paid') then new.approved_minor else 0 end;
    paid := new.paid_minor;
  end if;
  if tg_op <> 'INSERT' then
    waiting := waiting - case when old.status = 'submitted' then old.fund_minor else 0 end;
    claimed := claimed - case when old.status in ('approved', 'partial', 'paid') then old.approved_minor else 0 end;
    paid := paid - old.paid_minor;
  end if;
  if waiting <> 0 or claimed <> 0 or paid <> 0 then
    update funds_activity set waiting_minor = waiting_minor + waiting, claimed_minor = claimed_minor + claimed, paid_minor = paid_minor + paid
     where id = coalesce(new.activity_id, old.activity_id);
  end if;
  return null;
end $$;
create trigger claim_sum after insert or update or delete on funds_claim for each row execute function funds_claim_sum();

create function funds_settlement_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state = 'replaced' or (old.state = 'paid' and (new.state <> 'due' or new.paid_at is not null or old.run_id is null)) then
    raise exception 'what was settled stays' using errcode = '23514', constraint = 'fund_settlement_stays';
  end if;
  if tg_op = 'UPDATE' and (new.claim_id, new.partner_id, new.fund_minor, new.fund_currency) is distinct from
       (old.claim_id, old.partner_id, old.fund_minor, old.fund_currency) then
    raise exception 'an instalment keeps its claim and amount' using errcode = '23514', constraint = 'fund_settlement_stays';
  end if;
  return new;
end $$;
create trigger settlement_life before update or delete on funds_settlement for each row execute function funds_settlement_life();

create function funds_settlement_sum() returns trigger language plpgsql as $$
declare
  held record;
  live bigint;
begin
  select number, approved_minor, fund_currency, status into held from funds_claim where id = new.claim_id for no key update;
  select coalesce(sum(fund_minor), 0) into live from funds_settlement where claim_id = new.claim_id and state <> 'replaced';
  if held.fund_currency <> new.fund_currency or live > held.approved_minor or held.status not in ('approved', 'partial', 'paid') then
    raise exception 'the instalments of claim % exceed what was approved', held.number using errcode = '23514', constraint = 'fund_instalments_within_claim';
  end if;
  if new.state = 'paid' then
    update funds_claim set paid_minor = paid_minor + new.fund_minor where id = new.claim_id;
  elsif tg_op = 'UPDATE' and old.state = 'paid' then
    update funds_claim set paid_minor = paid_minor - new.fund_minor where id = new.claim_id;
  end if;
  return null;
end $$;
create trigger settlement_sum after insert or update on funds_settlement for each row execute function funds_settlement_sum();
"""
TRIGGERS = (
    ("settlement_sum", "settlement", "settlement_sum"), ("settlement_life", "settlement", "settlement_life"), ("claim_sum", "claim", "claim_sum"),
    ("claim_life", "claim", "claim_life"), ("activity_sum", "activity", "activity_sum"), ("activity_life", "activity", "activity_life"),
    ("request_life", "fundrequest", "request_life"), ("allocation_sum", "allocation", "allocation_sum"),
    ("allocation_place", "allocation", "allocation_place"), ("budget_sum", "budget", "budget_sum"), ("budget_place", "budget", "budget_place"),
)  # fmt: skip
UNDO = ";\n".join(f"drop trigger {name} on funds_{table}; drop function funds_{function}()" for name, table, function in TRIGGERS)
OF_PARTNERS = ("allocation", "fundrequest", "activity", "claim", "settlement", "approvalstep")


class Migration(migrations.Migration):
    dependencies = [("funds", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(BUDGETS + REQUESTS + CLAIMS, reverse_sql=UNDO),
        *(RowLevelSecurity(f"funds_{table}", partner_read=MINE) for table in OF_PARTNERS),
        RowLevelSecurity("funds_budget"),
        RowLevelSecurity("funds_approverlimit"),
        CompositeForeignKey("funds_fundrequest", ("allocation_id", "partner_id", "currency"), "funds_allocation", ("id", "partner_id", "currency")),
        CompositeForeignKey(
            "funds_activity", ("request_id", "allocation_id", "partner_id", "currency"), "funds_fundrequest", ("id", "allocation_id", "partner_id", "currency")
        ),
        CompositeForeignKey("funds_claim", ("activity_id", "partner_id"), "funds_activity", ("id", "partner_id")),
        CompositeForeignKey("funds_settlement", ("claim_id", "partner_id"), "funds_claim", ("id", "partner_id")),
    ]
