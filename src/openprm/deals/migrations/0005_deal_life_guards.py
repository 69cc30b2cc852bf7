"""A lost deal may be taken up again; and what the database refuses about processes, amendments and renewals."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, CompositeForeignKey, RowLevelSecurity

MINE = "partner_id = any ((select openprm_partners())::uuid[])"
LIFE = """
create or replace function deals_registration_life() returns trigger language plpgsql as $$
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
    'approved>closed_won', 'approved>closed_lost', 'approved>expired', 'approved>canceled'{more}]) then
    raise exception 'registration % cannot go from % to %', old.number, old.status, new.status
      using errcode = '23514', constraint = 'registration_status_follows';
  end if;
  return new;
end $$;
"""


def life(more: str = "") -> str:
    """The trigger's function, with more transitions than those of the beginning."""
    return LIFE.replace("{more}", more)


def same_partner(table: str, column: str = "registration_id") -> CompositeForeignKey:
    return CompositeForeignKey(table, (column, "partner_id"), "deals_registration", ("id", "partner_id"))


class Migration(migrations.Migration):
    dependencies = [("deals", "0004_deal_life"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        migrations.RunSQL(life(", 'closed_lost>approved'"), reverse_sql=life()),
        RowLevelSecurity("deals_salesprocess", partner_read="true"),
        AppendOnly("deals_salesprocess"),
        RowLevelSecurity("deals_amendment", partner_read=MINE),
        RowLevelSecurity("deals_renewal", partner_read=MINE),
        same_partner("deals_amendment"),
        same_partner("deals_amendment", "new_registration_id"),
        same_partner("deals_renewal"),
        same_partner("deals_renewal", "renewed_by_id"),
        same_partner("deals_registration", "follows_id"),
        same_partner("deals_registration", "first_deal_id"),
        same_partner("deals_registration", "split_from_id"),
    ]
