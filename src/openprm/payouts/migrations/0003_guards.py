"""What the database refuses by itself: foreign rows, jumps in the life of a payment, a run or an account, and a line that is paid twice."""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

GUARDS = """
create function payouts_payout_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'pending>processing', 'pending>canceled', 'processing>processed', 'processing>sent', 'processing>failed',
    'processed>sent', 'processed>completed', 'processed>failed', 'sent>completed', 'sent>failed', 'completed>failed']) then
    raise exception 'a payout cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'payout_state_follows';
  end if;
  if (new.run_id, new.partner_id, new.amount_minor, new.currency, new.owed_minor, new.owed_currency, new.bank_account_id, new.method, new.provider_account)
     is distinct from (old.run_id, old.partner_id, old.amount_minor, old.currency, old.owed_minor, old.owed_currency, old.bank_account_id, old.method, old.provider_account) then
    raise exception 'what a payout pays to whom stays' using errcode = '23514', constraint = 'payout_stays';
  end if;
  return new;
end $$;
create trigger payout_life before update on payouts_payout for each row execute function payouts_payout_life();

create function payouts_run_life() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'prepared>approved', 'prepared>canceled', 'approved>sending', 'approved>canceled', 'sending>sent', 'sending>settled', 'sent>settled']) then
    raise exception 'a run cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'run_state_follows';
  end if;
  if new.prepared_by_id is distinct from old.prepared_by_id and new.prepared_by_id is not null
     or new.approved_by_id is distinct from old.approved_by_id and old.approved_by_id is not null and new.approved_by_id is not null then
    raise exception 'who prepared and who approved stays' using errcode = '23514', constraint = 'run_hands_stay';
  end if;
  return new;
end $$;
create trigger run_life before update on payouts_run for each row execute function payouts_run_life();

create function payouts_bank_life() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'entered' then
      raise exception 'a bank account begins unverified' using errcode = '23514', constraint = 'bank_begins_unverified';
    end if;
    return new;
  end if;
  if (new.partner_id, new.kind, new.currency, new.holder, new.sealed, new.fingerprint, new.last4, new.routing, new.bic)
     is distinct from (old.partner_id, old.kind, old.currency, old.holder, old.sealed, old.fingerprint, old.last4, old.routing, old.bic) then
    raise exception 'another number is another account' using errcode = '23514', constraint = 'bank_account_stays';
  end if;
  if new.state <> old.state and not (old.state || '>' || new.state) = any (array[
    'entered>verifying', 'entered>verified', 'entered>failed', 'entered>replaced', 'verifying>verified', 'verifying>failed', 'verifying>replaced',
    'verified>failed', 'verified>replaced']) then
    raise exception 'a bank account cannot go from % to %', old.state, new.state using errcode = '23514', constraint = 'bank_state_follows';
  end if;
  return new;
end $$;
create trigger bank_life before insert or update on payouts_bankaccount for each row execute function payouts_bank_life();

create function payouts_item_life() returns trigger language plpgsql as $$
begin
  if (new.payout_id, new.partner_id, new.source, new.line_id, new.amount_minor, new.currency)
     is distinct from (old.payout_id, old.partner_id, old.source, old.line_id, old.amount_minor, old.currency) or new.live and not old.live then
    raise exception 'a paid line stays as it is' using errcode = '23514', constraint = 'payout_item_stays';
  end if;
  return new;
end $$;
create trigger item_life before update on payouts_item for each row execute function payouts_item_life();
"""
_TRIGGERS = (("payout_life", "payout"), ("run_life", "run"), ("bank_life", "bankaccount"), ("item_life", "item"))
UNDO = "\n".join(f"drop trigger {name} on payouts_{table}; drop function payouts_{name}();" for name, table in _TRIGGERS)


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(GUARDS, reverse_sql=UNDO),
        *(RowLevelSecurity(f"payouts_{name}", partner="partner_id") for name in ("payee", "bankaccount", "taxform", "invoice")),
        *(RowLevelSecurity(f"payouts_{name}", partner_read=MINE) for name in ("payout", "item", "owed")),
        RowLevelSecurity("payouts_document", partner_sql=f"shared and {MINE}"),
        *(RowLevelSecurity(f"payouts_{name}") for name in ("run", "held", "paymentfile", "providerevent", "statement", "payingaccount")),
        CompositeForeignKey("payouts_item", ("payout_id", "partner_id"), "payouts_payout", ("id", "partner_id")),
        CompositeForeignKey("payouts_payout", ("bank_account_id", "partner_id"), "payouts_bankaccount", ("id", "partner_id")),
    ]
