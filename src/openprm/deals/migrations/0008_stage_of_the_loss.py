"""The stage in which a deal was lost: where it begins again when it is taken up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0007_protection_guards")]

    operations = [migrations.AddField("registration", "lost_stage", models.CharField(blank=True, db_default="", default="", max_length=24))]
