"""Writing to companies that are no partners yet: an invitation to the program, or a message."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.identity.services import mail
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, TooMany
from openprm.kernel.events import publish
from openprm.kernel.registry import registry
from openprm.partners import queries as partners
from openprm.recruitment.events import OutreachWritten
from openprm.recruitment.models import Company, Outreach
from openprm.recruitment.services import checks, companies

NOT_AGAIN_WITHIN = timedelta(days=7)
A_DAY = 200


class WroteRecently(Conflict):
    """Nobody is written to twice within a week."""


@transaction.atomic
def write_to(
    *, actor: Actor, company_id: UUID, kind: str, subject: str, body: str, at: datetime, email: str = "", name: str = "", program_id: UUID | None = None
) -> UUID:  # fmt: skip
    """Send an invitation or a message to a company's contact. Raises NotFound, NotAllowed, Invalid, Conflict, WroteRecently, TooMany."""
    company = companies.locked(actor, company_id)
    checks.choice("kind", kind, tuple(Outreach.Kind.values))
    _refuse(actor, company, kind, at)
    to = _addressee(company, email, name)
    letter = Outreach(
        company=company, kind=kind, email=to[0], name=to[1], sender_id=actor.user_id, sender_name=actor.name[:120], at=at,
        subject=checks.line("subject", subject, longest=160, required=True),
        body=checks.text("body", body, longest=4000, required=True),
        program_id=partners.program(actor, program_id).id if program_id else None,
    )  # fmt: skip
    letter.save()
    column = "invited_at" if kind == Outreach.Kind.INVITATION else "messaged_at"
    setattr(company, column, at)
    company.version += 1
    company.save()
    verb = "company.invited" if kind == Outreach.Kind.INVITATION else "company.messaged"
    audit.record(actor, verb, company, after={}, data={"to": letter.email, "subject": letter.subject}, at=at)
    publish(OutreachWritten(outreach_id=letter.pk, at=at))
    return letter.pk


def _refuse(actor: Actor, company: Company, kind: str, at: datetime) -> None:
    if company.partner_id:
        raise Conflict(_("%(name)s is a partner by now. Write to its people from the partner page.") % {"name": company.name})
    if company.ignored_at:
        raise Conflict(_("%(name)s is on the ignored list. Take it off before you write.") % {"name": company.name})
    if Outreach.objects.filter(company=company, kind=kind, at__gt=at - NOT_AGAIN_WITHIN).exists():
        raise WroteRecently(_("Somebody wrote to %(name)s within the last week. Look at the messages below.") % {"name": company.name})
    if Outreach.objects.filter(at__gt=at - timedelta(days=1)).count() >= A_DAY:
        raise TooMany(_("%(count)d companies were written to today. Go on tomorrow.") % {"count": A_DAY}, retry_after=3600)


def _addressee(company: Company, email: str, name: str) -> tuple[str, str]:
    if email:
        return checks.email("email", email, required=True), checks.line("name", name, longest=120)
    contact = company.contacts.exclude(email="").order_by("-is_main", "pk").first()
    if contact is None:
        raise Invalid(_("This company has no contact with an e-mail address. Write one here."), field="email")
    return contact.email, contact.name


def deliver(*, outreach_id: UUID, at: datetime) -> bool:
    """Send a letter once; False when it left before."""
    letter = Outreach.objects.filter(pk=outreach_id, sent_at=None).locked().first()
    if letter is None:
        return False
    mail.compose(_letter(letter), to=mail.Addressee(email=letter.email, name=letter.name), message_id=letter.pk).send()
    letter.sent_at = at
    letter.save(update_fields=["sent_at", "updated_at"])
    return True


def _letter(letter: Outreach) -> mail.Letter:
    is_invitation = letter.kind == Outreach.Kind.INVITATION
    return mail.Letter(
        subject=letter.subject,
        heading=letter.subject,
        paragraphs=(*(part for part in letter.body.split("\n\n") if part.strip()), letter.sender_name),
        action=_("See the program and apply") if is_invitation else "",
        url=apply_url(letter.program_id) if is_invitation else "",
        reason=_("You receive this because your company was suggested as a partner. Nobody writes to you automatically."),
    )


def apply_url(program_id: UUID | None, code: str = "") -> str:
    """Where a company applies; the front door while no domain fills `recruitment.apply_url`."""
    for fill in registry.filling("recruitment.apply_url"):
        return fill(program_id, code)
    return f"{settings.OPENPRM_URL}/" + (f"?ref={code}" if code else "")
