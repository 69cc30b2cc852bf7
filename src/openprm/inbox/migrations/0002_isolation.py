"""News belongs to one person: a partner's people read their own rows and nobody else's."""

from django.db import migrations

from openprm.kernel.migrations import RowLevelSecurity

OWN = "user_id = (select nullif(current_setting('openprm.actor', true), '')::uuid)"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("kernel", "0001_partner_set_and_refusals")]
    operations = [
        RowLevelSecurity("inbox_notification", partner_sql=OWN),
        RowLevelSecurity("inbox_preference", partner_sql=OWN),
    ]
