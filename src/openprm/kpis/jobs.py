"""Queue entry points."""

from datetime import datetime, timedelta

from openprm.kernel.jobs import job
from openprm.kpis import services


@job(name="kpis.keep_month", every="40 3 1 * *", lock="kpis.keep_month")
def keep_month(*, at: datetime) -> None:
    """Write down the numbers of the month that ended. Running it again adds nothing."""
    services.keep(as_of=at.date().replace(day=1) - timedelta(days=1))
