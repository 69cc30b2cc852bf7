"""Corrections are history too: never changed, the vendor's own, and a partner reads its own parts."""

from django.db import migrations

from openprm.kernel.migrations import AppendOnly, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("attribution", "0003_incremental_runs_and_corrections"), ("kernel", "0001_partner_set_and_refusals")]

    operations = [
        AppendOnly("attribution_correction"),
        AppendOnly("attribution_correctedpart"),
        RowLevelSecurity("attribution_correction"),
        RowLevelSecurity("attribution_correctedpart", partner_read="partner_id = any ((select openprm_partners())::uuid[])"),
    ]
