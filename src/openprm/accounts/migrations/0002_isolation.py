"""A partner reads the accounts it was given access to, and the contacts it brought itself."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

SHARED = "id in (select account_id from accounts_accountaccess where partner_id = any ((select openprm_partners())::uuid[]))"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        RowLevelSecurity("accounts_accountaccess", partner_read="partner_id = any ((select openprm_partners())::uuid[])"),
        RowLevelSecurity("accounts_account", partner_read=SHARED),
        RowLevelSecurity("accounts_contact", partner="partner_id"),
        RowLevelSecurity("accounts_distinction"),
        RowLevelSecurity("accounts_merge"),
    ]
