"""Saved dashboards are rows of one organization: a partner's people read those of their own alone."""

from django.db import migrations

from openprm.kernel.guards import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("dashboards", "0001_saved_dashboards"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [RowLevelSecurity(f"dashboards_{name}", partner="organization_id") for name in ("saved", "mailing", "recipient", "letter")]
