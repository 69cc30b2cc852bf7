"""Writing on a deal by answering a mail."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.correspondence.ports import About, MailFile, ThreadKind, first_ref
from openprm.deals import policies, services
from openprm.deals.models import Registration
from openprm.deals.models.work import Visibility
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if


def describe(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """Raises NotFound, NotAllowed for somebody who may not write on this deal."""
    registration = policies.reach(actor).one(subject_id)
    refuse_if(policies.why_not_comment(actor, registration, Visibility.SHARED))
    return About(title=title_of(registration), url=url_of(actor, registration))


def receive(*, actor: Actor, subject_id: UUID, text: str, files: tuple[MailFile, ...], at: datetime) -> None:
    """A note that both sides read, and the files with it. Raises NotFound, NotAllowed, Invalid, Conflict."""
    if text:
        services.add_note(actor=actor, registration_id=subject_id, body=text, by_mail=True, at=at)
    for file in files:
        services.attach_document(actor=actor, registration_id=subject_id, name=file.name, content=file.content, at=at)


def title_of(registration: Registration) -> str:
    return f"{registration.number} {registration.title or registration.customer_name}".strip()


def url_of(actor: Actor, registration: Registration) -> str:
    return reverse("deals:portal_registration" if actor.is_partner else "deals:registration", args=[registration.pk])


THREAD = ThreadKind(
    code="deals.registration",
    label=_("Deal"),
    subject_of=first_ref("deals."),
    describe=describe,
    receive=receive,
    hint=_("write on this deal, with files if you attach some. Both sides read it"),
)
