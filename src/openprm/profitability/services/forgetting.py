"""Deleting the books: by the partner whenever it likes, and by the retention of a partner that left."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.kernel import db
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.profitability import policies
from openprm.profitability.models import Book, Change, Entry, Group, Rate
from openprm.profitability.services import unit


@transaction.atomic
def forget_everything(*, actor: Actor, at: datetime) -> int:
    """Delete the books with all that stands beside them; gives how many entries went. Final. Raises NotAllowed."""
    refuse_if(policies.why_not_keep(actor))
    gone, _by_model = policies.reach(actor, Entry).delete()
    for model in (Book, Rate, Group, Change):
        policies.reach(actor, model).delete()
    return gone


def forget_partner(*, partner_id: UUID, people: tuple[UUID, ...] = (), at: datetime) -> int:
    """Delete the books of a partner that left and whose time is over, unread. In the system's scope, safe to repeat."""
    return db.value("select profitability_forget(%s)", [partner_id])


def note_taken(*, actor: Actor) -> None:
    """Keep that somebody downloaded the books. Raises NotAllowed."""
    refuse_if(policies.why_not_keep(actor))
    unit.note(actor, "taken")
