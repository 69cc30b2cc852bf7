"""Nobody but the vendor reads kept numbers, targets and costs; what was told is not changed."""

from django.db import migrations

from openprm.kernel.guards import AppendOnly, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_numbers_targets_and_costs"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        *(RowLevelSecurity(f"kpis_{name}") for name in ("snapshot", "target", "cost")),
        AppendOnly("kpis_snapshot"),
    ]
