from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conflicts", "0003_guards")]

    operations = [migrations.AddField("conflictcase", "choice_id", models.UUIDField(blank=True, null=True))]
