"""Queue entry points of the inbox."""

from datetime import datetime
from uuid import UUID

from openprm.inbox import services
from openprm.kernel.jobs import job


@job(name="inbox.send_mail")
def send_mail(*, notification_id: UUID, at: datetime) -> None:
    services.send_mail(notification_id=notification_id, at=at)


@job(name="inbox.tell_inviter")
def tell_inviter(*, user_id: UUID, organization_id: UUID, invitation_id: UUID, invited_by_id: UUID | None, at: datetime) -> None:
    services.tell_inviter(user_id=user_id, organization_id=organization_id, invited_by_id=invited_by_id, at=at)


@job(name="inbox.send_digests", every="*/15 * * * *", lock="inbox.send_digests")
def send_digests(*, at: datetime) -> None:
    services.send_digests(at=at)
