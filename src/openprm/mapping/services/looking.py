"""Who looked at what the other side shows, written down for that side."""

from datetime import datetime
from uuid import UUID

from openprm.kernel.actor import Actor
from openprm.mapping import policies
from openprm.mapping.models import Look
from openprm.mapping.rules.sharing import SMALLEST_LIST, Level, told


def note_look(*, actor: Actor, population_id: UUID, what: str, rows: int, at: datetime) -> None:
    """Write down that somebody of the actor's side saw `rows` of a list of the other side; of an own list nothing is written.

    How many overlaps were seen is told in whole fives, because it says something about the viewer's own list too.
    """
    grant = policies.live_grants(actor, at).filter(population=population_id).first()
    if grant is None:
        return
    Look(
        partner_id=grant.partner_id,
        owner_id=grant.owner_id,
        viewer_id=grant.viewer_id,
        population_id=population_id,
        grant_id=grant.pk,
        person=actor.name[:120],
        what=what,
        rows=max(0, told(rows, Level.COUNTS, SMALLEST_LIST)) if what == "overlaps" else rows,
        at=at,
    ).save(force_insert=True)
