"""Hanging deals on another account when two accounts turn out to be one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.deals.queries.holdings import MODELS
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotAllowed, refused_by


def move_to_account(*, actor: Actor, kind: str, ids: Sequence[UUID], to_account_id: UUID, at: datetime) -> None:
    """Hang rows on another account; ids that are gone are passed over. The merge itself is what the audit log tells.

    Raises NotAllowed, AccountAlreadyProtected when both accounts are protected for one product line and territory.
    """
    if not actor.sees_all_partners:
        raise NotAllowed()
    refusal = AccountAlreadyProtected(_("Both accounts are protected for the same product line and territory. Release one protection first."))
    with refused_by("one_live_protection", refusal):
        MODELS[kind].objects.filter(pk__in=list(ids)).update(account_id=to_account_id, updated_at=at)
