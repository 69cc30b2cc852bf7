"""What both sides say about promised benefits."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if
from openprm.kernel.events import publish
from openprm.partners import queries as partners
from openprm.partners.rules import BENEFIT
from openprm.tiering import policies
from openprm.tiering.events import BenefitReported
from openprm.tiering.models import BenefitNote
from openprm.tiering.services.moves import TierHasChanged
from openprm.tiering.services.texts import line


@transaction.atomic
def say_of_benefit(*, actor: Actor, partner_id: UUID, program_id: UUID, benefit: str, said: str, note: str, at: datetime) -> UUID:
    """Say that a promised benefit was given or not. Both sides read it, and nobody can change it afterwards.

    Raises NotFound, NotAllowed, Invalid, TierHasChanged (not in that program).
    """
    partners.partner(actor, partner_id)
    refuse_if(policies.why_not_speak(actor))
    if benefit not in BENEFIT:
        raise Invalid(_("“%(benefit)s” is not a benefit of the library.") % {"benefit": benefit[:40]}, field="benefit")
    if said not in BenefitNote.Said.values:
        raise Invalid(_("Say “met” or “not_met”."), field="said")
    if partners.enrollment(partner_id, at, program_id=program_id) is None:
        raise TierHasChanged(_("This partner is not in that program."))
    row = BenefitNote(
        partner_id=partner_id, program_id=program_id, benefit=benefit, said=said, by_partner=actor.is_partner,
        note=line("note", note, longest=1000, is_required=True), by_id=actor.user_id, by_name=actor.name[:200], at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.record(actor, f"tiering.benefit_{said}", row, before={}, refs=(partner_id,), visible_to=(partner_id,), note=row.note, at=at)
    if actor.is_partner and said == BenefitNote.Said.NOT_MET:
        publish(BenefitReported(partner_id=partner_id, program_id=program_id, benefit=benefit, at=at))
    return row.pk
