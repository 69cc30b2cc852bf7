"""What incentives do in the background: telling partners of plans."""

from datetime import date, datetime
from uuid import UUID

from openprm.incentives import news, services
from openprm.incentives.rulekinds import PLAN
from openprm.kernel.jobs import job


@job(name="incentives.rules_published")
def on_rules_published(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    """Terms were announced, through the pages of plans or of rules: both are told alike."""
    if kind == PLAN and program_id:
        services.announce_published(plan_id=program_id, version_id=version_id, number=number, effective_at=effective_at, at=at)


@job(name="incentives.rules_withdrawn")
def on_rules_withdrawn(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    if kind == PLAN and program_id:
        news.plan_withdrawn(plan_id=program_id, version_id=version_id, at=at)


@job(name="incentives.tell_of_published_plan")
def on_published(*, plan_id: UUID, version_id: UUID, number: int, starts_on: date, at: datetime) -> None:
    news.plan_published(plan_id=plan_id, version_id=version_id, number=number, starts_on=starts_on, at=at)


@job(name="incentives.tell_of_ended_plan")
def on_ended(*, plan_id: UUID, ended_on: date, at: datetime) -> None:
    news.plan_ended(plan_id=plan_id, ended_on=ended_on, at=at)
