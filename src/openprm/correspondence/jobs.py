"""Queue entry points of correspondence."""

from datetime import datetime
from uuid import UUID

from openprm.correspondence import services
from openprm.kernel.jobs import job


@job(name="correspondence.forget_old", every="40 3 * * *", lock="correspondence.forget_old")
def forget_old(*, at: datetime) -> None:
    """Throw away what ended half a year ago."""
    services.forget_old(at=at)


@job(name="correspondence.on_person_disabled")
def on_person_disabled(*, user_id: UUID, organization_id: UUID, at: datetime) -> None:
    services.close_for(user_id=user_id, organization_id=organization_id, at=at)
