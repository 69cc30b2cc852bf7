"""Why something was done, so that support or an invitation of the partner is no direct touch. It is history like the rest of the entry."""

from django.db import migrations, models

AS_IT_WAS = """
create or replace function activities_kept() returns trigger language plpgsql as $$
begin
  if (new.partner_id, new.about, new.kind, new.side, new.direction, %(purpose_new)snew.occurred_at, new.summary, new.outcome, new.self_reported, new.source,
      new.external_id, new.proof_sha256, new.created_at)
     is distinct from
     (old.partner_id, old.about, old.kind, old.side, old.direction, %(purpose_old)sold.occurred_at, old.summary, old.outcome, old.self_reported, old.source,
      old.external_id, old.proof_sha256, old.created_at) then
    raise exception 'an activity is history: strike it and log it anew' using errcode = 'OP001';
  end if;
  if old.struck_at is not null and (new.struck_at, new.struck_reason, new.struck_as) is distinct from (old.struck_at, old.struck_reason, old.struck_as) then
    raise exception 'an activity is struck once' using errcode = 'OP001';
  end if;
  if current_user = 'openprm_partner' and (new.confirmed_at, new.account_id) is distinct from (old.confirmed_at, old.account_id) then
    raise exception 'a partner does not confirm its own activities' using errcode = '23514', constraint = 'activity_confirmed_by_vendor';
  end if;
  return new;
end $$;
"""
KEPT = AS_IT_WAS % {"purpose_new": "new.purpose, ", "purpose_old": "old.purpose, "}
BEFORE = AS_IT_WAS % {"purpose_new": "", "purpose_old": ""}


class Migration(migrations.Migration):
    dependencies = [("activities", "0002_guards")]

    operations = [
        migrations.AddField("activity", "purpose", models.CharField(blank=True, db_default="", default="", max_length=16)),
        migrations.AddConstraint(
            "activity",
            models.CheckConstraint(
                condition=models.Q(purpose__in=["", "support", "partner_invited", "customer_asked", "sales", "other"]), name="activity_purpose_known"
            ),
        ),
        migrations.RunSQL(KEPT, reverse_sql=BEFORE),
    ]
