"""Queue entry points of partners: the end of memberships, and the news of it to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.jobs import job
from openprm.partners import news, services


@job(name="partners.watch_memberships", every="10 * * * *", lock="partners.watch_memberships")
def watch_memberships(*, at: datetime) -> None:
    """Remind, renew what the rule renews, and end what ran out."""
    services.remind_of_renewals(at=at)
    services.renew_by_rule(at=at)
    services.expire_due(at=at)


@job(name="partners.tell_expiring")
def on_expiring(*, partner_id: UUID, program_id: UUID, until: datetime, days: int, at: datetime) -> None:
    news.tell("partners.membership_ends", partner_id, program_id, at, until=until, days=days)


@job(name="partners.tell_expired")
def on_expired(*, partner_id: UUID, program_id: UUID, until: datetime, at: datetime) -> None:
    news.tell("partners.membership_expired", partner_id, program_id, at, until=until)


@job(name="partners.tell_renewed")
def on_renewed(*, partner_id: UUID, program_id: UUID, before: datetime, until: datetime, how: str, at: datetime) -> None:
    news.tell("partners.membership_renewed", partner_id, program_id, at, until=until, how=how)


@job(name="partners.tell_status_changed")
def on_status_changed(*, partner_id: UUID, before: str, after: str, at: datetime) -> None:
    news.tell_status(partner_id, before, after, at)
