"""Queue entry points of identity."""

from datetime import datetime
from uuid import UUID

from openprm.identity import services
from openprm.kernel.actor import SYSTEM
from openprm.kernel.jobs import job


@job(name="identity.send_invitation")
def send_invitation(*, invitation_id: UUID, at: datetime) -> None:
    services.send_invitation(invitation_id=invitation_id, at=at)


@job(name="identity.send_sign_in_link")
def send_sign_in_link(*, link_id: UUID, at: datetime) -> None:
    services.send_sign_in_link(link_id=link_id, at=at)


@job(name="identity.send_password_reset")
def send_password_reset(*, user_id: UUID) -> None:
    services.send_password_reset(user_id=user_id)


@job(name="identity.send_security_notice")
def send_security_notice(*, user_id: UUID, subject: str, text: str) -> None:
    services.send_security_notice(user_id=user_id, subject=subject, text=text)


@job(name="identity.end_portal_views", every="*/5 * * * *", lock="identity.end_portal_views")
def end_portal_views(*, at: datetime) -> None:
    services.end_views_that_ran_out(actor=SYSTEM, at=at)


@job(name="identity.forget_old_links", every="20 3 * * *", lock="identity.forget_old_links")
def forget_old_links(*, at: datetime) -> None:
    services.forget_old_links(at=at)


@job(name="identity.forget_ended_sessions", every="40 3 * * *", lock="identity.forget_ended_sessions")
def forget_ended_sessions(*, at: datetime) -> None:
    services.forget_ended_sessions(at=at)
