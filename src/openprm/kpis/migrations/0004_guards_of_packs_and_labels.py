"""Packs and settings are the vendor's; the public copy of a label is everybody's to read."""

from django.db import migrations

from openprm.kernel.guards import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("kpis", "0003_packs_labels_and_corrected_costs"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        RowLevelSecurity("kpis_pack"),
        RowLevelSecurity("kpis_labelsetting"),
        RowLevelSecurity("kpis_publiclabel", partner_read="true", app_read="true"),
    ]
