"""Queue entry points of correspondence."""

from datetime import datetime

from openprm.correspondence import services
from openprm.kernel.jobs import job


@job(name="correspondence.forget_old", every="40 3 * * *", lock="correspondence.forget_old")
def forget_old(*, at: datetime) -> None:
    """Throw away what ended half a year ago."""
    services.forget_old(at=at)
