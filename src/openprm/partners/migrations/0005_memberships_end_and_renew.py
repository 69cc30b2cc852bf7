from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0004_who_reads_the_gates"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="reminded_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="renewals",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="renewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="banned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="program",
            name="term_months",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("pending", "Pending"), ("approved", "Approved"), ("rejected", "Rejected"), ("terminated", "Ended"), ("expired", "Expired")],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(models.F("until"), condition=models.Q(("status", "approved")), name="enrollment_running_end"),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("status", "expired"), _negated=True), ("until__isnull", False), _connector="OR"), name="expired_enrollment_has_an_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "pending", "approved", "rejected", "terminated", "expired"])), name="enrollment_status_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("term_months", None), models.Q(("term_months__gte", 1), ("term_months__lte", 60)), _connector="OR"), name="program_term_in_range"
            ),
        ),
    ]
