"""What the queue runs for tiering: measuring at night and on news, and telling both sides."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.tiering import queries, services


@job(name="tiering.refresh_all", every="20 2 * * *", lock="tiering.refresh_all")
def refresh_all(*, at: datetime) -> None:
    """Every night, every partner of every program, in parts that are jobs of their own."""
    for program_id, partner_ids in queries.to_refresh(at=at, at_once=services.AT_ONCE):
        refresh_part.defer(program_id=program_id, partner_ids=partner_ids, at=at)


@job(name="tiering.refresh_part")
def refresh_part(*, program_id: UUID, partner_ids: tuple[UUID, ...], at: datetime) -> None:
    services.refresh_members(program_id=program_id, partner_ids=partner_ids, at=at)


@job(name="tiering.refresh_partner")
def refresh_partner(*, partner_id: UUID, at: datetime) -> None:
    """A fact of this partner changed: domains above queue this one."""
    services.refresh(partner_id=partner_id, at=at)


@job(name="tiering.on_tier_changed")
def on_tier_changed(*, partner_id: UUID, program_id: UUID, before: str, after: str, at: datetime) -> None:
    """Also after a move by hand: the standing follows, and both sides hear of it."""
    services.tell_of_tier(partner_id=partner_id, program_id=program_id, before=before, after=after, at=at)
    services.refresh(partner_id=partner_id, program_id=program_id, at=at)


@job(name="tiering.on_rules_published")
def on_rules_published(*, version_id: UUID, kind: str, program_id: UUID | None, number: int, effective_at: datetime, for_partners: bool, at: datetime) -> None:
    """Rules that hold from now on are applied now; later ones by the night's run."""
    if kind in ("tiering.tier", "tiering.points") and effective_at <= at:
        refresh_all.defer(at=at)


@job(name="tiering.tell_proposed")
def on_proposed(*, partner_id: UUID, program_id: UUID, at: datetime, move_id: UUID, before: str, after: str) -> None:
    services.tell_of_proposal(move_id=move_id, at=at)


@job(name="tiering.tell_declined")
def on_declined(*, partner_id: UUID, program_id: UUID, at: datetime, move_id: UUID, before: str, after: str) -> None:
    services.tell_of_move(move_id=move_id, at=at)


@job(name="tiering.tell_grace")
def on_grace_started(*, partner_id: UUID, program_id: UUID, at: datetime, tier: str, until: datetime) -> None:
    services.tell_of_grace(partner_id=partner_id, program_id=program_id, tier=tier, until=until, at=at)


@job(name="tiering.tell_recovered")
def on_grace_ended(*, partner_id: UUID, program_id: UUID, at: datetime, tier: str) -> None:
    services.tell_of_recovery(partner_id=partner_id, program_id=program_id, tier=tier, at=at)


@job(name="tiering.tell_at_risk")
def on_at_risk(*, partner_id: UUID, program_id: UUID, at: datetime, tier: str, causes: tuple[str, ...]) -> None:
    services.tell_of_risk(partner_id=partner_id, program_id=program_id, tier=tier, causes=causes, at=at)


@job(name="tiering.tell_benefit_missing")
def on_benefit_reported(*, partner_id: UUID, program_id: UUID, at: datetime, benefit: str) -> None:
    services.tell_of_report(partner_id=partner_id, program_id=program_id, benefit=benefit, at=at)
