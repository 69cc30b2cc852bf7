"""Mails to the person behind a form: to confirm its address, and what it needs to take its consent back."""

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from openprm.identity.queries import branding
from openprm.identity.services import mail
from openprm.kernel.scope import system_scope
from openprm.leads.models import LeadPerson, Submission
from openprm.leads.services import links

State = Submission.State


def send_letter(*, kind: str, submission_id: UUID, at: datetime) -> bool:
    """Send one mail, "confirm" or "receipt"; False when there is nothing (any more) to say. No network inside the scope."""
    with system_scope():
        found = Submission.objects.select_related("form_version__form").filter(pk=submission_id).first()
        made = (_confirmation(found) if kind == "confirm" else _receipt(found)) if found else None
    if made is None:
        return False
    letter, to = made
    mail.compose(letter, to=to, message_id=uuid5(submission_id, f"{kind}:{at.isoformat()}")).send()
    return True


def _confirmation(found: Submission) -> tuple[mail.Letter, mail.Addressee] | None:
    if found.state != State.PENDING:
        return None
    version = found.form_version
    letter = mail.Letter(
        subject=_("Confirm your request to %(vendor)s") % {"vendor": branding().name},
        heading=_("One click, then it is sent"),
        paragraphs=(
            _("Somebody wrote to us with this address: “%(title)s”. Confirm that it was you, and that you agree to this:") % {"title": version.title},
            version.consent_text,
        ),
        action=_("Yes, I agree: send it"),
        url=links.confirm_url(found.pk),
        reason=_("It was not you? Then do nothing: nobody reads it, and after 14 days it is deleted."),
    )
    return letter, mail.Addressee(email=found.answers["contact_email"], name=found.answers["contact_name"])


def _receipt(found: Submission) -> tuple[mail.Letter, mail.Addressee] | None:
    person = LeadPerson.objects.filter(lead=found.lead_id).first() if found.lead_id else None
    if person is None or not person.contact_email:
        return None
    version = found.form_version
    letter = mail.Letter(
        subject=_("We have your request"),
        heading=version.thanks_title,
        paragraphs=tuple(filter(None, (version.thanks_text, _("You agreed to this:"), version.consent_text))),
        action=_("See or erase my data"),
        url=links.withdraw_url(person.lead_id),
        reason=_("Keep this mail: its link shows what we keep of you and erases it, today or in a year."),
    )
    return letter, mail.Addressee(email=person.contact_email, name=person.contact_name)
