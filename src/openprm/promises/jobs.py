from datetime import datetime

from openprm.kernel.jobs import job
from openprm.promises import services


@job(name="promises.mark_due", every="* * * * *", lock="promises.mark_due")
def mark_due(*, at: datetime) -> None:
    """Tell which promises are due soon and which were missed. What is left over waits for the next minute."""
    services.warn_due_soon(at=at)
    services.mark_overdue(at=at)


@job(name="promises.sum_up", every="*/5 * * * *", lock="promises.sum_up")
def sum_up(*, at: datetime) -> None:
    """Sum up the record over all partners for the homes."""
    services.sum_up(at=at)
