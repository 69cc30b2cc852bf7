"""Who of the vendor is told what about an application. Called by jobs, in the system's scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy

from openprm.applications.models import Application
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Applications"), side="vendor", **look)


KINDS = (
    _kind("applications.submitted", gettext_lazy("an application waits for an answer"), icon="inbox", tone="info"),
    _kind("applications.answered", gettext_lazy("an applicant answers my question"), icon="rotate-cw", tone="info"),
    _kind("applications.held", gettext_lazy("a company that we know applies"), icon="copy", tone="warn"),
    _kind("applications.due_soon", gettext_lazy("the answer to an application is due soon"), icon="timer", tone="warn"),
    _kind("applications.overdue", gettext_lazy("the answer to an application is late"), icon="timer", tone="bad"),
    _kind("applications.automatic", gettext_lazy("the rules answer an application"), icon="scroll-text", mail="daily"),
    _kind("applications.withdrawn", gettext_lazy("an applicant withdraws"), icon="undo-2", mail="daily"),
)
_WORDS = {
    "applications.submitted": (gettext_lazy("%(company)s applies for %(program)s"), gettext_lazy("%(number)s waits for an answer. %(clause)s")),
    "applications.answered": (gettext_lazy("%(company)s answered your question"), gettext_lazy("%(number)s is back; the promise's clock goes on.")),
    "applications.held": (gettext_lazy("%(company)s is known and applies for %(program)s"), gettext_lazy("%(number)s is held until somebody takes it up.")),
    "applications.due_soon": (gettext_lazy("%(company)s waits for an answer"), gettext_lazy("The answer to %(number)s is due soon.")),
    "applications.overdue": (
        gettext_lazy("The answer to %(company)s is late"),
        gettext_lazy("%(number)s has no answer in the time that we promise. The applicant was told that we are late."),
    ),
    "applications.automatic": (gettext_lazy("The rules answered %(company)s"), gettext_lazy("%(number)s, %(program)s: %(clause)s")),
    "applications.withdrawn": (gettext_lazy("%(company)s withdrew its application"), gettext_lazy("%(number)s for %(program)s.")),
}


def tell(*, kind: str, application_id: UUID, at: datetime) -> None:
    """Tell those who can decide this application."""
    application = Application.objects.select_related("program").filter(pk=application_id).first()
    if application is None:
        return
    said = {"company": application.company_name, "program": application.program.name, "number": application.number, "clause": application.clause_text}
    title, body = _WORDS[kind]
    inbox.notify(
        to=[person.id for person in _deciders(application) if person.id],
        kind=kind,
        title=str(title) % said,
        body=(str(body) % said).strip(),
        url=reverse("applications:application", args=[application.pk]),
        refs=(application.pk, application.program_id),
        key=f"{kind}:{application.pk}:{at.isoformat()}",
        at=at,
    )


def _deciders(application: Application) -> list[identity.Person]:
    people = identity.holders_of("applications.decide")
    if application.decider == "vendor_admin":
        return [person for person in people if person.role == "vendor_admin"]
    return [person for person in people if person.role == "partner_manager"] or people
