"""Housekeeping of the API's own tables."""

from datetime import datetime, timedelta

from openprm.kernel.api.models import IdempotentAnswer
from openprm.kernel.jobs import job

KEPT_FOR = timedelta(hours=48)


@job(name="kernel.forget_answers", every="17 * * * *")
def forget_answers(*, at: datetime) -> None:
    """Forget the answers to idempotent writes that are older than 48 hours."""
    IdempotentAnswer.objects.filter(created_at__lt=at - KEPT_FOR).delete()
