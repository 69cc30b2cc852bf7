"""Engagements in the tools people use: answers by mail, a button in the invitation, steps in the calendar."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.correspondence.ports import About, ActionKind, DateSource, DueDate, MailFile, ThreadKind, first_ref
from openprm.cosell import queries, services
from openprm.cosell.rules.words import Audience
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed, refuse_if

ROOM_KINDS = ("cosell.noted", "cosell.moved", "cosell.members", "cosell.task", "cosell.task_decided")


def _url(actor: Actor, page: str, subject_id: UUID) -> str:
    return reverse(f"cosell:{page}" if actor.is_vendor else f"cosell:portal_{page}", args=[subject_id])


def about_room(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """Raises NotFound, NotAllowed for somebody who may not write in this engagement."""
    room = queries.room(actor, subject_id, at)
    refuse_if(room.why_not_write)
    return About(title=f"{room.number} {room.title}", url=_url(actor, "engagement", subject_id))


def receive(*, actor: Actor, subject_id: UUID, text: str, files: tuple[MailFile, ...], at: datetime) -> None:
    """A note for everybody who may know of the writer's company, and the files with it. Raises NotFound, NotAllowed, Invalid, Conflict."""
    if text:
        services.add_note(actor=actor, engagement_id=subject_id, body=text, audience=Audience.SHARED, by_mail=True, at=at)
    for file in files:
        services.attach_document(actor=actor, engagement_id=subject_id, name=file.name, content=file.content, at=at)


def about_invitation(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """What accepting means. Raises NotFound, NotAllowed when it cannot be accepted any more."""
    found = queries.invitation(actor, subject_id, at)
    if not found.may_decide or found.overdue:
        raise NotAllowed(_("This invitation does not wait for your answer any more."))
    facts = ((_("From"), found.sender), (_("Customer"), found.customer_name), (_("Role"), found.role_label), (_("View"), found.visibility_label))
    what = _("Your company takes part in this deal as: %(role)s.") % {"role": ", ".join(found.responsibilities)}
    return About(title=f"{found.number} {found.title}", url=_url(actor, "invitation", subject_id), what=what, facts=facts)


def accept(*, actor: Actor, subject_id: UUID, at: datetime) -> str:
    number = queries.invitation(actor, subject_id, at).number
    services.accept_invitation(actor=actor, invitation_id=subject_id, at=at)
    return _("Your company takes part in %(number)s.") % {"number": number}


def dates(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    """The dated steps of this person's side, and the invitations and asks that wait for its answer."""
    tasks = [
        DueDate(uid=f"cosell.task:{row.id}", title=row.title, starts_at=row.due_date, url=_url(actor, "engagement", row.engagement_id), note=row.number)
        for row in queries.tasks_due(actor, since, until)
    ]
    waiting = [
        DueDate(uid=f"cosell.{row.kind}:{row.id}", title=f"{row.what}: {row.title}", starts_at=row.due_at, url=_url(actor, row.kind, row.id), note=row.number)
        for row in queries.waiting(actor)
        if row.kind != "task" and row.due_at and since <= row.due_at < until
    ]
    return [*tasks, *waiting]


PORTS = {
    "correspondence.threads": (
        ThreadKind(
            code="cosell.engagement",
            label=gettext_lazy("Engagement"),
            subject_of=first_ref("cosell.", only=ROOM_KINDS),
            describe=about_room,
            receive=receive,
            hint=gettext_lazy("write in this engagement, with files if you attach some. Everybody who may know of your company reads it"),
        ),
    ),
    "correspondence.actions": (
        ActionKind(
            code="cosell.accept",
            label=gettext_lazy("Accept the invitation"),
            subject_of=first_ref("cosell.", only=("cosell.invited",)),
            describe=about_invitation,
            run=accept,
        ),
    ),
    "correspondence.dates": (DateSource(code="cosell.steps", label=gettext_lazy("Tasks and answers in joint deals"), list=dates),),
}
