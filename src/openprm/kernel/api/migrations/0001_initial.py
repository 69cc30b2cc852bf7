"""The API's two tables."""

from django.db import migrations, models

from openprm.kernel.migrations import RowLevelSecurity

OWN_ANSWERS = "user_id = (select nullif(current_setting('openprm.actor', true), '')::uuid)"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_partner_set_and_refusals")]
    operations = [
        migrations.CreateModel(
            name="IdempotentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("route", models.CharField(max_length=300)),
                ("body_sha256", models.BinaryField(max_length=32)),
                ("status", models.SmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "kernel_api_answer"},
        ),
        migrations.CreateModel(
            name="RateBucket",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("arrives_at", models.DateTimeField()),
            ],
            options={"db_table": "kernel_api_bucket"},
        ),
        migrations.AddIndex("IdempotentAnswer", models.Index(fields=["created_at"], name="kernel_api_answer_age")),
        migrations.AddConstraint(
            "IdempotentAnswer", models.UniqueConstraint(fields=["user_id", "key"], name="one_answer_per_idempotency_key")
        ),
        RowLevelSecurity("kernel_api_answer", partner_sql=OWN_ANSWERS),
        # Counting requests is no business fact: without a log it costs no flush, and the whole API shares it.
        migrations.RunSQL("alter table kernel_api_bucket set unlogged", reverse_sql="alter table kernel_api_bucket set logged"),
    ]
