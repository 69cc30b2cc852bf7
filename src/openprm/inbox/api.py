"""/notifications: one's own news."""

from datetime import datetime
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from openprm.inbox import queries, services
from openprm.kernel.api import In, Out, Page, PageQuery, idempotent, needs, paginate

router = Router(tags=["Notifications"])


class NotificationOut(Out):
    id: UUID
    kind: str = Field(examples=["deal.approved"])
    title: str = Field(examples=["Ostrava Steelworks is approved"])
    body: str
    url: str = Field(description="Where it leads, on this site.")
    urgent: bool
    at: datetime
    read_at: datetime | None


class NotificationQuery(PageQuery):
    unread: bool = Field(False, description="Only what is not read yet.")


class ReadIn(In):
    """Which notifications are read: their ids, or none for all of them."""

    ids: list[UUID] | None = Field(None, max_length=200)


class ReadOut(Out):
    marked: int = Field(description="How many were unread before.", examples=[3])


@router.get("", response=Page[NotificationOut], summary="List your notifications")
@needs("inbox.view_notifications")
def list_notifications(request, query: Query[NotificationQuery]):
    return paginate(queries.notification_rows(request.auth, unread=query.unread), query.cursor, query.limit)


@router.get("/{uuid:notification_id}", response=NotificationOut, summary="Get a notification")
@needs("inbox.view_notifications")
def get_notification(request, notification_id: UUID):
    return queries.notification(request.auth, notification_id)


@router.post("/read", response=ReadOut, summary="Mark notifications read")
@needs("inbox.mark_notifications")
@idempotent
def mark_notifications_read(request, body: ReadIn):
    return {"marked": services.mark_read(actor=request.auth, notification_ids=body.ids, at=request.at)}
