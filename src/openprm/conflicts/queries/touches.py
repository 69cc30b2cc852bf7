"""An activity as the sentinel reads it. In the system's scope."""

from uuid import UUID

from openprm.activities import queries as activities
from openprm.conflicts.rules.sentinel import Touch
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM


def touch_of(activity_id: UUID, *, author_id: UUID | None, purpose: str = "") -> tuple[Touch, str]:
    """The touch and what was written about it. Raises NotFound."""
    found = activities.activity(SYSTEM, activity_id)
    assert isinstance(found, activities.ActivityView)
    touch = Touch(
        activity_id=found.id, account_id=found.account_id, kind=found.kind, side=found.side, direction=found.direction, partner_id=found.partner_id,
        about=found.about, purpose=purpose, occurred_at=found.occurred_at, rep_id=_rep(found, author_id),
    )  # fmt: skip
    return touch, found.summary


def _rep(found: activities.ActivityView, author_id: UUID | None) -> UUID | None:
    """Who was there: our person named by address (a CRM names people so), or else who wrote it down."""
    people = [one for one in identity.people(SYSTEM, identity.vendor_organization().id) if one.id]
    by_address = {one.email.casefold(): one.id for one in people}
    known = author_id if author_id in {one.id for one in people} else None
    return by_address.get(found.person_email.casefold()) or known
