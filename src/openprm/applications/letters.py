"""The mails that an applicant gets, one at each step. Links are made when the mail leaves, never kept in a queue."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.applications import links
from openprm.applications.models import Application
from openprm.applications.promisekinds import DECISION
from openprm.applications.rules import EDITABLE, State
from openprm.applications.words import DECIDER, REASON
from openprm.identity.queries import branding
from openprm.identity.services import mail
from openprm.promises import queries as promises
from openprm.ui import format as fmt

Write = Callable[[Application, str, datetime], "mail.Letter | None"]


def send(*, kind: str, application_id: UUID, at: datetime) -> bool:
    """Write to the applicant what `kind` says; False when it is of no use any more. Mail programs drop a second copy by its id."""
    application = Application.objects.select_related("program", "form").filter(pk=application_id).first()
    letter = LETTERS[kind](application, branding().name, at) if application else None
    if letter is None:
        return False
    message_id = uuid5(application.pk, f"{kind}:{at.isoformat()}")
    mail.compose(letter, to=mail.Addressee(email=application.email, name=application.contact_name), message_id=message_id).send()
    return True


def _confirmation(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.UNCONFIRMED:
        return None
    return mail.Letter(
        subject=_("Confirm your application to %(vendor)s") % {"vendor": vendor},
        heading=_("One click, then it is sent"),
        paragraphs=(
            _("%(company)s applies for %(program)s. Confirm that this address is yours, and your application is on its way.") % _said(application),
            _("Nobody reads it before that."),
        ),
        action=_("Confirm and send"),
        url=links.confirm_url(application),
        reason=_("You did not apply? Then do nothing: without the link nothing is sent, and what was typed is deleted after 30 days."),
    )


def _link(application: Application, vendor: str, at: datetime) -> mail.Letter:
    is_draft = application.state in EDITABLE
    return mail.Letter(
        subject=_("Your application to %(vendor)s") % {"vendor": vendor},
        heading=_("Go on where you stopped") if is_draft else _("Your application"),
        paragraphs=(
            _("Your answers for %(program)s are kept for 30 days.") % _said(application) if is_draft else _("The link shows how far your application is."),
        ),
        action=_("Go on") if is_draft else _("Open the application"),
        url=links.open_url(application),
        reason=_("Whoever has this link can read and change the application. Do not pass it on."),
    )


def _submitted(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.SUBMITTED:
        return None
    return mail.Letter(
        subject=_("We have your application %(number)s") % _said(application),
        heading=_("Your application is in"),
        paragraphs=(_("%(company)s applies for %(program)s. You can follow it with the link below.") % _said(application),),
        facts=(
            *_due(application, at),
            mail.Fact(_("Who decides"), _("%(who)s of %(vendor)s") % {"who": str(DECIDER[application.decider]).capitalize(), "vendor": vendor}),
            *_clause(application),
        ),
        action=_("Follow the application"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _held(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.HELD:
        return None
    return mail.Letter(
        subject=_("Your application %(number)s") % _said(application),
        heading=_("A person looks at this first"),
        paragraphs=(
            _("Either we know your company already, or your address is not at its web domain. So a person at %(vendor)s looks first and writes to you.")
            % {"vendor": vendor},
            _("A colleague of yours may be in touch with us: it can be quicker to ask inside your company."),
        ),
        action=_("Follow the application"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _returned(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.RETURNED:
        return None
    return mail.Letter(
        subject=_("A question about your application %(number)s") % _said(application),
        heading=_("We have a question"),
        paragraphs=(application.asked_message, _("Our clock stands still until you answer; then it goes on where it stopped.")),
        action=_("Answer"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _approved(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.APPROVED:
        return None
    return mail.Letter(
        subject=_("Welcome to %(program)s") % _said(application),
        heading=_("Welcome, %(company)s") % _said(application),
        paragraphs=tuple(
            filter(
                None,
                (
                    _("Your application is approved. Your invitation to the partner portal comes in a mail of its own."),
                    application.message,
                ),
            )
        ),
        facts=_clause(application),
        action=_("See the answer"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _rejected(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.REJECTED:
        return None
    return mail.Letter(
        subject=_("Our answer to your application %(number)s") % _said(application),
        heading=_("We cannot take you into %(program)s now") % _said(application),
        paragraphs=tuple(filter(None, (application.message,))),
        facts=(mail.Fact(_("Reason"), str(REASON[application.reason])), mail.Fact(_("Apply again"), again(application)), *_clause(application)),
        action=_("Read the answer"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _late(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.SUBMITTED:
        return None
    return mail.Letter(
        subject=_("Our answer to your application %(number)s is late") % _said(application),
        heading=_("We are late"),
        paragraphs=(_("We promised you an answer by now and do not have one. The people in charge know, and our record shows it."),),
        facts=_due(application, at),
        action=_("Follow the application"),
        url=links.open_url(application),
        reason=_keep(),
    )


def _withdrawn(application: Application, vendor: str, at: datetime) -> mail.Letter | None:
    if application.state != State.WITHDRAWN:
        return None
    return mail.Letter(
        subject=_("Application %(number)s is withdrawn") % _said(application),
        heading=_("You withdrew your application"),
        paragraphs=(_("Nothing more happens with it. You can apply again whenever you like."),),
        reason=_keep(),
    )


def again(application: Application) -> str:
    """When the company may apply again, in words."""
    if application.reapply == "never":
        return _("Not for this program")
    if application.reapply == "instant" or application.reapply_from_date is None:
        return _("Whenever you like")
    return _("From %(day)s") % {"day": date_format(application.reapply_from_date, "j F Y")}


def _said(application: Application) -> dict[str, str]:
    return {"company": application.company_name, "program": application.program.name, "number": application.number}


def _due(application: Application, at: datetime) -> tuple[mail.Fact, ...]:
    clock = promises.clock(application.pk, DECISION, at)
    if clock is None:
        return ()
    return (mail.Fact(_("Answer by"), fmt.exact(clock.due_at, fmt.Viewer(at=at, locale="en", time_zone="UTC"))),)


def _clause(application: Application) -> tuple[mail.Fact, ...]:
    if not application.clause_text:
        return ()
    return (mail.Fact(_("Rule %(clause)s") % {"clause": application.clause}, application.clause_text),)


def _keep() -> str:
    return _("You get this because you applied. Keep this mail: its link opens your application.")


LETTERS: dict[str, Write] = {
    "confirmation": _confirmation,
    "link": _link,
    "submitted": _submitted,
    "held": _held,
    "returned": _returned,
    "approved": _approved,
    "rejected": _rejected,
    "late": _late,
    "withdrawn": _withdrawn,
}
