"""Queue entry points."""

from openprm.analytics import refreshing
from openprm.kernel.jobs import job


@job(name="analytics.refresh", every="* * * * *", lock="analytics.refresh")
def refresh() -> None:
    """Compare the copy with the database, and read again what changed. Twice does no harm."""
    refreshing.refresh()
