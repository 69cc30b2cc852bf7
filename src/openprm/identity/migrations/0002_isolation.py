"""Who may read which row of identity, said to the database.

People are read before a scope exists (signing in makes one), so the login role works on them
freely; organizations, memberships and tokens are read by it to build an actor, never written. A
partner sees its own organization and the vendor's; of people, those of the two.
"""

from django.db import migrations

from openprm.kernel.migrations import CompositeForeignKey, RowLevelSecurity

ACTOR = "(select nullif(current_setting('openprm.actor', true), '')::uuid)"

PEOPLE = """
alter table identity_user enable row level security;
alter table identity_user force row level security;
create policy owner on identity_user to openprm_owner using (true) with check (true);
create policy vendor on identity_user to openprm_vendor using (true) with check (true);
create policy app on identity_user to openprm_app using (true) with check (true);
create policy partner_read on identity_user for select to openprm_partner
  using (exists (select 1 from identity_membership m where m.user_id = identity_user.id));
create policy partner_update on identity_user for update to openprm_partner
  using (id = (select nullif(current_setting('openprm.actor', true), '')::uuid))
"""
PEOPLE_UNDO = """
drop policy owner on identity_user; drop policy vendor on identity_user; drop policy app on identity_user;
drop policy partner_read on identity_user; drop policy partner_update on identity_user;
alter table identity_user no force row level security; alter table identity_user disable row level security
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        CompositeForeignKey("identity_membership", ("organization_id", "side"), "identity_organization", ("id", "kind")),
        CompositeForeignKey("identity_apitoken", ("membership_id", "organization_id"), "identity_membership", ("id", "organization_id"), on_delete="cascade"),
        RowLevelSecurity("identity_organization", partner="id", partner_read="kind = 'vendor'", app_read="true"),
        RowLevelSecurity("identity_membership", partner="organization_id", partner_read="side = 'vendor'", app_read="true"),
        migrations.RunSQL(PEOPLE, reverse_sql=PEOPLE_UNDO),
        RowLevelSecurity("identity_invitation", partner="organization_id"),
        RowLevelSecurity("identity_apitoken", partner="organization_id", app_read="true"),
        RowLevelSecurity("identity_savedview", partner_sql=f"user_id = {ACTOR}"),
        RowLevelSecurity("identity_signinlink"),
        RowLevelSecurity("identity_portalview"),
    ]
