"""What the API itself must remember: answers given to idempotent writes, and how fast each caller asks."""

from django.db import models

from openprm.kernel.models import ScopedManager


class IdempotentAnswer(models.Model):
    """One answer to one `Idempotency-Key` of one person; it lives and dies with the change it reports."""

    user_id = models.UUIDField()
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=300)
    body_sha256 = models.BinaryField(max_length=32)
    status = models.SmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedManager()

    class Meta:
        db_table = "kernel_api_answer"
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="one_answer_per_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="kernel_api_answer_age")]


class RateBucket(models.Model):
    """The theoretical arrival time of a caller's next request (GCRA). Unlogged: a crash may forget it."""

    key = models.CharField(primary_key=True, max_length=80)
    arrives_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_api_bucket"
