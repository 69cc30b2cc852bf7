from django.db import migrations

from openprm.kernel.guards import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("demo", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [RowLevelSecurity("demo_load")]
