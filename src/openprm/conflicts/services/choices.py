"""A partner objects to a customer's choice: whether the customer may move on becomes a case, and the ruling settles the choice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.conflicts.models import ConflictCase
from openprm.conflicts.rules.draft import CaseDraft
from openprm.conflicts.rules.lifecycle import LIVE, CaseType, Finding
from openprm.conflicts.services.opening import AlreadyDisputed, open_case
from openprm.deals import services as deal_services
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Refusal
from openprm.kernel.scope import scope


def dispute_choice(
    *, registration_id: UUID, partner_id: UUID, objector_id: UUID | None, reason: str, choice_id: UUID | None = None, at: datetime
) -> UUID | None:
    """Open the case in the objector's name, with its reason as the first statement; None when one stands already or it may not open cases.

    A case that stands already takes the choice along. Its ruling settles the choice on the deal. In the system's scope.
    """
    if objector_id is None:
        return None
    draft = CaseDraft(type=CaseType.PARTNERS, claim=reason, registration_id=registration_id)
    try:
        actor = identity.actor_of(objector_id, partner_id)
        with scope(actor):
            case_id = open_case(actor=actor, draft=draft, at=at).case_id
    except AlreadyDisputed:
        _live(registration_id, partner_id).filter(choice_id=None).update(choice_id=choice_id, updated_at=at)
        return None
    except Refusal:
        return None
    ConflictCase.objects.filter(pk=case_id).update(choice_id=choice_id, updated_at=at)
    return case_id


def _live(registration_id: UUID, partner_id: UUID):
    return ConflictCase.objects.filter(registration=registration_id, partner=partner_id, type=CaseType.PARTNERS, state__in=sorted(LIVE))


def settle(case: ConflictCase, finding: str, at: datetime) -> None:
    """What a ruling means for the customer's choice: an objection that is founded drops it, any other lets the customer go.

    A choice that was decided on the deal meanwhile, or has been carried out, stays as it is.
    """
    if case.choice_id is None:
        return
    stands = finding != Finding.FOUNDED
    said = _("Decided in conflict case %(number)s.") % {"number": case.number}
    try:
        with transaction.atomic():
            deal_services.settle_choice(actor=SYSTEM, choice_id=case.choice_id, stands=stands, reason=said, at=at)
    except Conflict:
        return
