from datetime import datetime

from openprm.audit import services
from openprm.kernel.jobs import job


@job(name="audit.seal", every="* * * * *", lock="audit.seal")
def seal(*, at: datetime) -> None:
    """Seal what waits. Safe to run twice and at the same time as itself."""
    services.seal_waiting(at=at)
