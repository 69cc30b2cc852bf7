"""What the queue runs for the pipeline: each quarter's forecast is kept as it stood at its start."""

from datetime import datetime

from openprm.kernel.jobs import job
from openprm.pipeline import services


@job(name="pipeline.keep_forecasts", every="20 0 * * *", lock="pipeline.keep_forecasts")
def keep_forecasts(*, at: datetime) -> None:
    """Every night: the first one of a quarter keeps it, the others find it kept."""
    services.keep_forecasts(at=at)
