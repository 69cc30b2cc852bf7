"""What incentives do in the background: telling partners of plans."""

from datetime import date, datetime
from uuid import UUID

from openprm.incentives import news
from openprm.kernel.jobs import job


@job(name="incentives.tell_of_published_plan")
def on_published(*, plan_id: UUID, version_id: UUID, number: int, starts_on: date, at: datetime) -> None:
    news.plan_published(plan_id=plan_id, version_id=version_id, number=number, starts_on=starts_on, at=at)


@job(name="incentives.tell_of_ended_plan")
def on_ended(*, plan_id: UUID, ended_on: date, at: datetime) -> None:
    news.plan_ended(plan_id=plan_id, ended_on=ended_on, at=at)
