"""What the queue runs for account mapping: lists kept up to date, comparisons, grants that run out, news."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.kernel.clock import now
from openprm.kernel.jobs import job
from openprm.mapping import news, services


@job(name="mapping.compare_list")
def on_list_changed(*, population_id: UUID, owner_id: UUID, at: datetime) -> None:
    """A list made of records is brought up to date first; when that changed it, the news of that compares it."""
    if not services.refresh(population_id=population_id, at=at):
        services.match_list(population_id=population_id, at=at)
        services.count_standings(partner_ids=services.partners_of_list(population_id), at=at)


@job(name="mapping.compare_partner")
def on_sharing_changed(*, partner_id: UUID, at: datetime) -> None:
    services.match(partner_id=partner_id, at=at)
    services.count_standings(partner_ids=[partner_id], at=at)


@job(name="mapping.compare_all")
def on_rule_changed(*, owner_id: UUID, at: datetime) -> None:
    services.match_all(at=at)
    services.count_standings(at=at)


@job(name="mapping.follow_accounts", lock="mapping.follow_records")
def on_account_changed(*, at: datetime, **_told: Any) -> None:
    """The vendor's records changed: its lists made of them follow. What a refresh since then has seen already is not read again."""
    services.changed_since(since=at, owner_ids=[services.vendor_id()], at=now())


@job(name="mapping.count_standings", every="40 2 * * *", lock="mapping.count_standings")
def count_standings(*, at: datetime) -> None:
    services.count_standings(at=at)


@job(name="mapping.refresh_lists", every="*/10 * * * *", lock="mapping.refresh_lists")
def refresh_lists(*, at: datetime) -> None:
    for population_id in services.made_of_records():
        services.refresh(population_id=population_id, at=at)


@job(name="mapping.end_expired", every="7 * * * *", lock="mapping.end_expired")
def end_expired(*, at: datetime) -> None:
    services.end_expired(at=at)


@job(name="mapping.end_for_partner")
def on_partner_status_changed(*, partner_id: UUID, after: str, at: datetime, **_told: Any) -> None:
    if after != "active":
        services.end_for(partner_id=partner_id, at=at)


@job(name="mapping.tell_overlaps")
def on_overlaps_found(*, partner_id: UUID, left_population_id: UUID, right_population_id: UUID, count: int, at: datetime) -> None:
    news.tell_overlaps(partner_id, left_population_id, right_population_id, count, at)


@job(name="mapping.tell_requested")
def on_requested(*, ask_id: UUID, at: datetime) -> None:
    news.tell_requested(ask_id, at)


@job(name="mapping.tell_answered")
def on_answered(*, ask_id: UUID, at: datetime) -> None:
    news.tell_answered(ask_id, at)


@job(name="mapping.tell_target")
def on_target_chosen(*, target_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.tell_target(target_id, at)
