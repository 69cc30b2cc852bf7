"""The farewell mail: to the administrators whose access just ended, since the inbox reaches nobody any more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.identity.services import mail
from openprm.kernel.actor import SYSTEM
from openprm.offboarding.links import leaving_url
from openprm.offboarding.models import Offboarding
from openprm.offboarding.services.unit import load, save
from openprm.partners import queries as partners
from openprm.ui import format as fmt


@transaction.atomic
def send_farewell(*, offboarding_id: UUID, at: datetime) -> int:
    """Send the farewell once access has ended and the export is there; gives how many mails left. Safe to repeat. Raises NotFound."""
    row = load(SYSTEM, offboarding_id)
    if row.farewell_sent_at or row.access_ended_at is None or not row.exports.filter(gone_at=None).exists():
        return 0
    row.farewell_sent_at = at
    save(row)
    people = [person for person in identity.people(SYSTEM, row.partner_id) if person.membership_id in row.closed_memberships and person.role == "partner_admin"]
    for person in people:
        mail.compose(_letter(row, at), to=mail.Addressee(email=person.email, name=person.name)).send()
    return len(people)


def _letter(row: Offboarding, at: datetime) -> mail.Letter:
    organization = identity.organization(SYSTEM, row.partner_id)
    viewer = fmt.Viewer(at=at, locale=organization.locale, time_zone=organization.time_zone)
    with translation.override(organization.locale):
        said = {"partner": partners.partner(SYSTEM, row.partner_id).name, "vendor": identity.branding().name}
        facts = (mail.Fact(_("The export is there until"), fmt.exact(row.link_ends_at, viewer)),)
        if row.erase_at:
            facts = (*facts, mail.Fact(_("Names and addresses are kept until"), fmt.exact(row.erase_at, viewer)))
        return mail.Letter(
            subject=_("%(partner)s has left the program of %(vendor)s") % said,
            heading=_("Goodbye, and thank you"),
            paragraphs=(row.farewell, _("Your access has ended. Everything you could read is yours to take along: the page below needs no sign-in.")),
            facts=facts,
            action=_("Open the export"),
            url=leaving_url(row.pk),
            reason=_("You get this because you administered the account of %(partner)s. Whoever has this address can download the export: keep it to yourself.")
            % said,
        )
