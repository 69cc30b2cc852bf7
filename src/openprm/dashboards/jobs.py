"""Queue entry points."""

from datetime import datetime
from uuid import UUID

from openprm.dashboards import services
from openprm.kernel.jobs import job


@job(name="dashboards.send_due", every="*/10 * * * *", lock="dashboards.send_due")
def send_due(*, at: datetime) -> None:
    """Mail the saved dashboards that are due."""
    if services.send_due(at=at) >= services.AT_ONCE:
        send_due.defer()


@job(name="dashboards.send")
def send(*, mailing_id: UUID, user_id: UUID, due_at: datetime, at: datetime) -> None:
    """One mail; running it again sends nothing."""
    services.send(mailing_id=mailing_id, user_id=user_id, due_at=due_at, at=at)
