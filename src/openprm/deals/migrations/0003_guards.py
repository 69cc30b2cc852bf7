"""What the database refuses by itself: foreign rows, mixed tenants, jumps in the life of a registration."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"

LIFE = """
create function deals_registration_life() returns trigger language plpgsql as $$
begin
  if current_user = 'openprm_partner' and (
       new.status not in ('draft', 'submitted', 'withdrawn', 'canceled', 'closed_won', 'closed_lost', old.status)
    or (new.partner_id, new.number, new.account_id, new.decided_at, new.protected_until, new.bonus_days, new.verdict)
         is distinct from (old.partner_id, old.number, old.account_id, old.decided_at, old.protected_until, old.bonus_days, old.verdict)) then
    raise exception 'a partner cannot decide registration %', old.number using errcode = '23514', constraint = 'registration_decided_by_vendor';
  end if;
  if new.status <> old.status and not (old.status || '>' || new.status) = any (array[
    'draft>submitted', 'draft>canceled',
    'submitted>under_review', 'submitted>pending_approval', 'submitted>approved', 'submitted>returned', 'submitted>rejected', 'submitted>withdrawn',
    'under_review>pending_approval', 'under_review>approved', 'under_review>returned', 'under_review>rejected', 'under_review>withdrawn',
    'pending_approval>approved', 'pending_approval>returned', 'pending_approval>rejected', 'pending_approval>withdrawn',
    'returned>submitted', 'returned>withdrawn',
    'approved>closed_won', 'approved>closed_lost', 'approved>expired', 'approved>canceled']) then
    raise exception 'registration % cannot go from % to %', old.number, old.status, new.status
      using errcode = '23514', constraint = 'registration_status_follows';
  end if;
  return new;
end $$;
create trigger registration_life before update on deals_registration for each row execute function deals_registration_life();

create function deals_registration_start() returns trigger language plpgsql as $$
begin
  if current_user = 'openprm_partner' and (new.status <> 'draft' or new.account_id is not null or new.protected_until is not null) then
    raise exception 'a partner begins with a draft' using errcode = '23514', constraint = 'registration_decided_by_vendor';
  end if;
  return new;
end $$;
create trigger registration_start before insert on deals_registration for each row execute function deals_registration_start();
"""
UNDO = """
drop trigger registration_start on deals_registration;
drop function deals_registration_start();
drop trigger registration_life on deals_registration;
drop function deals_registration_life();
"""


def same_partner(table: str) -> CompositeForeignKey:
    return CompositeForeignKey(table, ("registration_id", "partner_id"), "deals_registration", ("id", "partner_id"))


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_tables"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(LIFE, reverse_sql=UNDO),
        *(RowLevelSecurity(f"deals_{name}", partner_read="true") for name in ("productline", "product", "territory", "exchangerate")),
        RowLevelSecurity("deals_registration", partner="partner_id"),
        RowLevelSecurity("deals_line", partner="partner_id"),
        RowLevelSecurity("deals_collaborator", partner="partner_id"),
        *(RowLevelSecurity(f"deals_{name}", partner_read=MINE) for name in ("approvalstep", "decision", "protectiongrant")),
        RowLevelSecurity("deals_opportunity", partner="partner_id"),
        RowLevelSecurity("deals_precheck", partner="partner_id"),
        RowLevelSecurity("deals_finding"),
        RowLevelSecurity("deals_reviewerregion"),
        *(RowLevelSecurity(f"deals_{name}", partner_sql=f"visibility = 'shared' and {MINE}") for name in ("note", "task", "document")),
        *(same_partner(f"deals_{name}") for name in ("line", "collaborator", "approvalstep", "decision", "protectiongrant", "note", "task", "document")),
        CompositeForeignKey("deals_line", ("product_id", "product_line_id"), "deals_product", ("id", "line_id")),
        AppendOnly("deals_precheck"),
    ]
