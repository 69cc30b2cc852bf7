"""Whom a partner's administrator names to sign for the company."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.models import Acceptance, Signatory
from openprm.audit import services as audit
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, refuse_if


@transaction.atomic
def name_signatory(*, actor: Actor, user_id: UUID, at: datetime) -> UUID:
    """Let a colleague sign for the company; doing it twice changes nothing. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_name_signatories(actor))
    person = next((one for one in identity.holders_of("agreements.sign", actor.partner_id) if one.id == user_id), None)
    if person is None:
        raise Invalid(_("Choose an active person of your company. People who only read cannot sign."), field="user_id")
    row, made = Signatory.objects.get_or_create(partner_id=actor.partner_id, user_id=user_id, defaults={"named_by_name": actor.name[:200]})
    if made:
        partner_id = row.partner_id
        audit.record(actor, "agreement.signatory_named", row, after={}, refs=(partner_id, user_id), visible_to=(partner_id,), note=person.name, at=at)
    return row.pk


@transaction.atomic
def remove_signatory(*, actor: Actor, signatory_id: UUID, at: datetime) -> None:
    """Take the right to sign back; what was signed stays. Raises NotFound, NotAllowed."""
    row = policies.reach_signatories(actor).locked().one(signatory_id)
    refuse_if(policies.why_not_name_signatories(actor))
    refs = (row.partner_id, row.user_id)
    audit.record(actor, "agreement.signatory_removed", row, after={}, refs=refs, visible_to=(row.partner_id,), note=row.user.name, at=at)
    row.delete()


@transaction.atomic
def forget_people(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Forget who could sign for a partner that left, and who declined; gives how many rows changed. Safe to repeat.

    Signatures stay: they are the evidence of what was agreed, and the database keeps them. In the system's scope.
    """
    removed, _rows = Signatory.objects.filter(partner=partner_id, user__in=list(people)).delete()
    declined = Acceptance.objects.filter(partner=partner_id).exclude(status=Acceptance.Status.ACCEPTED).exclude(declined_by_name="")
    return removed + declined.update(declined_by_name="")
