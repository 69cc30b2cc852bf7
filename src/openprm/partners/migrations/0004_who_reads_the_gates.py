"""A partner reads what is closed to it, and cannot open it itself."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_an_action_can_be_closed"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [RowLevelSecurity("partners_gate", partner_read="partner_id = any ((select openprm_partners())::uuid[])")]
