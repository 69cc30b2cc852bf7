"""A partner objects to a customer's choice: whether the customer may move on becomes a case."""

from datetime import datetime
from uuid import UUID

from openprm.conflicts.rules.draft import CaseDraft
from openprm.conflicts.rules.lifecycle import CaseType
from openprm.conflicts.services.opening import open_case
from openprm.identity import queries as identity
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope


def dispute_choice(*, registration_id: UUID, partner_id: UUID, objector_id: UUID | None, reason: str, at: datetime) -> UUID | None:
    """Open the case in the objector's name, with its reason as the first statement; None when one stands already or it may not open cases.

    The choice itself is settled on the deal (`deals.services.settle_choice`) by who reads the ruling.
    """
    if objector_id is None:
        return None
    draft = CaseDraft(type=CaseType.PARTNERS, claim=reason, registration_id=registration_id)
    try:
        actor = identity.actor_of(objector_id, partner_id)
        with scope(actor):
            return open_case(actor=actor, draft=draft, at=at).case_id
    except Refusal:
        return None
