"""The program of the form by which a lead came, and what its person chose there: facts of the routing rule."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_intake_guards")]

    operations = [
        migrations.AddField(
            "lead",
            "program",
            models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="partners.program"),
        ),
        migrations.AddField("lead", "wish", models.CharField(blank=True, db_default="", default="", max_length=120)),
    ]
