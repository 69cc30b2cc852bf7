"""The beats that all services of an application share: load, save, record, announce."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.applications import policies
from openprm.applications.models import Application
from openprm.audit import services as audit
from openprm.kernel.actor import Actor, Side
from openprm.kernel.errors import Conflict, Stale, refused_by


class AlreadyAnswered(Conflict):
    """The application does not stand where this answer is possible (any more)."""


def applicant(application: Application) -> Actor:
    """The person who writes the application: nobody of ours, known by name."""
    return Actor(side=Side.PUBLIC, name=application.contact_name, email=application.email)


def load(actor: Actor, application_id: UUID, version: int | None = None) -> Application:
    """An application that was sent, locked. Raises NotFound, Stale."""
    application = policies.reach_sent(actor).locked().one(application_id)
    if version is not None and version != application.version:
        raise Stale()
    return application


def refuse_unless(application: Application, wanted: str) -> None:
    """Raise AlreadyAnswered unless the application may go to this state."""
    if reason := policies.why_not_now(application, wanted):
        raise AlreadyAnswered(reason)


def save(application: Application, *changed: str) -> None:
    application.version += 1
    application.save(update_fields=[*changed, "version", "updated_at"])


def move(application: Application, state: str, *changed: str) -> None:
    """Store a new state with what comes with it; a jump that the database refuses becomes AlreadyAnswered."""
    refuse_unless(application, state)
    application.state = state
    with refused_by("application_state_follows", AlreadyAnswered(_("Somebody answered this application just now. Reload the page."))):
        save(application, "state", *changed)


def record(actor: Actor, verb: str, application: Application, *, before: dict[str, Any] | None = None, at: datetime, **more: Any) -> None:
    refs = (application.program_id, *more.pop("refs", ()))
    audit.record(actor, verb, application, before=before, refs=refs, at=at, **more)
