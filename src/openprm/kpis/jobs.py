"""Queue entry points."""

from datetime import datetime, timedelta
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.kpis import services


@job(name="kpis.keep_month", every="40 3 1 * *", lock="kpis.keep_month")
def keep_month(*, at: datetime) -> None:
    """Write down the numbers of the month that ended. Running it again adds nothing."""
    services.keep(as_of=at.date().replace(day=1) - timedelta(days=1))


@job(name="kpis.make_pack")
def make_pack(*, pack_id: UUID, at: datetime) -> None:
    """Make a pack that was asked for. One that stands is left alone."""
    services.make_pack(pack_id=pack_id, at=at)


@job(name="kpis.refresh_labels", every="10 4 2 * *", lock="kpis.refresh_labels")
def refresh_labels(*, at: datetime) -> None:
    """The public facts of the month that ended. Running it again changes nothing."""
    services.refresh_labels(at=at)
