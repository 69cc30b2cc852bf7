"""What-if runs name partners side by side: the partner's role reads none of them."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_what_if_runs"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [RowLevelSecurity("rulebook_replay"), RowLevelSecurity("rulebook_replaysubject")]
