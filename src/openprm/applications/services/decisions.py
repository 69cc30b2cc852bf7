"""What the vendor's people do with an application: approve, ask for more, reject, take up a held one, keep a note."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.applications import policies, rules
from openprm.applications.events import ApplicationReturned
from openprm.applications.models import Application, Note
from openprm.applications.promisekinds import DECISION
from openprm.applications.rules import State
from openprm.applications.services import admission, arrival
from openprm.applications.services.forms import whole_form
from openprm.applications.services.unit import load, move, record, refuse_unless
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, Problem, refuse_if
from openprm.kernel.events import publish
from openprm.promises import services as promises

NOT_ASKED_AGAIN = ("email",)


@transaction.atomic
def approve(*, actor: Actor, application_id: UUID, message: str = "", into_partner_id: UUID | None = None, version: int | None = None, at: datetime) -> UUID:
    """Make the applicant a partner; gives the partner's id. With `into_partner_id` a partner that is there already joins the program.

    Raises NotFound, NotAllowed, Stale, AlreadyAnswered, CompanyIsPartner, Invalid.
    """
    application = load(actor, application_id, version)
    refuse_if(policies.why_not_decide(actor, application))
    text = _message(message, required=False)
    return admission.admit(actor=actor, application=application, message=text, into_partner_id=into_partner_id, at=at)


@transaction.atomic
def reject(*, actor: Actor, application_id: UUID, reason: str, message: str, reapply: str = "standard", version: int | None = None, at: datetime) -> None:
    """Say no. Raises NotFound, NotAllowed, Stale, AlreadyAnswered, Invalid."""
    application = load(actor, application_id, version)
    refuse_if(policies.why_not_decide(actor, application))
    admission.turn_down(actor=actor, application=application, reason=reason, message=rules.plain_text(message), reapply=reapply, at=at)


@transaction.atomic
def ask_for_more(*, actor: Actor, application_id: UUID, fields: Iterable[str], message: str, version: int | None = None, at: datetime) -> None:
    """Ask the applicant: only the named questions open, and the promise rests until they answer.

    Raises NotFound, NotAllowed, Stale, AlreadyAnswered, Invalid.
    """
    application = load(actor, application_id, version)
    refuse_if(policies.why_not_decide(actor, application))
    refuse_unless(application, State.RETURNED)
    names, text = tuple(dict.fromkeys(fields)), _message(message, required=True)
    _refuse_bad_question(application, names)
    before = {"state": application.state}
    application.asked_fields, application.asked_message, application.asked_at = list(names), text, at
    move(application, State.RETURNED, "asked_fields", "asked_message", "asked_at")
    promises.pause(application.pk, DECISION, at, text)
    record(actor, "application.returned", application, before=before, after={"state": application.state}, note=text, data={"asked": list(names)}, at=at)
    publish(ApplicationReturned(application_id=application.pk, program_id=application.program_id, fields=names, at=at))


@transaction.atomic
def take_up(*, actor: Actor, application_id: UUID, version: int | None = None, at: datetime) -> None:
    """Let a held application be decided after all; the promise starts. Raises NotFound, NotAllowed, Stale, AlreadyAnswered, AlreadyKnown."""
    application = load(actor, application_id, version)
    refuse_if(policies.why_not_decide(actor, application))
    refuse_unless(application, State.SUBMITTED)
    arrival.take_in(application, actor, at)


@transaction.atomic
def examine_again(*, actor: Actor, application_id: UUID, at: datetime) -> None:
    """Compare, score and check once more, against what is on file now. Raises NotFound, NotAllowed."""
    application = load(actor, application_id)
    refuse_if(policies.why_not_decide(actor, application))
    arrival.examine(application, at)
    application.version += 1
    application.save(update_fields=[*arrival.RESULT, "version", "updated_at"])
    record(actor, "application.examined", application, after={}, data={"score": application.score, "risk": application.risk}, at=at)


@transaction.atomic
def add_note(*, actor: Actor, application_id: UUID, body: str, at: datetime) -> UUID:
    """Keep a remark that only the vendor's people read. Raises NotFound, NotAllowed, Invalid."""
    application = load(actor, application_id)
    refuse_if(policies.why_not_comment(actor))
    text = rules.plain_text(body)
    if not text or len(text) > 4000:
        raise Invalid(_("Write a note of at most 4,000 characters."), field="body")
    note = Note(application=application, author_id=actor.user_id, author_name=actor.name[:120], body=text, at=at)
    note.save()
    record(actor, "application.noted", application, after={}, note=text, at=at)
    return note.pk


def _message(text: str, *, required: bool) -> str:
    clean = rules.plain_text(text)
    if required and not clean:
        raise Invalid(_("Say what you need to know."), field="message", code="required")
    if len(clean) > 2000:
        raise Invalid(_("The message is longer than 2,000 characters. Shorten it."), field="message")
    return clean


def _refuse_bad_question(application: Application, names: tuple[str, ...]) -> None:
    known = {field.code for field in whole_form(application.form)} - set(NOT_ASKED_AGAIN)
    problems = [Problem("fields", _("“%(name)s” is no question of this form.") % {"name": name[:40]}) for name in names if name not in known]
    if not names:
        problems.append(Problem("fields", _("Tick at least one question that the applicant shall answer again."), "required"))
    if problems:
        raise Invalid(problems=problems)
